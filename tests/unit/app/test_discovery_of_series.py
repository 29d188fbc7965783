"""A folder of series: each has a name of its own, and what cannot be opened is said."""

from pathlib import Path

import pytest

from annotator.app.discovery import discover


@pytest.mark.shared
def test_images_without_a_place_are_told_by_folder_and_reason(shared_data: Path) -> None:
    found = discover(shared_data / "ct" / "derived_odd")

    assert found.candidates
    assert any(
        "12 images of 06_no_geometry_tags cannot be opened" in said for said in found.refusals()
    )


@pytest.mark.shared
def test_what_is_no_image_is_passed_over_in_silence(shared_data: Path) -> None:
    found = discover(shared_data / "ct" / "tcia_lidc_idri_small")

    assert found.skipped
    assert found.refusals() == []


@pytest.mark.shared
def test_no_two_series_of_a_folder_have_one_name(shared_data: Path) -> None:
    names = [c.name for c in discover(shared_data / "ct" / "dicom2nifti_failing").candidates]

    assert len(set(names)) == len(names)
