"""Which data a label file was made for, and whether the data at hand is that."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from annotator.errors import FileError
from annotator.formats.format import Context
from annotator.formats.series_binding import matched_slices, series_binding, wrong_data
from annotator.i18n import gettext as _
from annotator.model.cloud import PointCloud
from annotator.model.scans import counts_of, paths_of

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
    is_elsewhere
        Whether the voxels have other millimetres than when the file was written.
    """

    frames: tuple[int, ...]
    slices: tuple[int, ...] | None = None
    is_elsewhere: bool = False


def binding(context: Context) -> Plain | None:
    """Return what recognises the context's data again; None where there is none."""
    if context.series is not None:
        return series_binding(context.series, context)
    if context.clouds:
        return {"kind": "cloud", "scans": list(_scan_bindings(context.clouds))}
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
        raise wrong_data(path, problem)
    if here["kind"] == "ct":
        assert context.series is not None
        order, is_elsewhere = matched_slices(path, said, context.series, context)
        return Match((0,), order, is_elsewhere)
    return _matched_scans(path, said, here, has_layers=has_layers)


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


def _scan_bindings(clouds: Sequence[PointCloud]) -> Iterator[Plain]:
    """Go through the scans; of one that cannot be read only its name and its size are known."""
    for frame, (path, points) in enumerate(zip(paths_of(clouds), counts_of(clouds), strict=True)):
        try:
            yield _scan_binding(clouds[frame])
        except FileError:
            yield {"name": path.name if path else "", "points": points}


def _scan_binding(cloud: PointCloud) -> Plain:
    return {
        "name": cloud.path.name if cloud.path else "",
        "points": len(cloud),
        "origin_m": [float(n) for n in cloud.origin_m],
        "coordinates": coordinate_hash(cloud),
        "unordered": unordered_hash(cloud),
    }


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
        if "coordinates" in own and scan.get("coordinates") == own["coordinates"]:
            return frame
    for frame, own in enumerate(here):
        if "unordered" in own and _says(scan, own, "unordered", "points"):
            if not has_layers:
                return frame
            raise wrong_data(path, _("it labels the same points in another order"))
    for frame, own in enumerate(here):
        is_unread = "coordinates" not in own or "coordinates" not in scan
        if is_unread and _says(scan, own, "name", "points"):
            return frame
    name, points = str(scan.get("name", ""))[:80], scan.get("points", 0)
    text = _("its labels are about {name} ({points} points), of which this scan is no copy")
    raise wrong_data(path, text.format(name=name or _("another scan"), points=points))


def _says(scan: Mapping[str, Any], own: Plain, *names: str) -> bool:
    return all(scan.get(name) == own[name] for name in names)


def _tables(value: object) -> list[Mapping[str, Any]]:
    return [v for v in value if isinstance(v, Mapping)] if isinstance(value, list) else []
