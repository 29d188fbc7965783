"""What the project that data belongs to says of them, for who works without the window."""

from pathlib import Path

from annotator.app.ct_rule import context_by
from annotator.formats.format import Context
from annotator.project.places import place_for
from annotator.project.project import Project

_FOLDERS_UP = 3
"""A series' own folder, its study's and its patient's: whichever of them was opened."""


def context_beside(context: Context, data: Path) -> tuple[Context, Path] | None:
    """Return data by the rule, and with the doubts noted, of the nearest project that holds them.

    Returns
    -------
    tuple
        The context and the project's file; None where there is no such project.

    Raises
    ------
    FileError
        If a project is there that cannot be read.
    """
    data = data.absolute()
    for folder in (data if data.is_dir() else data.parent, *data.parents)[:_FOLDERS_UP]:
        place = place_for(folder).file
        found = _context_in(place, context) if place.exists() else None
        if found is not None:
            return found, place
    return None


def _context_in(place: Path, context: Context) -> Context | None:
    project = Project.open(place)
    try:
        held = {item.series_uid.partition("#")[0] for item in project.items()}
        is_held = context.series is not None and context.series.series_uid in held
        return context_by(context, project.setting) if is_held else None
    finally:
        project.close()
