"""Without the place of the scan, a few columns of points may lie on a circle and on a square."""

import math
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from annotator.formats.points.reading import read_cloud
from annotator.geometry.pillar import fit_pillar
from annotator.geometry.pillar_outline import best_outline
from annotator.geometry.survey import survey
from annotator.model.shapes import Box3D, Vec3

Floats = npt.NDArray[np.float64]

FOLDER = Path(__file__).parents[3] / "sample_data" / "garage"
FAR_PILLAR = 24


def columns(*places_m: tuple[float, float]) -> Floats:
    """Return ten points about each place."""
    stray = np.random.default_rng(2).normal(0, 0.008, (10 * len(places_m), 2))
    return np.repeat(np.array(places_m), 10, axis=0) + stray


def ring(count: int) -> Floats:
    turns = np.linspace(0, np.pi, count)
    return columns(*((0.35 * math.cos(turn), 0.35 * math.sin(turn)) for turn in turns.tolist()))


def corner(count: int) -> Floats:
    along = np.linspace(-0.3, 0.3, count).tolist()
    return columns(*((x, 0.3) for x in along), *((0.3, y) for y in along))


@pytest.mark.parametrize(("seen_from_m", "is_told"), [((0.0, 0.0, 0.0), True), (None, False)])
def test_of_a_square_pillar_far_away_only_the_place_of_the_scan_tells_the_section(
    seen_from_m: Vec3 | None, is_told: bool
) -> None:
    cloud = read_cloud(FOLDER / "scans" / "000000.pcd")
    labels = np.fromfile(FOLDER / "labels" / "000000.label", "<u4") >> 16
    rows = np.flatnonzero(labels == FAR_PILLAR)
    x, y, z = cloud.xyz_m[rows[len(rows) // 2]].astype(float).tolist()
    found = survey(cloud.xyz_m, seen_from_m)

    fit = fit_pillar(found.index, found.ground, (x, y, z))

    assert fit.is_told is is_told
    assert isinstance(fit.shape, Box3D) or not is_told


@pytest.mark.parametrize(("plan", "is_round"), [(ring(12), True), (corner(10), False)])
def test_many_columns_tell_it(plan: Floats, is_round: bool) -> None:
    found = best_outline(plan)

    assert (found.round, found.is_told) == (is_round, True)
