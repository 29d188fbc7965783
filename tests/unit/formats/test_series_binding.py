"""A label file belongs to its voxels: a copy is recognised or refused, never misplaced."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from annotator.commands.foci import foci, mark_focus, voxels_of
from annotator.errors import WrongDataError
from annotator.formats.format import Context
from annotator.formats.native import Native
from annotator.model.document import Document
from annotator.model.edits import apply
from annotator.model.labels import CHEST
from annotator.model.volume import Hu, Series, Slice, Volume

SHAPE = (4, 8, 8)


def context_of(hu: Hu, names: str = "abcd", series_uid: str = "1") -> Context:
    slices = tuple(Slice(name, f"1.{name}", (0.0, 0.0, float(k))) for k, name in enumerate(names))
    series = Series(series_uid, "2", "3", slices, SHAPE, np.eye(4), (1.0, 1.0, 1.0), kvp=120)
    volume = Volume(series, hu, pixel_hash=str(hash(hu.tobytes())))
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


@pytest.mark.parametrize("axis", [0, 1, 2])
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
