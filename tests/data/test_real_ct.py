"""Real CT series that nobody here made."""

import contextlib
import warnings
from pathlib import Path

import numpy as np
import pytest

from annotator.errors import AnnotatorError
from annotator.formats.dicom.series import Found, find_series
from annotator.formats.dicom.volume import read_volume
from annotator.model.volume import Volume

pytestmark = pytest.mark.shared

LOSSLESS = (
    "BigEndianExplicit",
    "DeflatedExplicitVR",
    "JPEG2000LosslessOnly",
    "JPEGLSLossless",
    "JPEGProcess14SV1",
    "JPEGProcess14Transfer",
    "LittleEndianExplicit",
    "LittleEndianImplicit",
    "RLELossless",
)
LOSSY = {"JPEG2000Transfer": 5, "JPEGLSLossy": 1, "JPEGProcess1Transfer": 65}
NOT_DECODABLE = ("JPEGProcess10_12", "JPEGProcess2_4", "JPEGProcess6_8")


def codes(found: Found) -> list[set[str]]:
    return [{finding.code for finding in series.findings} for series in found.series]


def codec_slice(shared_data: Path, name: str) -> Path:
    (path,) = (shared_data / "ct/cornerstone3d_codecs").glob(f"CTImage.dcm_{name}*")
    return path


def only_volume(path: Path) -> Volume:
    (series,) = find_series(path).series
    return read_volume(series)


@pytest.fixture(scope="module")
def uncompressed(shared_data: Path) -> Volume:
    return only_volume(shared_data / "ct/cornerstone3d_codecs/CTImage.dcm")


@pytest.mark.parametrize("name", LOSSLESS)
def test_the_same_slice_is_equal_in_every_lossless_syntax(
    name: str, shared_data: Path, uncompressed: Volume
) -> None:
    volume = only_volume(codec_slice(shared_data, name))

    assert np.array_equal(volume.hu, uncompressed.hu)
    assert volume.slice_hashes == uncompressed.slice_hashes


@pytest.mark.parametrize(("name", "most_hu"), LOSSY.items())
def test_the_same_slice_is_near_in_every_lossy_syntax_and_said_to_be_lossy(
    name: str, most_hu: int, shared_data: Path, uncompressed: Volume
) -> None:
    volume = only_volume(codec_slice(shared_data, name))

    differences = np.abs(volume.hu.astype(float) - uncompressed.hu)
    assert 0 < differences.max() <= most_hu
    assert "lossy" in {finding.code for finding in volume.series.findings}


@pytest.mark.parametrize("name", NOT_DECODABLE)
def test_what_no_free_decoder_decodes_is_said_in_words(name: str, shared_data: Path) -> None:
    found = find_series(codec_slice(shared_data, name))

    assert found.series == ()
    assert "cannot be decoded here" in found.skipped[0][1]


def test_the_chest_opens_whole(shared_data: Path) -> None:
    found = find_series(shared_data / "ct/tcia_lung_pet_ct_dx")
    volume = read_volume(found.series[0])

    assert codes(found) == [set()]
    assert volume.hu.shape == (64, 512, 512)
    assert found.series[0].spacing_mm == pytest.approx((5.0, 0.841797, 0.841797), abs=1e-6)
    assert (int(volume.hu.min()), int(volume.hu.max())) == (-1024, 2976)


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("derived_odd/00_baseline_256", [set()]),
        ("derived_odd/01_missing_2_slices", [{"missing-slices"}]),
        ("derived_odd/02_duplicate_slice_same_position", [{"duplicate-position"}]),
        ("derived_odd/03_instance_number_shuffled_filename_random", [set()]),
        ("derived_odd/06_no_geometry_tags", []),
        ("derived_odd/08_gb18030_chinese_name", [set()]),
        ("derived_odd/13_rle_compressed_no_extension", [set()]),
        ("dicom2nifti_failing/failing/gantrytilting", [{"gantry-tilt"}]),
        ("dicom2nifti_failing/failing/sliceincrement/001", [{"missing-slices"}]),
        ("dicom2nifti_failing/failing/sliceincrement/002", [{"missing-slices", "gantry-tilt"}]),
        ("dicom2nifti_failing/failing/notavolume", [{"duplicate-position", "single-slice"}]),
        ("tcia_lidc_idri_small/LIDC-IDRI-0001", [{"contrast"}]),
        ("totalsegmentator", [{"contrast", "no-series-uid"}]),
    ],
)
def test_health_cards_of_real_series(
    folder: str, expected: list[set[str]], shared_data: Path
) -> None:
    assert codes(find_series(shared_data / "ct" / folder)) == expected


def test_odd_copies_of_one_series_hold_the_same_voxels(shared_data: Path) -> None:
    base = only_volume(shared_data / "ct/derived_odd/00_baseline_256")

    for name in ("03_instance_number_shuffled_filename_random", "13_rle_compressed_no_extension"):
        assert only_volume(shared_data / "ct/derived_odd" / name).slice_hashes == base.slice_hashes


def test_enhanced_ct_is_the_same_as_its_single_slices(shared_data: Path) -> None:
    top = shared_data / "ct/dcmqi_seg_sr/data/segmentations/24x38x3"

    enhanced, single = only_volume(top / "multiframe"), only_volume(top / "image")

    assert np.array_equal(enhanced.hu, single.hu)
    assert np.allclose(enhanced.series.lps_from_voxel, single.series.lps_from_voxel)


def test_a_dicomdir_opens_what_it_lists(shared_data: Path) -> None:
    index = shared_data / "ct/pydicom_bundled/test_files/dicomdirtests/DICOMDIR"

    assert sorted(series.shape[0] for series in find_series(index).series) == [4, 5]


def _reads_or_refuses(top: Path) -> Found:
    found = find_series(top)
    for series in found.series:
        with contextlib.suppress(AnnotatorError):
            assert read_volume(series).hu.shape == series.shape
    assert all(reason for _name, reason in found.skipped)
    return found


def test_every_real_file_is_read_or_refused_in_words(shared_data: Path) -> None:
    found = _reads_or_refuses(shared_data / "ct")

    assert len(found.series) > 20


def test_every_file_that_pydicom_brings_is_read_or_refused_in_words() -> None:
    from pydicom.data import get_testdata_files

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        folders = {Path(file).parent for file in get_testdata_files("*.dcm")}

    found = [_reads_or_refuses(folder) for folder in sorted(folders)]

    assert sum(len(one.series) for one in found) >= 3
