import numpy as np
import pytest

from annotator.geometry.floor_grid import grid_lines, grid_step_m


def test_lines_lie_on_whole_metres_of_the_floor_and_cover_the_scan() -> None:
    lines = grid_lines((-3.2, -1.7, 0), (4.1, 2.2, 3), 0.1, 1.0, (0, 0, 0))

    assert np.allclose(lines[..., :2], np.round(lines[..., :2]))
    assert (lines[..., 2] == 0.1).all()
    assert lines[..., 0].min() == -4
    assert lines[..., 0].max() == 5
    assert len(lines) == 10 + 6


def test_a_wide_scan_gets_some_dozens_of_lines_around_what_is_looked_at() -> None:
    lines = grid_lines((-5000, -5000, 0), (5000, 5000, 0), 0.0, 1.0, (300, 4999, 0))

    assert len(lines) == 2 * 61
    assert lines[..., 0].min() == 270
    assert lines[..., 1].max() == 5000


@pytest.mark.parametrize(("px_per_m", "step_m"), [(40, 1), (5, 5), (1.9, 10), (0.0001, 1000)])
def test_lines_are_never_too_close_on_the_screen(px_per_m: float, step_m: float) -> None:
    assert grid_step_m(px_per_m) == step_m
