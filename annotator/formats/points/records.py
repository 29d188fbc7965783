"""Reads numbers from the body of a file of points into one array per column."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from annotator.errors import FormatError
from annotator.i18n import gettext as _

Column = npt.NDArray[np.generic]
Columns = dict[str, Column]
Progress = Callable[[float], None]

# A block and its columns fit in a core's cache: three times quicker than the whole at once.
BLOCK_ROWS = 65_536
TEXT_BLOCK_BYTES = 4 << 20
LONGEST_LINE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Body:
    """Where the numbers of an open file start, and whose they are.

    Attributes
    ----------
    first_line
        Number of the first line of the body, for messages about text.
    """

    file: BinaryIO
    path: Path
    progress: Progress | None = None
    first_line: int = 1

    def tell(self, share: float) -> None:
        """Report how much is done, 0 to 1."""
        if self.progress is not None:
            self.progress(share)

    def left_bytes(self) -> int:
        """Return how many bytes lie between here and the end of the file."""
        return self.path.stat().st_size - self.file.tell()


def check_size(path: Path, *, needed_bytes: int, left_bytes: int, points: int) -> None:
    """Refuse a header that declares more than its file can hold, before anything is allocated.

    Raises
    ------
    FormatError
        If the file is too short.
    """
    if needed_bytes > left_bytes:
        raise FormatError(
            path,
            _(
                "its header declares {points} points ({needed} bytes), but only {left} bytes follow"
            ).format(points=points, needed=needed_bytes, left=left_bytes),
            _("the file is cut off or its header is wrong; copy or export it again"),
        )


def empty_columns(record: np.dtype[np.void], points: int) -> Columns:
    """Return arrays in native byte order for the named parts of a record.

    x, y and z of one type are columns of one (N, 3) array, so that they need not be joined.
    """
    columns: Columns = {}
    if _alike(record):
        together = np.empty((points, 3), record["x"].newbyteorder("="))
        columns = {axis: together[:, at] for at, axis in enumerate("xyz")}
    for name in record.names or ():
        part = record[name]
        shape = (points, *part.shape)
        columns.setdefault(name, np.empty(shape, part.base.newbyteorder("=")))
    return columns


def read_records(body: Body, record: np.dtype[np.void], points: int) -> Columns:
    """Read ``points`` packed records from here on.

    Raises
    ------
    FormatError
        If the file ends before them.
    """
    check_size(
        body.path,
        needed_bytes=points * record.itemsize,
        left_bytes=body.left_bytes(),
        points=points,
    )
    columns = empty_columns(record, points)
    done = 0
    while done < points:
        block = np.fromfile(body.file, record, min(BLOCK_ROWS, points - done))
        if not len(block):
            raise _cut_off(body.path, done, points)
        _scatter(block, columns, done)
        done += len(block)
        body.tell(done / points)
    return columns


def read_text_rows(body: Body, record: np.dtype[np.void], points: int) -> Columns:
    """Read ``points`` lines of numbers, separated by white space, from here on.

    Raises
    ------
    FormatError
        If there are fewer or more lines, or one of them has another number of values.
    """
    check_size(body.path, needed_bytes=2 * points, left_bytes=body.left_bytes(), points=points)
    columns = empty_columns(record, points)
    wide, done = _width(record), 0
    for rows in number_blocks(body):
        if rows.shape[1] != wide:
            raise FormatError(
                body.path,
                _("its lines have {found} values where its header names {expected}").format(
                    found=rows.shape[1], expected=wide
                ),
                _("export the scan again"),
            )
        if done + len(rows) > points:
            raise _too_many(body.path, points)
        _scatter_text(rows, record, columns, done)
        done += len(rows)
    if done < points:
        raise _cut_off(body.path, done, points)
    return columns


def number_blocks(
    body: Body, clean: Callable[[bytes], bytes] = bytes
) -> Iterator[npt.NDArray[np.float64]]:
    """Yield the lines of numbers from here to the end, some thousands at a time, (rows, values).

    Parameters
    ----------
    clean
        Turns whatever separates the values into blanks.

    Raises
    ------
    FormatError
        If something is not a number, or the lines differ in their number of values.
    """
    total, line, wide = max(body.left_bytes(), 1), body.first_line, 0
    left = total
    for text in _whole_lines(body):
        rows = _numbers(body.path, clean(text), line)
        line += text.count(b"\n")
        left -= len(text)
        if not len(rows):
            continue
        if wide and rows.shape[1] != wide:
            raise _not_numbers(body.path, line, _("the number of values changes"))
        wide = rows.shape[1]
        yield rows
        body.tell(1 - left / total)


def _alike(record: np.dtype[np.void]) -> bool:
    names = record.names or ()
    if not all(axis in names for axis in "xyz"):
        return False
    first = record["x"]
    return not first.shape and record["y"] == first == record["z"]


def _scatter(block: npt.NDArray[np.void], columns: Columns, start: int) -> None:
    for name in block.dtype.names or ():
        columns[name][start : start + len(block)] = block[name]


def _scatter_text(
    rows: npt.NDArray[np.float64], record: np.dtype[np.void], columns: Columns, start: int
) -> None:
    at = 0
    for name in record.names or ():
        wide = int(np.prod(record[name].shape, dtype=int))
        values = rows[:, at : at + wide].reshape(len(rows), *record[name].shape)
        with np.errstate(invalid="ignore", over="ignore"):
            columns[name][start : start + len(rows)] = values
        at += wide


def _width(record: np.dtype[np.void]) -> int:
    return sum(int(np.prod(record[name].shape, dtype=int)) for name in record.names or ())


def _whole_lines(body: Body) -> Iterator[bytes]:
    rest = b""
    while block := body.file.read(TEXT_BLOCK_BYTES):
        text = (rest + block).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        end = text.rfind(b"\n") + 1
        rest = text[end:]
        if len(rest) > LONGEST_LINE_BYTES:
            raise _not_numbers(body.path, body.first_line, _("a line has no end"))
        yield text[:end]
    yield rest


def _numbers(path: Path, text: bytes, line: int) -> npt.NDArray[np.float64]:
    lines = text.decode("latin-1").split("\n")
    if not text.strip():
        return np.empty((0, 0))
    try:
        return np.loadtxt(lines, dtype=np.float64, comments=None, ndmin=2)
    except ValueError as error:
        raise _not_numbers(path, *_fault(lines, line)) from error


def _fault(lines: list[str], first: int) -> tuple[int, str]:
    """Find the line that is not like the first one, and say why."""
    wide = 0
    for number, text in enumerate(lines, first):
        values = text.split()
        wide = wide or len(values)
        if values and len(values) != wide:
            return number, _("there are {found} values where {expected} were expected").format(
                found=len(values), expected=wide
            )
        for value in values:
            if not _is_number(value):
                return number, _("{text!r} is not a number").format(text=value[:20])
    return first, _("something is not a number")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text


def _not_numbers(path: Path, line: int, problem: str) -> FormatError:
    return FormatError(
        path,
        _("line {line}: {problem}").format(line=line, problem=problem),
        _("correct that line or export the scan again"),
    )


def _cut_off(path: Path, found: int, declared: int) -> FormatError:
    return FormatError(
        path,
        _("it holds {found} of the {declared} points that its header declares").format(
            found=found, declared=declared
        ),
        _("the file is cut off; copy or export it again"),
    )


def _too_many(path: Path, declared: int) -> FormatError:
    return FormatError(
        path,
        _("it holds more than the {declared} points that its header declares").format(
            declared=declared
        ),
        _("export the scan again"),
    )
