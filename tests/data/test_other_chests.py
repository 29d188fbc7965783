"""Chests that nobody tuned anything on: other seeds of the phantom."""

import math
from typing import Any

import numpy as np
import pytest
from scipy import ndimage

from annotator.formats.dicom.series import find_series
from annotator.formats.dicom.volume import read_volume
from annotator.imaging.candidates import find_candidates
from annotator.imaging.growing import Leak
from annotator.imaging.leaks import leak_of
from annotator.imaging.scoring import scores
from annotator.model.layers import Where
from annotator.model.volume import Volume
from sample_data.make_chest import SOFT, make_chest, voxels_of


@pytest.fixture(scope="module", params=(23,))
def chest(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("chest")
    truth = make_chest(folder, seed=request.param, kernels=(SOFT,))
    (series,) = find_series(folder).series
    return truth, read_volume(series)


def test_the_first_page_holds_every_calcification_to_the_voxel_and_no_bone(chest: Any) -> None:
    truth, volume = chest
    expected = {tuple(voxels_of(f).tolist()) for f in truth["foci"] if f["voxels"]}

    candidates = find_candidates(volume)

    first_page = candidates.in_order()[:20].tolist()
    assert {tuple(candidates.found.where(n).tolist()) for n in first_page} == expected


def test_only_a_plaque_that_bulges_as_far_as_ribs_lie_is_taken_for_one(chest: Any) -> None:
    truth, volume = chest
    candidates = find_candidates(volume)

    foci = [f for f in truth["foci"] if f["voxels"]]
    told = {f["name"]: leak_of(voxels_of(f), volume, candidates) for f in foci}

    assert {name for name, leak in told.items() if leak is not Leak.NONE} <= {"solid-5-pleura"}


def test_most_sites_are_named_rightly(chest: Any) -> None:
    truth, volume = chest
    candidates = find_candidates(volume)
    told = [
        (focus["site"], str(candidates.sites[int(candidates.found.of(voxels_of(focus)[:1])[0])]))
        for focus in truth["foci"]
        if focus["voxels"]
    ]

    right = sum(wanted == said for wanted, said in told)

    assert right >= 0.8 * len(told)


def test_scores_equal_an_independent_computation_to_the_last_digit(chest: Any) -> None:
    truth, volume = chest
    foci = [voxels_of(f) for f in truth["foci"] if f["voxels"]]

    found = scores(volume, foci)

    z, y, x = volume.series.spacing_mm
    assert found.agatston == sum(_agatston(volume, where) for where in foci)
    assert found.volume_mm3 == sum(len(where) for where in foci) * (z * y * x)


def _agatston(volume: Volume, where: Where) -> float:
    """Agatston's score by whole-slice arrays and scipy's labels."""
    mask = np.zeros(volume.hu.shape, np.bool_)
    mask.ravel()[where] = True
    z, y, x = volume.series.spacing_mm
    points = 0
    for cut, on in zip(volume.hu, mask & (volume.hu >= 130), strict=True):
        parts, count = ndimage.label(on, np.ones((3, 3)))
        for part in range(1, count + 1):
            pixels = int((parts == part).sum())
            peak = int(cut[parts == part].max())
            if pixels >= math.ceil(1 / (x * y) - 1e-9):
                points += pixels * (1 + (peak >= 200) + (peak >= 300) + (peak >= 400))
    return points * (y * x * (z / 3.0))
