"""The garage half of the tour: everything the first scan shows, labelled as a person would."""

from functools import partial
from pathlib import Path

import numpy as np

from annotator.i18n import gettext as _
from annotator.views.tour.checks import Checks
from annotator.views.tour.labelling import label_all, note_all
from annotator.views.tour.looking import drawn, look_at, view_of, world
from annotator.views.tour.person import Person
from annotator.views.tour.targets import Target, targets_of


def label_garage(person: Person, garage: Path, checks: Checks) -> None:
    """Label all that the first scan shows; undo and redo one; paint with the lasso."""
    person.wait(lambda: view_of(person).scene.survey is not None)
    targets = targets_of(garage, partial(world, view_of(person)))
    person.inputs = 0
    results = label_all(person, targets)
    note_all(results, person.inputs, checks)
    _undo_and_redo(person, checks)
    _paint(person, targets, checks)
    person.choose("select_box")
    person.window.workspace.selection.set(())
    person.rest()
    person.trigger("view.fit")
    person.wait(drawn(view_of(person)))
    person.picture("garage_labelled")
    _look_closer(person)


def _look_closer(person: Person) -> None:
    """Look at one car from four sides, then at several scans laid over each other."""
    session, selection = person.window.workspace.session, person.window.workspace.selection
    assert session is not None
    cars = [a.id for a in session.document.annotations.values() if a.label == "car"]
    selection.set(tuple(cars[:1]))
    person.rest()
    person.trigger("view.fit")
    person.wait(drawn(view_of(person)))
    person.picture("garage_panes")
    for _step in range(3):
        person.trigger("sequence.more")
    person.picture("garage_accumulated")
    for _step in range(3):
        person.trigger("sequence.fewer")
    selection.set(())


def _undo_and_redo(person: Person, checks: Checks) -> None:
    session = person.window.workspace.session
    assert session is not None
    before = dict(session.document.annotations)
    person.trigger("edit.undo")
    undone = dict(session.document.annotations)
    person.trigger("edit.redo")
    holds = undone != before and dict(session.document.annotations) == before
    checks.note(_("undo and redo a label"), holds=holds)


def _paint(person: Person, targets: list[Target], checks: Checks) -> None:
    """Paint the points of a wall with a lasso round the middle of it, and look at classes."""
    session, view = person.window.workspace.session, view_of(person)
    assert session is not None
    wall = next(target for target in targets if target.label == "wall")
    person.choose("lasso_label", label="wall")
    look_at(person, wall.rows)
    places = view.scene.to_px(world(view, wall.rows))
    low, high = np.nanpercentile(places, (20, 80), axis=0)
    (x0, y0), (x1, y1) = low.tolist(), high.tolist()
    person.drag(view, [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)])
    painted = session.document.semantic().counts().get(session.taxonomy["wall"].value, 0)
    checks.note(
        _("wall: painted with the lasso"),
        holds=painted > 0,
        detail=_("{count} points").format(count=painted),
    )
