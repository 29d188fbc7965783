"""Finds where the data set of a DICOM file begins, and walks it as far as its pixels.

References
----------
DICOM PS3.10, 7.1 "DICOM File Meta Information"; PS3.5, A "Transfer Syntax Specifications".
"""

import zlib
from collections.abc import Callable
from typing import NamedTuple

from annotator.errors import FormatError
from annotator.formats.dicom.elements import (
    BrokenElementError,
    Elements,
    Incomplete,
    is_explicit,
    walk,
)
from annotator.formats.dicom.sources import Source
from annotator.formats.dicom.syntaxes import DEFLATED, EXPLICIT_BIG, IMPLICIT
from annotator.formats.dicom.values import plain
from annotator.i18n import gettext as _

_FIRST_READ_BYTES = 16 << 10
_MAX_HEADER_BYTES = 128 << 20
_DICOMDIR = "1.2.840.10008.1.3.10"


class Start(NamedTuple):
    """Where a data set begins, and how it is written.

    Attributes
    ----------
    syntax
        UID of the transfer syntax.
    at
        Offset in the file, bytes.
    explicit
        Whether each element says its kind.
    """

    syntax: str
    at: int
    explicit: bool


def start_of(source: Source) -> Start:
    """Return where the data set begins, after the file meta information.

    Raises
    ------
    FormatError
        If it is no DICOM, or an index of other files.
    """
    data = source.read(0, _FIRST_READ_BYTES)
    start = _after_preamble(data)
    if start is None:
        raise FormatError(source.path, _("it is not DICOM"), _("leave it out"))
    if data[start : start + 2] != b"\x02\x00":
        return Start(IMPLICIT, start, explicit=is_explicit(data, start))
    meta = _tried(
        source.path,
        lambda: walk(
            data,
            start,
            source.size,
            explicit=is_explicit(data, start),
            wanted=frozenset([0x00020010, 0x00020002]),
            until=0x00030000,
        ),
    )
    syntax = plain(meta.values.get(0x00020010, b"")) or IMPLICIT
    if plain(meta.values.get(0x00020002, b"")) == _DICOMDIR:
        raise FormatError(source.path, _("it is an index of other files"), _("open the folder"))
    if syntax == DEFLATED:
        return Start(syntax, meta.end, explicit=True)
    first = data[meta.end : meta.end + 8]
    explicit = is_explicit(first, 0) if len(first) == 8 else True
    return Start(syntax, meta.end, explicit=explicit)


def elements_of(source: Source, start: Start, wanted: frozenset[int]) -> Elements:
    """Walk the data set, reading more of it until its pixels are found.

    Raises
    ------
    FormatError
        If it is damaged.
    """
    wanted_bytes = _FIRST_READ_BYTES
    deflated = start.syntax == DEFLATED
    while wanted_bytes <= _MAX_HEADER_BYTES:
        if deflated:
            data = inflated(source, start.at, wanted_bytes)
            # As long as inflating was cut short nobody knows the whole size.
            size = len(data) if len(data) < wanted_bytes else 1 << 40
        else:
            data, size = source.read(0, wanted_bytes), source.size
        try:
            return walk(
                data,
                0 if deflated else start.at,
                size,
                explicit=start.explicit,
                big_endian=start.syntax == EXPLICIT_BIG,
                wanted=wanted,
            )
        except Incomplete as more:
            wanted_bytes = max(more.needed + 4096, wanted_bytes * 4)
        except BrokenElementError as error:
            raise damaged(source.path, str(error)) from None
    raise damaged(source.path, _("its header is larger than any header"))


def inflated(source: Source, start: int, limit: int) -> bytes:
    """Return a deflated data set from ``start``, and never more than ``limit`` bytes of it.

    pydicom inflates without end: 2.6 MB become 5.2 GB.
    """
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(
            source.read(start, source.size - start), limit
        )
    except zlib.error:
        raise FormatError(
            source.path, _("its compressed data are damaged"), _("export the series again")
        ) from None


def damaged(path: str, problem: str) -> FormatError:
    """Return what is raised for a damaged file."""
    return FormatError(path, problem, _("export the series again"))


def _after_preamble(data: bytes) -> int | None:
    """Return where the first element is, with or without a preamble (PS3.10, 7.1); None if none."""
    if data[128:132] == b"DICM":
        return 132
    is_group = data[:2] in {b"\x02\x00", b"\x08\x00"}
    is_first = data[2:4] in {
        b"\x00\x00", b"\x01\x00", b"\x05\x00", b"\x08\x00", b"\x16\x00",
    }  # fmt: skip
    return 0 if is_group and is_first else None


def _tried(path: str, walked: Callable[[], Elements]) -> Elements:
    try:
        return walked()
    except (Incomplete, BrokenElementError):
        raise damaged(path, _("it ends in the middle of its header")) from None
