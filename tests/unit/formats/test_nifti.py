"""Label maps: on the CT's own grid, where others look for them, and only there."""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from annotator.errors import FileError, FormatError, WrongDataError
from annotator.formats.format import Context, Level
from annotator.formats.nifti import Nifti
from annotator.model.annotations import Annotation
from annotator.model.labels import CHEST
from annotator.model.layers import INSTANCE, Layer, LayerKey
from annotator.model.shapes import Focus
from tests.unit.formats.oblique_ct import (
    BIG,
    SHAPE,
    SMALL,
    brighten,
    context_of,
    flat,
    in_order,
    places_mm,
    two_foci,
    write_ct,
)

NIFTI = Nifti()
RAS_FROM_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Context:
    return context_of(write_ct(tmp_path_factory.mktemp("ct")))


@pytest.fixture
def written(context: Context, tmp_path: Path) -> Path:
    NIFTI.write(two_foci(), context, tmp_path / "foci.nii.gz")
    return tmp_path / "foci.nii.gz"


@pytest.mark.parametrize("name", ["foci.nii.gz", "foci.nii"])
def test_a_focus_comes_back_voxel_by_voxel_with_its_words(
    context: Context, tmp_path: Path, name: str
) -> None:
    before = two_foci()
    files = NIFTI.write(before, context, tmp_path / name)

    after = NIFTI.read(tmp_path / name, context)

    assert [file.name for file in files] == ["foci.labels.json", name]
    assert after.instances() == before.instances()
    assert {i: (a.label, a.attributes) for i, a in after.annotations.items()} == {
        i: (a.label, a.attributes) for i, a in before.annotations.items()
    }


def test_simpleitk_finds_both_foci_where_they_are_in_the_patient(written: Path) -> None:
    simpleitk = pytest.importorskip("SimpleITK", reason="dependency group 'readers'")

    image = simpleitk.ReadImage(str(written))

    for value, voxels in ((3, BIG), (7, SMALL)):
        kji = np.argwhere(simpleitk.GetArrayFromImage(image) == value)
        found = [image.TransformIndexToPhysicalPoint(v) for v in kji[:, ::-1].tolist()]
        np.testing.assert_allclose(in_order(np.array(found)), places_mm(voxels), atol=1e-3)


def test_both_ways_of_saying_the_orientation_agree_and_are_the_scanners(written: Path) -> None:
    import nibabel as nib

    header = nib.load(written).header

    assert (int(header["sform_code"]), int(header["qform_code"])) == (1, 1)
    np.testing.assert_allclose(header.get_sform(), header.get_qform(), atol=1e-4)
    assert header.get_data_dtype() == np.uint16
    assert header.get_data_shape() == SHAPE[::-1]


def test_the_names_stand_beside(written: Path) -> None:
    said = json.loads((written.parent / "foci.labels.json").read_text("utf-8"))

    assert said["labels"]["3"]["class"] == "calcification"
    assert said["labels"]["7"]["trackingUID"].startswith("2.25.")


def test_a_mask_that_lies_otherwise_in_memory_is_turned_onto_the_series(
    context: Context, tmp_path: Path
) -> None:
    mask = mask_of(BIG).transpose(2, 0, 1)[:, ::-1, :]
    lps_from_mask = lps_from_voxel(context)[:, [2, 0, 1, 3]].copy()
    lps_from_mask[:3, 3] += lps_from_mask[:3, 1] * (mask.shape[1] - 1)
    lps_from_mask[:3, 1] *= -1
    path = saved(tmp_path / "turned.nii.gz", mask, lps_from_mask)

    after = NIFTI.read(path, context)

    np.testing.assert_array_equal(after.instances().where(1), flat(BIG))


def test_a_value_without_a_name_is_the_class_of_that_number(
    context: Context, tmp_path: Path
) -> None:
    mask = mask_of(BIG) + 40 * mask_of(SMALL)
    path = saved(tmp_path / "m.nii.gz", mask, lps_from_voxel(context))

    labels = {a.label for a in NIFTI.read(path, context).annotations.values()}

    assert labels == {"calcification", "label-40"}


@pytest.mark.parametrize("shift", [0.5, 30.0])
def test_a_mask_beside_the_voxels_is_refused(
    context: Context, tmp_path: Path, shift: float
) -> None:
    moved = lps_from_voxel(context)
    moved[:3, 3] += moved[:3, 0] * shift
    path = saved(tmp_path / "m.nii.gz", mask_of(BIG), moved)

    with pytest.raises(WrongDataError):
        NIFTI.read(path, context)


def test_a_mask_that_forgot_the_flip_from_dicom_to_nifti_is_refused(
    context: Context, tmp_path: Path
) -> None:
    path = saved(tmp_path / "m.nii.gz", mask_of(BIG), RAS_FROM_LPS @ lps_from_voxel(context))

    with pytest.raises(WrongDataError):
        NIFTI.read(path, context)


def test_a_mask_of_another_size_is_refused(context: Context, tmp_path: Path) -> None:
    path = saved(tmp_path / "m.nii.gz", mask_of(BIG)[:-1], lps_from_voxel(context))

    with pytest.raises(WrongDataError, match="the series has 11 × 7 × 5"):
        NIFTI.read(path, context)


def test_a_mask_that_does_not_say_where_it_lies_is_refused(
    context: Context, tmp_path: Path
) -> None:
    import nibabel as nib

    image = nib.Nifti1Image(mask_of(BIG), None)
    path = tmp_path / "m.nii"
    path.write_bytes(image.to_bytes())

    with pytest.raises(FormatError, match="where its voxels lie"):
        NIFTI.read(path, context)


def test_shares_are_no_labels(context: Context, tmp_path: Path) -> None:
    shares = mask_of(BIG).astype(np.float32) * 0.5
    path = saved(tmp_path / "m.nii.gz", shares, lps_from_voxel(context))

    with pytest.raises(FormatError, match="shares"):
        NIFTI.read(path, context)


def test_a_map_of_another_series_is_refused(written: Path, tmp_path: Path) -> None:
    other = context_of(write_ct(tmp_path / "other", series="2", change=brighten))

    with pytest.raises(WrongDataError, match="another series"):
        NIFTI.read(written, other)


def test_a_map_that_is_cut_off_is_said_in_words(context: Context, written: Path) -> None:
    whole = gzip.decompress(written.read_bytes())
    written.write_bytes(gzip.compress(whole[:-200]))

    with pytest.raises(FormatError, match="cut off"):
        NIFTI.read(written, context)


def test_slanted_slices_are_refused_before_and_while_writing(tmp_path: Path) -> None:
    tilted = context_of(write_ct(tmp_path / "ct", shear_mm=0.7))

    losses = NIFTI.plan(two_foci(), tilted)
    with pytest.raises(FileError, match="tilted"):
        NIFTI.write(two_foci(), tilted, tmp_path / "foci.nii.gz")

    assert any(loss.level is Level.DROPPED and "tilted" in loss.reason for loss in losses)
    assert not (tmp_path / "foci.nii.gz").exists()


def test_a_number_too_large_for_the_map_is_kept_beside_it(context: Context, tmp_path: Path) -> None:
    layer = Layer(SHAPE)
    layer.put(flat(BIG), np.array([70_000], np.uint32))
    before = two_foci()
    before.annotations.clear()
    mark = Annotation("calcification", Focus(70_000))
    before.annotations[mark.id], before.layers[LayerKey(INSTANCE)] = mark, layer

    NIFTI.write(before, context, tmp_path / "foci.nii.gz")

    assert NIFTI.read(tmp_path / "foci.nii.gz", context).instances() == layer
    assert "calcification" in CHEST


def lps_from_voxel(context: Context) -> npt.NDArray[np.float64]:
    assert context.series is not None
    return context.series.lps_from_voxel.copy()


def mask_of(voxels: list[tuple[int, int, int]]) -> npt.NDArray[np.uint8]:
    """Return (columns, rows, slices), 1 at the voxels."""
    mask = np.zeros(SHAPE, np.uint8)
    mask.ravel()[flat(voxels)] = 1
    return mask.transpose(2, 1, 0)


def saved(path: Path, mask: npt.NDArray[Any], lps_from_mask: npt.NDArray[np.float64]) -> Path:
    import nibabel as nib

    image = nib.Nifti1Image(mask, RAS_FROM_LPS @ lps_from_mask)
    image.set_sform(image.affine, code=2)
    nib.save(image, path)
    return path
