"""The garage half of the tour: one of each kind of object, labelled as a person would."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from annotator.errors import AnnotatorError
from annotator.formats.plain import shape_from_plain
from annotator.geometry.boxes import iou_3d
from annotator.i18n import gettext as _
from annotator.model.shapes import Box3D
from annotator.views.cloud_view import CloudView
from annotator.views.cloud_workbench import CloudWorkbench
from annotator.views.tour.checks import Checks
from annotator.views.tour.person import Person

Rows = npt.NDArray[np.int64]
LEAST_IOU = 0.5
_INSTANCE_SHIFT = 16  # SemanticKITTI: the upper half of a label is the instance


def label_garage(person: Person, garage: Path, checks: Checks) -> None:
    """Label a car, a pillar, a movable object and a wall in the first scan; undo and redo one."""
    truth = json.loads((garage / "truth.json").read_text("utf-8"))
    labels = np.fromfile(garage / "labels" / "000000.label", "<u4")
    person.wait(lambda: _view(person).scene.survey is not None)
    for label in ("car", "pillar", "movable"):
        _box(person, label, _most_seen(truth, labels, label), checks)
        person.picture(f"garage_{label}")
    _undo_and_redo(person, checks)
    _wall(person, _most_seen(truth, labels, "wall"), checks)
    person.choose("select_box")
    person.trigger("view.fit")
    person.picture("garage_labelled")


def _box(person: Person, label: str, target: tuple[dict[str, Any], Rows], checks: Checks) -> None:
    truth, rows = target
    session = person.window.workspace.session
    assert session is not None
    before = set(session.document.annotations)
    person.choose("one_click_box", label=label)
    _click_one_of(person, rows)
    made = [a for i, a in session.document.annotations.items() if i not in before]
    wanted = shape_from_plain(truth["shape"] | {"kind": truth["shape"]["type"]})
    fitted = made[0].shape if made else None
    if isinstance(fitted, Box3D) and isinstance(wanted, Box3D):
        iou = iou_3d(fitted, wanted)
        checks.note(f"{label} from one click", holds=iou >= LEAST_IOU, detail=f"IoU {iou:.2f}")
    else:
        checks.note(f"{label} from one click", holds=bool(made), detail=_view(person).hint())


def _wall(person: Person, target: tuple[dict[str, Any], Rows], checks: Checks) -> None:
    """Paint the points of a wall with a lasso round the part of it that is seen."""
    _truth, rows = target
    session = person.window.workspace.session
    assert session is not None
    view = _view(person)
    person.choose("lasso_label", label="wall")
    places = view.scene.to_px(view.cloud.xyz_m[rows] + np.asarray(view.cloud.origin_m))
    low, high = np.nanpercentile(places, (20, 80), axis=0)
    (x0, y0), (x1, y1) = low.tolist(), high.tolist()
    person.drag(view, [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)])
    painted = session.document.semantic().counts().get(session.taxonomy["wall"].value, 0)
    checks.note("wall painted with the lasso", holds=painted > 0, detail=f"{painted} points")


def _undo_and_redo(person: Person, checks: Checks) -> None:
    session = person.window.workspace.session
    assert session is not None
    count = len(session.document.annotations)
    person.trigger("edit.undo")
    undone = len(session.document.annotations)
    person.trigger("edit.redo")
    holds = (undone, len(session.document.annotations)) == (count - 1, count)
    checks.note("undo and redo a box", holds=holds)


def _most_seen(
    truth: dict[str, Any], labels: npt.NDArray[np.uint32], label: str
) -> tuple[dict[str, Any], Rows]:
    """Return the object of a class with the most points, and their rows."""
    instances = labels >> _INSTANCE_SHIFT
    wanted = [one for one in truth["objects"] if one["label"] == label]
    best = max(wanted, key=lambda one: np.count_nonzero(instances == one["instance"]))
    return best, np.flatnonzero(instances == best["instance"])


def _click_one_of(person: Person, rows: Rows) -> None:
    """Look at an object from close by, and click a point of it that can be seen."""
    view = _view(person)
    points = view.cloud.xyz_m[rows].astype(float) + np.asarray(view.cloud.origin_m)
    low, high = points.min(axis=0) - 2.0, points.max(axis=0) + 2.0
    view.look_at(tuple(low.tolist()), tuple(high.tolist()))
    person.wait(lambda: view.picture is not None and view.picture.camera == view.camera)
    middle = np.argsort(np.linalg.norm(points - np.median(points, axis=0), axis=1))
    for place in view.scene.to_px(points[middle]):
        at_px = (float(place[0]), float(place[1]))
        if np.isfinite(place).all() and view.pointer_at(at_px).row in rows:
            person.click(view, at_px)
            return
    raise AnnotatorError(_("no point of the object can be seen"))


def _view(person: Person) -> CloudView:
    workbench = person.window.workbench
    assert workbench is not None
    assert isinstance(workbench, CloudWorkbench)
    return workbench.view
