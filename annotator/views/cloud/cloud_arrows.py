"""Draws arrows of the world with heads, so that one sees which way things move."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF

from annotator.views.cloud.cloud_lines import HIDDEN_SHARE, Stage, Stroke, is_behind, paint_strokes

Floats = npt.NDArray[np.float64]

_SMALLEST_PX, _HEAD_PX, _HALF = 4.0, 7.0, 0.4
_LINE_PX = 1.0
_ALIKE, _MIDDLE = np.uint32(0xFFF0F0F0), np.uint32(0x00080808)
"""Colours that nobody tells apart are drawn in one go."""
_SHORTEST_PX = 0.3
"""What comes straight at the eye has no direction on the screen."""


def paint_arrows(
    painter: QPainter, stage: Stage, arrows_m: Floats, colours: npt.NDArray[np.uint32]
) -> None:
    """Draw arrows, shape (K, 2, 3), world metres; fainter where points hide them.

    Parameters
    ----------
    colours
        Of the points that move, shape (K,), 0xffRRGGBB: arrows over them say the same.
    """
    looks, which = np.unique(colours & _ALIKE | _MIDDLE, return_inverse=True)
    parts = [(arrows_m[which == n], QColor.fromRgb(look)) for n, look in enumerate(looks.tolist())]
    paint_strokes(painter, stage, [Stroke(ends_m, color, _LINE_PX) for ends_m, color in parts])
    for ends_m, color in parts:
        _paint_heads(painter, stage, ends_m, color)


def _paint_heads(painter: QPainter, stage: Stage, arrows_m: Floats, color: QColor) -> None:
    feet_px = stage.to_px(arrows_m[:, 0])
    tips_px, depth_m = stage.project(arrows_m[:, 1])
    along = tips_px - feet_px
    length = np.hypot(*along.T)
    is_seen = np.isfinite(length) & (length >= _SHORTEST_PX)
    is_hidden = is_behind(stage, tips_px, depth_m)
    painter.setPen(Qt.PenStyle.NoPen)
    for hidden in (True, False):
        faint = QColor(color)
        faint.setAlphaF(color.alphaF() * (HIDDEN_SHARE if hidden else 1.0))
        painter.setBrush(faint)
        chosen = is_seen & (is_hidden == hidden)
        for corners in _heads_px(tips_px[chosen], along[chosen], length[chosen, None]):
            painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners.tolist()]))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _heads_px(tips_px: Floats, along_px: Floats, length_px: Floats) -> Floats:
    """Return the three corners of each head, shape (K, 3, 2); short arrows have smaller ones."""
    back_px = along_px / length_px * np.clip(length_px, _SMALLEST_PX, _HEAD_PX)
    aside_px = _HALF * np.stack([-back_px[:, 1], back_px[:, 0]], axis=1)
    foot_px = tips_px - back_px
    return np.stack([tips_px, foot_px + aside_px, foot_px - aside_px], axis=1)
