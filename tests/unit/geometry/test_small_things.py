import math

import numpy as np
import numpy.typing as npt
import pytest

from annotator.geometry.boxes import iou_3d
from annotator.geometry.fit import fit_box
from annotator.geometry.ground import find_ground
from annotator.geometry.neighbours import index_points
from annotator.geometry.standing_alone import footprint_alone
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D, Face, Vec3

Floats = npt.NDArray[np.float64]


def crate(box: Box3D, faces: tuple[Face, ...]) -> Floats:
    """Some faces of a crate, 1500 points a square metre."""
    rng, parts = np.random.default_rng(8), []
    for axis, sign, face in (
        (0, 1, Face.FRONT),
        (1, 1, Face.LEFT),
        (2, 1, Face.TOP),
    ):
        if face in faces:
            others = [size for n, size in enumerate(box.size_m) if n != axis]
            part = rng.uniform(-0.5, 0.5, (int(1500 * math.prod(others)), 3)) * box.size_m
            part[:, axis] = sign * box.size_m[axis] / 2
            parts.append(part)
    c, s = math.cos(box.yaw_rad), math.sin(box.yaw_rad)
    turned = np.concatenate(parts) @ np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]])
    return np.asarray(turned + box.center_m + rng.normal(0, 0.005, turned.shape))


def fitted(box: Box3D, faces: tuple[Face, ...], seen_from_m: Vec3 | None = None) -> Box3D:
    rng = np.random.default_rng(9)
    plan = rng.uniform(-6, 6, (30_000, 2))
    own = np.abs(plan - box.center_m[:2]).max(axis=1) > 0.7
    floor = np.column_stack([plan[own], rng.normal(0, 0.005, own.sum())])
    points = np.concatenate([floor, crate(box, faces)]).astype(np.float32)
    index = index_points(points, seen_from_m=seen_from_m)
    c, s = math.cos(box.yaw_rad), math.sin(box.yaw_rad)
    half = box.size_m[0] / 2
    at = (box.center_m[0] + half * c, box.center_m[1] + half * s, box.center_m[2])
    return fit_box(index, find_ground(points, index), at, GARAGE["movable"]).box


ALL = (Face.FRONT, Face.LEFT, Face.TOP)


@pytest.mark.parametrize("size_m", [(0.3, 0.3, 0.6), (1.0, 0.7, 1.1), (0.5, 0.45, 0.3)])
def test_a_crate_of_any_size_gets_its_own(size_m: Vec3) -> None:
    truth = Box3D((1.0, 2.0, size_m[2] / 2), size_m, 0.4)

    assert iou_3d(fitted(truth, ALL), truth) > 0.85


def test_a_crate_of_which_one_side_is_seen_lies_behind_that_side() -> None:
    truth = Box3D((2.0, 0.0, 0.4), (0.6, 0.6, 0.8), 0.0)

    box = fitted(truth, (Face.FRONT,), seen_from_m=(6.0, 0.0, 1.6))

    assert box.center_m[0] == pytest.approx(2.0, abs=0.12)


def test_too_few_points_stand_for_nothing() -> None:
    assert footprint_alone(np.zeros((2, 3)), 1.6) is None


def test_what_is_larger_than_any_such_thing_is_left_to_the_search() -> None:
    wall = np.column_stack([np.linspace(-3, 3, 300), np.zeros(300), np.full(300, 0.5)])

    assert footprint_alone(wall, 1.6) is None
