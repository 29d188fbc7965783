import json
from pathlib import Path

import numpy as np
import pytest

from annotator.formats.dicom.series import find_series
from annotator.formats.dicom.volume import read_volume
from annotator.imaging.candidates import find_candidates
from annotator.imaging.growing import Leak
from annotator.imaging.leaks import leak_of
from annotator.model.volume import Volume

CHEST = Path(__file__).resolve().parents[2] / "sample_data" / "chest"


@pytest.fixture(scope="module")
def soft() -> Volume:
    (series,) = (s for s in find_series(CHEST).series if s.kernel == "B30f")
    return read_volume(series)


def test_every_calcification_of_the_sample_is_a_candidate_to_the_voxel_and_no_bone_is(
    soft: Volume,
) -> None:
    truth = json.loads((CHEST / "truth.json").read_text("utf-8"))
    expected = {
        tuple(index for start, length in focus["runs"] for index in range(start, start + length))
        for focus in truth["foci"]
        if focus["voxels"]
    }

    candidates = find_candidates(soft)

    listed = {tuple(candidates.found.where(n).tolist()) for n in candidates.in_order().tolist()}
    assert listed == expected
    bones = sorted(bone["voxels"] for bone in truth["bones"])
    aside = candidates.found.voxels[candidates.bone]
    assert np.isin(bones, aside).all()


def test_no_calcification_of_the_sample_is_taken_for_bone_or_a_vessel(soft: Volume) -> None:
    candidates = find_candidates(soft)

    numbers = candidates.in_order().tolist()

    assert len(numbers) == 13
    told = {leak_of(candidates.found.where(n), soft, candidates) for n in numbers}
    assert told == {Leak.NONE}
