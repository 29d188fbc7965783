from dataclasses import replace

import numpy as np
import pytest

from annotator.imaging.bone import body_of, depth_mm, distance_to_bone_mm, is_bone
from annotator.imaging.candidates import Order, find_candidates, residual
from annotator.imaging.components import components
from annotator.imaging.rules import Rule
from annotator.model.findings import Finding
from annotator.model.volume import Series, Slice, Volume

SHAPE = (30, 100, 100)
SPACING = (2.0, 1.5, 1.5)
NONE = np.zeros(0, np.int64)


@pytest.fixture(scope="module")
def chest() -> Volume:
    """A block of tissue in air with a spine, a table below it, and three foci."""
    hu = np.full(SHAPE, -1000, np.int16)
    hu[:, 10:80, 10:90] = 30
    hu[:, 60:72, 45:57] = 400
    hu[:, 92:94, 5:95] = 500
    hu[10:12, 30:33, 30:33] = 300
    hu[20, 40:43, 60:62] = 700
    hu[15, 56:58, 50:52] = 160
    hu[5, 11, 50:53] = 900
    slices = tuple(Slice(f"{k}", f"1.{k}", (0.0, 0.0, 2.0 * k)) for k in range(SHAPE[0]))
    affine = np.diag((1.5, 1.5, 2.0, 1.0))
    return Volume(Series("1", "2", "3", slices, SHAPE, affine, SPACING, kvp=120), hu)


def test_a_spine_is_bone_by_its_size_and_a_table_by_its_length(chest: Volume) -> None:
    found = components(chest.hu, at_least_hu=130)

    bone = is_bone(found, SPACING)

    assert bone.sum() == 2
    assert found.voxels[bone].tolist() == [30 * 144, 30 * 180]


def test_distances_to_bone_are_right_within_a_cell(chest: Volume) -> None:
    found = components(chest.hu, at_least_hu=130)
    bone = is_bone(found, SPACING)

    away = distance_to_bone_mm(found, bone, SPACING)

    soft = int(np.flatnonzero(found.max_hu == 700)[0])
    assert away[soft] == pytest.approx(18.5 * 1.5, abs=7)
    assert (away[bone] == 0).all()
    assert np.isinf(distance_to_bone_mm(found, np.zeros_like(bone), SPACING)).all()


def test_the_table_lies_outside_the_body_and_a_focus_deep_inside(chest: Volume) -> None:
    found = components(chest.hu, at_least_hu=130)

    deep = depth_mm(found, body_of(chest.hu, SPACING), SPACING)

    assert deep[found.max_hu == 500][0] == 0
    assert deep[found.max_hu == 900][0] < 8
    assert deep[found.max_hu == 300][0] > 20


def test_candidates_are_what_is_neither_bone_nor_skin_nor_table(chest: Volume) -> None:
    candidates = find_candidates(chest)

    numbers = candidates.in_order()

    assert candidates.found.max_hu[numbers].tolist() == [700, 300, 160]
    assert candidates.volume_mm3(int(numbers[0])) == pytest.approx(6 * 4.5)


@pytest.mark.parametrize(
    ("order", "peaks"),
    [
        (Order.MAX_HU, [700, 300, 160]),
        (Order.SIZE, [300, 700, 160]),
        (Order.MARGIN, [160, 300, 700]),
        (Order.SLICE, [300, 160, 700]),
    ],
)
def test_candidates_are_sorted_as_wanted(chest: Volume, order: Order, peaks: list[int]) -> None:
    candidates = find_candidates(chest)

    assert candidates.found.max_hu[candidates.in_order(order)].tolist() == peaks


def test_the_centre_of_a_candidate_is_one_of_its_voxels(chest: Volume) -> None:
    candidates = find_candidates(chest)

    for number in candidates.in_order().tolist():
        i, j, k = candidates.center(number)
        assert chest.hu[k, j, i] == candidates.found.max_hu[number]


def test_an_untouched_scan_is_not_finished(chest: Volume) -> None:
    left = residual(find_candidates(chest), NONE, NONE)

    assert len(left.open) == 3
    assert len(left.where) == 18 + 6 + 4
    assert not left.is_finished


def test_a_scan_is_finished_when_every_component_is_marked_or_dismissed(chest: Volume) -> None:
    candidates = find_candidates(chest)
    everything = candidates.found.where_all(candidates.asked)

    left = residual(candidates, everything, NONE)

    assert left.is_finished
    assert len(left.where) == 0


def test_a_component_that_is_marked_in_part_stays_open(chest: Volume) -> None:
    candidates = find_candidates(chest)
    first = candidates.found.where(int(candidates.in_order()[0]))

    left = residual(candidates, first[:-1], first[:-1])

    assert first[-1] in left.where
    assert len(left.open) == 3


def test_marked_voxels_below_the_rule_are_pointed_at(chest: Volume) -> None:
    soft = np.array([np.ravel_multi_index((10, 50, 20), SHAPE)])

    left = residual(find_candidates(chest), soft, soft)

    np.testing.assert_array_equal(left.below, soft)


def test_an_empty_scan_has_no_candidates() -> None:
    slices = (Slice("0", "1.0", (0.0, 0.0, 0.0)),)
    series = Series("1", "2", "3", slices, (1, 8, 8), np.eye(4), (1.0, 1.0, 1.0))

    candidates = find_candidates(Volume(series, np.full((1, 8, 8), -1000, np.int16)))

    assert len(candidates.in_order()) == 0
    assert residual(candidates, NONE, NONE).is_finished


def test_what_is_smaller_than_the_rules_area_is_flagged_and_comes_last_whatever_its_volume(
    chest: Volume,
) -> None:
    hu = chest.hu.copy()
    hu[12, 40, 70] = 300  # 2.25 mm² and 4.5 mm³

    usual = find_candidates(Volume(chest.series, hu))
    strict = find_candidates(Volume(chest.series, hu), Rule(flag_below_mm2=3.0))

    assert len(usual.in_order()) == 4
    assert usual.below_in_order().tolist() == []
    assert len(strict.in_order()) == 3
    (flagged,) = strict.below_in_order().tolist()
    assert strict.found.max_hu[flagged] == 300
    assert not strict.set_aside[flagged]
    assert flagged not in residual(strict, NONE, NONE).open


def test_three_voxels_of_a_thin_slice_are_a_candidate_though_they_are_less_than_1_mm3() -> None:
    hu = np.full((24, 60, 60), -1000, np.int16)
    hu[:, 4:56, 4:56] = 30
    hu[12, 30, 30:33] = 300
    slices = tuple(Slice(f"{k}", f"1.{k}", (0.0, 0.0, 0.625 * k)) for k in range(24))
    affine = np.diag((0.7, 0.7, 0.625, 1.0))
    series = Series("1", "2", "3", slices, hu.shape, affine, (0.625, 0.7, 0.7), kvp=120)

    candidates = find_candidates(Volume(series, hu))

    (number,) = candidates.in_order().tolist()
    assert candidates.volume_mm3(number) < 1.0


def test_contrast_is_suspected_where_the_header_says_so_or_a_heart_is_bright(
    chest: Volume,
) -> None:
    told = replace(chest.series, findings=(Finding("contrast", "contrast agent was given"),))

    assert not find_candidates(chest).may_be_contrast
    assert find_candidates(Volume(told, chest.hu)).may_be_contrast
    assert find_candidates(with_lungs(heart_hu=300)).may_be_contrast
    assert not find_candidates(with_lungs(heart_hu=40)).may_be_contrast


def with_lungs(*, heart_hu: int) -> Volume:
    """Two lungs with a heart between them, before a spine."""
    hu = np.full((24, 120, 120), -1000, np.int16)
    hu[:, 10:110, 10:110] = 30
    hu[:, 20:100, 15:50] = hu[:, 20:100, 70:105] = -800
    hu[:, 50:70, 50:70] = heart_hu
    hu[:, 90:104, 53:67] = 400
    slices = tuple(Slice(f"{k}", f"1.{k}", (0.0, 0.0, 2.5 * k)) for k in range(24))
    affine = np.diag((2.5, 2.5, 2.5, 1.0))
    return Volume(Series("1", "2", "3", slices, hu.shape, affine, (2.5, 2.5, 2.5), kvp=120), hu)
