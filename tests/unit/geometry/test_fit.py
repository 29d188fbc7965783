import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from annotator.geometry.boxes import iou_3d, yaw_error_rad
from annotator.geometry.fit import Fit, NoObjectError, fit_box
from annotator.geometry.ground import find_ground
from annotator.geometry.neighbours import index_points
from annotator.geometry.row import fit_row
from annotator.geometry.surroundings import surroundings
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D, Face, Vec3

CAR = GARAGE["car"]
Points = npt.NDArray[np.float32]


def plane(
    rng: np.random.Generator, low: tuple[float, float], high: tuple[float, float], z: float
) -> npt.NDArray[np.float64]:
    n = int((high[0] - low[0]) * (high[1] - low[1]) * 40)
    return np.column_stack([rng.uniform(low, high, (n, 2)), np.full(n, z)])


def car(
    rng: np.random.Generator, box: Box3D, faces: tuple[Face, ...] = (Face.FRONT, Face.LEFT)
) -> npt.NDArray[np.float64]:
    """Two sides and the roof of a car, 100 points a square metre."""
    own = []
    for axis, sign, face in ((0, 1, Face.FRONT), (1, 1, Face.LEFT), (1, -1, Face.RIGHT)):
        if face in faces:
            n = int(100 * box.size_m[1 - axis] * box.size_m[2])
            part = rng.uniform(-0.5, 0.5, (n, 3)) * box.size_m
            part[:, axis] = sign * box.size_m[axis] / 2
            own.append(part)
    roof = rng.uniform(-0.5, 0.5, (int(100 * box.size_m[0] * box.size_m[1]), 3)) * box.size_m
    roof[:, 2] = box.size_m[2] / 2
    points = np.concatenate([*own, roof])
    c, s = math.cos(box.yaw_rad), math.sin(box.yaw_rad)
    return np.asarray(points @ np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]]) + box.center_m)


def scan(*parts: npt.NDArray[np.float64]) -> Points:
    rng = np.random.default_rng(3)
    points = np.concatenate(parts)
    return (points + rng.normal(0, 0.01, points.shape)).astype(np.float32)


def garage(*cars: Box3D) -> Points:
    rng = np.random.default_rng(5)
    room = (plane(rng, (-10, -10), (10, 10), 0), plane(rng, (-10, -10), (10, 10), 3))
    return scan(*room, *(car(rng, box) for box in cars))


def fitted(points: Points, at_m: tuple[float, ...]) -> Fit:
    index = index_points(points)
    return fit_box(index, find_ground(points, index), at_m, CAR)  # type: ignore[arg-type]


TRUE = Box3D((1, 0.5, 0.75), (4.4, 1.85, 1.5), 0.5)


@pytest.mark.parametrize("at_m", [(1.0, 0.5), (1.0, 0.5, 1.5), (2.4, 1.4), (1.0, 0.5, 0.7)])
def test_one_click_on_or_in_a_car_fits_its_box(at_m: tuple[float, ...]) -> None:
    fit = fitted(garage(TRUE), at_m)

    assert iou_3d(fit.box, TRUE) > 0.93
    assert yaw_error_rad(fit.box, TRUE) < math.radians(0.5)


def test_a_fitted_box_stands_on_the_floor() -> None:
    box = fitted(garage(TRUE), (1.0, 0.5)).box

    assert box.center_m[2] - box.size_m[2] / 2 == pytest.approx(0, abs=0.015)


def test_neighbours_thirty_centimetres_apart_are_told_apart() -> None:
    row = [Box3D((0, 2.15 * k, 0.75), (4.5, 1.85, 1.5), 0.02 * k) for k in (-1, 0, 1)]

    fit = fitted(garage(*row), (0.0, 0.0))

    assert iou_3d(fit.box, row[1]) > 0.9


def test_a_car_of_few_points_is_not_shifted_onto_the_side_of_the_next() -> None:
    rng = np.random.default_rng(118)
    row = [usual_car(rng, 2.15 * k, 0.02 * k) for k in (-2, -1, 0, 1, 2)]
    points = garage(*row)

    fit = fitted(points[rng.uniform(size=len(points)) < 0.02], (0.3, 0.0))

    assert iou_3d(fit.box, row[2]) > 0.85


def usual_car(rng: np.random.Generator, y_m: float, yaw_rad: float) -> Box3D:
    length, height = 4.5 + rng.normal(0, 0.25), 1.4 + 0.2 * rng.uniform()
    return Box3D((0, y_m, height / 2), (length, 1.85, height), yaw_rad)


def test_faces_that_no_point_showed_are_said_to_be_assumed() -> None:
    box = fitted(garage(Box3D((0, 0, 0.75), (4.5, 1.8, 1.5), 0.0)), (0.0, 0.0)).box

    assert box.assumed == {Face.BACK, Face.RIGHT}


@pytest.mark.parametrize("turn_deg", [17.0, 45.0, 90.0, 163.0])
def test_a_turned_scan_gives_the_turned_box(turn_deg: float) -> None:
    points, turn = garage(TRUE), math.radians(turn_deg)
    c, s = math.cos(turn), math.sin(turn)
    turned = (points @ np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]])).astype(np.float32)
    x, y = c * 1.0 - s * 0.5, s * 1.0 + c * 0.5

    box = fitted(turned, (x, y)).box

    truth = Box3D((x, y, 0.75), TRUE.size_m, TRUE.yaw_rad + turn)
    assert iou_3d(box, truth) > 0.92
    assert yaw_error_rad(box, truth) < math.radians(0.6)


def test_rows_that_are_not_numbers_change_nothing_and_keep_their_place() -> None:
    points = garage(TRUE)
    holed = np.insert(points, [0, 100, len(points)], np.float32(np.nan), axis=0)

    clean, with_holes = fitted(points, (1.0, 0.5)), fitted(holed, (1.0, 0.5))

    assert with_holes.box.center_m == pytest.approx(clean.box.center_m, abs=0.01)
    np.testing.assert_allclose(
        np.sort(holed[with_holes.rows], axis=0), np.sort(points[clean.rows], axis=0)
    )


def test_a_click_on_nothing_says_so() -> None:
    with pytest.raises(NoObjectError, match="nothing here"):
        fitted(garage(TRUE), (-8.0, -8.0))


def test_a_click_on_the_floor_says_so() -> None:
    with pytest.raises(NoObjectError, match="floor"):
        fitted(garage(TRUE), (-8.0, -8.0, 0.0))


def test_a_click_on_a_wall_for_a_car_says_so() -> None:
    rng = np.random.default_rng(2)
    wall = np.column_stack(
        [rng.uniform(-10, 10, 6000), np.full(6000, 9.0), rng.uniform(0, 3, 6000)]
    )

    with pytest.raises(NoObjectError, match="floor to ceiling"):
        fitted(np.concatenate([garage(TRUE), wall.astype(np.float32)]), (-5.0, 9.0, 1.0))


@pytest.mark.parametrize("points", [np.zeros((0, 3)), np.full((9, 3), np.nan), np.ones((500, 3))])
def test_a_scan_with_nothing_in_it_has_an_answer_in_words(points: Points) -> None:
    with pytest.raises(NoObjectError):
        fitted(points.astype(np.float32), (5.0, 5.0))


def test_a_row_is_fitted_and_its_empty_slot_skipped() -> None:
    row = [Box3D((0, 2.5 * k, 0.75), (4.5, 1.8, 1.5)) for k in (-3, -2, 0, 1)]
    points = garage(*row)
    index = index_points(points)

    fits = fit_row(index, find_ground(points, index), row[0], (0.0, 3.5), CAR)

    assert [round(f.box.center_m[1], 1) for f in fits] == [-5.0, 0.0, 2.5]


def test_a_car_that_the_way_of_a_row_meets_at_its_edge_is_fitted_from_its_middle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cars = [Box3D((0, y, 0.75), (4.5, 1.8, 1.5)) for y in (-7.5, -5.0)]
    points = garage(*cars)
    index = index_points(points)
    seen = fit_box(index, find_ground(points, index), (0.0, -5.0, 1.5), CAR)
    askew = replace(
        seen,
        box=replace(seen.box, center_m=(0.9, -5.0, 0.75)),
        rows=seen.rows[np.abs(points[seen.rows, 1] + 5.0) < 0.3],
    )

    def edge_misleads(_index: object, _ground: object, at_m: Vec3, _label: object) -> Fit:
        return seen if abs(at_m[1] + 5.0) < 0.3 else askew

    monkeypatch.setattr("annotator.geometry.row.fit_box", edge_misleads)
    fits = fit_row(index, find_ground(points, index), cars[0], (0.0, -4.0), CAR)

    assert [f.box.center_m[0] for f in fits] == pytest.approx([0.0], abs=0.1)


def test_a_car_of_a_row_is_kept_where_nothing_is_fitted_from_its_middle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cars = [Box3D((0, y, 0.75), (4.5, 1.8, 1.5)) for y in (-7.5, -5.0)]
    points = garage(*cars)
    index = index_points(points)
    seen = fit_box(index, find_ground(points, index), (0.0, -5.0, 1.5), CAR)
    answers = iter([seen])

    def once(_index: object, _ground: object, _at_m: Vec3, _label: object) -> Fit:
        for fit in answers:
            return fit
        raise NoObjectError

    monkeypatch.setattr("annotator.geometry.row.fit_box", once)
    fits = fit_row(index, find_ground(points, index), cars[0], (0.0, -4.0), CAR)

    assert [f.box for f in fits] == [seen.box]


@pytest.mark.shared
def test_the_floor_of_a_real_street_is_found_below_the_car_that_scanned_it(
    shared_data: Path,
) -> None:
    raw = (shared_data / "labels/kitti_object/velodyne/000000.bin").read_bytes()
    points = np.frombuffer(raw, np.float32).reshape(-1, 4)[:, :3].copy()

    ground = find_ground(points)

    assert ground.floor_at(8.0, 0.0) == pytest.approx(-1.73, abs=0.25)


def fronts_seen(*cars: Box3D) -> Points:
    """Cars of which the front was seen, and a few points of sides and roof."""
    rng = np.random.default_rng(8)
    parts = [plane(rng, (-10, -10), (-2.3, 10), 0), plane(rng, (-10, -10), (10, 10), 3)]
    for box in cars:
        length, width, height = box.size_m
        front = rng.uniform(-0.5, 0.5, (45, 3)) * box.size_m
        front[:, 0] = -length / 2
        sides = rng.uniform(-0.5, 0.5, (8, 3)) * box.size_m
        sides[:, 0] = rng.uniform(-length / 2, -length / 4, 8)
        sides[:, 1] = np.where(np.arange(8) % 2 == 0, width / 2, -width / 2)
        roof = rng.uniform(-0.5, 0.5, (6, 3)) * box.size_m
        roof[:, 2] = height / 2
        parts.append(np.concatenate([front, sides, roof]) + box.center_m)
    return scan(*parts)


def test_two_fronts_in_a_row_are_not_taken_for_one_cars_side() -> None:
    row = [Box3D((0, 2.5 * k, 0.75), (4.5, 1.8, 1.5)) for k in (-2, -1, 0, 1, 2)]

    box = fitted(fronts_seen(*row), (-2.25, -0.5, 0.6)).box

    assert iou_3d(box, row[2]) > 0.8


def test_a_click_where_a_roof_was_not_seen_means_the_car_in_whose_shadow_it_is() -> None:
    truth = Box3D((0, 0, 0.75), (4.5, 1.8, 1.5))
    points = fronts_seen(truth)
    front_only = points[(points[:, 2] > 2.5) | (points[:, 0] < -1.5)]

    box = fitted(front_only, (0.0, 0.0)).box

    assert iou_3d(box, truth) > 0.8


def test_a_box_holds_no_wall() -> None:
    rng = np.random.default_rng(4)
    wall = np.column_stack([rng.uniform(-6, 6, 4000), np.full(4000, 1.3), rng.uniform(0, 3, 4000)])
    truth = Box3D((0, 0, 0.75), (4.5, 1.8, 1.5))

    box = fitted(np.concatenate([fronts_seen(truth), wall.astype(np.float32)]), (-2.25, 0.5)).box

    assert iou_3d(box, truth) > 0.75


def open_ground(*parts: npt.NDArray[np.float64]) -> Points:
    return scan(plane(np.random.default_rng(9), (-10, -10), (10, 10), 0), *parts)


def test_a_click_on_a_tree_for_a_car_says_so() -> None:
    crown = np.random.default_rng(1).normal((0, 0, 3.0), (1.2, 1.2, 1.3), (900, 3))

    with pytest.raises(NoObjectError, match=r"trees|bushes"):
        fitted(open_ground(crown[crown[:, 2] > 0.3]), (0.0, 0.0, 1.5))


def test_a_click_on_a_bush_for_a_car_says_so() -> None:
    bush = np.random.default_rng(1).uniform((-1.5, -0.8, 0.15), (1.5, 0.8, 1.3), (600, 3))

    with pytest.raises(NoObjectError, match="bushes"):
        fitted(open_ground(bush), (0.0, 0.0, 1.0))


def test_a_car_under_open_sky_is_no_tree() -> None:
    body = car(np.random.default_rng(7), TRUE)

    assert iou_3d(fitted(open_ground(body), (1.0, 0.5)).box, TRUE) > 0.9


def column(rng: np.random.Generator, x_m: float, y_m: float) -> npt.NDArray[np.float64]:
    """Two sides of a square pillar up to the ceiling, 60 cm wide, of which few points are seen."""
    along, up, side = rng.uniform(-0.3, 0.3, 40), rng.uniform(0.15, 3, 40), np.arange(40) < 20
    near = np.where(side, -0.3, along), np.where(side, along, -0.3)
    return np.column_stack([x_m + near[0], y_m + near[1], up])


@pytest.mark.parametrize("seed", range(6))
def test_of_a_pillar_of_few_points_hardly_one_is_taken_for_the_car_behind_it(seed: int) -> None:
    cars = fronts_seen(*(Box3D((0, 2.5 * k, 0.75), (4.5, 1.8, 1.5)) for k in (-1, 0, 1)))
    points = scan(cars.astype(np.float64), column(np.random.default_rng(seed), -2.8, 0.9))
    index = index_points(points)

    scene = surroundings(index, find_ground(points, index), (-2.25, 0.3, 0.6), (4.5, 1.8, 1.5))

    assert (scene.rows >= len(cars)).sum() <= 5
