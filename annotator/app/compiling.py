"""Compiles every kernel, at start beside the window or once when the program is installed.

``python -m annotator.app.compiling`` leaves the compiled code in the user's cache, so that nobody
waits for it at the first start.
"""

import struct

import numpy as np

from annotator.app.warming import warm_up
from annotator.formats.dicom.rle import decode_rle
from annotator.formats.points import lzf
from annotator.imaging.compiling import compile_kernels

# Two segments, one for each byte of a pixel, and in each a run of two zeros.
_RLE = struct.pack("<3L", 2, 64, 66).ljust(64, b"\0") + b"\xff\0" * 2


def compile_all() -> None:
    """Run each kernel once on a few values; what is compiled already takes no time."""
    compile_kernels()
    warm_up()
    _compile_readers()


def _compile_readers() -> None:
    """Take arrays as readers and writers have them: what was read cannot be written."""
    raw, packed = np.frombuffer(bytes(64), np.uint8), np.zeros(256, np.uint8)
    lzf.unpack(packed[: lzf.pack(raw, packed)], raw.copy())
    decode_rle(_RLE, 2, 2)


if __name__ == "__main__":
    compile_all()
