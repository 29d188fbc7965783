"""Tells how far apart upright bodies stand."""

import numpy as np
import numpy.typing as npt

from annotator.geometry.boxes import corners
from annotator.model.shapes import Box3D, Cylinder3D

Floats = npt.NDArray[np.float64]


def clear_m(one: Box3D | Cylinder3D, other: Box3D | Cylinder3D) -> float:
    """Return the least distance in plan from one body's side to the other's, m; 0 if they meet."""
    a, b = _core(one), _core(other)
    apart = min(_to_ring_m(a, b), _to_ring_m(b, a))
    return max(apart - _radius_m(one) - _radius_m(other), 0.0)


def _core(body: Box3D | Cylinder3D) -> Floats:
    """Return the ring in plan, shape (n, 2), that a body reaches its radius beyond."""
    if isinstance(body, Box3D):
        return np.asarray(corners(body)[:4, :2])
    return np.array([body.center_m[:2]])


def _radius_m(body: Box3D | Cylinder3D) -> float:
    return body.radius_m if isinstance(body, Cylinder3D) else 0.0


def _to_ring_m(places: Floats, ring: Floats) -> float:
    along = np.roll(ring, -1, axis=0) - ring
    to = places[:, None] - ring
    share = (to * along).sum(axis=2) / np.maximum((along**2).sum(axis=1), 1e-12)
    return float(np.linalg.norm(to - np.clip(share, 0, 1)[..., None] * along, axis=2).min())
