"""What is written over a plane: letters, crosshair, outlines, circles and a scale."""

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from annotator.i18n import gettext as _
from annotator.imaging.orientation import Sides
from annotator.model.shapes import Vec2
from annotator.views.theme import DARK

_TICK_PX = 14
_MARGIN_PX = 5
_SCALE_PX = 40
"""How much of the lower edge the scale takes."""


def write(
    painter: QPainter,
    at: QPointF,
    text: str,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """Write light on a dark ground, readable over bone as over air."""
    metrics = painter.fontMetrics()
    width = metrics.horizontalAdvance(text)
    shift = {Qt.AlignmentFlag.AlignRight: width, Qt.AlignmentFlag.AlignHCenter: width / 2}
    at = QPointF(at.x() - shift.get(align, 0.0), at.y())
    ground = QRectF(at.x() - 3, at.y() - metrics.ascent(), width + 6, metrics.height())
    painter.fillRect(ground, QColor(0, 0, 0, 130))
    painter.setPen(QColor(DARK.text))
    painter.drawText(at, text)


def draw_sides(painter: QPainter, size: tuple[int, int], sides: Sides) -> None:
    """Write the patient's sides at the edges."""
    width, height = size
    center, right = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight
    write(painter, QPointF(10, height / 2 + 5), sides.left)
    write(painter, QPointF(width - 10, height / 2 + 5), sides.right, right)
    write(painter, QPointF(width / 2, 20), sides.top, center)
    write(painter, QPointF(width / 2, height - 10), sides.bottom, center)


def draw_crosshair(painter: QPainter, size: tuple[int, int], at: Vec2) -> None:
    """Draw two faint lines with a gap, so that what they point at stays visible."""
    painter.setPen(QPen(QColor(48, 92, 140), 1))
    (x, y), (width, height), gap = at, size, 26
    painter.drawLine(QPointF(0, y), QPointF(x - gap, y))
    painter.drawLine(QPointF(x + gap, y), QPointF(width, y))
    painter.drawLine(QPointF(x, 0), QPointF(x, y - gap))
    painter.drawLine(QPointF(x, y + gap), QPointF(x, height))


def draw_gap(painter: QPainter, size: tuple[int, int], at: Vec2, *, across: bool) -> None:
    """Draw two ticks at the edges where slices that are drawn as neighbours are none.

    Parameters
    ----------
    across
        Whether slices lie one below the other in the picture, else side by side.
    """
    painter.setPen(QPen(QColor(DARK.amber), 1))
    (x, y), (width, height) = at, size
    for start in (0, (width if across else height) - _TICK_PX):
        along = (start, start + _TICK_PX)
        begin, end = (QPointF(n, y) if across else QPointF(x, n) for n in along)
        painter.drawLine(begin, end)


def draw_path(painter: QPainter, at_px: list[QPointF], *, is_closed: bool) -> None:
    """Draw a line from place to place, light on dark, with a small ring at a single one."""
    if len(at_px) == 1:
        draw_circle(painter, (at_px[0].x(), at_px[0].y()), 5.0)
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    line = QPolygonF([*at_px, at_px[0]] if is_closed and len(at_px) > 2 else at_px)
    for color, width in ((QColor(0, 0, 0, 160), 3.0), (QColor(DARK.text), 1.2)):
        painter.setPen(QPen(color, width))
        painter.drawPolyline(line)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def draw_circle(painter: QPainter, at_px: Vec2, radius_px: float) -> None:
    """Draw a ring, light on dark."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box = QRectF(at_px[0] - radius_px, at_px[1] - radius_px, 2 * radius_px, 2 * radius_px)
    for color, width in ((QColor(0, 0, 0, 160), 3.0), (QColor(DARK.text), 1.2)):
        painter.setPen(QPen(color, width))
        painter.drawEllipse(box)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def draw_lens(
    painter: QPainter, size: tuple[int, int], at_px: Vec2, radius_px: float, words: str
) -> None:
    """Draw the lens's ring, and below it, but not over the scale, what is seen through it."""
    draw_circle(painter, at_px, radius_px)
    metrics, room = painter.fontMetrics(), size[0] - 2 * _MARGIN_PX
    lines = [words] if metrics.horizontalAdvance(words) <= room else words.split(" · ")
    height = metrics.height()
    top = min(at_px[1] + radius_px + height, size[1] - _SCALE_PX - (len(lines) - 1) * height)
    for number, line in enumerate(lines):
        wide = metrics.horizontalAdvance(line)
        left = max(_MARGIN_PX, min(at_px[0] - wide / 2, size[0] - _MARGIN_PX - wide))
        write(painter, QPointF(left, top + number * height), line)


def scale_mm(longest_mm: float) -> float:
    """Return the largest of 1, 2 and 5 times a power of ten that is no longer, rounding aside."""
    # A hair below a power of ten, its logarithm is that power's.
    longest_mm *= 1 + 1e-9
    decade = 10.0 ** math.floor(math.log10(longest_mm))
    return max(n * decade for n in (1, 2, 5) if n * decade <= longest_mm)


def draw_scale(painter: QPainter, size: tuple[int, int], px_per_mm: float) -> None:
    """Draw a bar of 1, 2 or 5 times a power of ten millimetres, a fifth of the width at most."""
    length_mm = scale_mm(min(140.0, size[0] / 5) / px_per_mm)
    right, bottom = size[0] - 12, size[1] - 12
    left = right - length_mm * px_per_mm
    for color, width in ((QColor(0, 0, 0, 200), 4), (QColor(DARK.text), 2)):
        painter.setPen(QPen(color, width))
        painter.drawLine(QPointF(left, bottom), QPointF(right, bottom))
    words = _("{mm:g} mm").format(mm=length_mm)
    write(painter, QPointF(right, bottom - 7), words, Qt.AlignmentFlag.AlignRight)
