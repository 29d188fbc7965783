"""Reads the vertices of PLY files, text and both binaries (Greg Turk's Polygon File Format)."""

import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np

from annotator.errors import FormatError
from annotator.formats.points.columns import cloud_of, unused
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

MOST_HEADER_BYTES = 1 << 16
_ORDERS = {"binary_little_endian": "<", "binary_big_endian": ">", "ascii": "="}
_TYPES = {
    "char": "i1", "uchar": "u1", "short": "i2", "ushort": "u2", "int": "i4", "uint": "u4",
    "float": "f4", "double": "f8", "int8": "i1", "uint8": "u1", "int16": "i2", "uint16": "u2",
    "int32": "i4", "uint32": "u4", "int64": "i8", "uint64": "u8", "float32": "f4",
    "float64": "f8", "bool": "u1",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Property:
    """One value of an element; a list has the type of its length too."""

    name: str
    type: str
    length_type: str = ""


@dataclass(slots=True)
class Element:
    """One kind of thing in the file, such as ``vertex``, and how many there are."""

    name: str
    count: int
    properties: list[Property] = field(default_factory=list)

    @property
    def has_lists(self) -> bool:
        """Tell whether its records differ in length."""
        return any(p.length_type for p in self.properties)

    def record(self, order: str) -> np.dtype[np.void]:
        """Return the record without its lists."""
        parts: dict[str, str] = {}
        for one in self.properties:
            if not one.length_type:
                parts[unused(one.name, parts)] = order + one.type
        return np.dtype(list(parts.items()))


@dataclass(frozen=True, slots=True)
class Header:
    """What the head of a PLY file declares."""

    order: str
    is_text: bool
    elements: tuple[Element, ...]
    lines: int


def read_ply(path: Path, *, progress: Progress | None = None) -> PointCloud:
    """Read the vertices of a PLY file; faces and lists are passed over.

    Raises
    ------
    FormatError
        If the header is damaged, or declares more than the file holds.
    """
    with path.open("rb") as file:
        header = _header(file, path)
        body = Body(file, path, progress, header.lines + 1)
        columns = _vertices(body, header)
    return cloud_of(columns, path)


def _header(file: BinaryIO, path: Path) -> Header:
    lines = _header_lines(file, path)
    kind, elements = "", list[Element]()
    for words in (line.split() for line in lines):
        match words:
            case ["format", name, _version]:
                kind = name
            case ["element", name, count] if count.isascii() and count.isdigit():
                elements.append(Element(name, int(count[:18])))
            case ["property", "list", length, of, name] if elements:
                one = Property(name, _type(of, path), _type(length, path))
                elements[-1].properties.append(one)
            case ["property", of, name] if elements:
                elements[-1].properties.append(Property(name, _type(of, path)))
            case ["ply" | "comment" | "obj_info" | "end_header", *_rest]:
                pass
            case []:
                pass
            case _other:
                raise _damaged(path, _("header line {text!r}").format(text=" ".join(words)[:40]))
    if kind not in _ORDERS:
        raise _damaged(path, _("its encoding {name!r} is unknown").format(name=kind[:20]))
    return Header(_ORDERS[kind], kind == "ascii", tuple(elements), len(lines))


def _header_lines(file: BinaryIO, path: Path) -> list[str]:
    lines: list[str] = []
    while file.tell() < MOST_HEADER_BYTES:
        line = file.readline(MOST_HEADER_BYTES)
        if not line:
            break
        lines.append(line.decode("utf-8", "replace").strip())
        if lines[-1] == "end_header":
            return lines
    raise _damaged(path, _("its header has no end"))


def _type(name: str, path: Path) -> str:
    if name not in _TYPES:
        raise _damaged(path, _("no property can be of type {name!r}").format(name=name[:20]))
    return _TYPES[name]


def _vertices(body: Body, header: Header) -> Columns:
    for element in header.elements:
        _check(body, element, header)
        if element.name == "vertex":
            return _read(body, element, header)
        _listed_rows(body, element, header, None)
    raise FormatError(body.path, _("it has no vertices"), _("open a PLY file that holds points"))


def _check(body: Body, element: Element, header: Header) -> None:
    """Refuse what cannot fit: a text value takes two bytes, a list at least its length."""
    if header.is_text:
        least = 2 * max(len(element.properties), 1)
    else:
        least = sum(np.dtype(p.length_type or p.type).itemsize for p in element.properties)
    check_size(
        body.path,
        needed_bytes=element.count * max(least, 1) - header.is_text,
        left_bytes=body.left_bytes(),
        points=element.count,
    )


def _read(body: Body, element: Element, header: Header) -> Columns:
    record = element.record(header.order)
    if element.has_lists or (element is not header.elements[-1] and header.is_text):
        columns = empty_columns(record, element.count)
        _listed_rows(body, element, header, columns)
        return columns
    if header.is_text:
        return read_text_rows(body, record, element.count)
    return read_records(body, record, element.count)


def _listed_rows(body: Body, element: Element, header: Header, columns: Columns | None) -> None:
    """Walk row by row, as lists make rows of any length; slow, and rare."""
    step = _text_row if header.is_text else _binary_row
    names = element.record(header.order).names or ()
    for row in range(element.count):
        values = step(body, element, header.order, row)
        if columns is not None:
            for name, value in zip(names, values, strict=True):
                columns[name][row] = value
        if row % 65_536 == 0:
            body.tell(row / element.count)


def _text_row(body: Body, element: Element, _order: str, row: int) -> list[float]:
    words = body.file.readline(1 << 20).split()
    values, at = list[float](), 0
    try:
        for one in element.properties:
            if one.length_type:
                at += 1 + max(0, int(words[at]))
            else:
                values.append(float(words[at]))
                at += 1
    except (ValueError, IndexError) as error:
        problem = _("{element} {row} is damaged").format(element=element.name, row=row + 1)
        raise _damaged(body.path, problem) from error
    return _fitting(values, element)


def _fitting(values: list[float], element: Element) -> list[float]:
    """Keep what a whole-number column can hold; a wrong value must not stop the rest."""
    kinds = [one.type for one in element.properties if not one.length_type]
    return [
        value if kind[0] == "f" or (np.isfinite(value) and _holds(kind, value)) else 0.0
        for value, kind in zip(values, kinds, strict=True)
    ]


def _holds(kind: str, value: float) -> bool:
    limits = np.iinfo(kind)
    return limits.min <= value <= limits.max


def _binary_row(body: Body, element: Element, order: str, row: int) -> list[float]:
    values = list[float]()
    for one in element.properties:
        number = _binary_value(body, order, one.length_type or one.type, row)
        if not one.length_type:
            values.append(number)
            continue
        skipped = int(number) * np.dtype(one.type).itemsize
        if not 0 <= skipped <= body.left_bytes():
            raise _damaged(body.path, _("a list is longer than the file"))
        body.file.seek(skipped, 1)
    return values


def _binary_value(body: Body, order: str, kind: str, row: int) -> float:
    size = np.dtype(kind).itemsize
    data = body.file.read(size)
    if len(data) < size:
        raise _damaged(body.path, _("it ends at row {row}").format(row=row + 1))
    found: float = struct.unpack(order.replace("=", "<") + _CODES[kind], data)[0]
    return found


_CODES = {
    "i1": "b", "u1": "B", "i2": "h", "u2": "H", "i4": "i", "u4": "I", "i8": "q", "u8": "Q",
    "f4": "f", "f8": "d",
}  # fmt: skip


def _damaged(path: Path, problem: str) -> FormatError:
    return FormatError(path, problem, _("copy the file again or export the scan as PLY again"))
