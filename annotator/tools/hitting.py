"""Finds the annotation under the pointer, by its points or by its lines, and its grips."""

import numpy as np
import numpy.typing as npt

from annotator.geometry.vectors import vec3
from annotator.geometry.wireframes import bulk_m3, holds, lines_of
from annotator.model.annotations import Annotation
from annotator.model.shapes import Box3D, Cylinder3D, Vec2, Vec3
from annotator.tools.box_handles import Handle, Kind, grips_in_view, nearest, ring_of
from annotator.tools.cloud_scene import CloudScene
from annotator.tools.tool import Pointer

_LINE_PX = 5.0


def annotation_under(scene: CloudScene, pointer: Pointer) -> Annotation | None:
    """Return what holds the pointer's point, or has a line under it; None on nothing.

    The selected one wins, so that what is seen as selected can be dragged, then the smallest.
    """
    shown = [a for a in scene.document.in_frame(scene.frame) if not a.dismissed]
    hit = [a for a in shown if pointer.at_m is not None and holds(a.shape, pointer.at_m)]
    hit = hit or _with_line_at(scene, shown, pointer.at_px)
    selected = scene.selected
    if selected is not None and any(a.id == selected.id for a in hit):
        return selected
    return min(hit, key=lambda a: bulk_m3(a.shape), default=None)


def boxed_at(scene: CloudScene, at_m: Vec3 | None) -> Annotation | None:
    """Return the box or pillar of the class in use that holds a place."""
    label = scene.active_label()
    if at_m is None or label is None:
        return None
    for known in scene.document.in_frame(scene.frame):
        is_body = isinstance(known.shape, Box3D | Cylinder3D) and not known.dismissed
        if is_body and known.label == label.name and holds(known.shape, at_m):
            return known
    return None


def grip_at(scene: CloudScene, at_px: Vec2) -> Handle | None:
    """Return the selected annotation's grip under a pixel; the ring turns a box all around."""
    if scene.selected is None:
        return None
    shape = scene.selected.shape
    found, places = grips_in_view(shape, scene.to_px)
    grip = nearest(found, places, at_px)
    if grip is None and isinstance(shape, Box3D) and any(g.kind is Kind.TURN for g in found):
        return _on_ring(scene, shape, at_px)
    return grip


def _on_ring(scene: CloudScene, box: Box3D, at_px: Vec2) -> Handle | None:
    ring = ring_of(box)
    apart = _apart_px(scene.to_px(ring.reshape(-1, 3)).reshape(-1, 2, 2), at_px)
    at = int(np.where(np.isfinite(apart), apart, np.inf).argmin())
    return Handle(Kind.TURN, (), vec3(ring[at].mean(axis=0))) if apart[at] <= _LINE_PX else None


def _with_line_at(scene: CloudScene, shown: list[Annotation], at_px: Vec2) -> list[Annotation]:
    lines = [lines_of(a.shape) for a in shown]
    if not sum(map(len, lines)):
        return []
    owner = np.repeat(np.arange(len(shown)), [len(part) for part in lines])
    apart = _apart_px(scene.to_px(np.concatenate(lines).reshape(-1, 3)).reshape(-1, 2, 2), at_px)
    return [shown[i] for i in np.unique(owner[apart <= _LINE_PX])]


def _apart_px(ends: npt.NDArray[np.float64], at_px: Vec2) -> npt.NDArray[np.float64]:
    """Return how far each line, shape (n, 2, 2), is from a pixel; NaN where one is not seen."""
    along, to = ends[:, 1] - ends[:, 0], np.asarray(at_px) - ends[:, 0]
    length = np.maximum((along**2).sum(axis=1), 1e-9)
    share = np.clip((along * to).sum(axis=1) / length, 0, 1)
    return np.asarray(np.hypot(*(to - share[:, None] * along).T))
