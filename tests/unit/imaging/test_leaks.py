import numpy as np
import pytest

from annotator.imaging.candidates import Candidates, find_candidates
from annotator.imaging.components import connected_parts
from annotator.imaging.growing import Leak
from annotator.imaging.leaks import leak_of
from annotator.model.layers import Where
from annotator.model.volume import Volume
from tests.unit.imaging.contrast_chest import (
    AORTA,
    BRANCH,
    CHIP,
    CLOT,
    MEDIASTINUM,
    NODULE,
    PLAQUE,
    SPINE,
    VESSEL,
    contrast_chest,
)

Part = tuple[slice, ...]


@pytest.fixture(scope="module")
def chest() -> Volume:
    return contrast_chest()


@pytest.fixture(scope="module")
def known(chest: Volume) -> Candidates:
    return find_candidates(chest)


def bright(chest: Volume, *parts: Part, at_least_hu: float = 130) -> Where:
    """Return the voxels of some boxes that reach a threshold."""
    held = np.zeros(chest.hu.shape, np.bool_)
    for part in parts:
        held[part] = chest.hu[part] >= at_least_hu
    return np.flatnonzero(held)


def test_a_small_vessel_no_brighter_than_blood_may_be_a_vessel(
    chest: Volume, known: Candidates
) -> None:
    assert leak_of(bright(chest, VESSEL), chest, known) is Leak.VESSEL


def test_a_calcified_nodule_brighter_than_blood_is_no_leak(
    chest: Volume, known: Candidates
) -> None:
    assert leak_of(bright(chest, NODULE), chest, known) is Leak.NONE


def test_a_calcification_with_a_piece_of_lumen_runs_into_a_vessel(
    chest: Volume, known: Candidates
) -> None:
    assert leak_of(bright(chest, BRANCH, CLOT), chest, known) is Leak.INTO_VESSEL


@pytest.mark.parametrize("part", [CLOT, PLAQUE])
def test_above_the_blood_a_calcification_is_free_of_its_vessel(
    chest: Volume, known: Candidates, part: Part
) -> None:
    assert known.blood is not None

    held = bright(chest, part, at_least_hu=known.blood.high_hu)

    assert leak_of(held, chest, known) is Leak.NONE


def test_a_piece_that_a_gap_cuts_off_its_bone_may_be_bone(chest: Volume, known: Candidates) -> None:
    assert leak_of(bright(chest, CHIP), chest, known) is Leak.BONE


def test_a_raised_threshold_does_not_hide_that_it_is_bone(chest: Volume, known: Candidates) -> None:
    cortex = bright(chest, SPINE, at_least_hu=600)
    (some,) = np.nonzero(connected_parts(cortex, chest.hu.shape) == 0)

    assert leak_of(cortex[some], chest, known) is Leak.BONE


def test_the_aorta_is_no_bone_though_it_is_as_large(chest: Volume, known: Candidates) -> None:
    number = known.found.of(bright(chest, AORTA)[:1])[0]

    assert known.bone[number]
    assert not known.skeleton[number]


def test_without_contrast_agent_there_is_no_vessel_to_run_into() -> None:
    plain = contrast_chest(has_contrast=False)
    known = find_candidates(plain)

    for part in (VESSEL, NODULE, MEDIASTINUM):
        assert leak_of(bright(plain, part), plain, known) is Leak.NONE
