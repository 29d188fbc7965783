"""Whatever was done to a copy of a CT, every voxel lands on its calcium or the file is refused."""

import itertools
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from annotator.errors import WrongDataError
from annotator.formats.dicom.series import find_series
from annotator.formats.dicom.volume import read_volume
from annotator.formats.dicom_seg import DicomSeg
from annotator.formats.format import Context
from annotator.formats.native import Native
from annotator.formats.nifti import Nifti
from annotator.model.annotations import Annotation
from annotator.model.labels import CHEST
from annotator.model.shapes import Point3D
from tests.unit.formats.oblique_ct import (
    BIG,
    SHAPE,
    SMALL,
    SPACING_MM,
    axes,
    context_of,
    two_foci,
    write_ct,
)

CALCIUM_HU = 1000
FILES: dict[str, Any] = {"foci.json": Native(), "foci.dcm": DicomSeg(), "foci.nii": Nifti()}
Change = Callable[[list[Any]], None]


def calcified(ct: Any) -> None:
    """Put calcium where the two foci are."""
    pixels = np.frombuffer(ct.PixelData, "<i2").reshape(SHAPE[1:]).copy()
    for k, j, i in (*BIG, *SMALL):
        if k == ct.InstanceNumber - 1:
            pixels[j, i] = CALCIUM_HU
    ct.PixelData = pixels.tobytes()


def anonymised(images: list[Any]) -> None:
    for image in images:
        image.SeriesInstanceUID, image.FrameOfReferenceUID = "1.2.3.77", "1.2.3.78"
        image.SOPInstanceUID = f"1.2.3.77.{image.InstanceNumber}"
        image.file_meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID


def renumbered(images: list[Any]) -> None:
    for image in images:
        image.InstanceNumber = len(images) + 1 - image.InstanceNumber


def mirrored(images: list[Any]) -> None:
    for image in images:
        pixels = np.frombuffer(image.PixelData, "<i2").reshape(SHAPE[1:])
        image.PixelData = pixels[:, ::-1].tobytes()


def turned_about(images: list[Any]) -> None:
    """Say that the rows run the other way from the other end, as after mirroring."""
    width_mm = (SHAPE[2] - 1) * SPACING_MM[2]
    for image in images:
        across = np.array(image.ImageOrientationPatient[:3], float)
        placed(image, across * width_mm)
        down = [float(v) for v in image.ImageOrientationPatient[3:]]
        image.ImageOrientationPatient = [*(float(v) for v in -across), *down]


def reversed_in_z(images: list[Any]) -> None:
    places = [image.ImagePositionPatient for image in images]
    for image, place in zip(images, reversed(places), strict=True):
        image.ImagePositionPatient = place


def moved_a_pixel(images: list[Any]) -> None:
    for image in images:
        placed(image, axes()[:, 0] * SPACING_MM[2])


def moved_a_slice(images: list[Any]) -> None:
    for image in images:
        placed(image, axes()[:, 2] * SPACING_MM[0])


def cut(images: list[Any]) -> None:
    del images[0]


def unreadable_in_part(_images: list[Any]) -> None:
    """Lose the pixels of one slice, once its header was read: see `copied`."""


CHANGES: list[Change] = [
    anonymised,
    renumbered,
    mirrored,
    turned_about,
    reversed_in_z,
    moved_a_pixel,
    moved_a_slice,
    cut,
    unreadable_in_part,
]
OPENS: dict[str, set[frozenset[Change]]] = {
    "foci.json": {
        frozenset(each)
        for each in (
            [],
            [anonymised],
            [renumbered],
            [reversed_in_z],
            [anonymised, reversed_in_z],
            [moved_a_pixel],
            [anonymised, moved_a_slice],
            [turned_about],
            [unreadable_in_part],
        )
    },
    "foci.dcm": {
        frozenset(each)
        for each in ([], [anonymised], [renumbered], [cut], [unreadable_in_part])
    },
    "foci.nii": {
        frozenset(each) for each in ([], [anonymised], [renumbered], [unreadable_in_part])
    },
}  # fmt: skip


def placed(image: Any, by_mm: Any) -> None:
    at = np.array(image.ImagePositionPatient, float) + by_mm
    image.ImagePositionPatient = [round(float(v), 6) for v in at]


def copied(original: Path, folder: Path, changes: tuple[Change, ...]) -> Context:
    import pydicom

    images = [pydicom.dcmread(file) for file in original.iterdir()]
    images.sort(key=lambda image: int(image.InstanceNumber))
    for change in changes:
        change(images)
    folder.mkdir(exist_ok=True)
    for number, image in enumerate(images):
        image.save_as(folder / f"{(2 * number) % SHAPE[0]}.dcm")
    (series,) = find_series(folder).series
    if unreadable_in_part in changes:
        os.truncate(folder / "0.dcm", 300)
    volume = read_volume(series)
    assert bool(volume.missing) == (unreadable_in_part in changes)
    return Context(CHEST, series=series, volume=volume)


def combinations() -> Iterator[tuple[Change, ...]]:
    for count in range(4):
        yield from itertools.combinations(CHANGES, count)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_ct(tmp_path_factory.mktemp("ct"), change=calcified)


@pytest.fixture(scope="module")
def labels(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("labels")
    for name, form in FILES.items():
        form.write(two_foci(), context_of(original), folder / name)
    return folder


@pytest.fixture(scope="module")
def older_labels(labels: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return files as they were before slices were told apart by their pixels."""
    import pydicom

    folder = tmp_path_factory.mktemp("older")
    native = json.loads((labels / "foci.json").read_bytes())
    del native["data"]["slice_pixels"]
    names = json.loads((labels / "foci.labels.json").read_bytes())
    del names["slice_pixels"]
    segmentation = pydicom.dcmread(labels / "foci.dcm")
    block = segmentation.private_block(0x0099, "ANNOTATOR FOCI")
    del block[0x04], block[0x05]
    (folder / "foci.json").write_text(json.dumps(native), "utf-8")
    (folder / "foci.labels.json").write_text(json.dumps(names), "utf-8")
    (folder / "foci.nii").write_bytes((labels / "foci.nii").read_bytes())
    segmentation.save_as(folder / "foci.dcm", enforce_file_format=True)
    return folder


def is_read_onto_its_calcium(form: Any, path: Path, copy: Context) -> bool:
    """Read a file for a copy; false where it is refused in words, an error if it is misplaced."""
    try:
        document = form.read(path, copy)
    except WrongDataError:
        return False
    instances = document.instances()
    marked = np.concatenate([instances.where(number) for number in (3, 7)])
    assert len(marked) == len(BIG) + len(SMALL)
    assert copy.volume is not None
    area, missing = SHAPE[1] * SHAPE[2], [*copy.volume.missing]
    readable = marked[~np.isin(marked // area, missing)]
    assert set(copy.volume.hu.ravel()[readable].tolist()) == {CALCIUM_HU}
    return True


@pytest.mark.parametrize(
    "changes",
    list(combinations()),
    ids=lambda changes: "+".join(c.__name__ for c in changes) or "same",
)
def test_labels_land_on_their_calcium_or_are_refused_in_words(
    original: Path, labels: Path, tmp_path: Path, changes: tuple[Change, ...]
) -> None:
    copy = copied(original, tmp_path / "copy", changes)

    for name, form in FILES.items():
        is_read = is_read_onto_its_calcium(form, labels / name, copy)

        assert is_read or frozenset(changes) not in OPENS[name], name


@pytest.mark.parametrize("change", [None, *CHANGES])
def test_older_files_still_open_and_are_misplaced_as_little(
    original: Path, older_labels: Path, tmp_path: Path, change: Change | None
) -> None:
    changes = () if change is None else (change,)
    copy = copied(original, tmp_path / "copy", changes)

    for name, form in FILES.items():
        is_read = is_read_onto_its_calcium(form, older_labels / name, copy)

        assert is_read or frozenset(changes) not in OPENS[name], name


def test_a_point_in_millimetres_does_not_follow_images_that_moved(
    original: Path, tmp_path: Path
) -> None:
    document = two_foci()
    nodule = Annotation("nodule", Point3D((1.0, 2.0, 3.0)))
    document.annotations[nodule.id] = nodule
    Native().write(document, context_of(original), tmp_path / "a.json")

    moved = copied(original, tmp_path / "moved", (moved_a_pixel,))

    with pytest.raises(WrongDataError, match="elsewhere"):
        Native().read(tmp_path / "a.json", moved)


def test_another_series_is_refused_by_every_format(labels: Path, tmp_path: Path) -> None:
    other = context_of(write_ct(tmp_path / "other", series="2"))

    for name, form in FILES.items():
        assert not is_read_onto_its_calcium(form, labels / name, other)
