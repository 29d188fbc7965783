import math

import numpy as np
import pytest

from annotator.geometry.footprints import box_outline, pillar_outline, wall_outline
from annotator.model.shapes import Box3D, Cylinder3D, Face, Polygon3D, Polyline3D

HIDDEN = frozenset({Face.BACK, Face.RIGHT})
CAR = Box3D((0, 0, 0.75), (4, 2, 1.5), assumed=HIDDEN)


def assumed_middles(outline: Polygon3D) -> list[tuple[float, float]]:
    ring = np.array(outline.vertices_m)[:, :2]
    middles = (ring + np.roll(ring, -1, axis=0)) / 2
    return sorted((round(x, 1), round(y, 1)) for x, y in middles[sorted(outline.assumed)].tolist())


def round_front_left() -> np.ndarray:
    """Points along the front and the left side of a car, and round the corner between them."""
    turn = np.linspace(0, math.pi / 2, 9)
    corner = np.column_stack([1.6 + 0.4 * np.cos(turn), 0.6 + 0.4 * np.sin(turn)])
    front = np.column_stack([np.full(9, 2.0), np.linspace(-0.8, 0.6, 9)])
    left = np.column_stack([np.linspace(-1.8, 1.6, 9), np.full(9, 1.0)])
    plan = np.concatenate([corner, front, left])
    return np.column_stack([plan, np.full(len(plan), 0.5)])


def test_seen_sides_follow_the_points_and_unseen_ones_the_box() -> None:
    outline = box_outline(CAR, round_front_left())

    ring = np.array(outline.vertices_m)
    assert ring.min(axis=0) == pytest.approx((-2, -1, 0), abs=1e-6)
    assert ring.max(axis=0) == pytest.approx((2, 1, 0), abs=1e-6)
    assert np.hypot(*(ring[:, :2] - (2, 1)).T).min() > 0.1
    assert assumed_middles(outline) == [(-2.0, 0.0), (0.0, -1.0)]


def test_a_corner_that_no_point_comes_near_is_the_box_s_though_its_sides_were_seen() -> None:
    half = round_front_left()
    half = half[(half[:, 0] < 1.2) | (half[:, 1] < 0.2)]

    ring = np.array(box_outline(CAR, half).vertices_m)

    assert np.hypot(*(ring[:, :2] - (2, 1)).T).min() == pytest.approx(0, abs=1e-6)


def test_without_a_point_the_outline_is_the_box_s() -> None:
    assert len(box_outline(CAR, np.zeros((0, 3))).vertices_m) == 4


def test_the_side_of_a_round_pillar_away_from_its_points_is_assumed() -> None:
    turn = np.linspace(-1, 1, 20)
    points = np.column_stack([5 + 0.3 * np.cos(turn), 0.3 * np.sin(turn), np.ones(20)])

    outline = pillar_outline(Cylinder3D((5, 0, 1.5), 0.3, 3), points)

    middles = assumed_middles(outline)
    assert 8 < len(middles) < 16
    assert all(x < 5.1 for x, _y in middles)
    assert {z for _x, _y, z in outline.vertices_m} == {0.0}


def test_the_unseen_sides_of_a_square_pillar_are_assumed_in_its_outline() -> None:
    outline = pillar_outline(Box3D((5, 0, 1.5), (0.6, 0.6, 3), assumed=HIDDEN), np.zeros((0, 3)))

    assert assumed_middles(outline) == [(4.7, 0.0), (5.0, -0.3)]


@pytest.mark.parametrize(("eye_y_m", "back_y_m"), [(5.0, -0.2), (-5.0, 0.2)])
def test_a_wall_lies_behind_the_face_that_was_seen(eye_y_m: float, back_y_m: float) -> None:
    wall = Polyline3D(((0, 0, 0), (8, 0, 0.1)), 3, 0.2)

    outline = wall_outline(wall, (4, eye_y_m, 1.5))

    assert assumed_middles(outline) == sorted(
        [(0.0, back_y_m / 2), (4.0, back_y_m), (8.0, back_y_m / 2)]
    )
    assert np.ptp(np.array(outline.vertices_m)[:, 2]) == pytest.approx(0.1)


def test_of_a_wall_seen_from_nobody_knows_where_every_side_is_assumed() -> None:
    outline = wall_outline(Polyline3D(((0, 0, 0), (8, 0, 0)), 3, 0.2), None)

    assert assumed_middles(outline) == [(0.0, 0.0), (4.0, -0.1), (4.0, 0.1), (8.0, 0.0)]
