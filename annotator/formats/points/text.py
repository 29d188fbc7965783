"""Reads points from text: XYZ, CSV, PTS and whatever else has one point a line."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from annotator.errors import FormatError
from annotator.formats.points.columns import cloud_of, uniform_names, unused
from annotator.formats.points.layouts import best_layout, columns_of, named_layout
from annotator.formats.points.records import (
    Body,
    Column,
    Columns,
    Progress,
    number_blocks,
)
from annotator.i18n import gettext as _
from annotator.model.cloud import PointCloud

HEAD_BYTES = 1 << 16
_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_DECIMAL_COMMA = re.compile(rb"\d,\d")
_COUNT_LINE = re.compile(rb"\s*\d+\s*")


@dataclass(frozen=True, slots=True)
class Style:
    """How a text file is written.

    Attributes
    ----------
    skipped_lines
        Lines before the first point.
    names
        What its header calls the columns; empty without a header.
    count
        How many points a count line declares.
    """

    start: int
    skipped_lines: int
    names: tuple[str, ...]
    count: int | None
    decimal_comma: bool
    has_empty_cells: bool


def read_text(
    path: Path, *, layout: str | None = None, progress: Progress | None = None
) -> PointCloud:
    """Read one point a line; blanks, tabs, commas and semicolons separate, in any mixture.

    Raises
    ------
    FormatError
        If a line is not like the others, with its number.
    """
    with path.open("rb") as file:
        style = _style(file.read(HEAD_BYTES), path)
        file.seek(style.start)
        body = Body(file, path, progress, style.skipped_lines + 1)
        rows = _rows(body, style)
    _check_count(path, style, len(rows))
    columns, note = _columns(rows, style, path, layout)
    notes = [note, _("decimal comma") if style.decimal_comma else ""]
    return cloud_of(columns, path, notes=filter(None, notes))


def _rows(body: Body, style: Style) -> Column:
    blocks = list(number_blocks(body, _cleaner(style)))
    if not blocks:
        raise _no_points(body.path, _("it holds no numbers"))
    return np.concatenate(blocks)


def _style(head: bytes, path: Path) -> Style:
    mark = next((mark for mark in _MARKS if head.startswith(mark)), b"")
    if _MARKS.get(mark, "utf-8") != "utf-8" or b"\0" in head:
        raise _no_points(path, _("it is not plain text in UTF-8"))
    lines = head[len(mark) :].splitlines(keepends=True)
    start, skipped, names, count = len(mark), 0, tuple[str, ...](), None
    for line in lines:
        if _COUNT_LINE.fullmatch(line) and count is None and not skipped:
            count = int(line[:18])
        elif line.strip() and _is_point(line):
            break
        elif line.strip():
            names = _names(line) or names
        start += len(line)
        skipped += 1
    else:
        raise _no_points(path, _("it holds no line of three numbers"))
    first = head[start:]
    comma = _has_decimal_comma(first)
    return Style(start, skipped, names, count, comma, b",," in first or b";;" in first)


def _is_point(line: bytes) -> bool:
    for comma in (False, True):
        words = _blanked(line, decimal_comma=comma).split()
        try:
            if len([float(word) for word in words]) >= 2:
                return True
        except ValueError:
            continue
    return False


def _names(line: bytes) -> tuple[str, ...]:
    text = line.decode("utf-8", "replace").strip().lstrip("/#").strip()
    separator = next((mark for mark in ";,\t" if mark in text), None)
    return tuple(name.strip().strip('"') for name in text.split(separator))


def _has_decimal_comma(head: bytes) -> bool:
    """Tell 1,5 from 1.5: commas between digits, no point, and something else that separates."""
    lines = head.splitlines()[:50]
    return all(
        b"." not in line
        and (b";" in line or b"\t" in line or b" " in line.strip())
        and len(_DECIMAL_COMMA.findall(line)) >= 2
        and b", " not in line
        for line in lines[:-1] or lines
        if line.strip()
    )


def _cleaner(style: Style) -> Callable[[bytes], bytes]:
    def clean(text: bytes) -> bytes:
        if style.has_empty_cells:
            text = _filled(text, b";" if style.decimal_comma else b",;")
        return _blanked(text, decimal_comma=style.decimal_comma)

    return clean


def _filled(text: bytes, separators: bytes) -> bytes:
    """Put NaN into empty cells, so that the columns stay in place."""
    gap = rb"(?<=[" + separators + rb"])(?=[ \t]*(?:[" + separators + rb"]|\n|$))"
    return re.sub(gap, b"nan", text)


def _blanked(text: bytes, *, decimal_comma: bool) -> bytes:
    table = bytes.maketrans(b',;\t"', b".   " if decimal_comma else b"    ")
    return text.translate(table)


def _check_count(path: Path, style: Style, found: int) -> None:
    if style.count is not None and style.count != found:
        raise FormatError(
            path,
            _("its first line declares {declared} points, it holds {found}").format(
                declared=style.count, found=found
            ),
            _("the file is cut off or its count is wrong; copy or export it again"),
        )


def _columns(rows: Column, style: Style, path: Path, layout: str | None) -> tuple[Columns, str]:
    wide = rows.shape[1]
    if layout:
        chosen = named_layout(layout, path, wide)
        return columns_of(rows, chosen), chosen.words()
    if style.names and (len(style.names) == wide or _has_coordinates(style.names)):
        return _as_named(rows, style.names, path), ""
    if wide < 3:
        raise _no_points(path, _("its lines have {count} values").format(count=wide))
    if wide == 7 and style.count is not None:
        return _pts(rows), ""
    chosen = best_layout(rows)
    return columns_of(rows, chosen), chosen.words()


def _has_coordinates(names: tuple[str, ...]) -> bool:
    empty = np.empty(0)
    return {"x", "y"} <= set(uniform_names(dict.fromkeys(names, empty)))


def _as_named(rows: Column, names: tuple[str, ...], path: Path) -> Columns:
    if len(names) != rows.shape[1]:
        raise FormatError(
            path,
            _("its header names {named} columns, its lines have {found} values").format(
                named=len(names), found=rows.shape[1]
            ),
            _("correct the header, or remove it and set the layout"),
        )
    if not _has_coordinates(names):
        raise FormatError(
            path,
            _("its header names no x and y ({names})").format(names=", ".join(names[:8])),
            _("name the coordinates x, y and z, or set the layout"),
        )
    named: Columns = {}
    for at, name in enumerate(names):
        named[unused(name or f"column_{at + 1}", named)] = rows[:, at]
    return named


def _pts(rows: Column) -> Columns:
    """Name the columns of Leica's PTS: x y z intensity red green blue."""
    names = ("x", "y", "z", "intensity", "red", "green", "blue")
    return {name: rows[:, at] for at, name in enumerate(names)}


def _no_points(path: Path, problem: str) -> FormatError:
    return FormatError(path, problem, _("open a file with x, y and z on every line"))
