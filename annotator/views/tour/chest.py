"""The CT half of the tour: finish the sample chest, by clicks and by its list of candidates."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from annotator.app.decisions import Decisions
from annotator.commands.foci import foci, is_counted, voxels_of
from annotator.i18n import gettext as _
from annotator.imaging.slabs import Plane
from annotator.model.labels import PATTERNS, Rgb
from annotator.model.layers import Where
from annotator.views.ct.candidate_rail import CandidateRail
from annotator.views.ct.ct_workbench import CtWorkbench
from annotator.views.ct.focus_mask import OPEN
from annotator.views.tour.checks import Checks
from annotator.views.tour.person import Person

MARKED = 4
_NEAR_MM = 110.0


def mark_chest(person: Person, truth_file: Path, checks: Checks) -> None:
    """Mark some foci, undo and redo one, decide all candidates, and compare with the truth."""
    truth = json.loads(truth_file.read_text("utf-8"))
    _mark_some(person, truth, checks)
    _take_back_and_redo(person, checks)
    person.trigger("view.next_focus")
    person.picture("ct_foci")
    _look_through_the_lens(person)
    _decide_candidates(person, truth, checks)
    _read_scores(person, checks)


def _mark_some(person: Person, truth: dict[str, Any], checks: Checks) -> None:
    """Click the first foci of the truth, and say their patterns."""
    wanted = [focus for focus in truth["foci"] if focus["voxels"]][:MARKED]
    person.trigger("window.mediastinum")
    person.choose("click_focus", label="calcification")
    for number, focus in enumerate(wanted):
        _click(person, truth, focus)
        person.trigger(f"focus.pattern_{PATTERNS.index(focus['pattern']) + 1}")
        if number == 0:
            person.picture("ct_first_focus")
    document = _workbench(person).widget.session.document
    exact = _exact(wanted, [voxels_of(document, one) for one in foci(document)])
    checks.note(
        _("foci exact to the voxel"),
        holds=exact == len(wanted),
        detail=f"{exact} / {MARKED}",
    )


def _take_back_and_redo(person: Person, checks: Checks) -> None:
    """Take back the last focus with its pattern, and redo both."""
    document = _workbench(person).widget.session.document
    before = len(foci(document))
    for _step in ("pattern", "focus"):
        person.trigger("edit.undo")
    undone = len(foci(document))
    for _step in ("focus", "pattern"):
        person.trigger("edit.redo")
    checks.note(
        _("undo and redo a focus"),
        holds=undone == before - 1 and len(foci(document)) == before,
    )


def _look_through_the_lens(person: Person) -> None:
    view = _workbench(person).widget
    plane = view.plane_view(Plane.AXIAL)
    person.trigger("window.lung")
    person.trigger("view.lens")
    i, j, k = view.state.at if view.state is not None else (0, 0, 0)
    person.move(plane, view.camera().px_of((float(i), float(j), float(k))))
    person.picture("ct_lens")
    person.trigger("view.lens")
    person.trigger("window.mediastinum")


def _decide_candidates(person: Person, truth: dict[str, Any], checks: Checks) -> None:
    """Accept what is a calcification with its pattern's digit, and nothing else."""
    rail = _workbench(person).widget.rail
    person.trigger("view.candidates")
    person.wait(lambda: rail.decisions is not None)
    person.trigger("view.next_open")
    decisions = rail.decisions
    assert decisions is not None
    _show_most_unexplained(person, decisions)
    person.trigger("view.residual")
    person.picture("ct_residual")
    magenta = _pixels(person.taken[-1], OPEN)
    checks.note(_("what nobody has explained is magenta"), holds=magenta > 0, detail=magenta)
    for _each in range(len(decisions.residual().open)):
        QTest.keyClick(rail, _key_for(rail, decisions, truth))
        person.rest(0.1)
    person.picture("ct_rail")
    _compare_all(person, truth, checks)
    finished = decisions.residual().is_finished and rail.ask_to_finish()
    checks.note(_("nothing is left unexplained"), holds=finished, detail=rail.head.words())
    person.trigger("view.residual")
    person.trigger("view.hide_candidates")


def _key_for(rail: CandidateRail, decisions: Decisions, truth: dict[str, Any]) -> Qt.Key:
    """Return the key that says of the chosen candidate what is true of it."""
    number = rail.current()
    assert number is not None
    where = decisions.candidates.found.where(number)
    pattern = next((f["pattern"] for f in truth["foci"] if np.array_equal(_voxels(f), where)), "")
    return Qt.Key(Qt.Key.Key_1 + PATTERNS.index(pattern)) if pattern else Qt.Key.Key_O


def _compare_all(person: Person, truth: dict[str, Any], checks: Checks) -> None:
    document = _workbench(person).widget.session.document
    found = [voxels_of(document, one) for one in foci(document) if is_counted(one)]
    wanted = [focus for focus in truth["foci"] if focus["voxels"]]
    exact = _exact(wanted, found)
    checks.note(
        _("every calcification of the chest is marked to the voxel, and nothing else"),
        holds=exact == len(wanted) == len(found),
        detail=f"{exact} / {len(wanted)}",
    )


def _exact(wanted: list[dict[str, Any]], found: list[Where]) -> int:
    """Count the true foci that were marked to the voxel."""
    return sum(any(np.array_equal(_voxels(f), where) for where in found) for f in wanted)


def _show_most_unexplained(person: Person, decisions: Decisions) -> None:
    """Look at the largest open candidate, from so far that what lies round it is seen."""
    view = _workbench(person).widget
    person.move(view.plane_view(Plane.AXIAL), (1.0, 1.0))  # no tool previews anything there
    numbers = decisions.residual().open
    number = int(numbers[decisions.candidates.found.voxels[numbers].argmax()])
    view.rail.choose(number)
    view.fit()
    for plane in Plane:
        view.plane_view(plane).look_closely(decisions.center(number), _NEAR_MM)


def _pixels(picture: Path, color: Rgb) -> int:
    """Count the pixels of a colour in a picture."""
    image = QImage(str(picture)).convertToFormat(QImage.Format.Format_RGB32)
    seen = np.frombuffer(image.constBits(), np.uint32) & 0xFFFFFF
    red, green, blue = color
    return int(np.count_nonzero(seen == (red << 16 | green << 8 | blue)))


def _read_scores(person: Person, checks: Checks) -> None:
    docks = person.window.docks
    person.trigger("view.next_focus")
    person.picture("ct_rule_card")
    docks.frames[-1].raise_()
    person.rest()
    said = " · ".join(f"{name} {value}" for name, value in docks.scores.said)
    checks.note(_("scores are printed with their rule"), holds=bool(said), detail=said)
    person.picture("ct_scores")


def _click(person: Person, truth: dict[str, Any], focus: dict[str, Any]) -> None:
    view = _workbench(person).widget
    k, j, i = (int(n) for n in _brightest(view.session.context.volume, truth, focus))
    view.go_to((i, j, k))
    person.rest(0.1)
    person.click(view.plane_view(Plane.AXIAL), view.camera().px_of((i, j, k)))


def _workbench(person: Person) -> CtWorkbench:
    workbench = person.window.workbench
    assert isinstance(workbench, CtWorkbench)
    return workbench


def _brightest(volume: Any, truth: dict[str, Any], focus: dict[str, Any]) -> Any:  # noqa: ANN401
    where = _voxels(focus)
    peak = where[int(np.argmax(volume.hu.reshape(-1)[where]))]
    return np.unravel_index(peak, truth["shape"])


def _voxels(focus: dict[str, Any]) -> Any:  # noqa: ANN401 - flat voxel indices
    runs = [np.arange(start, start + n) for start, n in focus["runs"]]
    return np.concatenate(runs) if runs else np.zeros(0, np.int64)
