"""A class and a number for each point, as formats without shapes know a scan.

Options
-------
boxes_to_points
    Points in a box, a cylinder or a wall that carry no label get its class and a number of its
    own (default: yes).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from annotator.errors import FileError
from annotator.formats.boxed import boxed
from annotator.formats.format import Context, Holds, Level, Loss
from annotator.formats.losses import (
    held_layers,
    kind_of,
    layer_subject,
    shape_dropped,
    suggestion_losses,
    told,
)
from annotator.formats.values import grown, label_name, layer_of
from annotator.geometry.boxes import in_box_axes, points_in_box
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation
from annotator.model.cloud import PointCloud
from annotator.model.document import Document
from annotator.model.labels import Taxonomy
from annotator.model.layers import INSTANCE, SEMANTIC, Layer, LayerKey, Values
from annotator.model.shapes import Box3D, Cylinder3D, Opening, Polyline3D, Shape

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class PointLabels:
    """What one scan's points are.

    Attributes
    ----------
    semantic
        (N,): values of the taxonomy, 0 where none.
    instance
        (N,): numbers of objects, 0 where none.
    """

    semantic: Values
    instance: Values


def point_losses(document: Document, context: Context) -> list[Loss]:
    """Return what a format loses that knows only a class and a number for each point."""
    painting = [a for a in told(document) if _paints(a, context)]
    return [
        *suggestion_losses(document),
        *(_painted(a) if a in painting else shape_dropped(a) for a in told(document)),
        *_layer_losses(document, joined=bool(painting)),
    ]


def point_labels(document: Document, context: Context, frame: int, target: Path) -> PointLabels:
    """Return the labels of one scan's points: what was painted, then what boxes hold.

    Raises
    ------
    FileError
        If the context lacks the scan, or the document is about another.
    """
    if frame >= len(context.clouds):
        problem = _("it holds labels of points, and the points are not at hand")
        raise FileError(target, problem, _("give the scan as well"))
    cloud = context.clouds[frame]
    labels = PointLabels(*(_dense(document, name, frame, cloud, target) for name in _NAMES))
    painting = [a for a in told(document) if _paints(a, context)]
    if painting:
        _paint(labels, painting, document, context, frame)
    return labels


def file_taxonomy(document: Document, context: Context) -> Taxonomy:
    """Return the context's taxonomy, grown by the classes that only the annotations name."""
    return grown(context.taxonomy, [a.label for a in told(document) if _paints(a, context)])


def document_of(labels: dict[int, PointLabels], extents: tuple[tuple[int, ...], ...]) -> Document:
    """Return a document of the scans' labels."""
    layers: dict[LayerKey, Layer] = {}
    for frame, one in labels.items():
        for name, values in zip(_NAMES, (one.semantic, one.instance), strict=True):
            if values.any():
                layers[LayerKey(name, frame)] = layer_of(values)
    return Document(extents, {}, layers)


_NAMES = (SEMANTIC, INSTANCE)


def _paints(annotation: Annotation, context: Context) -> bool:
    asked = bool(context.options.get("boxes_to_points", True))
    return asked and bool(boxed(annotation.shape, walls=True))


def _painted(annotation: Annotation) -> Loss:
    reason = _("the points in it carry its class and a number; its shape is not written")
    return Loss(Level.CHANGED, kind_of(annotation.shape), annotation.id, reason)


def _layer_losses(document: Document, *, joined: bool) -> Iterator[Loss]:
    held = held_layers(document)
    for name in held if not joined else sorted({*held, *_NAMES}):
        kind = Holds.POINT_INSTANCE if name == INSTANCE else Holds.POINT_LABEL
        if name not in _NAMES:
            reason = _("the format holds a class and a number for each point, nothing else")
            yield Loss(Level.DROPPED, kind, layer_subject(name), reason)
        elif joined:
            reason = _("unlabelled points in boxes join what was painted")
            yield Loss(Level.CHANGED, kind, layer_subject(name), reason)


def _dense(document: Document, name: str, frame: int, cloud: PointCloud, target: Path) -> Values:
    layer = document.layers.get(LayerKey(name, frame))
    if layer is None:
        return np.zeros(len(cloud), np.uint32)
    if layer.shape != (len(cloud),):
        text = _("its labels are about {labels} points, the scan has {points}")
        problem = text.format(labels=layer.size, points=len(cloud))
        raise FileError(target, problem, _("give the scan that was labelled"))
    return layer.dense()


def _paint(
    labels: PointLabels,
    painting: list[Annotation],
    document: Document,
    context: Context,
    frame: int,
) -> None:
    numbers = _numbers(painting, document)
    taxonomy = file_taxonomy(document, context)
    world_m = world_points(context, frame)
    free = (labels.semantic == 0) & (labels.instance == 0)
    for annotation in painting:
        if annotation.frame in (None, frame):
            inside = free & points_inside(world_m, annotation.shape)
            labels.semantic[inside] = taxonomy[label_name(annotation.label)].value
            labels.instance[inside] = numbers[annotation.track or annotation.id]
            free &= ~inside


def _numbers(painting: list[Annotation], document: Document) -> dict[str, int]:
    """Return a number for each track or lone annotation, above all that were painted."""
    used = [layer.largest() for key, layer in document.layers.items() if key.name == INSTANCE]
    numbers: dict[str, int] = {}
    for annotation in painting:
        numbers.setdefault(
            annotation.track or annotation.id, max(used, default=0) + 1 + len(numbers)
        )
    return numbers


def world_points(context: Context, frame: int) -> Floats:
    """Return one scan's points in world axes, (N, 3), metres."""
    cloud = context.clouds[frame]
    points_m: Floats = cloud.xyz_m.astype(np.float64) + np.asarray(cloud.origin_m)
    if frame >= len(context.world_from_cloud):
        return points_m
    pose: Floats = context.world_from_cloud[frame]
    with np.errstate(invalid="ignore"):
        return np.asarray(points_m @ pose[:3, :3].T + pose[:3, 3])


def points_inside(points_m: Floats, shape: Shape) -> Mask:
    """Tell which points lie in a box, a cylinder or a wall (not in its openings), shape (N,)."""
    match shape:
        case Box3D():
            return points_in_box(points_m, shape)
        case Cylinder3D(center, radius, height):
            with np.errstate(invalid="ignore"):
                dx, dy, dz = (points_m - np.asarray(center)).T
                return np.asarray((np.hypot(dx, dy) <= radius) & (np.abs(dz) <= height / 2))
        case Polyline3D():
            return _in_wall(points_m, shape)
        case _:
            return np.zeros(len(points_m), np.bool_)


def _in_wall(points_m: Floats, wall: Polyline3D) -> Mask:
    inside = np.zeros(len(points_m), np.bool_)
    for box, start_m in zip(boxed(wall, walls=True), _starts_m(wall), strict=True):
        rows = np.flatnonzero(points_in_box(points_m, box))
        own_m = in_box_axes(points_m[rows], box) + np.asarray(box.size_m) / 2
        gaps = [_in_opening(own_m[:, 0] + start_m, own_m[:, 2], gap) for gap in wall.openings]
        open_there = np.logical_or.reduce(gaps) if gaps else np.zeros(len(rows), np.bool_)
        inside[rows[~open_there]] = True
    return inside


def _in_opening(along_m: Floats, up_m: Floats, gap: Opening) -> Mask:
    beside = (along_m > gap.start_m) & (along_m < gap.end_m)
    return np.asarray(beside & (up_m > gap.bottom_m) & (up_m < gap.top_m))


def _starts_m(wall: Polyline3D) -> Iterator[float]:
    """Go through the distances along the foot at which each stretch of a length begins."""
    start_m = 0.0
    for (ax, ay, _az), (bx, by, _bz) in zip(wall.vertices_m, wall.vertices_m[1:], strict=False):
        length_m = float(np.hypot(bx - ax, by - ay))
        if length_m > 0:
            yield start_m
        start_m += length_m
