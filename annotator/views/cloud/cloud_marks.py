"""Draws what helps to read a scan: scale bar, axes, and the hint."""

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPen
from PySide6.QtWidgets import QApplication

from annotator.geometry.projection import Camera

_TEXT, _FAINT, _AMBER = QColor("#d9dce2"), QColor("#8b93a1"), QColor("#ffb347")
_AXES = ((QColor("#ff6b6b"), "x"), (QColor("#4cc38a"), "y"), (QColor("#4d9fff"), "z"))
_EDGE_PX = 14
_RIM = QColor(16, 18, 23, 200)
_AXES_PX, _BAR_PX = 92.0, 100.0
"""How wide and high the axes stand bottom right, and how long the bar above them is at most."""
HINT_PX = 56
"""What a hint of two lines takes of the height, its edge with it."""
_BETWEEN = " · "
_HINT_FLAGS = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap


def hint_frame(painter: QPainter, area: QRectF, hint: str) -> QRectF:
    """Return where a hint stands, bottom left: one line, or more where the view is narrow."""
    free = QRectF(0, 0, _beside_bar_px(area), area.height())
    lines = in_lines(hint, painter.fontMetrics(), free.width())
    text = painter.boundingRect(free, _HINT_FLAGS, lines)
    width, height = text.width() + 16, text.height() + 8
    return QRectF(_EDGE_PX, area.height() - _EDGE_PX - height, width, height)


def paint_hint(painter: QPainter, area: QRectF, hint: str, *, warning: bool) -> None:
    """Write what a click would do."""
    frame = hint_frame(painter, area, hint)
    _paint_backing(painter, frame)
    painter.setPen(_AMBER if warning else _TEXT)
    # as wide as it was measured, or it stands in fewer lines than it has room for
    lines = in_lines(hint, painter.fontMetrics(), _beside_bar_px(area))
    painter.drawText(frame.adjusted(8, 0, -8, 0), _HINT_FLAGS, lines)


def in_lines(hint: str, metrics: QFontMetrics, width_px: float) -> str:
    """Return a hint with its lines broken between the things it says, where there is room to."""
    lines: list[str] = []
    for part in hint.split(_BETWEEN):
        longer = f"{lines[-1]}{_BETWEEN}{part}" if lines else ""
        if lines and metrics.horizontalAdvance(longer) <= width_px:
            lines[-1] = longer
        else:
            lines.append(part)
    return "\n".join(lines)


def _beside_bar_px(area: QRectF) -> float:
    return max(area.width() - _BAR_PX - 3 * _EDGE_PX - 16, 200)


def paint_state(painter: QPainter, sentences: Sequence[str]) -> None:
    """Say top left, small, what of the scan is not shown and what cannot be done."""
    metrics = painter.fontMetrics()
    top = 8.0
    for sentence in sentences:
        frame = QRectF(8, top, metrics.horizontalAdvance(sentence) + 14, metrics.height() + 4)
        _paint_backing(painter, frame)
        painter.setPen(_TEXT)
        painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, sentence)
        top += frame.height() + 2


def paint_axes(painter: QPainter, area: QRectF, camera: Camera) -> None:
    """Draw the directions of the world bottom right."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    middle = QPointF(area.width() - 46, area.height() - 46)
    right, down, forward = camera.axes()
    for axis in np.argsort(-forward):
        color, name = _AXES[axis]
        tip = middle + QPointF(28 * float(right[axis]), 28 * float(down[axis]))
        _paint_line(painter, middle, tip, color)
        text = middle + QPointF(38 * float(right[axis]), 38 * float(down[axis]))
        _paint_words(painter, QRectF(text.x() - 8, text.y() - 8, 16, 16), name, color)


def paint_scale_bar(painter: QPainter, area: QRectF, camera: Camera) -> None:
    """Draw a round length at the depth of the target, above the axes."""
    length_m = bar_length_m(area, camera)
    frame = bar_frame(area, camera)
    _paint_line(painter, frame.bottomLeft(), frame.bottomRight(), _TEXT)
    for end in (frame.bottomLeft(), frame.bottomRight()):
        _paint_line(painter, end - QPointF(0, 4), end + QPointF(0, 4), _TEXT)
    text = f"{length_m:g} m" if length_m >= 1 else f"{100 * length_m:g} cm"
    middle = frame.center().x()
    _paint_words(painter, QRectF(middle - 60, frame.top(), 120, 18), text, _TEXT)


def bar_frame(area: QRectF, camera: Camera) -> QRectF:
    """Return where the bar and its words stand: no hint comes there, however narrow the view."""
    width = bar_length_m(area, camera) * camera.px_per_m(area.height())
    end, y = area.width() - _EDGE_PX, area.height() - _AXES_PX - 8
    return QRectF(end - width, y - 22, width, 22)


def bar_length_m(area: QRectF, camera: Camera) -> float:
    """Return the round length that the bar shows."""
    return _round_below(_BAR_PX / camera.px_per_m(area.height()))


def paint_message(painter: QPainter, area: QRectF, text: str) -> None:
    """Say in the middle why there is nothing to see."""
    painter.setPen(_FAINT)
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(area.adjusted(24, 0, -24, 0), flags, text)


def _paint_line(painter: QPainter, start: QPointF, end: QPointF, color: QColor) -> None:
    """Draw a line with a dark rim, which reads over any points and dims none beside it."""
    for pen in (QPen(_RIM, 4.0), QPen(color, 1.6)):
        painter.setPen(pen)
        painter.drawLine(start, end)


def _paint_words(painter: QPainter, frame: QRectF, words: str, color: QColor) -> None:
    """Write words with a dark rim, of which few are ever seen: each is laid out once."""
    size = (round(frame.width()), round(frame.height()))
    ratio = painter.device().devicePixelRatio()
    image = _rimmed(words, color.rgba(), size, ratio, QApplication.font().key())
    painter.drawImage(frame.topLeft().toPoint(), image)


@lru_cache(maxsize=64)
def _rimmed(words: str, rgba: int, size: tuple[int, int], ratio: float, _font: str) -> QImage:
    """Return words with a dark rim in the interface's font; ``_font`` only tells fonts apart."""
    wide, high = size
    image = QImage(
        math.ceil(wide * ratio), math.ceil(high * ratio), QImage.Format.Format_ARGB32_Premultiplied
    )
    image.setDevicePixelRatio(ratio)
    image.fill(0)
    painter, frame = QPainter(image), QRectF(0, 0, wide, high)
    painter.setFont(QApplication.font())
    painter.setPen(_RIM)
    for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        painter.drawText(frame.translated(dx, dy), Qt.AlignmentFlag.AlignCenter, words)
    painter.setPen(QColor.fromRgba(rgba))
    painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, words)
    painter.end()
    return image


def _paint_backing(painter: QPainter, frame: QRectF) -> None:
    """Darken what lies behind text, so that it reads over any points."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(16, 18, 23, 190))
    painter.drawRoundedRect(frame, 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _round_below(length: float) -> float:
    step = 10.0 ** math.floor(math.log10(max(length, 1e-6)))
    return next(step * n for n in (5, 2, 1) if step * n <= length or n == 1)
