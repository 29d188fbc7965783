"""A folder of series: each has a name of its own, and what cannot be opened is said."""

from pathlib import Path

import pytest

from annotator.app.discovery import discover
from tests.unit.formats.dicom.ct_maker import ct_slice, save


@pytest.mark.shared
def test_images_without_a_place_are_told_by_folder_and_reason(shared_data: Path) -> None:
    found = discover(shared_data / "ct" / "derived_odd")

    assert found.candidates
    assert any("12 images of folder 5 cannot be opened" in said for said in found.refusals())


@pytest.mark.shared
def test_what_is_no_image_is_passed_over_in_silence(shared_data: Path) -> None:
    found = discover(shared_data / "ct" / "tcia_lidc_idri_small")

    assert found.skipped
    assert found.refusals() == []


@pytest.mark.shared
def test_no_two_series_of_a_folder_have_one_name(shared_data: Path) -> None:
    names = [c.name for c in discover(shared_data / "ct" / "dicom2nifti_failing").candidates]

    assert len(set(names)) == len(names)


def test_acquisitions_of_one_series_are_numbered(tmp_path: Path) -> None:
    for number, start in ((1, 0.0), (2, 0.4)):
        for k in range(5):
            place = (-10.0, -20.0, start + k)
            ct = ct_slice(k, uid=f"1.{number}.{k}", position_mm=place)
            ct.AcquisitionNumber = str(number)
            save(ct, tmp_path / f"{number}_{k}")

    names = [candidate.name for candidate in discover(tmp_path).candidates]

    assert names == ["CT series B30f 5 slices · 1", "CT series B30f 5 slices · 2"]
