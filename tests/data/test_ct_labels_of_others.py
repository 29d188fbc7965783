"""Segmentations and label maps that other tools made, over the CT that they were made for."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from annotator.errors import WrongDataError
from annotator.formats.dicom.series import find_series
from annotator.formats.dicom_seg import DicomSeg
from annotator.formats.format import Context
from annotator.formats.nifti import Nifti
from annotator.model.annotations import Annotation
from annotator.model.document import Document
from annotator.model.labels import CHEST
from annotator.model.shapes import Focus

pytestmark = pytest.mark.shared
SEG, NIFTI = DicomSeg(), Nifti()


@pytest.fixture(scope="module")
def dcmqi(shared_data: Path) -> Path:
    return shared_data / "ct" / "dcmqi_seg_sr" / "data" / "segmentations"


@pytest.fixture(scope="module")
def hd(shared_data: Path) -> Path:
    return shared_data / "ct" / "highdicom" / "data" / "test_files"


def over(ct: Path) -> Context:
    (series,) = find_series(ct).series
    return Context(CHEST, series=series)


def mask(document: Document, label: str) -> npt.NDArray[np.bool_]:
    """Return the voxels of a class, (slices, rows, columns)."""
    numbers = [
        a.shape.instance
        for a in document.annotations.values()
        if a.label == label and isinstance(a.shape, Focus)
    ]
    return np.isin(document.instances().dense(), numbers)


def nrrd_mask(path: Path, value: int | None = None) -> npt.NDArray[np.bool_]:
    """Return the voxels that dcmqi's own file marks, (slices, rows, columns)."""
    import nrrd

    values, _header = nrrd.read(str(path))
    return np.asarray(values.T > 0 if value is None else value == values.T)


def test_the_liver_of_dcmqi_is_the_liver_of_its_nrrd(dcmqi: Path) -> None:
    read = SEG.read(dcmqi / "liver.dcm", over(dcmqi / "ct-3slice"))

    np.testing.assert_array_equal(mask(read, "liver"), nrrd_mask(dcmqi / "liver_seg.nrrd"))
    assert not SEG.validate(dcmqi / "liver.dcm")


def test_partly_overlapping_segments_lose_no_voxel_altogether(dcmqi: Path) -> None:
    read = SEG.read(dcmqi / "partial_overlaps.dcm", over(dcmqi / "ct-3slice"))

    parts = [nrrd_mask(dcmqi / f"partial_overlaps-{n}.nrrd") for n in (1, 2, 3)]
    np.testing.assert_array_equal(read.instances().dense() > 0, np.any(parts, axis=0))
    assert len(read.annotations) == 5


@pytest.mark.parametrize("name", ["sparse-labelmap-ppv5", "sparse-labelmap-noppv"])
def test_a_label_map_with_gaps_in_its_numbers_is_read(dcmqi: Path, name: str) -> None:
    read = SEG.read(dcmqi / f"{name}.dcm", over(dcmqi / "24x38x3" / "image"))

    assert {a.label for a in read.annotations.values()} == {"liver"}
    assert int(mask(read, "liver").sum()) == 630


@pytest.mark.parametrize("size", ["23x38x3", "24x38x3"])
def test_frames_that_do_not_fill_whole_bytes_are_read(dcmqi: Path, size: str) -> None:
    read = SEG.read(dcmqi / size / "seg" / "label.seg", over(dcmqi / size / "image"))

    truth = nrrd_mask(dcmqi / size / "nrrd" / "label.nrrd")
    np.testing.assert_array_equal(read.instances().dense() > 0, truth)


@pytest.mark.parametrize(
    "name",
    [
        "seg_image_ct_binary",
        "seg_image_ct_binary_fractional",
        "seg_image_ct_true_fractional",
        "seg_image_ct_binary_overlap",
    ],
)
def test_each_kind_that_highdicom_ships_marks_what_highdicom_says(
    hd: Path, shared_data: Path, name: str
) -> None:
    import highdicom

    context = over(shared_data / "ct/pydicom_bundled/test_files/dicomdirtests/77654033/CT2")
    path = hd / f"{name}.dcm"

    read = SEG.read(path, context)

    assert context.series is not None
    theirs = highdicom.seg.segread(path)
    stack = theirs.get_pixels_by_source_instance(
        [s.sop_uid for s in context.series.slices],
        ignore_spatial_locations=True,
        assert_missing_frames_are_empty=True,
    )
    np.testing.assert_array_equal(read.instances().dense() > 0, (stack >= 0.5).any(axis=-1))


def test_a_ct_whose_slices_are_frames_of_one_file_can_be_written_for(
    dcmqi: Path, tmp_path: Path
) -> None:
    context = over(dcmqi / "24x38x3" / "multiframe")
    assert context.series is not None
    document = Document((context.series.shape,))
    document.instances().put(np.array([5, 900, 901, 2000]), np.array([1], np.uint32))
    mark = Annotation("nodule", Focus(1))
    document.annotations[mark.id] = mark

    (path,) = SEG.write(document, context, tmp_path / "foci.dcm")

    assert SEG.read(path, context).instances() == document.instances()


@pytest.mark.parametrize(
    "folder",
    [
        "derived_odd/01_missing_2_slices",
        "derived_odd/08_gb18030_chinese_name",
        "dicom2nifti_failing/failing/gantrytilting",
        "tcia_lidc_idri_small",
        "totalsegmentator/example_ct_dicom",
    ],
)
def test_a_focus_on_a_real_series_however_odd_comes_back(
    shared_data: Path, tmp_path: Path, folder: str
) -> None:
    context = Context(CHEST, series=find_series(shared_data / "ct" / folder).series[0])
    assert context.series is not None
    document = Document((context.series.shape,))
    last = int(np.prod(context.series.shape)) - 1
    document.instances().put(np.array([0, 5, last // 2, last]), np.array([1], np.uint32))
    mark = Annotation("calcification", Focus(1))
    document.annotations[mark.id] = mark

    (path,) = SEG.write(document, context, tmp_path / "foci.dcm")

    assert SEG.read(path, context).instances() == document.instances()


def test_a_liver_is_refused_over_a_chest(dcmqi: Path, hd: Path) -> None:
    with pytest.raises(WrongDataError, match="made for other images"):
        SEG.read(dcmqi / "liver.dcm", over(hd / "ct_image.dcm"))


def test_a_map_of_organs_lies_on_its_ct_voxel_by_voxel(shared_data: Path) -> None:
    simpleitk = pytest.importorskip("SimpleITK", reason="dependency group 'readers'")
    folder = shared_data / "ct" / "totalsegmentator"
    context = over(folder / "example_ct_dicom")

    read = NIFTI.read(folder / "example_seg_dicom.nii.gz", context)

    assert context.series is not None
    image = simpleitk.ReadImage(str(folder / "example_seg_dicom.nii.gz"))
    values = simpleitk.GetArrayFromImage(image)
    for kji in np.argwhere(values)[::40_009].tolist():
        there = np.array(image.TransformIndexToPhysicalPoint(kji[::-1]))
        i, j, k = np.rint(np.linalg.solve(context.series.lps_from_voxel, [*there, 1])[:3])
        assert read.instances().dense()[int(k), int(j), int(i)] == values[tuple(kji)]
    assert sum(read.instances().counts().values()) == np.count_nonzero(values)


def test_a_map_of_the_same_patient_in_another_grid_is_refused(shared_data: Path) -> None:
    folder = shared_data / "ct" / "totalsegmentator"

    with pytest.raises(WrongDataError, match="voxels"):
        NIFTI.read(folder / "example_seg.nii.gz", over(folder / "example_ct_dicom"))
