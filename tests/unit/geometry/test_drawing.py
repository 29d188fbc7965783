from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.geometry import drawing
from annotator.geometry.drawing import NOTHING, Entries, Points
from annotator.geometry.lasso import inside, rows_inside
from annotator.geometry.picking import marked, pick, ringed, tinted
from annotator.geometry.projection import Camera, Projection
from tests.pictures import rows_seen

SIZE = (160, 120)
CAMERA = Camera(target_m=(0, 0, 0), distance_m=10, azimuth_rad=0.4, elevation_rad=0.5)
FLAT = CAMERA.projected(Projection.ORTHOGRAPHIC)
OFF_EDGE = 0.03 * (CAMERA.axes()[0] + CAMERA.axes()[1])  # from the corner between pixels


def picture(
    xyz_m: object,
    camera: Camera = CAMERA,
    *,
    point_px: int = 1,
    slab_m: tuple[float, float] = (-np.inf, np.inf),
    seen: npt.NDArray[np.uint8] = drawing.ALL_SEEN,
) -> Entries:
    points = np.asarray(xyz_m, np.float32)
    entries = np.full((SIZE[1], SIZE[0]), NOTHING)
    drawing.splat(
        entries,
        points,
        0,
        len(points),
        drawing.lens(camera, SIZE, (0, 0, 0)),
        point_px=point_px,
        slab_m=slab_m,
        seen=seen,
    )
    return entries


def scattered(count: int, seed: int = 0) -> Points:
    return np.random.default_rng(seed).uniform(-3, 3, (count, 3)).astype(np.float32)


def nearest_by_hand(points: Points, camera: Camera) -> dict[tuple[int, int], int]:
    at_px, depth = camera.project(points, SIZE)
    best: dict[tuple[int, int], int] = {}
    for row in np.argsort(-depth):
        x, y = np.floor(at_px[row]).astype(int)
        if 0 <= x < SIZE[0] and 0 <= y < SIZE[1]:
            best[int(x), int(y)] = int(row)
    return best


@pytest.mark.parametrize("camera", [CAMERA, FLAT])
def test_each_pixel_holds_the_row_of_the_nearest_point(camera: Camera) -> None:
    points = scattered(3000)

    entries = picture(points, camera)

    expected = nearest_by_hand(points, camera)
    seen = {
        (int(x), int(y)): int(entries[y, x] & np.uint64(0xFFFFFFFF))
        for y, x in zip(*np.nonzero(entries != NOTHING), strict=True)
    }
    same = sum(seen.get(at) == row for at, row in expected.items())
    assert same >= 0.995 * len(expected)  # float32 puts a few points into the next pixel


def test_points_that_are_not_numbers_are_not_drawn() -> None:
    entries = picture([[np.nan, 0, 0], [0, np.nan, 0], [0, 0, np.nan], [np.inf, 0, 0]])

    assert (entries == NOTHING).all()


def test_an_empty_scan_draws_an_empty_picture() -> None:
    assert (picture(np.zeros((0, 3))) == NOTHING).all()


def test_a_hidden_point_does_not_stand_before_others() -> None:
    forward = CAMERA.axes()[2]
    points = np.array([-2 * forward, 2 * forward])

    entries = picture(points, seen=np.array([0, 1], np.uint8))

    assert rows_seen(entries).tolist() == [1]


def test_the_height_slab_cuts_floor_and_ceiling() -> None:
    entries = picture([[0, 0, -2], [0.5, 0.5, 0], [1, 1, 2]], slab_m=(-1, 1))

    assert rows_seen(entries).tolist() == [1]


def test_a_larger_point_covers_a_square_even_over_the_edge() -> None:
    entries = picture([[0, 0, 0]], point_px=3)

    assert (entries != NOTHING).sum() == 9


def test_orthographic_depth_orders_points_before_and_behind_the_target() -> None:
    forward = FLAT.axes()[2]

    entries = picture(np.array([40 * forward, -40 * forward]) + OFF_EDGE, FLAT)

    assert rows_seen(entries).tolist() == [1]


def test_merging_keeps_the_nearest_of_all_pictures() -> None:
    points = scattered(500)
    halves = np.stack([picture(points[:250]), picture(points[250:])])
    halves[1] = np.where(halves[1] == NOTHING, NOTHING, halves[1] + np.uint64(250))
    merged = np.empty_like(halves[0])

    drawing.merge(halves, 0, SIZE[1], merged)

    np.testing.assert_array_equal(merged, picture(points))


def test_shading_colours_rows_and_darkens_behind_edges() -> None:
    forward, right = CAMERA.axes()[2], CAMERA.axes()[0]
    entries = picture(np.array([-3 * forward, 3 * forward + 0.2 * right]), point_px=3)
    table = np.array([0xFF000000, 0xFFFFFFFF], np.uint32)
    pixels = np.zeros(entries.shape, np.uint32)
    background = np.full(SIZE[1], 0xFF0A0B0C, np.uint32)

    drawing.shade(
        entries,
        0,
        SIZE[1],
        colours=np.array([1, 1], np.uint16),
        table=table,
        background=background,
        step_of_key=2.0**-23,
        strength=2.0,
        pixels=pixels,
    )

    rows = entries & np.uint64(0xFFFFFFFF)
    brightness = (pixels & np.uint32(255)).astype(int)
    assert (pixels[entries == NOTHING] == 0xFF0A0B0C).all()
    assert brightness[(rows == 0) & (entries != NOTHING)].min() == 255
    assert brightness[(rows == 1) & (entries != NOTHING)].min() < 200


def test_picking_takes_the_closest_pixel_within_tolerance() -> None:
    point = np.asarray([[0.0, 0.0, 0.0]])
    entries = picture(point)

    assert pick(entries, (80.5, 60.5)) == 0
    assert pick(entries, (83.5, 60.5)) == 0
    assert pick(entries, (100, 60)) is None
    assert pick(entries, (-50, -50)) is None


@given(st.lists(st.tuples(st.floats(-20, 180), st.floats(-20, 140)), min_size=3, max_size=9))
@settings(max_examples=40, deadline=None)
def test_an_outline_is_filled_by_the_nonzero_rule(path: list[tuple[float, float]]) -> None:
    mask = inside(path, SIZE)

    for x, y in ((10, 10), (80, 60), (150, 110), (33, 77)):
        winding = 0
        for (x0, y0), (x1, y1) in zip(path, path[1:] + path[:1], strict=True):
            if (y0 <= y + 0.5) != (y1 <= y + 0.5):
                at = x0 + (y + 0.5 - y0) * (x1 - x0) / (y1 - y0)
                if abs(at - x - 0.5) < 1e-9:
                    return
                winding += (1 if y1 > y0 else -1) * (at > x + 0.5)
        assert mask[y, x] == (winding != 0)


def test_a_lasso_that_crosses_itself_takes_both_of_its_lobes() -> None:
    bow_tie = [(10.0, 10.0), (150.0, 110.0), (150.0, 10.0), (10.0, 110.0)]

    mask = inside(bow_tie, SIZE)

    assert mask[60, 20] == 1
    assert mask[60, 140] == 1
    assert mask[15, 80] == 0


def test_a_lasso_that_overshoots_its_start_takes_what_it_goes_around_twice() -> None:
    once = [(20.0, 20.0), (140.0, 20.0), (140.0, 100.0), (20.0, 100.0)]
    further = [*once, (20.0, 10.0), (80.0, 10.0), (80.0, 60.0), (30.0, 60.0)]

    mask = inside(further, SIZE)

    assert mask[40, 50] == 1
    assert mask[80, 100] == 1


@pytest.mark.parametrize("camera", [CAMERA, FLAT])
def test_a_lasso_takes_the_points_in_it_through_everything(camera: Camera) -> None:
    points = scattered(4000)
    mask = inside([(40, 30), (120, 30), (120, 90), (40, 90)], SIZE)

    rows = rows_inside(points, drawing.lens(camera, SIZE, (0, 0, 0)), mask)

    at_px, _ = camera.project(points, SIZE)
    expected = ((at_px >= (40, 30)) & (at_px < (120, 90))).all(axis=1)
    assert len(set(rows.tolist()) ^ set(np.flatnonzero(expected).tolist())) <= 4


@pytest.mark.parametrize("camera", [CAMERA, FLAT])
def test_a_lasso_on_the_front_surface_leaves_what_is_behind(camera: Camera) -> None:
    right, down, forward = camera.axes()
    sheet = np.array([[a, b] for a in np.linspace(-1, 1, 60) for b in np.linspace(-1, 1, 60)])
    flat = sheet[:, :1] * right + sheet[:, 1:] * down
    points = np.concatenate([flat, flat * 1.0 + 2 * forward]).astype(np.float32)
    mask = inside([(60, 45), (100, 45), (100, 75), (60, 75)], SIZE)

    rows = rows_inside(
        points,
        drawing.lens(camera, SIZE, (0, 0, 0)),
        mask,
        surface=picture(points, camera, point_px=2),
    )

    assert len(rows) > 100
    assert rows.max() < len(flat)


def test_map_coordinates_draw_as_sharply_as_local_ones() -> None:
    points = scattered(500)
    far = replace(CAMERA, target_m=(4_000_000.0, 500_000.0, 30.0))
    entries = np.full((SIZE[1], SIZE[0]), NOTHING)

    drawing.splat(entries, points, 0, 500, drawing.lens(far, SIZE, (4e6, 5e5, 30.0)), point_px=1)

    different = (entries != picture(points)).sum()
    assert different <= 6


def test_points_that_a_tool_shows_are_larger_and_have_a_rim() -> None:
    color, entries = np.uint32(0xFF00BE8C), np.full((7, 7), NOTHING)
    entries[3, 2:4] = (7, 3)

    shown = tinted(entries, marked(np.array([3]), 8), color)

    assert (shown[2:5, 2:5] == color).all()
    rim = shown[1, 1]
    assert rim not in {0, color}
    assert (shown[1:6, (1, 5)] == rim).all()
    assert (shown[(1, 5), 1:6] == rim).all()
    assert not shown[0].any()


def test_rings_leave_the_points_that_they_are_around_as_they_are() -> None:
    entries = np.full((5, 5), NOTHING)
    entries[2, 1:4] = (7, 3, 3)

    rings = ringed(entries, marked(np.array([3]), 8), np.uint32(9))

    assert not rings[2, 2:4].any()
    assert (rings[(1, 3), 1:5] == 9).all()
    assert rings[2, 1] == rings[2, 4] == 9
    assert not rings[:, 0].any()
