import numpy as np
import pytest

from annotator.geometry.sampling import shuffled_rows


@pytest.mark.parametrize(("total", "most"), [(0, 10), (1, 10), (10, 10), (1000, 10), (1003, 100)])
def test_no_row_is_drawn_twice(total: int, most: int) -> None:
    rows = shuffled_rows(total, most)

    assert len(rows) == min(total, most)
    assert len(np.unique(rows)) == len(rows)
    assert ((rows >= 0) & (rows < total)).all()


def test_any_beginning_is_spread_evenly_over_the_scan() -> None:
    beginning = shuffled_rows(100_000, 20_000)[:2000]

    counts, _edges = np.histogram(beginning, bins=10, range=(0, 100_000))

    assert counts.min() > 140
    assert counts.max() < 260


def test_the_same_scan_gives_the_same_sketch() -> None:
    np.testing.assert_array_equal(shuffled_rows(5000, 700), shuffled_rows(5000, 700))
