import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.imaging.windows import PRESETS, Window, window_of
from tests.greys import standard_grey


def grey_of(hu: float, window: Window) -> float:
    slope, offset = window.line()
    return min(max(slope * hu + offset, 0.0), 255.0)


@given(
    hu=st.integers(-1024, 3071),
    center=st.floats(-1000, 2000),
    width=st.one_of(st.just(1.0), st.floats(1.5, 4000)),
)
def test_a_window_follows_the_standards_formula(hu: int, center: float, width: float) -> None:
    window = Window(center, width)

    assert grey_of(hu, window) == pytest.approx(standard_grey(hu, window), abs=1e-6)


def test_a_window_without_width_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Window(40, 0)


def test_a_threshold_of_130_hu_falls_at_22_percent_grey_in_the_calcium_preset() -> None:
    calcium = next(p for p in PRESETS if p.name == "calcium").window

    assert round(grey_of(130, calcium) / 2.55) == 22


def test_a_dragged_region_gives_a_window_that_spans_it() -> None:
    window = window_of(np.arange(0, 1001, dtype=np.int16))

    assert window == Window(500.0, 980.0)
