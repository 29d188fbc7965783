"""The sample data agree with their own truth, and the same seed makes the same truth."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from sample_data.make_chest import SOFT, THRESHOLD_HU, make_chest, voxels_of

SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"
CHEST = SAMPLES / "chest"


@pytest.fixture(scope="module")
def chest() -> dict[str, Any]:
    truth: dict[str, Any] = json.loads((CHEST / "truth.json").read_text("utf-8"))
    return truth


@pytest.fixture(scope="module")
def soft_hu() -> npt.NDArray[np.int16]:
    import pydicom

    images = [pydicom.dcmread(path) for path in (CHEST / "B30f").iterdir()]
    images.sort(key=lambda image: image.ImagePositionPatient[2])
    return np.stack([image.pixel_array.astype(np.int16) - 1024 for image in images])


def test_every_bright_component_of_the_soft_chest_is_a_focus_or_bone(
    chest: dict[str, Any], soft_hu: npt.NDArray[np.int16]
) -> None:
    from scipy import ndimage

    parts, count = ndimage.label(soft_hu >= THRESHOLD_HU, np.ones((3, 3, 3)))

    bones = {int(parts[tuple(bone["seed_kji"])]) for bone in chest["bones"]}
    foci = [voxels_of(focus) for focus in chest["foci"] if focus["voxels"]]
    found = [np.flatnonzero(parts == n) for n in range(1, count + 1) if n not in bones]
    key = [tuple(where.tolist()) for where in foci]
    assert sorted(tuple(where.tolist()) for where in found) == sorted(key)


def test_the_chest_shows_all_six_patterns_of_lidc(chest: dict[str, Any]) -> None:
    patterns = {focus["pattern"] for focus in chest["foci"]}

    assert patterns == {"popcorn", "laminated", "solid", "non-central", "central", "absent"}


def test_a_focus_lies_around_the_centre_that_the_truth_gives(chest: dict[str, Any]) -> None:
    lps_from_voxel = np.array(chest["lps_from_voxel"])
    for focus in (f for f in chest["foci"] if f["voxels"]):
        k, j, i = np.unravel_index(voxels_of(focus), chest["shape"])
        middle = lps_from_voxel @ [i.mean(), j.mean(), k.mean(), 1]

        assert np.linalg.norm(middle[:3] - focus["center_lps_mm"]) < 1.2, focus["name"]


def test_any_bone_is_larger_than_every_focus(chest: dict[str, Any]) -> None:
    largest = max(focus["voxels"] for focus in chest["foci"])

    assert min(bone["voxels"] for bone in chest["bones"]) > 10 * largest


@pytest.mark.parametrize("series", ["B30f", "B70f"])
def test_the_chest_is_dicom_that_says_where_it_is(chest: dict[str, Any], series: str) -> None:
    import pydicom

    image = pydicom.dcmread(CHEST / series / "IM0001.dcm", stop_before_pixels=True)

    assert image.SeriesInstanceUID == chest["series"][series]
    assert str(image.PatientName) == "Phantom^Chest"
    assert image.ImagePositionPatient[2] == pytest.approx(99 * 1.25 / 2)


def test_the_same_seed_makes_the_same_chest(chest: dict[str, Any], tmp_path: Path) -> None:
    again = make_chest(tmp_path, seed=chest["seed"], kernels=(SOFT,))

    assert again["foci"] == chest["foci"]
    assert again["bones"] == chest["bones"]
