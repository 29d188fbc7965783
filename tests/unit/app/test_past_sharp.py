"""After a scan that is done comes none that says the same again, only noisier."""

from dataclasses import replace

import numpy as np

from annotator.app.past_sharp import past_sharp
from annotator.model.findings import Finding
from annotator.model.items import Item, ItemId, ItemKind, Status
from annotator.model.volume import Series, Slice

SLICES = (Slice("0", "1.0", (0.0, 0.0, 0.0)),)
SOFT = Series("1", "2", "3", SLICES, (1, 8, 8), np.eye(4), (1.0, 1.0, 1.0))
SHARP = replace(SOFT, findings=(Finding("sharp-kernel", "a sharp one"),))
KNOWN = {ItemId(1): SOFT, ItemId(2): SHARP, ItemId(3): replace(SOFT, study_uid="9")}


def items(first: Status) -> list[Item]:
    return [
        Item(ItemId(n), ItemKind.CT, f"{n}", ("a",), status=first if n == 1 else Status.NEW)
        for n in (1, 2, 3)
    ]


def test_a_sharp_kernel_is_passed_over_once_a_softer_one_of_its_study_is_done() -> None:
    passed_over, item = past_sharp(items(Status.DONE), ItemId(1), KNOWN)

    assert [one.id for one in passed_over] == [2]
    assert item is not None
    assert item.id == 3


def test_a_sharp_kernel_comes_next_while_no_softer_one_is_done() -> None:
    passed_over, item = past_sharp(items(Status.IN_PROGRESS), ItemId(1), KNOWN)

    assert passed_over == []
    assert item is not None
    assert item.id == 2
