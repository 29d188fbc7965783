"""Improves a label as a person would: by its grips in the panes, the most telling one first."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from annotator.commands.boxes import resize_face
from annotator.geometry.boxes import iou_3d, world_from_box
from annotator.geometry.vectors import vec3
from annotator.model.annotations import Annotation
from annotator.model.shapes import Box3D, Face, Vec2, Vec3
from annotator.tools.box_handles import SIDES, Kind
from annotator.tools.pane_box import Grip, Pane, grips_of
from annotator.views.cloud.box_pane import BoxPane

_LEAST_TURN_RAD = math.radians(2)


@dataclass(frozen=True, slots=True)
class Drag:
    """A grip in a pane, where it is and should be in the widget, and the box that this gives."""

    pane: BoxPane
    from_px: Vec2
    to_px: Vec2
    box: Box3D


def best_drag(panes: tuple[BoxPane, ...], made: Annotation, truth: Box3D) -> Drag | None:
    """Return the drag that brings a box nearest to the truth; None where none helps."""
    box = made.shape
    if not isinstance(box, Box3D):
        return None
    likely = list(_drags(panes, made, box, _turned_alike(truth, box)))
    best = max(likely, key=lambda drag: iou_3d(drag.box, truth), default=None)
    if best is None or iou_3d(best.box, truth) <= iou_3d(box, truth):
        return None
    return best


def middle_of(box: Box3D, face: Face) -> Vec3:
    """Return the middle of a box's face, in the world."""
    own = np.asarray(SIDES[face], float) * np.asarray(box.size_m) / 2
    return vec3(world_from_box(box)[:3, :3] @ own + box.center_m)


def _drags(
    panes: tuple[BoxPane, ...], made: Annotation, box: Box3D, truth: Box3D
) -> Iterator[Drag]:
    for widget in panes:
        pane = widget.pane()
        if pane is None:
            continue
        for grip in grips_of(pane, made, box):
            moved = _turned(box, truth) if grip.kind is Kind.TURN else _pulled(made, grip, truth)
            if moved is not None:
                to_m = _place(pane, moved, grip)
                yield Drag(widget, widget.to_px(grip.at_m), widget.to_px(to_m), moved)


def _turned_alike(truth: Box3D, box: Box3D) -> Box3D:
    """Return the truth with its length along that axis of its own that the box's lies nearest."""
    quarters = round(math.remainder(box.yaw_rad - truth.yaw_rad, math.tau) / (math.pi / 2))
    length, width, height = truth.size_m
    size = (width, length, height) if quarters % 2 else truth.size_m
    return replace(truth, size_m=size, yaw_rad=truth.yaw_rad + quarters * math.pi / 2)


def _turned(box: Box3D, truth: Box3D) -> Box3D | None:
    is_off = abs(math.remainder(truth.yaw_rad - box.yaw_rad, math.tau)) > _LEAST_TURN_RAD
    return replace(box, yaw_rad=truth.yaw_rad) if is_off else None


def _pulled(made: Annotation, grip: Grip, truth: Box3D) -> Box3D:
    """Return the box with a grip's faces where they are in truth."""
    for face in grip.faces:
        box = made.shape
        assert isinstance(box, Box3D)
        out = world_from_box(box)[:3, :3] @ np.asarray(SIDES[face], float)
        by_m = float(out @ (np.array(middle_of(truth, face)) - middle_of(box, face)))
        made = resize_face(made, face, by_m).annotation
    assert isinstance(made.shape, Box3D)
    return made.shape


def _place(pane: Pane, moved: Box3D, grip: Grip) -> Vec2:
    """Return where a grip is on the pane when the box is as it should be."""
    found = (g for g in pane.grips(moved) if (g.kind, g.faces) == (grip.kind, grip.faces))
    return next(found).at_m
