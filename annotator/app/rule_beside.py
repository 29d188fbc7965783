"""The rule of the project that data belongs to, for who works without the window."""

from pathlib import Path

from annotator.app.ct_rule import rule_by
from annotator.imaging.rules import Rule
from annotator.model.volume import Series
from annotator.project.places import place_for
from annotator.project.project import Project

_FOLDERS_UP = 3
"""A series' own folder, its study's and its patient's: whichever of them was opened."""


def rule_beside(data: Path, series: Series) -> tuple[Rule, Path] | None:
    """Return the rule of the nearest project that holds a series, and the project's file.

    Raises
    ------
    FileError
        If a project is there that cannot be read.
    """
    data = data.absolute()
    for folder in (data if data.is_dir() else data.parent, *data.parents)[:_FOLDERS_UP]:
        place = place_for(folder).file
        rule = _rule_in(place, series) if place.exists() else None
        if rule is not None:
            return rule, place
    return None


def _rule_in(place: Path, series: Series) -> Rule | None:
    project = Project.open(place)
    try:
        held = {item.series_uid.partition("#")[0] for item in project.items()}
        return rule_by(project.setting) if series.series_uid in held else None
    finally:
        project.close()
