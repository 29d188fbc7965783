"""What is found at a path becomes the items of its project."""

from collections.abc import Collection, Iterable
from pathlib import Path

from annotator.app.discovery import Candidate, holds_labels, part_uids
from annotator.model.items import ItemKind
from annotator.project.project import NewItem, Project

PROJECT_SUFFIX = ".annotator"


def data_of(path: Path) -> Path:
    """Return the data folder of a project file; any other path is data itself."""
    if path.suffix != PROJECT_SUFFIX:
        return path
    project = Project.open(path)
    try:
        return project.folder
    finally:
        project.close()


def without_labels(
    found: tuple[Candidate, ...], label_files: Collection[Path]
) -> tuple[Candidate, ...]:
    """Leave out scans with labels in them that an export wrote; alone, one is an item.

    Parameters
    ----------
    label_files
        Those that the project knows, as `Path.resolve` says them.
    """
    kept = [
        one
        for one in found
        if one.kind is not ItemKind.CLOUD
        or one.sources[0].resolve() not in label_files
        or not holds_labels(one.sources[0])
    ]
    return tuple(kept) or found


def as_new(candidates: Iterable[Candidate]) -> list[NewItem]:
    """Name what becomes items; parts that one series was split into are told apart."""
    found = tuple(candidates)
    return [
        NewItem(candidate.kind, candidate.name, candidate.sources, series_uid=uid)
        for candidate, uid in zip(found, part_uids(found), strict=True)
    ]
