"""Turns the stored bytes of one frame into pixels, whatever their compression."""

import struct
import warnings
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from annotator.errors import FormatError
from annotator.formats.dicom.dataset import inflated, start_of
from annotator.formats.dicom.headers import Layout
from annotator.formats.dicom.sources import Source
from annotator.formats.dicom.syntaxes import (
    DEFLATED,
    EXPLICIT_BIG,
    HTJ2K,
    JPEG_2000,
    JPEG_LS,
    RLE,
    UNCOMPRESSED,
)
from annotator.i18n import gettext as _

Stored = npt.NDArray[np.integer]
_ITEM = b"\xfe\xff\x00\xe0"
_MAX_FRAGMENTS = 1_000_000
# Pure air in JPEG 2000 comes to 150 bytes a slice of 512 × 512.
_MAX_RATIO = 50_000


class Fragments(NamedTuple):
    """Where the pieces of encapsulated pixels are: offset and length of each, and its frame's."""

    of_frame: tuple[tuple[tuple[int, int], ...], ...]


def find_fragments(source: Source, layout: Layout) -> Fragments:
    """Find the pieces of each frame of encapsulated pixels.

    Raises
    ------
    FormatError
        If the pieces do not follow one another, or cannot be given to frames.

    References
    ----------
    DICOM PS3.5, A.4 "Transfer Syntaxes for Encapsulation of Encoded Pixel Data".
    """
    table, pieces = _pieces(source, layout.at)
    if not pieces:
        raise _damaged(source.path)
    if layout.frames == 1:
        return Fragments((tuple(pieces),))
    if len(pieces) == layout.frames:
        return Fragments(tuple((piece,) for piece in pieces))
    if len(table) != layout.frames:
        raise _damaged(source.path)
    begins = [pieces[0][0] - 8 + offset for offset in table] + [pieces[-1][0] + pieces[-1][1]]
    return Fragments(
        tuple(
            tuple(piece for piece in pieces if begin <= piece[0] - 8 < end)
            for begin, end in pairwise(begins)
        )
    )


def read_frame(
    source: Source, layout: Layout, frame: int, fragments: Fragments | None = None
) -> Stored:
    """Return the stored values of one frame, unused bits cleared and the sign extended.

    Returns
    -------
    numpy.ndarray
        Shape (rows, columns), 8, 16 or 32 bits, signed or not as the file says. MONOCHROME1 is
        not inverted: it says how to show values, and HU are values.

    Raises
    ------
    FormatError
        If the pixels are cut or damaged, or do not have the declared size.
    """
    if layout.syntax in UNCOMPRESSED:
        return within_bits(_raw(source, layout, frame), layout)
    fragments = fragments or find_fragments(source, layout)
    code = b"".join(source.read(*piece) for piece in fragments.of_frame[frame])
    if not code or layout.frame_bytes > _MAX_RATIO * len(code):
        raise _damaged(source.path)
    try:
        if layout.syntax == RLE:
            return within_bits(_run_lengths(code, layout), layout)
        _check_size(code, layout)
        return _by_codec(code, layout)
    except (ValueError, RuntimeError, LookupError, AttributeError, struct.error) as error:
        raise _damaged(source.path) from error


def stored_dtype(layout: Layout) -> np.dtype[np.integer]:
    """Return the type of stored values, little-endian."""
    sign = "i" if layout.signed else "u"
    return np.dtype(f"<{sign}{layout.allocated // 8}")


def within_bits(stored: Stored, layout: Layout) -> Stored:
    """Clear in place what is no part of a value (old overlays) and extend the sign."""
    above = layout.allocated - 1 - layout.high_bit
    unused = layout.allocated - layout.stored
    if above:
        np.left_shift(stored, above, out=stored)
    if unused:
        np.right_shift(stored, unused, out=stored)
    return stored


def _raw(source: Source, layout: Layout, frame: int) -> Stored:
    begin = layout.at + frame * layout.frame_bytes
    if layout.syntax == DEFLATED:
        # Offsets of a deflated file count from the inflated data set, which begins after the meta.
        data = _inflated_frame(source, begin, layout.frame_bytes)
    else:
        data = source.read(begin, layout.frame_bytes)
    if len(data) < layout.frame_bytes:
        raise FormatError(source.path, _("its pixels are cut off"), _("export the series again"))
    dtype = stored_dtype(layout)
    if layout.syntax == EXPLICIT_BIG:
        values = np.frombuffer(data, dtype.newbyteorder(">")).astype(dtype)
    else:
        values = np.frombuffer(data, dtype).copy()
    return values.reshape(layout.rows, layout.columns)


def _inflated_frame(source: Source, begin: int, length: int) -> bytes:
    return inflated(source, start_of(source).at, begin + length)[begin:]


def _run_lengths(code: bytes, layout: Layout) -> Stored:
    from annotator.formats.dicom.rle import decode_rle  # noqa: PLC0415 - brings numba

    flat = decode_rle(code, layout.rows * layout.columns, layout.allocated // 8)
    return flat.view(stored_dtype(layout)).reshape(layout.rows, layout.columns)


def _by_codec(code: bytes, layout: Layout) -> Stored:
    """Decode with the library that is right for the syntax (never RLE through gdcm)."""
    if layout.syntax in JPEG_LS:
        return _by_charls(code, layout)
    if layout.syntax in JPEG_2000 | HTJ2K:
        return _by_openjpeg(code, layout)
    return _by_gdcm(code, layout)


def _by_charls(code: bytes, layout: Layout) -> Stored:
    import jpeg_ls  # noqa: PLC0415 - a compiled library, only where it is needed

    decoded, _facts = jpeg_ls.decode_buffer(code)
    if len(decoded) != layout.frame_bytes:
        raise ValueError("another depth than declared")
    values = np.frombuffer(decoded, stored_dtype(layout)).reshape(layout.rows, layout.columns)
    return _sign_extended(values, layout, layout.stored)


def _by_openjpeg(code: bytes, layout: Layout) -> Stored:
    """Decode JPEG 2000; scanners that mark signed values as unsigned are put right."""
    from openjpeg.utils import decode_pixel_data, get_parameters  # noqa: PLC0415 - compiled

    facts = get_parameters(code)
    precision, is_signed = int(facts["precision"]), bool(facts["is_signed"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        decoded = decode_pixel_data(code, version=2)
    size = 1 if precision <= 8 else 2 if precision <= 16 else 4
    values = np.frombuffer(decoded, np.dtype(f"<{'i' if is_signed else 'u'}{size}"))
    values = values.reshape(layout.rows, layout.columns).astype(stored_dtype(layout))
    return values if is_signed else _sign_extended(values, layout, precision)


def _sign_extended(values: Stored, layout: Layout, bits: int) -> Stored:
    """Take the topmost of ``bits`` bits for the sign where values are signed."""
    if not layout.signed or bits >= layout.allocated:
        return values
    unused = layout.allocated - bits
    return np.right_shift(np.left_shift(values, unused), unused)


def _by_gdcm(code: bytes, layout: Layout) -> Stored:
    from pydicom.pixels import get_decoder  # noqa: PLC0415 - heavy
    from pydicom.uid import UID  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        values, _facts = get_decoder(UID(layout.syntax)).as_array(
            _as_encapsulated(code),
            raw=True,
            decoding_plugin="gdcm",
            rows=layout.rows,
            columns=layout.columns,
            number_of_frames=1,
            samples_per_pixel=1,
            photometric_interpretation="MONOCHROME2",
            bits_allocated=layout.allocated,
            bits_stored=layout.stored,
            pixel_representation=int(layout.signed),
            pixel_keyword="PixelData",
            transfer_syntax_uid=UID(layout.syntax),
        )
    return np.array(values, stored_dtype(layout)).reshape(layout.rows, layout.columns)


def _as_encapsulated(code: bytes) -> bytes:
    """Wrap one frame the way it stands in a file: an empty table, one fragment, an end."""
    padded = code + b"\0" * (len(code) % 2)
    item = _ITEM + struct.pack("<L", len(padded)) + padded
    return _ITEM + b"\0\0\0\0" + item + b"\xfe\xff\xdd\xe0\0\0\0\0"


def _pieces(source: Source, at: int) -> tuple[list[int], list[tuple[int, int]]]:
    """Return the basic offset table and the pieces after it."""
    found: list[tuple[int, int]] = []
    while len(found) < _MAX_FRAGMENTS:
        head = source.read(at, 8)
        if len(head) < 8 or head[:4] != _ITEM:
            break
        (length,) = struct.unpack_from("<L", head, 4)
        if at + 8 + length > source.size:
            raise FormatError(
                source.path, _("its pixels are cut off"), _("export the series again")
            )
        found.append((at + 8, length))
        at += 8 + length
    if not found:
        return [], []
    table = source.read(*found[0])
    return [offset for (offset,) in struct.iter_unpack("<L", table[: len(table) // 4 * 4])], found[
        1:
    ]


def _check_size(code: bytes, layout: Layout) -> None:
    """Refuse a code stream of another size, before its decoder allocates what it says.

    Raises
    ------
    ValueError
        If its own header names other rows or columns than the file's.
    """
    declared = _j2k_size(code) if b"\xff\x4f\xff\x51" in code[:256] else _jpeg_size(code)
    if declared != (layout.rows, layout.columns):
        raise ValueError(f"the code stream is {declared}")


def _j2k_size(code: bytes) -> tuple[int, int]:
    at = code.index(b"\xff\x4f\xff\x51") + 8
    width, height, left, top = struct.unpack_from(">4L", code, at)
    return height - top, width - left


def _jpeg_size(code: bytes) -> tuple[int, int]:
    """Read the frame header of JPEG (ITU T.81, B.2.2) or JPEG-LS (T.87, C.2.2)."""
    at = 2
    while code[at] == 0xFF:
        marker = code[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        is_frame = marker == 0xF7 or (0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC})
        if is_frame:
            rows, columns = struct.unpack_from(">HH", code, at + 5)
            return rows, columns
        (length,) = struct.unpack_from(">H", code, at + 2)
        at += 2 + length
    raise ValueError("no frame header")


def _damaged(path: str) -> FormatError:
    return FormatError(path, _("its compressed pixels are damaged"), _("export the series again"))
