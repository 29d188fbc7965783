"""Decodes DICOM's run-length encoding.

References
----------
DICOM PS3.5, annex G: one segment for each byte of a sample, the most significant first.
"""

import struct

import numpy as np
import numpy.typing as npt

from annotator.kernels import kernel

Bytes = npt.NDArray[np.uint8]
_HEADER_BYTES = 64
_MAX_SEGMENTS = 15


def decode_rle(encoded: bytes, pixels: int, bytes_per_pixel: int) -> Bytes:
    """Return the little-endian bytes of one grey frame.

    Parameters
    ----------
    encoded
        The frame as it is in the file, its header of offsets included.

    Returns
    -------
    numpy.ndarray
        Shape (pixels * bytes_per_pixel,).

    Raises
    ------
    ValueError
        If the segments are not where the header says, or end early.
    """
    # A run of 128 equal bytes takes two, so that no frame is more than 64 times its code.
    if pixels * bytes_per_pixel > 64 * len(encoded):
        raise ValueError("the code is too short for its pixels")
    starts = _segments(encoded, bytes_per_pixel)
    code = np.frombuffer(encoded, np.uint8)
    decoded = np.zeros(pixels * bytes_per_pixel, np.uint8)
    for segment in range(bytes_per_pixel):
        part = code[starts[segment] : starts[segment + 1]]
        place = decoded[bytes_per_pixel - 1 - segment :: bytes_per_pixel]
        if _unpack(part, place) != pixels:
            raise ValueError("a segment ends early")
    return decoded


def _segments(encoded: bytes, bytes_per_pixel: int) -> list[int]:
    if len(encoded) < _HEADER_BYTES:
        raise ValueError("the header of offsets is cut")
    count, *offsets = struct.unpack_from("<16L", encoded)
    if count != bytes_per_pixel or count > _MAX_SEGMENTS:
        raise ValueError("there is not one segment for each byte of a pixel")
    starts = [*offsets[:count], len(encoded)]
    if starts[0] < _HEADER_BYTES or starts != sorted(starts):
        raise ValueError("the segments overlap")
    return starts


@kernel
def _unpack(code: Bytes, out: Bytes) -> int:
    """Undo PackBits; returns how many bytes of ``out`` were filled."""
    at = 0
    filled = 0
    while filled < out.size and at + 1 < code.size:
        said = int(code[at])
        at += 1
        if said < 128:
            count = min(said + 1, out.size - filled, code.size - at)
            for k in range(count):
                out[filled + k] = code[at + k]
            at += said + 1
            filled += count
        elif said > 128:
            count = min(257 - said, out.size - filled)
            value = code[at]
            for k in range(count):
                out[filled + k] = value
            at += 1
            filled += count
    return filled
