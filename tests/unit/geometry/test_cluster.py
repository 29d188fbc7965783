import numpy as np
import pytest

from annotator.geometry.cluster import NothingToGrowError, contour, grow_cluster
from annotator.geometry.ground import find_ground
from annotator.geometry.neighbours import index_points


def two_heaps(apart_m: float) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    rng = np.random.default_rng(2)
    floor = np.column_stack([rng.uniform(-5, 5, (8000, 2)), rng.normal(0, 0.005, 8000)])
    heap = rng.uniform((-0.5, -0.5, 0.2), (0.5, 0.5, 1.2), (800, 3))
    return np.concatenate([floor, heap, heap + np.array((1 + apart_m, 0, 0))]).astype(np.float32)


def test_a_cluster_stops_at_a_gap_and_the_gap_can_be_loosened() -> None:
    points = two_heaps(0.5)
    index, ground = index_points(points), find_ground(points)

    tight = grow_cluster(index, ground, (0, 0, 1), gap_m=0.25)
    loose = grow_cluster(index, ground, (0, 0, 1), gap_m=0.8)

    assert tight.tolist() == list(range(8000, 8800))
    assert loose.tolist() == list(range(8000, 9600))


def test_nothing_grows_from_the_floor() -> None:
    points = two_heaps(0.5)

    with pytest.raises(NothingToGrowError):
        grow_cluster(index_points(points), find_ground(points), (-4, -4, 0))


def test_a_contour_runs_round_its_points_counter_clockwise() -> None:
    square = np.array([(0, 0, 1), (2, 0, 0), (2, 2, 0), (0, 2, 0), (1, 1, 5), (np.nan, 0, 0)])

    outline = contour(square)

    assert outline.vertices_m == ((0, 0, 0), (2, 0, 0), (2, 2, 0), (0, 2, 0))


def test_points_on_a_line_have_no_outline() -> None:
    with pytest.raises(NothingToGrowError):
        contour(np.array([(0.0, 0, 0), (1, 1, 0), (2, 2, 0)]))
