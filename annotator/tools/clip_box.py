"""Pulls the faces of the box that the view is cut to, along the pointer's ray."""

from dataclasses import replace

import numpy as np

from annotator.geometry.vectors import vec3
from annotator.geometry.wireframes import extent_m, surrounding_box
from annotator.model.annotations import Annotation
from annotator.model.shapes import Box3D, Vec3
from annotator.tools.box_handles import Handle, Kind, handles
from annotator.tools.tool import Ray

THINNEST_M = 0.1
_ROOM_M = 1.0


def clip_grips(box: Box3D) -> tuple[Handle, ...]:
    """Return the grips on the six faces."""
    return tuple(grip for grip in handles(box) if grip.kind is Kind.FACE)


def along_m(grip: Handle, normal: Vec3, ray: Ray) -> float:
    """Return how far along a face's normal the place is that lies closest to a ray.

    A ray that looks along the normal tells nothing: then the grip stays where it is.
    """
    out, towards = np.asarray(normal), np.asarray(ray.direction)
    apart = np.asarray(ray.origin_m) - np.asarray(grip.at_m)
    slant = float(out @ towards)
    across = 1.0 - slant * slant
    if across < 1e-3:
        return 0.0
    return float((apart @ out - slant * (apart @ towards)) / across)


def clip_around(annotations: tuple[Annotation, ...]) -> Box3D | None:
    """Return a box around annotations, with room for what is beside them.

    One annotation's box keeps its turn; several are surrounded along the world's axes.
    """
    if len(annotations) == 1:
        box = surrounding_box(annotations[0].shape)
        return None if box is None else _roomy(box)
    extents = [e for a in annotations if (e := extent_m(a.shape)) is not None]
    if not extents:
        return None
    low = np.min([e[0] for e in extents], axis=0)
    return clip_between(vec3(low), vec3(np.max([e[1] for e in extents], axis=0)))


def clip_between(low_m: Vec3, high_m: Vec3) -> Box3D:
    """Return an upright box around a part of the world, with room for what is beside it."""
    low, high = np.asarray(low_m, float), np.asarray(high_m, float)
    size = np.maximum(high - low, THINNEST_M)
    return _roomy(Box3D(vec3((low + high) / 2), vec3(size)))


def _roomy(box: Box3D) -> Box3D:
    length, width, height = (size + 2 * _ROOM_M for size in box.size_m)
    return replace(box, size_m=(length, width, height), assumed=frozenset())
