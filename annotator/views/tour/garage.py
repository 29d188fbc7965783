"""The garage half of the tour: everything the first scan shows, labelled as a person would."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
import numpy.typing as npt

from annotator.formats.plain import shape_from_plain
from annotator.geometry.boxes import iou_3d
from annotator.geometry.wireframes import surrounding_box
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation
from annotator.model.shapes import Polyline3D, Shape
from annotator.views.cloud_view import CloudView
from annotator.views.cloud_workbench import CloudWorkbench
from annotator.views.tour.checks import Checks
from annotator.views.tour.person import Person

Rows = npt.NDArray[np.int64]
LEAST_POINTS = {"car": 60, "pillar": 60, "movable": 30, "wall": 150}
LEAST_IOU = {"car": 0.7, "pillar": 0.5, "movable": 0.4}
LEAST_SHARE = 0.6
MOST_INPUTS = 2.0
_TOOLS = {"car": "one_click_box", "pillar": "pillar", "movable": "one_click_box", "wall": "wall"}
_INSTANCE_SHIFT = 16  # SemanticKITTI: the upper half of a label is the instance


@dataclass(frozen=True, slots=True)
class Target:
    """An object that the first scan shows well enough to be labelled, and its points' rows."""

    label: str
    shape: Shape
    rows: Rows


def label_garage(person: Person, garage: Path, checks: Checks) -> None:
    """Label cars, pillars, movable objects and walls; undo and redo one; paint with the lasso."""
    person.wait(lambda: view_of(person).scene.survey is not None)
    targets = targets_of(garage)
    person.inputs = 0
    for label, tool in _TOOLS.items():
        wanted = [target for target in targets if target.label == label]
        person.choose(tool, label=label)
        results = [_labelled(person, target) for target in wanted]
        _note(label, results, checks)
        person.picture(f"garage_{label}")
    inputs = person.inputs / max(1, len(targets))
    checks.note(_("inputs per object"), holds=inputs <= MOST_INPUTS, detail=f"{inputs:.1f}")
    _undo_and_redo(person, checks)
    _paint(person, targets, checks)
    person.choose("select_box")
    person.window.workspace.selection.set(())
    person.rest()
    person.trigger("view.fit")
    person.wait(_drawn(view_of(person)))
    person.picture("garage_labelled")
    _look_closer(person)


def targets_of(garage: Path) -> list[Target]:
    """Return what the first scan shows, the best seen first."""
    truth = json.loads((garage / "truth.json").read_text("utf-8"))
    instances = np.fromfile(garage / "labels" / "000000.label", "<u4") >> _INSTANCE_SHIFT
    found = [
        Target(
            one["label"],
            shape_from_plain(one["shape"]),
            np.flatnonzero(instances == one["instance"]),
        )
        for one in truth["objects"]
        if one["label"] in LEAST_POINTS
    ]
    kept = [target for target in found if len(target.rows) >= LEAST_POINTS[target.label]]
    return sorted(kept, key=lambda target: -len(target.rows))


def view_of(person: Person) -> CloudView:
    """Return the view of the open scan."""
    assert isinstance(person.window.workbench, CloudWorkbench)
    return person.window.workbench.view


def _labelled(person: Person, target: Target) -> float | None:
    """Click an object once, and return how well it was taken; None where nothing was made."""
    session = person.window.workspace.session
    assert session is not None
    before = set(session.document.annotations)
    if not _click_one_of(person, target.rows):
        return None
    made = [a for i, a in session.document.annotations.items() if i not in before]
    return _agreement(made[0], target.shape) if made else None


def _agreement(made: Annotation, truth: Shape) -> float:
    """Return the 3D IoU; for a wall, 1 where its foot runs along the true one, else 0."""
    if isinstance(made.shape, Polyline3D) and isinstance(truth, Polyline3D):
        (ax, ay, _az), (bx, by, _bz) = truth.vertices_m[0], truth.vertices_m[-1]
        along = np.array([bx - ax, by - ay]) / np.hypot(bx - ax, by - ay)
        off = [abs((x - ax) * along[1] - (y - ay) * along[0]) for x, y, _z in made.shape.vertices_m]
        return float(max(off) < 0.3)
    one, other = surrounding_box(made.shape), surrounding_box(truth)
    return iou_3d(one, other) if one is not None and other is not None else 0.0


def _note(label: str, results: list[float | None], checks: Checks) -> None:
    least = LEAST_IOU.get(label, 1.0)
    good = sum(result is not None and result >= least for result in results)
    made = [result for result in results if result is not None]
    told = _("{good} of {count}, one click each").format(good=good, count=len(results))
    if label in LEAST_IOU and made:
        told += _(", median IoU {iou:.2f}").format(iou=median(made))
    checks.note(
        _("{name}: labelled").format(name=label),
        holds=good >= LEAST_SHARE * len(results),
        detail=told,
    )


def _look_closer(person: Person) -> None:
    """Look at one car from four sides, then at several scans laid over each other."""
    session, selection = person.window.workspace.session, person.window.workspace.selection
    assert session is not None
    cars = [a.id for a in session.document.annotations.values() if a.label == "car"]
    selection.set(tuple(cars[:1]))
    person.rest()
    person.trigger("view.fit")
    person.wait(_drawn(view_of(person)))
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
    count = len(session.document.annotations)
    person.trigger("edit.undo")
    undone = len(session.document.annotations)
    person.trigger("edit.redo")
    holds = (undone, len(session.document.annotations)) == (count - 1, count)
    checks.note(_("undo and redo a label"), holds=holds)


def _paint(person: Person, targets: list[Target], checks: Checks) -> None:
    """Paint the points of a wall with a lasso round the middle of it, and look at classes."""
    session, view = person.window.workspace.session, view_of(person)
    assert session is not None
    wall = next(target for target in targets if target.label == "wall")
    person.choose("lasso_label", label="wall")
    _look_at(person, wall.rows)
    places = view.scene.to_px(_world(view, wall.rows))
    low, high = np.nanpercentile(places, (20, 80), axis=0)
    (x0, y0), (x1, y1) = low.tolist(), high.tolist()
    person.drag(view, [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)])
    painted = session.document.semantic().counts().get(session.taxonomy["wall"].value, 0)
    checks.note(
        _("wall: painted with the lasso"),
        holds=painted > 0,
        detail=_("{count} points").format(count=painted),
    )


def _click_one_of(person: Person, rows: Rows) -> bool:
    """Look at an object from close by, and click a point of it that can be seen."""
    view, points = view_of(person), _look_at(person, rows)
    middle = np.argsort(np.linalg.norm(points - np.median(points, axis=0), axis=1))
    for place in view.scene.to_px(points[middle]):
        at_px = (float(place[0]), float(place[1]))
        if np.isfinite(place).all() and view.pointer_at(at_px).row in rows:
            person.click(view, at_px)
            return True
    return False


def _look_at(person: Person, rows: Rows) -> npt.NDArray[np.float64]:
    """Bring some points into view, and return where they are in the world."""
    view = view_of(person)
    points = _world(view, rows)
    view.steering.look_at(_vec(points.min(axis=0) - 2.0), _vec(points.max(axis=0) + 2.0))
    person.wait(_drawn(view))
    return points


def _drawn(view: CloudView) -> Callable[[], bool]:
    return lambda: view.picture is not None and view.picture.camera == view.camera


def _world(view: CloudView, rows: Rows) -> npt.NDArray[np.float64]:
    world_m: npt.NDArray[np.float64] = view.cloud.xyz_m[rows] + np.asarray(view.cloud.origin_m)
    return world_m


def _vec(numbers: npt.NDArray[np.float64]) -> tuple[float, float, float]:
    x, y, z = numbers.tolist()
    return (x, y, z)
