import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
import scipy.ndimage
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.imaging.rules import CAL_130, Rule
from annotator.imaging.scoring import (
    agatston,
    other_rules,
    reference_rule,
    scores,
)
from annotator.model.volume import Hu, Series, Slice, Volume


def volume_of(
    hu: Hu, spacing_mm: tuple[float, float, float] = (1.0, 0.7, 0.7), kvp: float | None = 120
) -> Volume:
    z, y, x = spacing_mm
    slices = tuple(Slice(f"{k}.dcm", f"1.2.{k}", (0.0, 0.0, k * z)) for k in range(len(hu)))
    return Volume(
        Series("1", "2", "3", slices, hu.shape, np.diag((x, y, z, 1.0)), spacing_mm, kvp=kvp), hu
    )


def bright(seed: int) -> npt.NDArray[np.int16]:
    rough = np.random.default_rng(seed).normal(0, 1200, (6, 20, 22))
    return np.asarray(scipy.ndimage.gaussian_filter(rough, 0.9), np.int16)


def slow_agatston(volume: Volume, taken: npt.NDArray[np.bool_]) -> float:
    """Pixel by pixel, lesion by lesion, as a textbook says it."""
    z, y, x = volume.series.spacing_mm
    total = 0.0
    for k in range(len(volume.hu)):
        labels, count = scipy.ndimage.label(taken[k] & (volume.hu[k] >= 130), np.ones((3, 3)))
        for n in range(1, count + 1):
            values = volume.hu[k][labels == n]
            area = len(values) * x * y
            if area >= 1.0:
                total += area * min(4, int(values.max()) // 100) * (z / 3)
    return total


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), increment=st.sampled_from([0.6, 1.0, 2.5, 3.0, 5.0]))
def test_agatston_equals_an_independent_slow_computation(seed: int, increment: float) -> None:
    volume = volume_of(bright(seed), (increment, 0.7, 0.7))
    taken = np.random.default_rng(seed).random(volume.hu.shape) < 0.8

    score = agatston(volume, np.flatnonzero(taken))

    assert score == pytest.approx(slow_agatston(volume, taken), rel=1e-12)


@pytest.mark.parametrize(
    ("peak", "weight"), [(129, 0), (130, 1), (199, 1), (200, 2), (300, 3), (399, 3), (400, 4)]
)
def test_a_lesion_weighs_by_its_peak(peak: int, weight: int) -> None:
    hu = np.zeros((1, 8, 8), np.int16)
    hu[0, 2:5, 2:5] = min(peak, 130)
    hu[0, 3, 3] = peak
    where = np.flatnonzero(hu)

    score = agatston(volume_of(hu, (3.0, 1.0, 1.0)), where)

    pixels = 9 if peak >= 130 else 0
    assert score == pixels * weight


def test_a_lesion_of_exactly_one_square_millimetre_counts_and_a_smaller_one_does_not() -> None:
    hu = np.zeros((1, 9, 9), np.int16)
    hu[0, 1:3, 1:3] = 150
    hu[0, 6, 5:8] = 150
    volume = volume_of(hu, (3.0, 0.5, 0.5))

    score = agatston(volume, np.flatnonzero(hu))

    assert score == 1.0


def test_thin_slices_count_by_their_increment() -> None:
    hu = np.zeros((6, 8, 8), np.int16)
    hu[:, 2:5, 2:5] = 450

    thick = agatston(volume_of(hu[:2], (3.0, 1.0, 1.0)), np.flatnonzero(hu[:2]))
    thin = agatston(volume_of(hu, (1.0, 1.0, 1.0)), np.flatnonzero(hu))

    assert thick == thin == 72.0


def test_the_threshold_follows_the_tube_voltage() -> None:
    assert CAL_130.threshold_hu(100) == 145
    assert CAL_130.threshold_hu(70) == 207
    assert CAL_130.threshold_hu(None) == 130
    assert Rule(follows_kv=False).threshold_hu(100) == 130


def test_without_the_increment_thin_slices_score_threefold() -> None:
    hu = np.zeros((6, 12, 12), np.int16)
    hu[:, 2:9, 2:9] = 450
    volume = volume_of(hu, (1.0, 0.7, 0.7))
    where = np.flatnonzero(hu)

    told = {s.rule: s.value for s in scores(volume, [where]).others}

    assert told["Agatston, increment ignored"] == pytest.approx(3 * agatston(volume, where))
    assert told["Copied script, increment ignored"] == pytest.approx(3 * agatston(volume, where))
    assert told["DeepCAC"] == pytest.approx(agatston(volume, where))
    assert len(told) == len(other_rules(120)) == 5


def by_others(volume: Volume, where: npt.NDArray[np.int64]) -> dict[str, float]:
    return {score.rule: score.value for score in scores(volume, [where]).others}


def test_a_lesion_of_128_hu_is_one_that_weighs_nothing_by_calcium_scoring_jl() -> None:
    hu = np.zeros((1, 12, 12), np.int16)
    hu[0, 2:5, 2:5] = 128
    volume = volume_of(hu, (3.0, 1.0, 1.0))

    assert by_others(volume, np.flatnonzero(hu))["CalciumScoring.jl"] == 0

    hu[0, 3, 3] = 130
    assert by_others(volume, np.flatnonzero(hu))["CalciumScoring.jl"] == 9


def test_the_copied_script_takes_what_is_above_130_also_where_values_are_no_whole_numbers() -> None:
    hu = np.zeros((1, 12, 12), np.float32)
    hu[0, 2:5, 2:5] = 130
    hu[0, 7:10, 7:10] = 130.5
    volume = volume_of(hu, (3.0, 1.0, 1.0))

    told = by_others(volume, np.flatnonzero(hu))

    assert told["Copied script, increment ignored"] == 9


def test_ai_cac_counts_by_thickness_and_drops_three_voxels() -> None:
    hu = np.zeros((1, 12, 12), np.int16)
    hu[0, 1, 1:4] = 450
    hu[0, 6:8, 6:8] = 450
    volume = volume_of(hu, (1.0, 1.0, 1.0))
    thick = replace(volume, series=replace(volume.series, thickness_mm=3.0))

    assert by_others(thick, np.flatnonzero(hu))["AI-CAC"] == 16
    assert by_others(volume, np.flatnonzero(hu))["AI-CAC"] == 5


def test_voxels_below_the_rule_count_in_no_score() -> None:
    volume = volume_of(bright(6))
    reaching = np.flatnonzero(volume.hu >= 130)
    everything = np.arange(volume.hu.size)

    told, alone = scores(volume, [everything]), scores(volume, [reaching])

    assert told.below == len(everything) - len(reaching)
    assert told.volume_mm3 == alone.volume_mm3
    assert told.uncalibrated_mass_hu_mm3 == alone.uncalibrated_mass_hu_mm3 > 0
    assert told.agatston == pytest.approx(alone.agatston)


def test_a_rule_that_rounds_gives_a_whole_number() -> None:
    volume = volume_of(bright(3))
    rule = next(r for r in other_rules(120) if r.name == "AI-CAC")

    score = agatston(volume, np.arange(volume.hu.size), rule)

    assert score == math.floor(score) > 0


def test_scores_say_by_which_rule_they_hold() -> None:
    volume = volume_of(bright(5), (2.5, 0.7, 0.7), kvp=100)

    told = scores(volume, [np.flatnonzero(volume.hu >= 145)])

    assert (
        told.provenance
        == "CAL-130 v1; 100 kV; ≥ 145 HU; 8/26-connected; ≥ 1 mm²; × 2.5/3 mm; each focus by itself"
    )
    assert told.volume_mm3 == pytest.approx((volume.hu >= 145).sum() * 2.5 * 0.49)


def test_a_scan_without_foci_scores_nothing() -> None:
    told = scores(volume_of(bright(5)), [])

    assert (told.agatston, told.volume_mm3, told.uncalibrated_mass_hu_mm3) == (0, 0, 0)


def test_the_uncalibrated_mass_is_mean_value_times_volume() -> None:
    volume = volume_of(bright(6))
    where = np.flatnonzero(volume.hu >= 130)

    mass = scores(volume, [where]).uncalibrated_mass_hu_mm3

    values = volume.hu.ravel()[where]
    assert mass == pytest.approx(values.mean() * len(where) * volume.series.voxel_mm3)
    assert reference_rule().cuts_hu == (130, 200, 300, 400)
