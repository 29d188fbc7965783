from pathlib import Path

import numpy as np
import pydicom
import pytest

from annotator.formats.dicom.series import find_series
from annotator.formats.dicom.volume import read_volume
from annotator.model.findings import Severity
from annotator.model.volume import Series
from tests.unit.formats.dicom.ct_maker import Change, ct_slice, damaged_copies, save, save_series

EXPECTED = {
    "intact": set[str](),
    "ten missing": {"missing-slices"},
    "one missing": {"missing-slices"},
    "tilt": {"gantry-tilt"},
    "scout": {"localizer"},
    "duplicate": {"duplicate-position"},
    "two spacings": {"variable-spacing"},
    "chinese path": set[str](),
}


def only_series(path: Path) -> Series:
    found = find_series(path)
    assert len(found.series) == 1, found.skipped
    return found.series[0]


def codes(series: Series) -> set[str]:
    return {finding.code for finding in series.findings}


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return damaged_copies(tmp_path_factory.mktemp("copies"))


@pytest.mark.parametrize("name", EXPECTED)
def test_eight_damaged_copies_are_told_apart(name: str, copies: dict[str, Path]) -> None:
    series = only_series(copies[name])

    assert codes(series) == EXPECTED[name]


@pytest.mark.parametrize("name", ["ten missing", "one missing", "two spacings", "duplicate"])
def test_a_volume_with_an_odd_gap_is_not_measured_unasked(
    name: str, copies: dict[str, Path]
) -> None:
    assert not only_series(copies[name]).measurable


@pytest.mark.parametrize("name", ["intact", "tilt", "scout", "chinese path"])
def test_a_volume_with_even_gaps_is_measured(name: str, copies: dict[str, Path]) -> None:
    assert only_series(copies[name]).measurable


def test_spacing_is_the_median_increment_and_not_the_thickness(copies: dict[str, Path]) -> None:
    for name in ("intact", "ten missing", "one missing", "scout", "duplicate", "two spacings"):
        assert only_series(copies[name]).spacing_mm == (1.0, 0.5, 0.75), name


def test_missing_slices_are_counted_and_located(copies: dict[str, Path]) -> None:
    (ten,) = only_series(copies["ten missing"]).findings
    (one,) = only_series(copies["one missing"]).findings

    assert ten.text.startswith("10 slices are missing: 2 between slices 5 and 6")
    assert one.text == "1 slice is missing between slices 30 and 31"


def test_a_tilted_series_is_placed_through_its_sheared_affine(copies: dict[str, Path]) -> None:
    series = only_series(copies["tilt"])

    last = series.lps_from_voxel @ (0, 0, 63, 1)

    assert np.allclose(last[:3], series.slices[63].position_mm, atol=1e-3)
    assert series.spacing_mm[0] == pytest.approx(np.cos(np.radians(15)), abs=1e-6)


def test_slices_are_ordered_by_place_and_not_by_name_or_number(copies: dict[str, Path]) -> None:
    volume = read_volume(only_series(copies["intact"]))

    assert volume.hu[:, 0, 0].tolist() == [100 * k - 1024 for k in range(64)]


def test_a_scout_that_does_not_say_so_is_set_aside(tmp_path: Path) -> None:
    save_series(tmp_path, [float(k) for k in range(20)])
    save(ct_slice(50, orientation=(0, 1, 0, 0, 0, -1)), tmp_path / "scout")

    series = only_series(tmp_path)

    assert codes(series) == {"localizer"}
    assert series.shape[0] == 20


def test_two_series_in_one_folder_are_two_series(tmp_path: Path) -> None:
    save_series(tmp_path / "mixed", [0, 1, 2], series="1")
    for k in range(4):
        save(ct_slice(k, series="2"), tmp_path / "mixed" / f"other{k}")

    found = find_series(tmp_path)

    assert sorted(series.shape[0] for series in found.series) == [3, 4]


def nameless(number: str, offset_mm: float) -> Change:
    """Take the UID of a series away, as some anonymisers do, and shift it against the others."""

    def change(ct: pydicom.Dataset) -> None:
        del ct.SeriesInstanceUID
        ct.SeriesNumber = number
        ct.ImagePositionPatient[2] += offset_mm

    return change


def test_two_series_that_lost_their_uids_are_told_apart_by_what_else_they_say(
    tmp_path: Path,
) -> None:
    for k in range(4):
        save(ct_slice(k, change=nameless("1", 0)), tmp_path / f"a{k}")
        save(ct_slice(k, series="2", change=nameless("2", 0.5)), tmp_path / f"b{k}")

    found = find_series(tmp_path)

    assert [(one.shape[0], one.spacing_mm[0]) for one in found.series] == [(4, 1.0)] * 2


def test_what_may_be_two_series_without_uids_is_said_and_not_measured_unasked(
    tmp_path: Path,
) -> None:
    for k in range(4):
        save(ct_slice(k, change=nameless("1", 0)), tmp_path / f"a{k}")
        save(ct_slice(k, series="2", change=nameless("1", 0.5)), tmp_path / f"b{k}")

    (series,) = find_series(tmp_path).series

    assert "no-series-uid" in codes(series)
    assert not series.measurable


def test_stacks_of_two_orientations_in_one_series_are_split_and_said(tmp_path: Path) -> None:
    save_series(tmp_path, [0, 1, 2, 3])
    for k in range(4):
        coronal = ct_slice(50 + k, orientation=(1, 0, 0, 0, 0, -1), position_mm=(0, k, 0))
        save(coronal, tmp_path / f"coronal{k}")

    found = find_series(tmp_path)

    assert [codes(series) for series in found.series] == [{"mixed-orientation"}] * 2


def test_a_file_that_is_there_twice_is_read_once_and_said(tmp_path: Path) -> None:
    save_series(tmp_path, [0, 1, 2])
    save(ct_slice(1), tmp_path / "again")

    series = only_series(tmp_path)

    assert series.shape[0] == 3
    assert codes(series) == {"duplicate-position"}
    assert series.measurable


def _with(**values: object) -> Change:
    def change(ct: object) -> None:
        for name, value in values.items():
            setattr(ct, name, value)

    return change


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"ConvolutionKernel": "B70f"}, "sharp-kernel"),
        ({"ConvolutionKernel": "LUNG"}, "sharp-kernel"),
        ({"ConvolutionKernel": ["Br59d", "3"]}, "sharp-kernel"),
        ({"ConvolutionKernel": "FC52"}, "sharp-kernel"),
        ({"ContrastBolusAgent": "Omnipaque"}, "contrast"),
        ({"ContrastBolusAgent": "", "ContrastBolusRoute": "IV"}, "contrast"),
        ({"ContrastBolusVolume": "80"}, "contrast"),
        ({"ContrastBolusStartTime": "101500"}, "contrast"),
        ({"LossyImageCompression": "01"}, "lossy"),
        ({"BurnedInAnnotation": "YES"}, "burned-in"),
        ({"SliceThickness": "5"}, "thickness-differs"),
        ({"SliceThickness": "0.5"}, "thickness-differs"),
    ],
)
def test_what_should_be_known_of_a_series_is_found(
    values: dict[str, object], code: str, tmp_path: Path
) -> None:
    save_series(tmp_path, [0, 1, 2], change=_with(**values))

    assert codes(only_series(tmp_path)) == {code}


@pytest.mark.parametrize("kernel", ["B30f", "B40f", "STANDARD", "SOFT", "FC12", "B", "C", "Br38f"])
def test_a_soft_kernel_is_no_finding(kernel: str, tmp_path: Path) -> None:
    save_series(tmp_path, [0, 1, 2], change=_with(ConvolutionKernel=kernel))

    assert codes(only_series(tmp_path)) == set()


@pytest.mark.parametrize(
    "values",
    [
        {"ContrastBolusAgent": "NONE"},
        {"ContrastBolusAgent": "No"},
        {"ContrastBolusAgent": "N", "ContrastBolusVolume": "0"},
        {"ContrastBolusAgent": "", "ContrastBolusRoute": "NONE"},
        {"ContrastBolusVolume": "0.0"},
    ],
)
def test_contrast_that_was_not_given_is_no_finding(
    values: dict[str, object], tmp_path: Path
) -> None:
    save_series(tmp_path, [0, 1, 2], change=_with(**values))

    assert codes(only_series(tmp_path)) == set()


def odd_one(folder: Path, **values: object) -> tuple[Series, ...]:
    """Write 20 slices of which the eleventh is another in these values, and find them."""
    save_series(folder, [float(k) for k in range(20) if k != 10])
    save(ct_slice(10, uid="1.2.3", change=_with(**values)), folder / "odd")
    return find_series(folder).series


@pytest.mark.parametrize(
    ("values", "code", "text"),
    [
        (
            {"ImageOrientationPatient": [0.99998, 0.006, 0, -0.006, 0.99998, 0]},
            "mixed-orientation",
            "1 slice of another orientation (odd)",
        ),
        (
            {"PixelSpacing": [0.5, 0.76]},
            "mixed-orientation",
            "1 slice of another pixel spacing (odd)",
        ),
        (
            {"FrameOfReferenceUID": "1.2.3.4"},
            "mixed-orientation",
            "1 slice in another frame of reference (odd)",
        ),
        ({"ConvolutionKernel": "B70f"}, "mixed-kernel", "1 slice of kernel B70f (odd)"),
    ],
)
def test_a_slice_that_fits_no_volume_is_no_localizer_but_an_item_that_is_named(
    values: dict[str, object], code: str, text: str, tmp_path: Path
) -> None:
    whole, alone = odd_one(tmp_path, **values)

    assert codes(whole) == {"missing-slices", code}
    said = next(found.text for found in whole.findings if found.code == code)
    assert said.endswith(f"this one has 19 slices, others {text}")
    assert alone.shape[0] == 1
    assert code in codes(alone)


def test_a_slice_that_does_not_say_its_frame_of_reference_is_where_it_belongs(
    tmp_path: Path,
) -> None:
    (series,) = odd_one(tmp_path, FrameOfReferenceUID="")

    assert codes(series) == set()
    assert series.shape[0] == 20


def test_a_few_coronal_slices_are_a_stack_and_no_scout(tmp_path: Path) -> None:
    save_series(tmp_path, [float(k) for k in range(20)])
    for k in range(3):
        coronal = ct_slice(50 + k, orientation=(1, 0, 0, 0, 0, -1), position_mm=(0, k, 0))
        save(coronal, tmp_path / f"coronal{k}")

    found = find_series(tmp_path)

    assert [series.shape[0] for series in found.series] == [20, 3]
    assert [codes(series) for series in found.series] == [{"mixed-orientation"}] * 2
    assert "coronal0, coronal1, coronal2" in found.series[0].findings[0].text


def test_two_kernels_in_one_series_are_two_items_with_findings_of_their_own(
    tmp_path: Path,
) -> None:
    save_series(tmp_path, [0, 1, 2, 3])
    for k in range(4):
        sharp = ct_slice(k, uid=f"1.2.{k}", change=_with(ConvolutionKernel="B70f"))
        save(sharp, tmp_path / f"sharp{k}")

    soft, sharp_series = find_series(tmp_path).series

    assert (soft.kernel, sharp_series.kernel) == ("B30f", "B70f")
    assert codes(soft) == {"mixed-kernel"}
    assert codes(sharp_series) == {"mixed-kernel", "sharp-kernel"}
    assert soft.measurable
    assert sharp_series.measurable


def acquired(folder: Path, places_mm: list[float], number: int) -> None:
    change = _with(AcquisitionNumber=str(number))
    for k, z in enumerate(places_mm):
        ct = ct_slice(k, uid=f"1.{number}.{k}", position_mm=(-10, -20, z), change=change)
        save(ct, folder / f"a{number}_{k}")


def test_two_acquisitions_of_one_stretch_are_two_items(tmp_path: Path) -> None:
    acquired(tmp_path, [0, 1, 2, 3, 4], 1)
    acquired(tmp_path, [0.4, 1.4, 2.4, 3.4, 4.4], 2)

    found = find_series(tmp_path).series

    assert [series.shape[0] for series in found] == [5, 5]
    assert [codes(series) for series in found] == [{"mixed-acquisition"}] * 2


@pytest.mark.parametrize("second", [[5, 6, 7, 8, 9], [0.5, 1.5, 2.5, 3.5, 4.5]])
def test_acquisitions_that_make_one_even_volume_stay_one(
    second: list[float], tmp_path: Path
) -> None:
    acquired(tmp_path, [0, 1, 2, 3, 4], 1)
    acquired(tmp_path, second, 2)

    assert "mixed-acquisition" not in codes(only_series(tmp_path))


def test_a_sharp_series_points_to_its_soft_sibling(tmp_path: Path) -> None:
    save_series(tmp_path / "a", [0, 1, 2], series="1", change=_with(ConvolutionKernel="B70f"))
    save_series(tmp_path / "b", [0, 1, 2], series="2")

    found = find_series(tmp_path)

    texts = [finding.text for series in found.series for finding in series.findings]
    assert len(texts) == 1
    assert texts[0].endswith("this study also has a soft-kernel 1.25 mm series")


def test_one_slice_of_another_rescale_is_named(tmp_path: Path) -> None:
    save_series(tmp_path, [0, 1, 3, 4])
    save(ct_slice(2, uid="1.2.3", change=_with(RescaleIntercept="0")), tmp_path / "wrong")

    series = only_series(tmp_path)

    assert codes(series) == {"rescale-differs"}
    (finding,) = series.findings
    assert finding.text.startswith("slice 3 is rescaled")
    assert finding.severity is Severity.ERROR
    assert not series.measurable


def test_one_slice_alone_is_said_to_be_alone(tmp_path: Path) -> None:
    save(ct_slice(0), tmp_path / "only")

    assert codes(only_series(tmp_path)) == {"single-slice"}


def test_no_name_of_a_patient_is_kept(tmp_path: Path) -> None:
    save_series(tmp_path, [0, 1, 2])

    assert "Nobody" not in repr(only_series(tmp_path))


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"PhotometricInterpretation": "RGB", "SamplesPerPixel": 3}, "it is a colour picture"),
        ({"Modality": "MR"}, "it is MR, not CT"),
    ],
)
def test_a_refused_image_is_named_beside_the_slice_that_is_missing(
    values: dict[str, object], reason: str, tmp_path: Path
) -> None:
    (series,) = odd_one(tmp_path, **values)

    (finding,) = series.findings
    assert finding.text.startswith(
        "1 slice is missing between slices 10 and 11; left out of this series: odd (" + reason
    )


def test_findings_name_files_and_no_folder(tmp_path: Path) -> None:
    odd_one(tmp_path / "ZHANG^SANFENG", PixelSpacing=[0.5, 0.76])
    (whole, _alone) = find_series(tmp_path).series

    assert "(odd)" in " ".join(finding.text for finding in whole.findings)
    assert "ZHANG" not in repr(whole.findings)
