import numpy as np
import pytest

from annotator.app.point_counts import Counted, PointCounts
from annotator.commands.points import paint_class, paint_instance
from annotator.model.document import Document
from annotator.model.edits import apply
from annotator.model.labels import GARAGE

CAR, WALL = GARAGE["car"], GARAGE["wall"]
MANY = 300_000


@pytest.fixture
def document() -> Document:
    return Document(((MANY,), (10,)))


def counted(counts: PointCounts, frame: int = 0) -> Counted:
    for _time in range(100):
        found = counts.count(frame)
        if found is not None:
            return found
    raise AssertionError("the counting never ended")


def test_points_are_counted_by_class_and_by_instance(document: Document) -> None:
    counts = PointCounts(document)
    apply(paint_class(document, np.arange(5, 105), WALL, taxonomy=GARAGE), document)
    rows = np.arange(65_000, 66_000)  # over the border of two chunks
    apply(paint_instance(document, rows, CAR, 7, taxonomy=GARAGE), document)

    found = counted(counts)

    assert found.of_class == {WALL.value: 100, CAR.value: 1000}
    assert found.of_instance == {7: (CAR.value, 1000)}
    assert found.points == MANY
    assert counted(counts, 1).of_class == {}


def test_only_what_changed_is_counted_again_and_undo_counts_too(document: Document) -> None:
    counts = PointCounts(document)
    paint = paint_instance(document, np.arange(200_000), CAR, 3, taxonomy=GARAGE)
    undo = apply(paint, document)
    before = counted(counts)

    fewer = paint_class(document, np.arange(199_000, 199_500), None, taxonomy=GARAGE)
    apply(fewer, document)
    after = counted(counts)
    apply(undo, document)

    assert before.of_instance == {3: (CAR.value, 200_000)}
    assert after.of_class == {CAR.value: 199_500}
    assert counted(counts).of_class == {}


def test_a_large_scan_is_counted_in_pieces(document: Document) -> None:
    counts = PointCounts(document)
    apply(paint_class(document, np.arange(MANY), CAR, taxonomy=GARAGE), document)

    pieces = 1
    while counts.count(0, budget_s=0) is None:
        pieces += 1

    assert pieces == 5
    assert counted(counts).of_class == {CAR.value: MANY}
