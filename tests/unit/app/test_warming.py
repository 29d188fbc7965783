"""Warming up reaches the kernels that a first click needs."""

from typing import Any

from annotator.app.warming import warm_up
from annotator.geometry import drawing, fit_search, lasso, nearby, picking, pillar_outline


def test_after_warming_no_first_click_compiles() -> None:
    warm_up()

    kernels: tuple[Any, ...] = (
        drawing._splat,
        drawing._shade,
        lasso._mark,
        nearby._rows_around,
        fit_search.coarse_footprints,
        picking._ring,
        pillar_outline._circle_search,
    )
    assert all(kernel.signatures for kernel in kernels)
