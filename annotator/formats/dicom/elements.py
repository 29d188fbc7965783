"""Walks the elements of a DICOM data set without building objects for them.

A CT folder holds thousands of files of which some thirty values matter, so the walker keeps the
bytes of the elements asked for, steps over everything else and stops at the pixels. Sequences are
stepped over with a list of open levels, never by recursion, so no depth of nesting hurts.

References
----------
DICOM PS3.5, 7.1 "Data Elements", 7.5 "Nesting of Data Sets", A "Transfer Syntax Specifications".
"""

import struct
from collections.abc import Callable, Container
from typing import NamedTuple

from annotator.errors import AnnotatorError
from annotator.i18n import gettext as _

PIXELS = 0x7FE00010
UNDEFINED = 0xFFFFFFFF
_ITEM_END, _SEQUENCE_END = 0xFFFEE00D, 0xFFFEE0DD
_LONG_VRS = frozenset(
    [b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"]
)


class Incomplete(Exception):  # noqa: N818 - a request for more bytes, no error
    """The bytes end before the pixels; ``needed`` says how many there must be at least."""

    def __init__(self, needed: int) -> None:
        super().__init__(needed)
        self.needed = needed


class BrokenElementError(AnnotatorError):
    """The elements do not follow one another as the standard says."""


class Elements(NamedTuple):
    """What was asked for, as bytes, and where the pixels are.

    Attributes
    ----------
    pixels_at
        Offset of the value of PixelData; None where there is none.
    pixels_length
        Its bytes; None where it is encapsulated.
    end
        Where the walk ended.
    """

    values: dict[int, bytes]
    pixels_at: int | None
    pixels_length: int | None
    end: int


def is_explicit(data: bytes, at: int) -> bool:
    """Tell whether the element at ``at`` spells out its value representation."""
    return data[at + 4 : at + 6].isalpha() and data[at + 4 : at + 6].isupper()


def walk(
    data: bytes,
    start: int,
    size: int,
    *,
    explicit: bool,
    big_endian: bool = False,
    wanted: Container[int],
    until: int = PIXELS,
) -> Elements:
    """Collect the wanted elements of a data set up to its pixels.

    Parameters
    ----------
    data
        The file, or as much of its beginning as was read.
    start
        Where the data set begins in ``data``.
    size
        Bytes of the whole file.
    until
        The walk ends in front of the first tag that is not below this one.

    Raises
    ------
    Incomplete
        If ``data`` is a beginning that ends before the pixels.
    BrokenElementError
        If an element reaches past the end of the file, or is none.
    """
    order = _BIG if big_endian else _LITTLE
    values: dict[int, bytes] = {}
    at = start
    available = len(data)
    while at + 8 <= available:
        tag, vr, length, value_at = _element(data, at, size, explicit=explicit, order=order)
        if tag >= until:
            if tag != PIXELS:
                return Elements(values, None, None, at)
            return Elements(values, value_at, None if length == UNDEFINED else length, at)
        if explicit and not vr.isalpha():
            raise BrokenElementError(_("its elements are damaged"))
        if length == UNDEFINED:
            inside_explicit = explicit and vr != b"UN"
            at = _past_sequence(data, value_at, size, explicit=inside_explicit, order=order)
            continue
        at = value_at + length
        if at > size:
            raise BrokenElementError(_("it ends in the middle of its header"))
        if tag in wanted:
            if at > available:
                raise Incomplete(at)
            values[tag] = data[value_at:at]
    if at + 8 <= size:
        raise Incomplete(at + 8)
    return Elements(values, None, None, at)


class _Order(NamedTuple):
    """How numbers are spelled in one byte order."""

    head: Callable[[bytes, int], tuple[int, int, bytes, int]]
    length: Callable[[bytes, int], tuple[int]]


_LITTLE = _Order(struct.Struct("<HH2sH").unpack_from, struct.Struct("<L").unpack_from)
_BIG = _Order(struct.Struct(">HH2sH").unpack_from, struct.Struct(">L").unpack_from)


def _element(
    data: bytes, at: int, size: int, *, explicit: bool, order: _Order
) -> tuple[int, bytes, int, int]:
    """Return tag, value representation, length and where the value begins."""
    group, element, vr, length = order.head(data, at)
    tag = group << 16 | element
    if not explicit or group == 0xFFFE:
        return tag, b"", order.length(data, at + 4)[0], at + 8
    if vr not in _LONG_VRS:
        return tag, vr, length, at + 8
    if at + 12 > len(data):
        raise _short(at + 12, size)
    return tag, vr, order.length(data, at + 8)[0], at + 12


def _past_sequence(data: bytes, start: int, size: int, *, explicit: bool, order: _Order) -> int:
    """Return where a sequence of undefined length that begins at ``start`` ends."""
    levels = [explicit]
    at = start
    while levels:
        if at + 8 > len(data):
            raise _short(at + 8, size)
        tag, vr, length, value_at = _element(data, at, size, explicit=levels[-1], order=order)
        at = value_at
        if tag in {_ITEM_END, _SEQUENCE_END}:
            levels.pop()
        elif length == UNDEFINED:
            levels.append(levels[-1] and vr != b"UN")
        else:
            at += length
        if at > size:
            raise BrokenElementError(_("it ends in the middle of its header"))
    return at


def _short(needed: int, size: int) -> Exception:
    if needed <= size:
        return Incomplete(needed)
    return BrokenElementError(_("it ends in the middle of its header"))
