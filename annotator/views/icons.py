"""The icons: strokes of one weight, drawn in the palette's colour at any size."""

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

CHIP = QSize(12, 12)
"""How large a class's colour stands before its name."""

_STROKES = {
    "select": "M6 3 L6 19 L10.5 15 L13.5 21 L16 20 L13 14 L19 14 Z",
    "select_box": "M6 3 L6 19 L10.5 15 L13.5 21 L16 20 L13 14 L19 14 Z",
    "one_click_box": "M4 9 L12 5 L20 9 L12 13 Z M4 9 V16 L12 20 L20 16 V9 M12 13 V20",
    "usual_box": "M4 9 L12 5 L20 9 L12 13 Z M4 9 V13 M20 9 V13 M12 13 V16 M4 17 L12 21 L20 17",
    "draw_box": "M5 5 H19 V19 H5 Z M2 5 H5 M5 2 V5 M19 19 V22 M19 19 H22",
    "lasso_label": "M12 4 C5 4 3 8 4 11 C5 15 12 14 15 13 C20 12 21 9 20 7 C19 5 16 4 12 4 M8 14 "
    "C6 15 7 18 9 18 C11 18 11 20 9 21",
    "pillar": "M9 4 H15 V20 H9 Z M6 20 H18 M6 4 H18",
    "wall": "M3 7 H21 V17 H3 Z M3 12 H21 M9 7 V12 M15 12 V17",
    "row": "M3 8 H7 V16 H3 Z M10 8 H14 V16 H10 Z M17 8 H21 V16 H17 Z",
    "measure": "M3 17 L17 3 L21 7 L7 21 Z M8 12 L10 14 M11 9 L14 12 M14 6 L16 8",
    "brush": "M4 20 C8 20 9 18 8 16 L18 5 L20 7 L10 17",
    "eraser": "M8 19 L3 14 L13 4 L20 11 L12 19 Z M12 19 H21",
    "click_focus": "M12 3 V8 M12 16 V21 M3 12 H8 M16 12 H21 M12 10 A2 2 0 1 0 12 14 A2 2 0 1 0 12 "
    "10",
    "remove_focus": "M5 5 L19 19 M19 5 L5 19",
    "points": "M6 6 h.01 M12 5 h.01 M18 7 h.01 M7 12 h.01 M13 11 h.01 M18 13 h.01 M6 18 h.01 "
    "M12 18 h.01 M17 18 h.01",
    "polygon": "M5 18 L4 8 L12 4 L20 10 L17 19 Z",
    "contour": "M5 18 L4 8 L12 4 L20 10 L17 19 Z",
    "grow_cluster": "M12 12 m-8 0 a8 8 0 1 0 16 0 a8 8 0 1 0 -16 0 M12 12 m-3 0 a3 3 0 1 0 6 0 "
    "a3 3 0 1 0 -6 0",
    "brush_points": "M4 20 C7 20 8 18 7 16 L13 9 L15 11 L9 18 M15 4 h.01 M19 4 h.01 M19 8 h.01 "
    "M20 13 h.01 M16 15 h.01",
    "edit_vertices": "M6 17 L12 6 L18 17 M4 17 H8 V21 H4 Z M10 3 H14 V7 H10 Z M16 17 H20 V21 H16 Z",
    "inside_box": "M4 4 H20 V20 H4 Z M9 9 h.01 M14 8 h.01 M12 12 h.01 M8 15 h.01 M15 15 h.01",
    "plane_slab": "M3 10 L14 10 L21 14 L10 14 Z M3 6 L14 6 L21 10 M3 18 L10 18 L21 18",
    "split_instance": "M5 5 h.01 M8 9 h.01 M4 12 h.01 M8 15 h.01 M5 19 h.01 M12 3 V7 M12 10 V14 "
    "M12 17 V21 M19 5 h.01 M16 9 h.01 M20 12 h.01 M16 15 h.01 M19 19 h.01",
    "rectangle_label": "M4 6 H7 M10 6 H14 M17 6 H20 V9 M20 12 V15 M20 18 H17 M14 18 H10 M7 18 H4 "
    "V15 M4 12 V9",
    "polygon_focus": "M5 18 L4 8 L12 4 L20 10 L17 19 Z",
    "freehand_focus": "M6 17 C2 12 6 4 12 5 C18 6 22 10 19 15 C17 20 11 16 8 19",
    "ellipse_focus": "M12 6 C17 6 21 9 21 12 C21 15 17 18 12 18 C7 18 3 15 3 12 C3 9 7 6 12 6 Z",
    "scissors": "M6 15 A3 3 0 1 0 6 21 A3 3 0 1 0 6 15 M18 15 A3 3 0 1 0 18 21 A3 3 0 1 0 18 15 "
    "M7.5 15.5 L17 3 M16.5 15.5 L7 3",
    "ruler": "M3 17 L17 3 L21 7 L7 21 Z M8 12 L10 14 M11 9 L14 12 M14 6 L16 8",
    "angle": "M4 20 L18 5 M4 20 H20 M11 12.5 C14 14 15 17 15 20",
    "point_probe": "M12 3 V9 M12 15 V21 M3 12 H9 M15 12 H21",
    "ellipse_probe": "M12 6 C17 6 21 9 21 12 C21 15 17 18 12 18 C7 18 3 15 3 12 C3 9 7 6 12 6 Z "
    "M12 10 V14 M10 12 H14",
    "lock": "M6 11 H18 V20 H6 Z M8 11 V8 A4 4 0 0 1 16 8 V11",
    "unseen": "M3 12 C7 6 17 6 21 12 C17 18 7 18 3 12 M5 19 L19 5",
    "unknown": "M12 4 A8 8 0 1 0 12 20 A8 8 0 1 0 12 4",
}


@cache  # Qt keeps up to 10 MB of what icons it has not seen before look like
def icon(name: str, color: str) -> QIcon:
    """Return an icon by its name; a plain ring for a name that has none."""
    made = QIcon()
    for size_px in (20, 30, 40):
        made.addPixmap(_pixmap(strokes_of(name), color, size_px))
    return made


def strokes_of(name: str) -> str:
    """Return an icon's path in SVG, in a square of 24; a plain ring for a name that has none."""
    return _STROKES.get(name, _STROKES["unknown"])


def rendered(svg: str, box: int, size_px: int) -> QPixmap:
    """Return what stands in an SVG picture of so many units a side, on nothing."""
    pixmap = QPixmap(size_px, size_px)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    picture = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {box} {box}">{svg}</svg>'
    QSvgRenderer(QByteArray(picture.encode())).render(painter)
    painter.end()
    return pixmap


@cache
def chip(color: tuple[int, int, int]) -> QIcon:
    """Return a filled square of a class's colour, the same whether its row is selected or not."""
    made = QIcon()
    for size_px in (12, 18, 24):
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
            made.addPixmap(_square(color, size_px), mode)
    return made


def _square(color: tuple[int, int, int], size_px: int) -> QPixmap:
    pixmap = QPixmap(size_px, size_px)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(*color))
    painter.drawRoundedRect(QRectF(1, 1, size_px - 2, size_px - 2), 2, 2)
    painter.end()
    return pixmap


def _pixmap(strokes: str, color: str, size_px: int) -> QPixmap:
    svg = (
        f'<path d="{strokes}" fill="none" stroke="{color}" stroke-width="1.6" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )
    return rendered(svg, 24, size_px)
