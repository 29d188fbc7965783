"""Reads NumPy arrays of points, alone (.npy) or several in an archive (.npz)."""

import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
import numpy.typing as npt

from annotator.errors import FormatError
from annotator.formats.points.columns import cloud_of, unused
from annotator.formats.points.layouts import Layout, best_layout, columns_of, named_layout
from annotator.formats.points.records import Column, Columns, Progress, check_size
from annotator.i18n import gettext as _
from annotator.model.cloud import PointCloud

# Deflate cannot pack tighter (zlib's technical notes).
MOST_RATIO = 1032
_MOST_MEMBERS = 256
_COORDINATES = ("points", "xyz", "pos", "coord", "coords", "cloud", "pcd", "data", "arr_0")


def read_npy(
    path: Path, *, layout: str | None = None, progress: Progress | None = None
) -> PointCloud:
    """Read one array: rows of numbers, an image of them, or records with names.

    Raises
    ------
    FormatError
        If it holds objects, is shorter than its shape, or has no three columns.
    """
    with path.open("rb") as file:
        array = _array(file, path, path.stat().st_size)
    if progress is not None:
        progress(1.0)
    columns, note = _columns(array, path, layout)
    return cloud_of(columns, path, notes=[note] if note else [])


def read_npz(
    path: Path, *, layout: str | None = None, progress: Progress | None = None
) -> PointCloud:
    """Read an archive: its points, and every other array that has one value a point.

    Raises
    ------
    FormatError
        If no array holds points, or one holds objects or is damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            arrays = _members(archive, path, progress)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError) as error:
        raise _damaged(path, _("the archive is damaged")) from error
    name = _coordinates_in(arrays, path)
    if name is None:
        return cloud_of(_equally_long(arrays), path)
    columns, note = _columns(arrays.pop(name), path, layout)
    points = len(next(iter(columns.values())))
    for other, array in arrays.items():
        if array.ndim in {1, 2} and len(array) == points:
            columns[unused(other, columns)] = array
    return cloud_of(columns, path, notes=[note] if note else [])


def _array(file: BinaryIO, path: Path, size_bytes: int) -> Column:
    shape, in_columns, kind = _array_header(file, path)
    if kind.hasobject or kind.itemsize == 0:
        raise FormatError(
            path,
            _("it holds Python objects, which can run programs"),
            _("save the points as an array of numbers"),
        )
    count = int(np.prod([int(side) for side in shape], dtype=object))
    needed = count * kind.itemsize
    points = int(shape[0]) if shape else 1
    check_size(path, needed_bytes=needed, left_bytes=size_bytes - file.tell(), points=points)
    data = file.read(needed)
    if len(data) < needed:
        raise _damaged(path, _("it ends too early"))
    flat = np.frombuffer(bytearray(data), kind)
    return flat.reshape(shape, order="F" if in_columns else "C")


def _array_header(file: BinaryIO, path: Path) -> tuple[tuple[int, ...], bool, np.dtype[np.generic]]:
    try:
        version = np.lib.format.read_magic(file)
        read = (
            np.lib.format.read_array_header_1_0
            if version == (1, 0)
            else np.lib.format.read_array_header_2_0
        )
        found = read(file)
    except Exception as error:  # numpy parses it as Python, which fails in many ways
        raise _damaged(path, _("its header is damaged")) from error
    if any(side < 0 for side in found[0]):
        raise _damaged(path, _("its shape is negative"))
    return cast("tuple[tuple[int, ...], bool, np.dtype[np.generic]]", found)


def _members(archive: zipfile.ZipFile, path: Path, progress: Progress | None) -> dict[str, Column]:
    members = [m for m in archive.infolist() if m.filename.endswith(".npy")]
    if len(members) > _MOST_MEMBERS:
        raise _damaged(path, _("it holds {count} arrays").format(count=len(members)))
    arrays: dict[str, Column] = {}
    for done, member in enumerate(members, 1):
        if member.file_size > (member.compress_size + 64) * MOST_RATIO:
            raise _damaged(
                path,
                _("array {name} cannot be as long as it says").format(name=member.filename[:40]),
            )
        with archive.open(member) as file:
            arrays[member.filename[:-4]] = _array(cast("BinaryIO", file), path, member.file_size)
        if progress is not None:
            progress(done / len(members))
    return arrays


def _coordinates_in(arrays: dict[str, Column], path: Path) -> str | None:
    if {"x", "y"} <= {name.lower() for name in arrays}:
        return None
    fitting = [
        name
        for name, array in arrays.items()
        if array.dtype.names or (array.ndim >= 2 and array.shape[-1] >= 3)
    ]
    if not fitting:
        raise FormatError(
            path, _("none of its arrays holds points"), _("save them as rows of x, y, z")
        )
    known = [name for wanted in _COORDINATES for name in fitting if name.lower() == wanted]
    return (known or sorted(fitting, key=lambda name: -arrays[name].size))[0]


def _equally_long(arrays: dict[str, Column]) -> Columns:
    points = next(len(a) for name, a in arrays.items() if a.ndim and name.lower() == "x")
    return {name: a for name, a in arrays.items() if a.ndim in {1, 2} and len(a) == points}


def _columns(array: Column, path: Path, layout: str | None) -> tuple[Columns, str]:
    if array.dtype.names:
        flat = cast("npt.NDArray[np.void]", array.reshape(-1))
        return {name: _number(flat[name], path) for name in array.dtype.names}, ""
    rows, turned = _rows(_number(array, path), path)
    chosen = _layout(rows, path, layout)
    columns = columns_of(rows, chosen)
    note = chosen.words()
    return columns, f"{note}; {_('one column a row in the file')}" if turned else note


def _number(array: Column, path: Path) -> Column:
    if array.dtype.kind not in "fiub":
        raise FormatError(
            path, _("it holds no numbers"), _("save the points as an array of numbers")
        )
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def _rows(array: Column, path: Path) -> tuple[Column, bool]:
    if array.ndim == 3 and array.shape[-1] >= 3:
        array = array.reshape(-1, array.shape[-1])
    if array.ndim != 2 or (max(array.shape) < 3 and array.shape[1] < 3):
        raise FormatError(
            path,
            _("its shape {shape} is not rows of x, y, z").format(shape=array.shape),
            _("save the points as rows of x, y, z"),
        )
    rows, wide = array.shape
    turned = 3 <= rows <= 16 < wide
    if turned:
        return array.T, True
    if wide < 3:
        raise FormatError(
            path,
            _("its shape {shape} is not rows of x, y, z").format(shape=array.shape),
            _("save the points as rows of x, y, z"),
        )
    return array, False


def _layout(rows: Column, path: Path, layout: str | None) -> Layout:
    if layout:
        return named_layout(layout, path, rows.shape[1])
    return best_layout(rows)


def _damaged(path: Path, problem: str) -> FormatError:
    return FormatError(path, problem, _("copy the file or save the array again"))
