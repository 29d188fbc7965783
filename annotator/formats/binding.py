"""Which data a label file was made for, and whether the data at hand is that."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from annotator.errors import WrongDataError
from annotator.formats.format import Context
from annotator.i18n import gettext as _
from annotator.model.cloud import PointCloud
from annotator.model.volume import Series

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Match:
    """Where a file's layers belong in the data at hand.

    Attributes
    ----------
    frames
        For each scan of the file, the number of that scan in the data.
    slices
        For each slice of the file's series, its number in the data's; None where they agree.
    """

    frames: tuple[int, ...]
    slices: tuple[int, ...] | None = None


def binding(context: Context) -> Plain | None:
    """Return what recognises the context's data again; None where there is none."""
    if context.series is not None:
        return _series_binding(context.series, context)
    if context.clouds:
        return {"kind": "cloud", "scans": [_scan_binding(cloud) for cloud in context.clouds]}
    return None


def matched(
    path: Path, said: Mapping[str, Any] | None, context: Context, *, has_layers: bool
) -> Match:
    """Return how a file's data and the context's go together.

    Parameters
    ----------
    said
        What `binding` returned when the file was written; None where it had no data.
    has_layers
        Whether the file labels single points or voxels, so that their order matters.

    Raises
    ------
    WrongDataError
        If the file was made for other data.
    """
    here = binding(context)
    if here is None or not said:
        return Match(tuple(range(max(1, len(context.clouds)))))
    if here["kind"] != said.get("kind"):
        problem = _("its labels are about a CT") if said.get("kind") == "ct" else _(
            "its labels are about a scan"
        )  # fmt: skip
        raise _wrong(path, problem)
    if here["kind"] == "ct":
        same_pixels = are_same_pixels(str(said.get("pixels") or ""), context)
        return _matched_series(path, said, here, same_pixels=same_pixels)
    return _matched_scans(path, said, here, has_layers=has_layers)


def pixel_hash(context: Context) -> str:
    """Return what recognises the voxels of a series read whole; empty where that is not at hand."""
    volume = context.volume
    return volume.pixel_hash if volume is not None and not volume.missing else ""


def are_same_pixels(theirs: str, context: Context) -> bool | None:
    """Return whether a file was made for just these voxels; None where that cannot be told."""
    ours = pixel_hash(context)
    return theirs == ours if theirs and ours else None


def other_pixels(path: Path) -> WrongDataError:
    """Return the refusal of a file whose slices lie here under the same names, but changed.

    As where a program mirrored the images and left their UIDs and their geometry.
    """
    return _wrong(path, _("its slices had other pixels than those of the same name here"))


def coordinate_hash(cloud: PointCloud) -> str:
    """Return a hash of all coordinates in their order; names, fields and NaN patterns aside."""
    return hashlib.sha256(_bits(cloud).tobytes()).hexdigest()[:32]


def unordered_hash(cloud: PointCloud) -> str:
    """Return a hash of all coordinates that is the same in whatever order they come."""
    bits, total = _bits(cloud), 0
    for start in range(0, len(bits), _BLOCK):
        total += _mixed_sum(bits[start : start + _BLOCK].astype(np.uint64))
    return f"{total % 2**64:016x}"


def _mixed_sum(bits: npt.NDArray[np.uint64]) -> int:
    with np.errstate(over="ignore"):
        mixed = bits[:, 0] * _ODD[0] ^ bits[:, 1] * _ODD[1] ^ bits[:, 2] * _ODD[2]
        mixed ^= mixed >> np.uint64(29)
        mixed *= _ODD[3]
        mixed ^= mixed >> np.uint64(32)
        return int(mixed.sum(dtype=np.uint64))


_BLOCK = 65_536
# Odd constants of splitmix64 and of Steele and Vigna 2021, which spread the bits.
_ODD = tuple(
    np.uint64(n)
    for n in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0xD1342543DE82EF95)
)


def _bits(cloud: PointCloud) -> npt.NDArray[np.uint32]:
    """Return the coordinates as float32 bit patterns, (N, 3), in which −0 is 0 and NaN is one."""
    xyz = np.where(np.isnan(cloud.xyz_m), np.float32(np.nan), cloud.xyz_m) + np.float32(0)
    return np.ascontiguousarray(xyz, "<f4").view("<u4")


def _scan_binding(cloud: PointCloud) -> Plain:
    return {
        "name": cloud.path.name if cloud.path else "",
        "points": len(cloud),
        "origin_m": [float(n) for n in cloud.origin_m],
        "coordinates": coordinate_hash(cloud),
        "unordered": unordered_hash(cloud),
    }


def _series_binding(series: Series, context: Context) -> Plain:
    return {
        "kind": "ct",
        "series_uid": series.series_uid,
        "study_uid": series.study_uid,
        "frame_of_reference_uid": series.frame_of_reference_uid,
        "shape": list(series.shape),
        "lps_from_voxel": [[float(n) for n in row] for row in series.lps_from_voxel],
        "slices": [_slice_key(s.sop_uid, s.frame) for s in series.slices],
        "pixels": pixel_hash(context),
    }


def _slice_key(sop_uid: str, frame: int) -> str:
    return f"{sop_uid}#{frame}" if frame else sop_uid


def _matched_scans(path: Path, said: Mapping[str, Any], here: Plain, *, has_layers: bool) -> Match:
    scans = _tables(said.get("scans"))
    frames = tuple(_matched_scan(path, scan, here["scans"], has_layers) for scan in scans)
    if len(set(frames)) != len(frames):  # two equal scans: their own order tells them apart
        return Match(tuple(range(len(frames))))
    return Match(frames)


def _matched_scan(
    path: Path,
    scan: Mapping[str, Any],
    here: Sequence[Plain],
    has_layers: bool,  # noqa: FBT001
) -> int:
    for frame, own in enumerate(here):
        if scan.get("coordinates") == own["coordinates"]:
            return frame
    for frame, own in enumerate(here):
        if scan.get("unordered") == own["unordered"] and scan.get("points") == own["points"]:
            if not has_layers:
                return frame
            raise _wrong(path, _("it labels the same points in another order"))
    name, points = str(scan.get("name", ""))[:80], scan.get("points", 0)
    text = _("its labels are about {name} ({points} points), of which this scan is no copy")
    raise _wrong(path, text.format(name=name or _("another scan"), points=points))


def _matched_series(
    path: Path, said: Mapping[str, Any], here: Plain, *, same_pixels: bool | None
) -> Match:
    theirs, ours = [str(s) for s in _texts(said.get("slices"))], here["slices"]
    if sorted(theirs) == sorted(ours) and len(set(ours)) == len(ours):
        places = {key: number for number, key in enumerate(ours)}
        order = tuple(places[key] for key in theirs)
        if order != tuple(range(len(order))):
            return Match((0,), order)
        if same_pixels is False:
            raise other_pixels(path)
        return Match((0,))
    if same_pixels:
        return Match((0,))  # an anonymised copy: other UIDs, the same voxels
    if said.get("series_uid") == here["series_uid"]:
        problem = _("it was made for {theirs} slices of this series; there are {ours}").format(
            theirs=len(theirs), ours=len(ours)
        )
        raise _wrong(path, problem)
    raise _wrong(path, _("its labels are about another CT series"))


def _wrong(path: Path, problem: str) -> WrongDataError:
    return WrongDataError(path, problem, _("open the data that it was made for"))


def _tables(value: object) -> list[Mapping[str, Any]]:
    return [v for v in value if isinstance(v, Mapping)] if isinstance(value, list) else []


def _texts(value: object) -> list[str]:
    return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []
