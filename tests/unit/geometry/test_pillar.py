import numpy as np
import numpy.typing as npt
import pytest

from annotator.geometry.ground import find_ground
from annotator.geometry.neighbours import index_points
from annotator.geometry.pillar import NoPillarError, PillarFit, fit_pillar
from annotator.model.shapes import Box3D

Points = npt.NDArray[np.float32]


def hall(size_m: tuple[float, float]) -> Points:
    """A floor, a ceiling and one upright block of which all four sides were seen."""
    rng = np.random.default_rng(6)
    plan = rng.uniform(-8, 8, (6000, 2))
    levels = np.column_stack([plan, np.where(np.arange(6000) % 2 == 0, 0.0, 3.0)])
    half = np.array(size_m) / 2
    block = rng.uniform(-1, 1, (3000, 3)) * (*half, 1.5) + (0, 0, 1.5)
    side = rng.integers(0, 4, 3000)
    block[side < 2, 0] = np.where(side[side < 2] == 0, half[0], -half[0])
    block[side >= 2, 1] = np.where(side[side >= 2] == 2, half[1], -half[1])
    points = np.concatenate([levels, block])
    return (points + rng.normal(0, 0.005, points.shape)).astype(np.float32)


def fitted(points: Points) -> PillarFit:
    index = index_points(points)
    return fit_pillar(index, find_ground(points, index), (0.0, 0.0))


@pytest.mark.parametrize("size_m", [(0.4, 0.4), (0.6, 0.4), (0.9, 0.6)])
def test_a_pillar_gets_its_own_size(size_m: tuple[float, float]) -> None:
    shape = fitted(hall(size_m)).shape

    assert isinstance(shape, Box3D)
    assert sorted(shape.size_m[:2]) == pytest.approx(sorted(size_m), abs=0.04)


@pytest.mark.parametrize("size_m", [(1.7, 0.7), (1.6, 1.6)])
def test_what_is_too_large_or_too_oblong_for_a_pillar_is_refused(
    size_m: tuple[float, float],
) -> None:
    with pytest.raises(NoPillarError, match="not a pillar"):
        fitted(hall(size_m))
