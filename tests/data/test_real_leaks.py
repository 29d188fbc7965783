"""The guard of a click on scans of people with contrast agent, by what their pictures show."""

from pathlib import Path

import pytest

from annotator.formats.dicom.series import find_series
from annotator.formats.dicom.volume import read_volume
from annotator.imaging.candidates import find_candidates
from annotator.imaging.growing import Leak, grow
from annotator.imaging.leaks import leak_of

Place = tuple[int, int, int]
"""Slice, row and column of a voxel inside."""

CHEST, BELLY = "tcia_lidc_idri_small/LIDC-IDRI-0001", "totalsegmentator/example_ct_dicom"
VESSELS: dict[str, tuple[Place, ...]] = {
    # All but the last two are vessels of the lungs; those run beside the breastbone.
    CHEST: (
        *((0, 272, 184), (10, 226, 308), (5, 295, 180), (1, 261, 185), (1, 272, 204)),
        *((8, 292, 155), (3, 283, 168), (11, 257, 329), (5, 207, 310), (12, 255, 336)),
        *((3, 278, 186), (5, 220, 307), (0, 254, 175), (11, 302, 320), (14, 238, 175)),
        *((15, 266, 175), (6, 200, 312), (4, 340, 296), (14, 265, 180)),
        *((10, 157, 290), (0, 147, 228)),
    ),
    # Round the stomach and in the mesentery.
    BELLY: (
        *((1, 198, 311), (4, 259, 265), (4, 257, 360), (11, 234, 330), (8, 247, 277)),
        *((13, 247, 343), (19, 214, 311), (12, 257, 346), (1, 206, 312), (3, 263, 290)),
        *((19, 248, 339), (5, 256, 285)),
    ),
}
CALCIFIED: tuple[Place, ...] = (
    *((10, 316, 331), (3, 291, 380), (10, 311, 318), (18, 308, 439), (18, 350, 219)),
)
"""In the spleen's hilum, in the spleen, beside the first, in an arm's artery, between ribs."""
WITH_LUMEN: tuple[Place, ...] = ((2, 295, 315), (15, 299, 444))
"""The spleen's artery, and one of the arm."""
PLAQUES: tuple[Place, ...] = (
    *((1, 281, 263), (3, 289, 274), (0, 300, 272), (0, 301, 256), (1, 303, 269), (14, 289, 270)),
)
"""In the aorta's wall, on which its lumen hangs until the threshold is raised."""


def leaks_at(shared: Path, scan: str, places: tuple[Place, ...], at_least_hu: float) -> list[Leak]:
    (series,) = find_series(shared / "ct" / scan).series
    volume = read_volume(series)
    known = find_candidates(volume)
    told = []
    for place in places:
        spacing_mm = series.spacing_mm
        grown = grow(volume.hu, place, at_least_hu=at_least_hu, spacing_mm=spacing_mm)
        assert len(grown.where)
        assert grown.leak is Leak.NONE
        told.append(leak_of(grown.where, volume, known))
    return told


@pytest.mark.shared
@pytest.mark.parametrize("scan", [CHEST, BELLY])
def test_every_small_vessel_that_is_clearly_one_is_amber(shared_data: Path, scan: str) -> None:
    told = leaks_at(shared_data, scan, VESSELS[scan], 130)

    assert Leak.NONE not in told
    assert told.count(Leak.VESSEL) >= 0.95 * len(told)


@pytest.mark.shared
def test_no_calcification_that_lies_free_is_amber(shared_data: Path) -> None:
    assert set(leaks_at(shared_data, BELLY, CALCIFIED, 130)) == {Leak.NONE}


@pytest.mark.shared
def test_a_calcified_artery_with_its_lumen_runs_into_a_vessel(shared_data: Path) -> None:
    assert set(leaks_at(shared_data, BELLY, WITH_LUMEN, 130)) == {Leak.INTO_VESSEL}


@pytest.mark.shared
def test_above_the_blood_plaques_of_an_aorta_are_not_amber(shared_data: Path) -> None:
    assert set(leaks_at(shared_data, BELLY, PLAQUES, 200)) == {Leak.NONE}
