"""Reads PCD files of every encoding (Point Cloud Library, PCD file format v0.7)."""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, get_args

import numpy as np
import numpy.typing as npt

from annotator.errors import FormatError
from annotator.formats.points.columns import cloud_of, unused
from annotator.formats.points.pcd_writing import NO_VIEWPOINT, Encoding, write_pcd
from annotator.formats.points.records import (
    Body,
    Columns,
    Progress,
    check_size,
    empty_columns,
    read_records,
    read_text_rows,
)
from annotator.i18n import gettext as _
from annotator.model.cloud import PointCloud

__all__ = ["Header", "read_columns", "read_header", "read_pcd", "write_pcd"]

MOST_HEADER_BYTES = 1 << 16
_ENCODINGS: dict[str, Encoding] = {name: name for name in get_args(Encoding)}
_TYPES = frozenset({"F4", "F8", "I1", "I2", "I4", "I8", "U1", "U2", "U4", "U8"})
# A record longer than this is a damaged header, not a point.
_LONGEST_RECORD_BYTES = 1 << 20
# LZF says at most 264 bytes in three.
_MOST_RATIO = 88


@dataclass(frozen=True, slots=True)
class Header:
    """What the head of a PCD file declares.

    Attributes
    ----------
    record
        One point. Padding and fields of no values have no name; repeated names are numbered.
    text_record
        One point as ascii lines hold it: with the padding, under names that begin with a blank.
    width, height
        Columns and rows of an organised cloud; height 1 where it is a plain list.
    viewpoint
        Translation in metres and quaternion w, x, y, z of the sensor. Points are as stored:
        PCL does not apply it either.
    """

    record: np.dtype[np.void]
    text_record: np.dtype[np.void]
    points: int
    width: int
    height: int
    viewpoint: tuple[float, ...]
    encoding: Encoding
    lines: int


def read_pcd(path: Path, *, progress: Progress | None = None) -> PointCloud:
    """Read a PCD file; every point stays in its row, every named field is kept.

    Raises
    ------
    FormatError
        If the header is damaged, or declares more than the file holds.
    """
    header, columns = read_columns(path, progress=progress)
    return cloud_of(columns, path, notes=_notes(header))


def read_columns(path: Path, *, progress: Progress | None = None) -> tuple[Header, Columns]:
    """Read a PCD file's named fields as they are stored, under the names the file gives them.

    Raises
    ------
    FormatError
        If the header is damaged, or declares more than the file holds.
    """
    with path.open("rb") as file:
        header = read_header(file, path)
        body = Body(file, path, progress, header.lines + 1)
        return header, _BODIES[header.encoding](body, header)


def read_header(file: BinaryIO, path: Path) -> Header:
    """Read the head of an open PCD file, and leave the file where its points begin.

    Raises
    ------
    FormatError
        If a line is missing, or says what cannot be.
    """
    entries, lines = _entries(file, path)
    names = _values(entries, "FIELDS", path)
    sizes = _values(entries, "SIZE", path, len(names))
    types = _values(entries, "TYPE", path, len(names))
    counts = (
        _values(entries, "COUNT", path, len(names)) if "COUNT" in entries else ["1"] * len(names)
    )
    full, kept = _records(names, sizes, types, counts, path)
    width, height, points = _extent(entries, path)
    encoding = entries["DATA"][0].lower() if entries["DATA"] else ""
    if encoding not in _ENCODINGS:
        raise _damaged(path, _("its encoding {name!r} is unknown").format(name=encoding[:20]))
    viewpoint = _viewpoint(entries.get("VIEWPOINT", []))
    return Header(kept, full, points, width, height, viewpoint, _ENCODINGS[encoding], lines)


def _entries(file: BinaryIO, path: Path) -> tuple[dict[str, list[str]], int]:
    entries: dict[str, list[str]] = {}
    lines = 0
    while file.tell() < MOST_HEADER_BYTES:
        line = file.readline(MOST_HEADER_BYTES)
        if not line:
            break
        lines += 1
        words = line.split(b"#", 1)[0].decode("utf-8", "replace").replace("\ufeff", "").split()
        if not words:
            continue
        key = words[0].upper()
        entries.setdefault("FIELDS" if key == "COLUMNS" else key, words[1:])
        if key == "DATA":
            return entries, lines
    missing = "DATA" if "FIELDS" in entries else "FIELDS"
    raise _damaged(path, _("its header has no {key} line").format(key=missing))


def _values(
    entries: dict[str, list[str]], key: str, path: Path, count: int | None = None
) -> list[str]:
    values = entries.get(key)
    if not values:
        raise _damaged(path, _("its header has no {key} line").format(key=key))
    if count is not None and len(values) != count:
        raise _damaged(
            path,
            _("its header has {count} fields but {found} values in {key}").format(
                count=count, found=len(values), key=key
            ),
        )
    return values


def _records(
    names: list[str], sizes: list[str], types: list[str], counts: list[str], path: Path
) -> tuple[np.dtype[np.void], np.dtype[np.void]]:
    """Return the record with its padding, and the record of what is kept of it."""
    parts: dict[str, tuple[np.dtype[np.generic], tuple[int, ...]]] = {}
    lower: dict[str, object] = {}
    for name, size, kind, count in zip(names, sizes, types, counts, strict=True):
        values = _number(count, "COUNT", path)
        base = _base_type(kind.upper() + size, path)
        if values * base.itemsize > _LONGEST_RECORD_BYTES:
            raise _damaged(
                path, _("field {name} has {count} values").format(name=name, count=count)
            )
        if values == 0:
            continue
        plain = f" {len(parts)}" if set(name) == {"_"} else unused(name, lower)
        lower[plain] = lower[plain.lower()] = None
        parts[plain] = (base, () if values == 1 else (values,))
    if not parts:
        raise _damaged(path, _("its header names no fields"))
    full = np.dtype([(name, base, shape) for name, (base, shape) in parts.items()])
    named = [name for name in parts if not name.startswith(" ")]
    kept = np.dtype(
        {
            "names": named,
            "formats": [full[name] for name in named],
            "offsets": [_offset(full, name) for name in named],
            "itemsize": full.itemsize,
        }
    )
    return full, kept


def _offset(record: np.dtype[np.void], name: str) -> int:
    assert record.fields is not None
    return int(record.fields[name][1])


def _base_type(code: str, path: Path) -> np.dtype[np.generic]:
    if code not in _TYPES:
        raise _damaged(path, _("no field can be of type {code}").format(code=code[:20]))
    return np.dtype("<" + code.lower())


def _number(text: str, key: str, path: Path) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise _damaged(path, _("{key} is {text!r}").format(key=key, text=text[:20]))
    return int(text)


def _extent(entries: dict[str, list[str]], path: Path) -> tuple[int, int, int]:
    said = {
        key: _number(entries[key][0], key, path)
        for key in ("WIDTH", "HEIGHT", "POINTS")
        if entries.get(key)
    }
    width = said.get("WIDTH", said.get("POINTS"))
    if width is None:
        raise _damaged(path, _("its header has no {key} line").format(key="POINTS"))
    height = said.get("HEIGHT", 1)
    points = said.get("POINTS", width * height)
    if points != width * height:
        raise _damaged(
            path,
            _("its header declares {points} points but {width} × {height}").format(
                points=points, width=width, height=height
            ),
        )
    return width, height, points


def _viewpoint(words: list[str]) -> tuple[float, ...]:
    try:
        found = tuple(float(word) for word in words)
    except ValueError:
        return NO_VIEWPOINT
    return found if len(found) == 7 else NO_VIEWPOINT


def _notes(header: Header) -> list[str]:
    notes = []
    if header.height > 1:
        notes.append(
            _("organised, {width} × {height}").format(width=header.width, height=header.height)
        )
    if header.viewpoint != NO_VIEWPOINT:
        numbers = " ".join(f"{number:g}" for number in header.viewpoint)
        notes.append(_("points as stored, viewpoint {numbers} not applied").format(numbers=numbers))
    return notes


def _binary_body(body: Body, header: Header) -> Columns:
    return read_records(body, header.record, header.points)


def _ascii_body(body: Body, header: Header) -> Columns:
    columns = read_text_rows(body, header.text_record, header.points)
    return {name: values for name, values in columns.items() if not name.startswith(" ")}


def _compressed_body(body: Body, header: Header) -> Columns:
    raw = _unpacked(body, header)
    columns = empty_columns(header.record, header.points)
    start = 0
    for name in header.text_record.names or ():
        part = header.text_record[name]
        end = start + part.itemsize * header.points
        if name in columns:
            values = raw[start:end].view(part.base)
            columns[name][...] = values.reshape(header.points, *part.shape)
        start = end
    body.tell(1.0)
    return columns


def _unpacked(body: Body, header: Header) -> npt.NDArray[np.uint8]:
    if header.text_record.itemsize * header.points == 0:
        return np.empty(0, np.uint8)
    packed_bytes, raw_bytes = _packed_sizes(body, header)
    from annotator.formats.points import lzf  # noqa: PLC0415 - numba, only where it is compressed

    packed = np.fromfile(body.file, np.uint8, packed_bytes)
    raw = np.empty(raw_bytes, np.uint8)
    if lzf.unpack(packed, raw) != raw_bytes:
        raise _damaged(body.path, _("its compressed points are damaged"))
    return raw


def _packed_sizes(body: Body, header: Header) -> tuple[int, int]:
    """Return how many bytes the points take, packed and unpacked; refuse what cannot be."""
    wanted = header.text_record.itemsize * header.points
    sizes = body.file.read(8)
    if len(sizes) < 8:
        raise _damaged(body.path, _("it ends where its points should begin"))
    packed_bytes, raw_bytes = struct.unpack("<II", sizes)
    if raw_bytes != wanted:
        raise _damaged(
            body.path,
            _(
                "its header declares {points} points ({needed} bytes), its body {found} bytes"
            ).format(points=header.points, needed=wanted, found=raw_bytes),
        )
    left = min(packed_bytes, body.left_bytes())
    check_size(
        body.path, needed_bytes=packed_bytes, left_bytes=body.left_bytes(), points=header.points
    )
    if raw_bytes > left * _MOST_RATIO:
        raise _damaged(
            body.path,
            _("{packed} bytes cannot hold {points} points").format(
                packed=left, points=header.points
            ),
        )
    return packed_bytes, raw_bytes


def _damaged(path: Path, problem: str) -> FormatError:
    return FormatError(path, problem, _("copy the file again or export the scan as PCD again"))


_BODIES = {"ascii": _ascii_body, "binary": _binary_body, "binary_compressed": _compressed_body}
