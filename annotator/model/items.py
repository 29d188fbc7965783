"""The things to annotate."""

from dataclasses import dataclass
from enum import StrEnum

ItemId = int


class ItemKind(StrEnum):
    """What an item is; it decides the workbench."""

    CLOUD = "cloud"
    SEQUENCE = "sequence"
    CT = "ct"


class Status(StrEnum):
    """How far an item is."""

    NEW = "new"
    IN_PROGRESS = "in-progress"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to annotate: a scan, a scan sequence, or a CT series.

    Attributes
    ----------
    sources
        Files or folders, relative to the project's folder where they lie below it. A scan has
        one, a sequence one per scan in order, a CT series the folder, file or archive it is in.
    series_uid
        Which series of that folder, for a CT.
    """

    id: ItemId
    kind: ItemKind
    name: str
    sources: tuple[str, ...]
    series_uid: str = ""
    status: Status = Status.NEW
