"""The cursors of the tools: a cross to aim with, and beside it which tool is in hand."""

from functools import cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor

from annotator.tools.tool import Cursor, Tool
from annotator.views.icons import rendered, strokes_of

_SHAPES = {
    Cursor.ARROW: Qt.CursorShape.ArrowCursor,
    Cursor.MOVE: Qt.CursorShape.SizeAllCursor,
    Cursor.NONE: Qt.CursorShape.BlankCursor,
}
_SIZE_PX, _AIM_PX = 32, 10
"""A size that Windows does not scale, and where in it a click falls."""
_CROSS = "M10.5 2.5 V8 M10.5 13 V18.5 M2.5 10.5 H8 M13 10.5 H18.5"
_RATIO = 2
"""Drawn twice as fine, for screens that show it so."""


def cursor_of(tool: type[Tool] | Tool) -> QCursor:
    """Return how the pointer looks while a tool is in hand."""
    shape = _SHAPES.get(tool.cursor)
    return _aiming(tool.id) if shape is None else QCursor(shape)


@cache
def _aiming(tool_id: str) -> QCursor:
    pixmap = rendered(_seen_anywhere(tool_id), _SIZE_PX, _SIZE_PX * _RATIO)
    pixmap.setDevicePixelRatio(_RATIO)
    return QCursor(pixmap, _AIM_PX, _AIM_PX)


def _seen_anywhere(tool_id: str) -> str:
    """Return white strokes upon black ones, for a dark scan and for bright bone."""
    strokes = (
        f'<path d="{_CROSS}"/>'
        f'<path d="{strokes_of(tool_id)}" transform="translate(16 16) scale(0.65)"/>'
    )
    return "".join(
        f'<g fill="none" stroke="{color}" stroke-width="{width}" stroke-linecap="round" '
        f'stroke-linejoin="round">{strokes}</g>'
        for color, width in (("black", 3.4), ("white", 1.4))
    )
