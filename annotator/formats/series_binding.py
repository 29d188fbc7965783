"""Which slices of a CT a label file was made for, and which of those at hand they are.

A slice is known by its SOP instance or by its stored pixels. Where the pixels can be compared,
they decide: names and geometry stay as they were when a program mirrors images in place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from annotator.errors import WrongDataError
from annotator.formats.format import Context
from annotator.i18n import gettext as _
from annotator.model.volume import Affine, Series, Slice

Plain = dict[str, Any]
Order = tuple[int, ...]
_DIGITS = 16
"""Digits kept of a slice's hash: 64 bits tell the slices of a series apart."""
_SAME_PLACE_VOXELS = 0.1


@dataclass(frozen=True, slots=True)
class Pixels:
    """What recognises stored pixels again.

    Attributes
    ----------
    whole
        Of all slices in their order; empty where that is not known.
    slices
        Of each slice, in order; empty for one that could not be read, or altogether.
    """

    whole: str = ""
    slices: tuple[str, ...] = ()

    @classmethod
    def said(cls, said: Mapping[str, Any]) -> "Pixels":
        """Return what a file says; nothing where an older one does not."""
        return cls(str(said.get("pixels") or ""), tuple(_texts(said.get("slice_pixels"))))

    def as_plain(self) -> Plain:
        """Return the keys of a label file."""
        return {"pixels": self.whole, "slice_pixels": list(self.slices)}


def pixels_of(context: Context, order: Sequence[int] | None = None) -> Pixels:
    """Return what recognises the voxels at hand, put in another order."""
    volume = context.volume
    if volume is None or not volume.slice_hashes:
        return Pixels()
    order = range(len(volume.slice_hashes)) if order is None else order
    slices = tuple(volume.slice_hashes[k][:_DIGITS] for k in order)
    return Pixels(volume.pixel_hash_of(order), slices)


def are_same_pixels(theirs: Pixels, ours: Pixels) -> bool | None:
    """Return whether a file was made for just these voxels; None where that cannot be told."""
    if theirs.whole and ours.whole:
        return theirs.whole == ours.whole
    if not theirs.slices or not ours.slices:
        return None
    pairs = list(zip(theirs.slices, ours.slices, strict=False))
    if len(theirs.slices) != len(ours.slices) or any(a and b and a != b for a, b in pairs):
        return False
    return None


def may_be_part(theirs: Pixels, ours: Pixels) -> bool:
    """Tell whether one may be a part of the other: nothing shows a slice of other pixels."""
    here, there = {*ours.slices} - {""}, {*theirs.slices} - {""}
    return not here or not there or here <= there or there <= here


def series_binding(series: Series, context: Context) -> Plain:
    """Return what recognises a series and each of its slices again."""
    return {
        "kind": "ct",
        "series_uid": series.series_uid,
        "study_uid": series.study_uid,
        "frame_of_reference_uid": series.frame_of_reference_uid,
        "shape": list(series.shape),
        "lps_from_voxel": series.lps_from_voxel.tolist(),
        "slices": [_slice_key(one) for one in series.slices],
        **pixels_of(context).as_plain(),
    }


def matched_slices(
    path: Path, said: Mapping[str, Any], series: Series, context: Context
) -> tuple[Order | None, bool]:
    """Return where each slice of a file is here, and whether the voxels lie elsewhere now.

    Returns
    -------
    tuple
        The number here of each slice of the file, None where they agree; and whether their
        millimetres are others than those that the file was written for.

    Raises
    ------
    WrongDataError
        If the slices are others, or nothing shows that they are the same.
    """
    order = _order_by_name(said, series)
    is_named, theirs = order is not None, Pixels.said(said)
    if order is None:
        order = _order_by_pixels(path, said, theirs, series, context)
    same_pixels = are_same_pixels(theirs, pixels_of(context, order))
    if same_pixels is False and is_named:
        raise other_pixels(path)
    is_elsewhere = not lie_together(place_said(said), series, order)
    if same_pixels is None and is_elsewhere:
        raise elsewhere(path)
    return (None if order == tuple(range(len(order))) else order), is_elsewhere


def lie_together(said: Affine | None, series: Series, order: Sequence[int] | None = None) -> bool:
    """Tell whether slices lie where a file's geometry had them; yes where a file has none.

    Parameters
    ----------
    said
        (4, 4): the file's millimetres from its (column, row, slice, 1).
    order
        The number in the series of each slice of the file; as they are where it is not said.
    """
    if said is None:
        return True
    slices, rows, columns = series.shape
    order = range(slices) if order is None else order
    for i, j in ((0, 0), (columns - 1, 0), (0, rows - 1)):
        theirs = np.array([(i, j, k, 1) for k in range(len(order))], np.float64)
        ours = np.array([(i, j, k, 1) for k in order], np.float64)
        off = np.linalg.solve(series.lps_from_voxel, said @ theirs.T).T - ours
        if np.abs(off).max(initial=0.0) > _SAME_PLACE_VOXELS:
            return False
    return True


def place_said(said: Mapping[str, Any]) -> Affine | None:
    """Return (4, 4): the millimetres of a file's voxels; None where it does not say."""
    try:
        affine = np.array(said.get("lps_from_voxel"), np.float64)
    except (TypeError, ValueError):
        return None
    return affine if affine.shape == (4, 4) and np.isfinite(affine).all() else None


def other_pixels(path: Path) -> WrongDataError:
    """Return the refusal of a file whose slices lie here under the same names, but changed.

    As where a program mirrored the images and left their UIDs and their geometry.
    """
    return wrong_data(path, _("its slices had other pixels than those of the same name here"))


def elsewhere(path: Path) -> WrongDataError:
    """Return the refusal of a file for images that lie in another place of the patient now."""
    return wrong_data(path, _("the images lay elsewhere, or another way round, when it was made"))


def wrong_data(path: Path, problem: str) -> WrongDataError:
    """Return the refusal of a file that was made for other data."""
    return WrongDataError(path, problem, _("open the data that it was made for"))


def _order_by_name(said: Mapping[str, Any], series: Series) -> Order | None:
    return _order(_texts(said.get("slices")), [_slice_key(one) for one in series.slices])


def _order_by_pixels(
    path: Path, said: Mapping[str, Any], theirs: Pixels, series: Series, context: Context
) -> Order:
    """Return the order of a copy with other UIDs, as an anonymiser makes."""
    ours = pixels_of(context)
    if are_same_pixels(theirs, ours):
        return tuple(range(len(series.slices)))
    order = _order(theirs.slices, ours.slices)
    if order is not None and are_same_pixels(theirs, pixels_of(context, order)):
        return order
    slices = _texts(said.get("slices"))
    if said.get("series_uid") != series.series_uid or len(slices) == len(series.slices):
        raise wrong_data(path, _("its labels are about another CT series"))
    text = _("it was made for {theirs} slices of this series; there are {ours}")
    raise wrong_data(path, text.format(theirs=len(slices), ours=len(series.slices)))


def _order(theirs: Sequence[str], ours: Sequence[str]) -> Order | None:
    """Return the place here of each key; None where the keys differ, or do not tell apart."""
    if not ours or sorted(theirs) != sorted(ours) or len(set(ours)) != len(ours):
        return None
    places = {key: number for number, key in enumerate(ours)}
    return tuple(places[key] for key in theirs)


def _slice_key(one: Slice) -> str:
    return f"{one.sop_uid}#{one.frame}" if one.frame else one.sop_uid


def _texts(value: object) -> list[str]:
    return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []
