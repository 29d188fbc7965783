import numpy as np
import pytest

from annotator.imaging.blood import Blood, blood_of
from annotator.imaging.bone import body_of
from annotator.imaging.candidates import find_candidates
from annotator.model.volume import Hu
from tests.unit.imaging.contrast_chest import (
    AORTA,
    BLOOD_HU,
    NOISE_HU,
    SHAPE,
    SPACING,
    contrast_chest,
    noisy,
)


def measured(hu: Hu) -> Blood | None:
    return blood_of(hu, SPACING, body_of(hu, SPACING), at_least_hu=130)


def tissue() -> Hu:
    hu = np.full(SHAPE, -1000, np.int16)
    hu[:, 10:110, 10:150] = 40
    return hu


def test_blood_reaches_from_below_to_above_its_brightness_by_the_noise() -> None:
    blood = measured(contrast_chest().hu)

    assert blood is not None
    assert BLOOD_HU - 6 * NOISE_HU < blood.low_hu < BLOOD_HU - 2 * NOISE_HU
    assert BLOOD_HU + 2 * NOISE_HU < blood.high_hu < BLOOD_HU + 6 * NOISE_HU


def test_two_vessels_of_two_brightnesses_are_both_blood() -> None:
    hu = tissue()
    hu[AORTA] = 420
    hu[:, 40:70, 100:130] = 290

    blood = measured(noisy(hu))

    assert blood is not None
    assert blood.low_hu < 290
    assert 420 < blood.high_hu < 500


def test_the_lumen_and_what_touches_it_is_known_by_its_place() -> None:
    blood = measured(contrast_chest().hu)
    assert blood is not None

    inside, far = np.ravel_multi_index(([12, 12], [55, 98], [65, 30]), SHAPE)

    assert blood.holds(np.array([inside, far]), SHAPE).tolist() == [True, False]


def test_smooth_marrow_in_a_bright_shell_is_no_blood() -> None:
    hu = tissue()
    hu[AORTA] = 800
    hu[:, 42:68, 52:78] = 320

    assert measured(noisy(hu)) is None


def test_spongy_bone_is_no_blood_however_large() -> None:
    hu = tissue()
    hu[AORTA] = np.random.default_rng(5).normal(300, 60, hu[AORTA].shape)

    assert measured(noisy(hu)) is None


@pytest.mark.parametrize("value", [-1000, 40, 400])
def test_a_scan_of_one_value_has_no_blood(value: int) -> None:
    assert measured(np.full((4, 30, 30), value, np.int16)) is None


def test_without_contrast_agent_nothing_is_taken_for_blood() -> None:
    hu = tissue()
    hu[:, 80:100, 60:80] = 300

    assert measured(noisy(hu)) is not None
    assert find_candidates(contrast_chest()).blood is not None
    assert find_candidates(contrast_chest(has_contrast=False)).blood is None
