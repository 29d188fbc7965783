from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.imaging import cut_picture
from annotator.imaging.cut_picture import BOLD, DOTTED, Framing, Lens, picture
from annotator.imaging.windows import Window
from annotator.model.volume import Hu
from tests.greys import standard_grey, standard_greys

WHOLE = Framing(left=-0.5, top=-0.5, columns_per_px=1.0, rows_per_px=1.0)


@pytest.mark.parametrize("dtype", [np.int16, np.float32])
def test_the_picture_shows_each_voxel_by_the_formula(dtype: Any) -> None:
    hu: Hu = np.random.default_rng(1).integers(-1000, 1500, (40, 30)).astype(dtype)
    window = Window(40, 400)

    drawn = picture(hu, window, WHOLE, np.zeros((40, 30), np.uint32), smooth=False)

    np.testing.assert_array_equal(drawn & 255, standard_greys(hu, window))
    np.testing.assert_array_equal(drawn >> 24, 255)


def test_between_two_voxels_the_picture_interpolates_before_windowing() -> None:
    hu = np.array([[0, 100]], np.int16)
    halves = Framing(left=0.0, top=-0.5, columns_per_px=1.0, rows_per_px=1.0)

    drawn = picture(hu, Window(50.5, 101), halves, np.zeros((1, 1), np.uint32))

    assert drawn[0, 0] & 255 == 128


def test_outside_the_cut_the_picture_is_black() -> None:
    hu = np.full((4, 4), 3000, np.int16)
    around = Framing(left=-4.5, top=-4.5, columns_per_px=1.0, rows_per_px=1.0)

    drawn = picture(hu, Window(40, 400), around, np.zeros((12, 12), np.uint32))

    assert np.count_nonzero(drawn == 0xFFFFFFFF) == 16
    assert (drawn[4:8, 4:8] == 0xFFFFFFFF).all()


def test_a_focus_has_an_outline_in_its_colour_and_a_fill_that_lets_the_grey_through() -> None:
    hu = np.zeros((5, 5), np.int16)
    labels = np.zeros((5, 5), np.uint32)
    labels[1:4, 1:4] = 7
    colors = np.zeros(8, np.uint32)
    colors[7] = 0x33FF0000

    drawn = picture(
        hu, Window(0, 2000), WHOLE, np.zeros((5, 5), np.uint32), labels=labels, colors=colors
    )

    grey = int(standard_grey(0, Window(0, 2000)) + 0.5)
    assert drawn[0, 0] == 0xFF000000 | grey * 0x010101
    assert drawn[1, 1] == 0xFFFF0000
    assert (drawn[2, 2] >> 16) & 255 > grey > drawn[2, 2] & 255


def test_two_foci_that_touch_keep_a_line_between_them() -> None:
    labels = np.array([[1, 1, 1, 2, 2, 2]] * 5, np.uint32)
    colors = np.array([0, 0x10FF0000, 0x1000FF00], np.uint32)

    drawn = picture(
        np.zeros((5, 6), np.int16),
        Window(0, 2000),
        WHOLE,
        np.zeros((5, 6), np.uint32),
        labels=labels,
        colors=colors,
    )

    assert drawn[2, 2] == 0xFFFF0000
    assert drawn[2, 3] == 0xFF00FF00


def test_a_label_without_a_colour_is_not_drawn() -> None:
    labels = np.full((3, 3), 99, np.uint32)

    drawn = picture(
        np.zeros((3, 3), np.int16),
        Window(0, 2000),
        WHOLE,
        np.zeros((3, 3), np.uint32),
        labels=labels,
        colors=np.zeros(2, np.uint32),
    )

    assert len(np.unique(drawn)) == 1


def test_a_lens_shows_another_window_inside_its_circle_only() -> None:
    hu = np.full((41, 41), 300, np.int16)
    lens = Lens(hu, Window(300, 600), (20.5, 20.5), 8.0)

    drawn = picture(hu, Window(-600, 1500), WHOLE, np.zeros((41, 41), np.uint32), lens=lens)

    assert drawn[20, 20] & 255 == int(standard_grey(300, Window(300, 600)) + 0.5)
    assert drawn[20, 2] & 255 == 255
    inside = np.count_nonzero(drawn & 255 != 255)
    assert abs(inside - np.pi * 64) < 25


@settings(max_examples=25, deadline=None)
@given(
    left=st.floats(-50, 50),
    top=st.floats(-50, 50),
    zoom=st.floats(0.01, 20),
    smooth=st.booleans(),
)
def test_any_framing_draws_without_leaving_the_cut(
    left: float, top: float, zoom: float, smooth: bool
) -> None:
    hu = np.full((20, 30), 500, np.int16)
    framing = Framing(left, top, zoom, zoom)

    drawn = picture(hu, Window(500, 100), framing, np.zeros((25, 35), np.uint32), smooth=smooth)

    assert set(np.unique(drawn & 255).tolist()) <= {0, 128, 129}


def drawn_square(style: int) -> int:
    """How many of the outline's pixels a style draws."""
    labels = np.zeros((20, 20), np.uint32)
    labels[4:16, 4:16] = 1
    drawn = picture(
        np.zeros((20, 20), np.int16),
        Window(0, 2000),
        WHOLE,
        np.zeros((20, 20), np.uint32),
        labels=labels,
        colors=np.array([0, 0x01FF0000], np.uint32),
        styles=np.array([0, style], np.uint8),
    )
    return int(np.count_nonzero(drawn == 0xFFFF0000))


def test_a_selected_focus_has_a_bolder_line_and_a_suggestion_a_dotted_one() -> None:
    plain = drawn_square(0)

    assert plain == 4 * 11
    assert drawn_square(BOLD) == plain + 4 * 9
    assert 0 < drawn_square(DOTTED) < 0.7 * plain


def test_an_inverted_picture_shows_dark_as_bright() -> None:
    hu = np.random.default_rng(1).integers(-1000, 1500, (40, 30)).astype(np.int16)
    out = np.zeros((40, 30), np.uint32)

    drawn = picture(hu, Window(40, 400), WHOLE, out, smooth=False, is_inverted=True)

    difference = (drawn & 255) + standard_greys(hu, Window(40, 400)).astype(np.uint32)
    assert set(np.unique(difference).tolist()) <= {255, 256}


@pytest.mark.parametrize("threads", [2, 3])
def test_a_large_picture_does_not_depend_on_the_number_of_cores(
    threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    hu = np.random.default_rng(3).integers(-1000, 1500, (90, 70)).astype(np.int16)
    labels = np.zeros(hu.shape, np.uint32)
    labels[20:70, 10:40] = 1
    colors = np.array([0, 0x60FF0000], np.uint32)
    framing = Framing(left=-0.5, top=-0.5, columns_per_px=0.12, rows_per_px=0.15)
    drawn = []

    for count in (1, threads):
        monkeypatch.setattr(cut_picture, "_THREADS", count)
        out = np.zeros((601, 583), np.uint32)
        lens = Lens(hu, Window(300, 200), (300.0, 290.0), 80.0)
        drawn.append(
            picture(hu, Window(40, 400), framing, out, labels=labels, colors=colors, lens=lens)
        )

    np.testing.assert_array_equal(drawn[0], drawn[1])
