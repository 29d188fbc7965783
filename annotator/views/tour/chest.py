"""The CT half of the tour: mark the calcifications of the sample chest with single clicks."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from annotator.commands.foci import foci, voxels_of
from annotator.i18n import gettext as _
from annotator.imaging.slabs import Plane
from annotator.views.ct_workbench import CtWorkbench
from annotator.views.tour.checks import Checks
from annotator.views.tour.person import Person

MARKED = 4


def mark_chest(person: Person, truth_file: Path, checks: Checks) -> None:
    """Mark some foci, undo and redo one, and compare them with the truth to the voxel."""
    truth = json.loads(truth_file.read_text("utf-8"))
    wanted = [focus for focus in truth["foci"] if focus["voxels"]][:MARKED]
    person.trigger("window.mediastinum")
    person.choose("click_focus", label="calcification")
    for number, focus in enumerate(wanted):
        _click(person, truth, focus)
        if number == 0:
            person.picture("ct_first_focus")
    session = person.window.workspace.session
    assert session is not None
    found = [voxels_of(session.document, one) for one in foci(session.document)]
    exact = sum(any(np.array_equal(_voxels(f), where) for where in found) for f in wanted)
    checks.note(
        _("foci exact to the voxel"),
        holds=exact == len(wanted),
        detail=f"{exact} / {MARKED}",
    )
    person.trigger("edit.undo")
    undone = len(foci(session.document))
    person.trigger("edit.redo")
    checks.note(
        _("undo and redo a focus"),
        holds=undone == len(wanted) - 1 and len(foci(session.document)) == len(wanted),
    )
    person.trigger("view.next_focus")
    person.picture("ct_foci")


def _click(person: Person, truth: dict[str, Any], focus: dict[str, Any]) -> None:
    workbench = person.window.workbench
    assert isinstance(workbench, CtWorkbench)
    view = workbench.widget
    k, j, i = (int(n) for n in _brightest(view.session.context.volume, truth, focus))
    view.go_to((i, j, k))
    person.rest(0.1)
    person.click(view.plane_view(Plane.AXIAL), view.camera().px_of((i, j, k)))


def _brightest(volume: Any, truth: dict[str, Any], focus: dict[str, Any]) -> Any:  # noqa: ANN401
    where = _voxels(focus)
    peak = where[int(np.argmax(volume.hu.reshape(-1)[where]))]
    return np.unravel_index(peak, truth["shape"])


def _voxels(focus: dict[str, Any]) -> Any:  # noqa: ANN401 - flat voxel indices
    return np.concatenate([np.arange(start, start + n) for start, n in focus["runs"]])
