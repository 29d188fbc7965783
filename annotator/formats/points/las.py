"""Reads LAS and LAZ files (ASPRS LAS 1.0 to 1.4)."""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from annotator.errors import FormatError
from annotator.formats.points.columns import bytes_of_colour, origin_of, unused
from annotator.formats.points.records import Column, Columns, Progress, check_size
from annotator.i18n import gettext as _
from annotator.model.cloud import PointCloud
from annotator.model.shapes import Vec3

if TYPE_CHECKING:
    import laspy

CHUNK_POINTS = 1 << 19
# No real file is packed a tenth as tightly; one that says so is a bomb.
_MOST_POINTS_PER_BYTE = 1000
_HEADER_BYTES = 375
# Usual are 50 000; lazrs allocates a whole one, however few points there are.
_MOST_CHUNK_POINTS = 1 << 20
_COLOURS = ("red", "green", "blue")
_NAMES = {"gps_time": "time", "scanner_channel": "scanner_channel"}
_COORDINATES = frozenset({"X", "Y", "Z", *_COLOURS})


@dataclass(frozen=True, slots=True)
class Head:
    """What the public header block says, so far as it guards against bombs."""

    points: int
    record_bytes: int
    first_point: int
    is_compressed: bool


def read_las(path: Path, *, progress: Progress | None = None) -> PointCloud:
    """Read a LAS or LAZ file, in chunks; coordinates keep the file's own precision.

    Fields that are zero throughout are left out, except the classification.

    Raises
    ------
    FormatError
        If the header is damaged, declares more than the file holds, or the compression is of a
        kind that no reader at hand unpacks.
    """
    head = read_head(path)
    import laspy  # noqa: PLC0415 - only where there is such a file

    try:
        with laspy.open(path, read_evlrs=False) as reader:
            if head.is_compressed and head.points:
                _check_chunks(reader.header, head, path)
            return _cloud(reader, head, path, progress)
    except (FormatError, MemoryError):
        raise
    except Exception as error:
        raise _unreadable(path, error) from error


def read_head(path: Path) -> Head:
    """Check the header against the size of the file.

    Raises
    ------
    FormatError
        If they do not agree.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        block = file.read(_HEADER_BYTES)
    if len(block) < 227 or block[:4] != b"LASF":
        raise _damaged(path, _("it ends within its header"))
    first_point, vlrs = struct.unpack_from("<II", block, 96)
    kind, record_bytes, points = struct.unpack_from("<BHI", block, 104)
    if block[25] >= 4 and len(block) >= 255:
        points = struct.unpack_from("<Q", block, 247)[0] or points
    if first_point > size or vlrs > size // 54 or record_bytes < 20:
        raise _damaged(path, _("its header is damaged"))
    head = Head(points, record_bytes, first_point, bool(kind & 0xC0))
    left = size - first_point
    least = points // _MOST_POINTS_PER_BYTE if head.is_compressed else points * record_bytes
    check_size(path, needed_bytes=least, left_bytes=left, points=points)
    return head


def _cloud(
    reader: "laspy.LasReader", head: Head, path: Path, progress: Progress | None
) -> PointCloud:
    header = reader.header
    scales, offsets = np.asarray(header.scales), np.asarray(header.offsets)
    if not (np.isfinite(scales).all() and np.isfinite(offsets).all() and scales.all()):
        raise _damaged(path, _("its scale or offset is no number"))
    xyz_m = np.empty((head.points, 3), np.float32)
    columns = _empty(header.point_format, head.points)
    origin_m: Vec3 | None = None
    done = 0
    for chunk in _chunks(reader, head.points):
        world_m = np.stack([chunk.X, chunk.Y, chunk.Z], axis=1) * scales + offsets
        origin_m = origin_m or origin_of(world_m[:: max(1, len(world_m) // 4096)])
        rows = slice(done, done + len(world_m))
        with np.errstate(over="ignore"):
            xyz_m[rows] = world_m - origin_m
        _put(chunk, columns, rows)
        done += len(world_m)
        if progress is not None:
            progress(done / head.points)
    if done != head.points:
        raise _too_few(path, done, head.points)
    return PointCloud(
        xyz_m, _fields(columns), origin_m or (0.0, 0.0, 0.0), path, _unit_note(header)
    )


def _check_chunks(header: "laspy.LasHeader", head: Head, path: Path) -> None:
    """Check the table of chunks, as lazrs aborts the process on one that is too long."""
    import lazrs  # noqa: PLC0415 - only where there is such a file

    packing = lazrs.LazVlr(header.vlrs.get("LasZipVlr")[0].record_data)
    if packing.item_size() != head.record_bytes:
        raise _damaged(path, _("its header is damaged"))
    left = path.stat().st_size - head.first_point
    with path.open("rb") as file:
        if _declared_chunks(file, head.first_point, left) * head.record_bytes > left:
            raise _damaged(path, _("its table of chunks is damaged"))
        file.seek(head.first_point)
        chunks = lazrs.read_chunk_table(file, packing)
    points = sum(count for count, _size in chunks)
    if max((count for count, _size in chunks), default=0) > max(_MOST_CHUNK_POINTS, head.points):
        raise _damaged(path, _("its table of chunks is damaged"))
    check_size(
        path, needed_bytes=sum(size for _count, size in chunks), left_bytes=left, points=points
    )
    if head.points > points:
        raise _too_few(path, points, head.points)


def _declared_chunks(file: BinaryIO, first_point: int, left: int) -> int:
    """Return how many chunks the table declares (LASzip: an offset, a version, a count)."""
    file.seek(first_point)
    (table,) = struct.unpack("<q", file.read(8))
    if table == -1:
        file.seek(-8, os.SEEK_END)
        (table,) = struct.unpack("<q", file.read(8))
    if not first_point + 8 <= table <= first_point + left - 8:
        return left
    file.seek(table + 4)
    (count,) = struct.unpack("<I", file.read(4))
    return int(count)


def _chunks(reader: "laspy.LasReader", points: int) -> Iterator["laspy.ScaleAwarePointRecord"]:
    if points:
        yield from reader.chunk_iterator(CHUNK_POINTS)


def _empty(point_format: "laspy.PointFormat", points: int) -> Columns:
    columns: Columns = {}
    for dimension in point_format.dimensions:
        if dimension.name in _COORDINATES:
            continue
        shape = (points,) if dimension.num_elements == 1 else (points, dimension.num_elements)
        columns[dimension.name] = np.empty(shape, _type(dimension))
    if all(colour in point_format.dimension_names for colour in _COLOURS):
        columns["rgb"] = np.empty((points, 3), np.uint16)
    return columns


def _type(dimension: "laspy.DimensionInfo") -> np.dtype[np.generic]:
    if dimension.is_scaled:
        return np.dtype(np.float64)
    return np.dtype(np.uint8) if dimension.dtype is None else np.dtype(dimension.dtype).base


def _put(chunk: "laspy.ScaleAwarePointRecord", columns: Columns, rows: slice) -> None:
    for name, values in columns.items():
        if name == "rgb":
            values[rows] = np.stack([chunk[colour] for colour in _COLOURS], axis=1)
        else:
            values[rows] = np.asarray(chunk[name])


def _fields(columns: Columns) -> dict[str, Column]:
    fields: dict[str, Column] = {}
    for name, values in columns.items():
        if name != "classification" and not values.any():
            continue
        uniform = unused(_NAMES.get(name, name).lower().replace(" ", "_"), fields)
        fields[uniform] = bytes_of_colour(values) if name == "rgb" else values
    return fields


def _unit_note(header: "laspy.LasHeader") -> str:
    """Say so where the coordinate system counts in feet (its WKT, or GeoTIFF key 3076)."""
    for record in header.vlrs:
        text = getattr(record, "string", "") or ""
        if "foot" in text.lower():
            return _("coordinates may be in feet, taken as metres")
        for key in getattr(record, "geo_keys", ()):
            if key.id == 3076 and key.value_offset in {9002, 9003}:
                return _("coordinates may be in feet, taken as metres")
    return ""


def _unreadable(path: Path, error: BaseException) -> FormatError:
    if "version" in str(error).lower() and "compress" in str(error).lower():
        return FormatError(
            path,
            _("its compression is of a version that cannot be unpacked"),
            _("convert it to LAS, or to LAZ of version 2 or 3"),
        )
    return _damaged(path, _("its points cannot be unpacked"))


def _too_few(path: Path, found: int, declared: int) -> FormatError:
    return _damaged(
        path,
        _("it holds {found} of the {declared} points that its header declares").format(
            found=found, declared=declared
        ),
    )


def _damaged(path: Path, problem: str) -> FormatError:
    return FormatError(path, problem, _("copy the file again or export the scan as LAS again"))
