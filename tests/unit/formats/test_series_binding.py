"""A label file belongs to its voxels: a copy is recognised or refused, never misplaced."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from annotator.commands.foci import foci, mark_focus, voxels_of
from annotator.errors import WrongDataError
from annotator.formats.dicom_seg import DicomSeg
from annotator.formats.format import Context, Format
from annotator.formats.native import Native
from annotator.formats.nifti import Nifti
from annotator.model.document import Document
from annotator.model.edits import apply
from annotator.model.labels import CHEST
from annotator.model.volume import Hu, Series, Slice, Volume
from tests.unit.formats import oblique_ct

SHAPE = (4, 8, 8)
A, B = "a" * 64, "b" * 64  # hashes of the slices of two volumes


def context_of(hu: Hu, names: str = "abcd", series_uid: str = "1") -> Context:
    slices = tuple(Slice(name, f"1.{name}", (0.0, 0.0, float(k))) for k, name in enumerate(names))
    series = Series(series_uid, "2", "3", slices, SHAPE, np.eye(4), (1.0, 1.0, 1.0), kvp=120)
    hashes = tuple(hashlib.sha256(one.tobytes()).hexdigest() for one in hu)
    volume = Volume(series, hu, slice_hashes=hashes)
    return Context(CHEST, series=series, volume=volume)


@pytest.fixture
def hu() -> Hu:
    values = np.random.default_rng(3).integers(-50, 50, SHAPE).astype(np.int16)
    values[1, 2, 2:5] = 300
    return values


@pytest.fixture
def labels(hu: Hu, tmp_path: Path) -> Path:
    document = Document(extents=(SHAPE,))
    where = np.flatnonzero(hu == 300)
    apply(mark_focus(document, where, "calcification"), document)
    (path,) = Native().write(document, context_of(hu), tmp_path / "labels.json")
    return path


def marked_hu(labels: Path, context: Context) -> set[int]:
    document = Native().read(labels, context)
    (focus,) = foci(document)
    assert context.volume is not None
    return set(context.volume.hu.ravel()[voxels_of(document, focus)].tolist())


def test_a_copy_with_other_names_is_known_by_its_pixels(labels: Path, hu: Hu) -> None:
    assert marked_hu(labels, context_of(hu, "wxyz", series_uid="9")) == {300}


def test_slices_in_another_order_take_their_labels_with_them(labels: Path, hu: Hu) -> None:
    assert marked_hu(labels, context_of(hu[::-1].copy(), "dcba")) == {300}


@pytest.mark.parametrize("axis", [1, 2])
def test_mirrored_pixels_under_the_same_names_are_refused(labels: Path, hu: Hu, axis: int) -> None:
    mirrored = context_of(np.flip(hu, axis).copy())

    with pytest.raises(WrongDataError, match="other pixels"):
        Native().read(labels, mirrored)


def test_an_anonymised_copy_in_another_order_is_known_slice_by_slice(labels: Path, hu: Hu) -> None:
    assert marked_hu(labels, context_of(hu[::-1].copy(), "wxyz", series_uid="9")) == {300}


@pytest.mark.parametrize("axis", [1, 2])
def test_a_mirrored_copy_with_other_names_is_refused(labels: Path, hu: Hu, axis: int) -> None:
    mirrored = context_of(np.flip(hu, axis).copy(), "wxyz", series_uid="9")

    with pytest.raises(WrongDataError):
        Native().read(labels, mirrored)


def test_a_part_of_the_series_is_refused(labels: Path, hu: Hu) -> None:
    whole = context_of(hu)
    assert whole.series is not None
    renamed = replace(whole.series, slices=(*whole.series.slices[:3], Slice("q", "1.q", (0, 0, 3))))

    with pytest.raises(WrongDataError):
        Native().read(labels, Context(CHEST, series=renamed))


FOR_OTHERS = [(DicomSeg(), "foci.dcm"), (Nifti(), "foci.nii.gz")]
BY_NAME = [type(one).__name__ for one, _ in FOR_OTHERS]


def with_pixels(context: Context, slice_hash: str) -> Context:
    assert context.series is not None
    air = np.zeros(context.series.shape, np.int16)
    return replace(context, volume=Volume(context.series, air, (slice_hash,) * len(air)))


@pytest.fixture(scope="module")
def ct(tmp_path_factory: pytest.TempPathFactory) -> Context:
    return with_pixels(oblique_ct.context_of(oblique_ct.write_ct(tmp_path_factory.mktemp("ct"))), A)


@pytest.mark.parametrize(("foreign", "name"), FOR_OTHERS, ids=BY_NAME)
def test_files_for_others_know_pixels_that_changed_in_place(
    foreign: Format, name: str, ct: Context, tmp_path: Path
) -> None:
    foreign.write(oblique_ct.two_foci(), ct, tmp_path / name)

    with pytest.raises(WrongDataError, match="other pixels"):
        foreign.read(tmp_path / name, with_pixels(ct, B))


@pytest.mark.parametrize(("foreign", "name"), FOR_OTHERS, ids=BY_NAME)
def test_files_for_others_know_an_anonymised_copy_by_its_pixels(
    foreign: Format, name: str, ct: Context, tmp_path: Path
) -> None:
    copy = oblique_ct.context_of(oblique_ct.write_ct(tmp_path / "copy", series="2"))
    labels = oblique_ct.two_foci()
    foreign.write(labels, ct, tmp_path / name)

    back = foreign.read(tmp_path / name, with_pixels(copy, A))

    assert back.instances() == labels.instances()


@pytest.mark.parametrize(("foreign", "name"), FOR_OTHERS, ids=BY_NAME)
def test_a_slice_that_cannot_be_read_today_makes_no_label_file_wrong(
    foreign: Format, name: str, ct: Context, tmp_path: Path
) -> None:
    labels = oblique_ct.two_foci()
    foreign.write(labels, ct, tmp_path / name)
    assert ct.volume is not None

    hashes = ("", *ct.volume.slice_hashes[1:])
    today = replace(ct.volume, slice_hashes=hashes, missing=frozenset({0}))
    damaged = replace(ct, volume=today)

    assert foreign.read(tmp_path / name, damaged).instances() == labels.instances()
