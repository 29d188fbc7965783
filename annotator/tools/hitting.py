"""Finds the annotation at the pointer, by points, lines or what is drawn, and its grips."""

import numpy as np
import numpy.typing as npt

from annotator.geometry.vectors import vec3
from annotator.geometry.wireframes import bulk_m3, faces_of, holds, is_inside, lines_of
from annotator.model.annotations import Annotation
from annotator.model.shapes import Box3D, Cylinder3D, Vec2, Vec3
from annotator.tools.box_handles import Handle, Kind, grips_in_view, nearest, ring_of
from annotator.tools.cloud_scene import CloudScene
from annotator.tools.painting import instance_under
from annotator.tools.tool import Pointer

_LINE_PX = 5.0


def annotation_under(scene: CloudScene, pointer: Pointer) -> Annotation | None:
    """Return what holds the pointer's point, or has a line under it; None on nothing.

    The selected one wins, so that what is seen as selected can be dragged, then the smallest.
    """
    shown = scene.shown
    hit = [a for a in shown if pointer.at_m is not None and holds(a.shape, pointer.at_m)]
    hit = hit or _with_line_at(scene, shown, pointer.at_px)
    selected = scene.selected
    if selected is not None and any(a.id == selected.id for a in hit):
        return selected
    return min(hit, key=lambda a: bulk_m3(a.shape), default=None)


def annotation_around(scene: CloudScene, pointer: Pointer) -> Annotation | None:
    """Return the smallest in the picture of what is drawn around a pixel, perhaps empty there.

    What lies wholly behind the point that is seen there is not meant.
    """
    bodies = [a for a in scene.shown if faces_of(a.shape)]
    if not bodies:
        return None
    low, high, depth = _spans(scene, bodies)
    seen_m = np.inf if pointer.at_m is None else _depth_m(scene, pointer.at_m)
    is_around = ((low <= pointer.at_px) & (pointer.at_px <= high)).all(axis=1) & (depth <= seen_m)
    by_size = np.argsort((high - low).prod(axis=1))
    around = (bodies[n] for n in by_size if is_around[n])
    return next((a for a in around if _is_drawn_at(scene, a, pointer.at_px)), None)


def annotation_clicked(scene: CloudScene, pointer: Pointer) -> Annotation | None:
    """Return what a click is about: what is under it, or else around it and not labelled points."""
    found = annotation_under(scene, pointer)
    if found is not None or instance_under(scene, pointer):
        return found
    return annotation_around(scene, pointer)


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


def _spans(
    scene: CloudScene, bodies: list[Annotation]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the least and greatest pixel, (n, 2), and least depth, m; NaN if behind the eye."""
    places = [lines_of(a.shape).reshape(-1, 3) for a in bodies]
    starts = np.cumsum([0, *map(len, places[:-1])])
    at_px, depth_m = scene.camera.project(np.concatenate(places), scene.size_px)
    low, high = (take.reduceat(at_px, starts) for take in (np.minimum, np.maximum))
    return low, high, np.minimum.reduceat(depth_m, starts)


def _is_drawn_at(scene: CloudScene, annotation: Annotation, at_px: Vec2) -> bool:
    return any(is_inside(scene.to_px(face), at_px) for face in faces_of(annotation.shape))


def _depth_m(scene: CloudScene, place_m: Vec3) -> float:
    return float(scene.camera.project([place_m], scene.size_px)[1][0])


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
