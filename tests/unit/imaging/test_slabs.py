import numpy as np
import pytest

from annotator.imaging.slabs import Mix, Plane, cut, slab

HU = np.random.default_rng(0).integers(-1000, 1000, (7, 9, 11)).astype(np.int16)


@pytest.mark.parametrize("plane", list(Plane))
def test_a_cut_is_the_plane_of_the_volume(plane: Plane) -> None:
    np.testing.assert_array_equal(cut(HU, plane, 4), np.take(HU, 4, plane.axis))


@pytest.mark.parametrize("plane", list(Plane))
@pytest.mark.parametrize(
    ("mix", "truth"), [(Mix.MAXIMUM, np.max), (Mix.MINIMUM, np.min), (Mix.MEAN, np.mean)]
)
@pytest.mark.parametrize(
    ("index", "first", "end"), [(3, 2, 5), (0, 0, 2), (6, 5, None)], ids=["inside", "first", "last"]
)
def test_a_slab_mixes_the_cuts_around_it(
    plane: Plane, mix: Mix, truth: object, index: int, first: int, end: int | None
) -> None:
    size = HU.shape[plane.axis]
    index = size - 1 if end is None else index
    first = size - 2 if end is None else first

    drawn = slab(HU, plane, index, count=3, mix=mix)

    part = np.take(HU, np.arange(first, end or size), plane.axis)
    assert callable(truth)
    np.testing.assert_array_equal(drawn, np.rint(truth(part, axis=plane.axis)))


def test_fractional_values_stay_fractional_in_a_slab() -> None:
    drawn = slab(np.full((3, 2, 2), 0.5, np.float32), Plane.AXIAL, 1, count=3)

    assert drawn.dtype == np.float32
    assert (drawn == 0.5).all()
