"""Which item comes after one that is done: none of a sharp kernel beside a softer one."""

from collections.abc import Mapping, Sequence

from annotator.model.items import Item, ItemId, Status
from annotator.model.volume import Series


def past_sharp(
    items: Sequence[Item], current: ItemId | None, series: Mapping[ItemId, Series]
) -> tuple[list[Item], Item | None]:
    """Return the items after the current one that are passed over, and the one after these.

    A sharp kernel turns noise into thousands of candidates; where a softer series of the same
    study is done, nobody has to mark it again.
    """
    at = next((n for n, item in enumerate(items) if item.id == current), len(items))
    passed_over: list[Item] = []
    for item in items[at + 1 :]:
        if not _has_softer_done(item, items, series):
            return passed_over, item
        passed_over.append(item)
    return passed_over, None


def _has_softer_done(item: Item, items: Sequence[Item], series: Mapping[ItemId, Series]) -> bool:
    """Tell whether an item is of a sharp kernel, and a softer series of its study is done."""
    here = series.get(item.id)
    if here is None or not _is_sharp(here):
        return False
    return any(
        (there := series.get(other.id)) is not None
        and other.status is Status.DONE
        and there.study_uid == here.study_uid
        and there.frame_of_reference_uid == here.frame_of_reference_uid
        and not _is_sharp(there)
        for other in items
    )


def _is_sharp(series: Series) -> bool:
    return series.has_finding("sharp-kernel")
