"""What lies outside the lungs' hull is the chest's wall, however short the scan."""

import numpy as np
import pytest

from annotator.imaging.bone import body_of
from annotator.imaging.candidates import Order, find_candidates
from annotator.imaging.chest_wall import is_in_wall
from annotator.imaging.components import components
from annotator.model.volume import Hu, Series, Slice, Volume

SHAPE = (12, 220, 300)
SPACING = (1.25, 1.0, 1.0)
RIB, PLAQUE, NODE, MUSCLE = 900, 600, 500, 140


def chest(*, lungs: int = 2) -> Hu:
    """Two lungs in a body on a mattress; a rib, a plaque of the pleura, a node, and noise."""
    hu = np.full(SHAPE, -1000, np.int16)
    hu[:, 20:180, 20:280] = 40
    hu[:, 183:197, 20:280] = -900
    hu[:, 50:150, 50:130] = -850
    if lungs == 2:
        hu[:, 50:150, 170:250] = -850
    hu[:, 80:110, 34:44] = RIB
    hu[4:8, 90:98, 250:253] = PLAQUE
    hu[4:8, 90:98, 146:152] = NODE
    hu[6:8, 165:167, 200:202] = MUSCLE
    return hu


def volume(hu: Hu) -> Volume:
    slices = tuple(Slice(f"{k}", f"1.{k}", (0.0, 0.0, 1.25 * k)) for k in range(SHAPE[0]))
    affine = np.diag((1.0, 1.0, 1.25, 1.0))
    return Volume(Series("1", "2", "3", slices, SHAPE, affine, SPACING, kvp=120), hu)


def in_wall(hu: Hu) -> set[int]:
    found = components(hu, at_least_hu=130)
    everything = np.ones(len(found), np.bool_)
    wall = is_in_wall(found, hu, SPACING, body_of(hu, SPACING), everything)
    return {int(peak) for peak in found.max_hu[wall]}


def test_ribs_and_muscles_lie_in_the_wall_and_pleura_and_nodes_do_not() -> None:
    assert in_wall(chest()) == {RIB, MUSCLE}


def test_a_mattress_is_no_lung() -> None:
    hu = chest()
    hu[:, 180:200, 20:280] = -900

    assert in_wall(hu) == {RIB, MUSCLE}


def test_where_one_lung_is_not_aerated_nothing_is_told_of_the_wall() -> None:
    assert in_wall(chest(lungs=1)) == set()


def test_what_lies_in_the_wall_comes_last_but_is_asked() -> None:
    candidates = find_candidates(volume(chest()))

    numbers = candidates.in_order(Order.PLACE)

    assert candidates.found.max_hu[numbers].tolist() == [PLAQUE, NODE, MUSCLE]
    assert candidates.sites[numbers[-1]] == "bone"


@pytest.mark.parametrize("at", [0, 11])
def test_the_end_of_a_rib_that_the_scan_cuts_off_is_bone_though_it_bulges_into_the_lung(
    at: int,
) -> None:
    hu = chest()
    hu[:, 80:110, 34:44] = 40
    hu[at, 80:110, 40:54] = RIB

    assert in_wall(hu) == {RIB, MUSCLE}
    assert candidates_of(volume(hu))[:2] == [PLAQUE, NODE]


def candidates_of(scan: Volume) -> list[float]:
    candidates = find_candidates(scan)
    peaks: list[float] = candidates.found.max_hu[candidates.in_order()].tolist()
    return peaks
