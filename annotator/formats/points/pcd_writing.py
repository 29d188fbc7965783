"""Writes PCD files in every encoding (Point Cloud Library, PCD file format v0.7)."""

import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

import numpy as np

from annotator.formats.files import write_whole
from annotator.formats.points.records import Column

Encoding = Literal["ascii", "binary", "binary_compressed"]

NO_VIEWPOINT = (0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0)


def write_pcd(
    path: Path,
    columns: Mapping[str, Column],
    *,
    encoding: Encoding = "binary",
    viewpoint: tuple[float, ...] = NO_VIEWPOINT,
    size: tuple[int, int] | None = None,
) -> None:
    """Write columns of one length as a PCD file, whole or not at all; see `pcd_parts`."""
    write_whole({path: pcd_parts(columns, encoding=encoding, viewpoint=viewpoint, size=size)})


def pcd_parts(
    columns: Mapping[str, Column],
    *,
    encoding: Encoding = "binary",
    viewpoint: tuple[float, ...] = NO_VIEWPOINT,
    size: tuple[int, int] | None = None,
) -> Iterator[bytes]:
    """Go through the bytes of a PCD file that holds columns of one length.

    Parameters
    ----------
    columns
        By field name, in order; (N,) or (N, count). Names must have no blank. A (N, 3) uint8
        ``rgb`` is packed the way PCL does.
    size
        Width and height of an organised cloud.
    """
    packed = {name: _packed_colour(name, np.asarray(values)) for name, values in columns.items()}
    record = np.dtype(
        [(name, v.dtype.newbyteorder("<"), v.shape[1:]) for name, v in packed.items()]
    )
    points = _length(packed)
    width, height = size or (points, 1)
    if width * height != points:
        raise ValueError(f"{width} x {height} is not {points} points")
    yield _head(record, width, height, viewpoint, encoding)
    yield from _BODIES[encoding](packed, record)


def _length(columns: Mapping[str, Column]) -> int:
    return len(next(iter(columns.values()), ()))


def _packed_colour(name: str, values: Column) -> Column:
    if name != "rgb" or values.ndim != 2 or values.dtype != np.uint8:
        return values
    red, green, blue = (values[:, at].astype(np.uint32) for at in range(3))
    return red << 16 | green << 8 | blue


def _head(
    record: np.dtype[np.void],
    width: int,
    height: int,
    viewpoint: tuple[float, ...],
    encoding: Encoding,
) -> bytes:
    names = record.names or ()
    bases = [record[name].base for name in names]
    lines = [
        "# .PCD v0.7 - Point Cloud Data file format",
        "VERSION 0.7",
        "FIELDS " + " ".join(names),
        "SIZE " + " ".join(str(base.itemsize) for base in bases),
        "TYPE " + " ".join(base.kind.upper() for base in bases),
        "COUNT " + " ".join(str(int(np.prod(record[name].shape, dtype=int))) for name in names),
        f"WIDTH {width}",
        f"HEIGHT {height}",
        "VIEWPOINT " + " ".join(f"{number:.17g}" for number in viewpoint),
        f"POINTS {width * height}",
        f"DATA {encoding}",
    ]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _binary(columns: Mapping[str, Column], record: np.dtype[np.void]) -> Iterator[bytes]:
    points = _length(columns)
    for start in range(0, points, 1 << 18):
        block = np.empty(min(1 << 18, points - start), record)
        for name, values in columns.items():
            block[name] = values[start : start + len(block)]
        yield block.tobytes()


def _ascii(columns: Mapping[str, Column], _record: np.dtype[np.void]) -> Iterator[bytes]:
    points = _length(columns)
    flat = [
        values.reshape(points, -1)[:, at]
        for values in columns.values()
        for at in range(int(np.prod(values.shape[1:], dtype=int)))
    ]
    for start in range(0, points, 1 << 14):
        texts = [_texts(values[start : start + (1 << 14)]) for values in flat]
        lines = (" ".join(row) + "\n" for row in zip(*texts, strict=True))
        yield "".join(lines).encode("ascii")


def _texts(values: Column) -> list[str]:
    if values.dtype == np.float32:
        return [np.format_float_positional(v, trim="-") for v in values]
    return [repr(v) for v in values.tolist()]


def _compressed(columns: Mapping[str, Column], record: np.dtype[np.void]) -> Iterator[bytes]:
    from annotator.formats.points import lzf  # noqa: PLC0415 - numba, only where it is compressed

    parts = [
        np.ascontiguousarray(values, record[name].base).tobytes()
        for name, values in columns.items()
    ]
    raw = np.frombuffer(b"".join(parts), np.uint8)
    packed = np.empty(len(raw) + len(raw) // 32 + 16, np.uint8)
    made = lzf.pack(raw, packed)
    yield struct.pack("<II", made, len(raw))
    yield packed[:made].tobytes()


_BODIES = {"ascii": _ascii, "binary": _binary, "binary_compressed": _compressed}
