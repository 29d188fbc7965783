"""Says what the colours mean, small, out of the way, and with the height slab's grips on it."""

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QApplication

from annotator.app.cloud_settings import CloudSettings
from annotator.app.colours_in_words import colour_in_words, notes_of, scale_numbers
from annotator.app.height_slab import Edge, HeightSlab
from annotator.geometry.colouring import ColourBy, Legend
from annotator.geometry.projection import Size
from annotator.i18n import gettext as _
from annotator.model.shapes import Vec2
from annotator.tools.tool import Button, Keys, Pointer
from annotator.views.painted_once import PaintedOnce

_TEXT, _CUT = QColor("#d9dce2"), QColor(16, 18, 23, 205)
_BACK = QColor(16, 18, 23, 165)
_EDGE_PX, _HEAD_PX, _LINE_PX, _PAD_PX = 8, 20, 18, 8
_BAR_PX, _GRIP_PX, _REACH_PX, _CLICK_PX = (10, 132), 7.0, 9.0, 3.0
_MOST_LINES, _GAP_PX = 24, 6


@dataclass(slots=True)
class _Hold:
    """What of the legend is held: an edge of the slab, or its title (None)."""

    edge: Edge | None
    began_px: Vec2
    corner_px: Vec2
    before_m: tuple[float | None, float | None]
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What the legend tells of: colours, and how high the scan's axes lie in the world."""

    legend: Legend
    origin_z_m: float = 0.0


class CloudLegend:
    """The legend of the cloud view; where it stands is view state.

    Parameters
    ----------
    told
        Returns what it tells of.
    size
        Returns the size of the view, px.
    """

    def __init__(
        self, settings: CloudSettings, told: Callable[[], Told], size: Callable[[], Size]
    ) -> None:
        self._settings, self._told, self._size = settings, told, size
        self._slab = HeightSlab(settings)
        self._corner_px: Vec2 = (_EDGE_PX, _EDGE_PX)  # of its top right, from the view's
        self._hold: _Hold | None = None
        self._painted = PaintedOnce()
        self._sized: tuple[Hashable, Vec2] = (None, (0.0, 0.0))

    @property
    def is_unfolded(self) -> bool:
        """Whether more than its title is shown."""
        return self._settings.look.legend

    def frame(self) -> QRectF:
        """Return where it stands in the view."""
        wide, high = self._size_of(self._told().legend)
        view_wide, view_high = self._size()
        left = min(max(view_wide - self._corner_px[0] - wide, 0), view_wide - wide)
        return QRectF(left, min(max(self._corner_px[1], 0), view_high - _HEAD_PX), wide, high)

    def paint(self, painter: QPainter) -> None:
        """Draw it over the points."""
        told, look = self._told(), self._settings.look
        if self._has_any(told.legend):
            frame = self.frame()
            says = (told, frame.getRect(), self.is_unfolded, look.slab_m)
            self._painted.paint(
                painter, says, lambda: _with_grips(frame), lambda own: self._draw(own, told, frame)
            )

    def _draw(self, painter: QPainter, told: Told, frame: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_BACK)
        painter.drawRoundedRect(frame, 4, 4)
        painter.setPen(_TEXT)
        head = QRectF(frame.left() + _PAD_PX, frame.top(), frame.width() - 2 * _PAD_PX, _HEAD_PX)
        mark = "▾" if self.is_unfolded else "▸"
        painter.drawText(head, Qt.AlignmentFlag.AlignVCenter, f"{mark} {_title(told.legend)}")
        if self.is_unfolded and told.legend.entries:
            _paint_classes(painter, frame, told.legend)
        elif self.is_unfolded:
            self._paint_scale(painter, told, frame)

    # --- its grips

    def hint_at(self, at_px: Vec2) -> str:
        """Say what dragging what is under the pointer does."""
        edge = self._edge_at(at_px)
        if edge is Edge.FLOOR:
            return _("Drag to cut what lies lower · Ctrl+Shift+wheel")
        if edge is Edge.CEILING:
            return _("Drag to cut what lies higher · Ctrl+wheel")
        frame = self.frame()
        head = QRectF(frame.left(), frame.top(), frame.width(), _HEAD_PX)
        if head.contains(QPointF(*at_px)) and self._has_any(self._told().legend):
            return _("Click folds the legend · drag moves it")
        return ""

    def press(self, pointer: Pointer) -> bool:
        """Take hold of an edge of the slab, or of the title."""
        if pointer.button is not Button.LEFT or pointer.keys & Keys.ALT:
            return False
        if not self.hint_at(pointer.at_px):
            return False
        edge, before_m = self._edge_at(pointer.at_px), self._settings.look.slab_m
        self._hold = _Hold(edge, pointer.at_px, self._corner_px, before_m)
        return True

    def move(self, pointer: Pointer) -> None:
        """Cut the scan there, or bring the legend there."""
        hold = self._hold
        if hold is None:
            return
        hold.moved |= math.dist(pointer.at_px, hold.began_px) > _CLICK_PX
        if hold.edge is not None:
            (low, high), bar = _between_m(self._told()), bar_in(self.frame())
            share = (bar.bottom() - pointer.at_px[1]) / bar.height()
            self._slab.put(hold.edge, low + share * (high - low), (low, high))
        elif hold.moved:
            right, down = (a - b for a, b in zip(pointer.at_px, hold.began_px, strict=True))
            self._corner_px = (hold.corner_px[0] - right, hold.corner_px[1] + down)

    def release(self) -> None:
        """Let go; a click on the title folds the legend, or unfolds it."""
        hold, self._hold = self._hold, None
        if hold is not None and hold.edge is None and not hold.moved:
            self._settings.set(legend=not self.is_unfolded)

    def back_out(self) -> bool:
        """Leave all as it was before the drag."""
        hold, self._hold = self._hold, None
        if hold is None:
            return False
        self._corner_px = hold.corner_px
        self._settings.set(slab_m=hold.before_m)
        return True

    def _has_any(self, legend: Legend) -> bool:
        return bool(legend.entries) or legend.table is not None

    def _size_of(self, legend: Legend) -> Vec2:
        """Return how large it is; words are measured only when there are others."""
        says = (legend, self.is_unfolded, QApplication.font().key())
        if self._sized[0] != says:
            self._sized = (says, self._own_size(legend))
        return self._sized[1]

    def _own_size(self, legend: Legend) -> Vec2:
        metrics = QFontMetricsF(QApplication.font())
        wide = metrics.horizontalAdvance(f"▾ {_title(legend)}") + 2 * _PAD_PX
        if not self.is_unfolded:
            return wide, _HEAD_PX
        if legend.entries:
            words = [_(title) for title, _color in legend.entries[:_MOST_LINES]]
            widest = max(metrics.horizontalAdvance(word) for word in words)
            return max(wide, widest + 18 + 2 * _PAD_PX), _HEAD_PX + _LINE_PX * len(words) + 4
        numbers = max(metrics.horizontalAdvance(n) for n in scale_numbers(legend).values())
        notes = notes_of(legend)
        widest = max((metrics.horizontalAdvance(note) for note in notes), default=0.0)
        beside = _BAR_PX[0] + _GRIP_PX + _GAP_PX
        high = _HEAD_PX + _BAR_PX[1] + 20 + _LINE_PX * len(notes)
        return max(wide, numbers + beside + 2 * _PAD_PX, widest + 2 * _PAD_PX, 86.0), high

    def _edges_px(self, told: Told, bar: QRectF) -> dict[Edge, float]:
        """Return how far down the slab's edges are; none where heights are not told."""
        if told.legend.by is not ColourBy.HEIGHT or not self.is_unfolded:
            return {}
        low, high = _between_m(told)
        shares = {e: (self._slab.edge_m(e, (low, high)) - low) / (high - low) for e in Edge}
        return {
            e: bar.bottom() - min(max(share, 0), 1) * bar.height() for e, share in shares.items()
        }

    def _edge_at(self, at_px: Vec2) -> Edge | None:
        bar = bar_in(self.frame())
        if not bar.left() - 4 <= at_px[0] <= bar.right() + _GRIP_PX + _REACH_PX:
            return None
        apart = {edge: abs(at_px[1] - y) for edge, y in self._edges_px(self._told(), bar).items()}
        best = min(apart, key=lambda edge: apart[edge], default=None)
        return best if best is not None and apart[best] <= _REACH_PX else None

    def _paint_scale(self, painter: QPainter, told: Told, frame: QRectF) -> None:
        legend, bar = told.legend, bar_in(frame)
        if legend.table is None:
            return
        colours = np.ascontiguousarray(legend.table[::-1])
        image = QImage(colours.data, 1, len(colours), 4, QImage.Format.Format_RGB32).copy()
        painter.drawImage(bar, image)
        painter.setPen(_TEXT)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        wide = bar.left() - _GAP_PX - frame.left()
        for share, number in scale_numbers(legend).items():
            y = bar.bottom() - share * bar.height()
            painter.drawText(QRectF(frame.left(), y - 9, wide, 18), right, number)
        for line, note in enumerate(notes_of(legend)):
            y = bar.bottom() + 10 + _LINE_PX * line
            area = QRectF(frame.left() + _PAD_PX, y, frame.width() - 2 * _PAD_PX, _LINE_PX)
            painter.drawText(area, right, note)
        edges = self._edges_px(told, bar)
        if edges:
            self._paint_edges(painter, bar, edges)

    def _paint_edges(self, painter: QPainter, bar: QRectF, edges: dict[Edge, float]) -> None:
        """Darken what is cut, and draw a grip at each edge of the slab."""
        top, bottom = edges[Edge.CEILING], edges[Edge.FLOOR]
        painter.fillRect(QRectF(bar.left(), bar.top(), bar.width(), top - bar.top()), _CUT)
        painter.fillRect(QRectF(bar.left(), bottom, bar.width(), bar.bottom() - bottom), _CUT)
        for y in (top, bottom):
            painter.setPen(QPen(_TEXT, 1.4))
            painter.drawLine(QPointF(bar.left() - 3, y), QPointF(bar.right(), y))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_TEXT)
            tip, wide, half = bar.right() + 1, _GRIP_PX, _GRIP_PX * 0.75
            corners = (tip, y), (tip + wide, y - half), (tip + wide, y + half)
            painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
        painter.setBrush(Qt.BrushStyle.NoBrush)


def _with_grips(frame: QRectF) -> QRectF:
    """Return what is painted into: the slab's edges may stand a little above the scale."""
    return frame.adjusted(-_GRIP_PX, -_GRIP_PX, _GRIP_PX, _GRIP_PX)


def bar_in(frame: QRectF) -> QRectF:
    """Return where the scale stands in the legend's frame."""
    wide, high = _BAR_PX
    left = frame.right() - _PAD_PX - wide - _GRIP_PX
    return QRectF(left, frame.top() + _HEAD_PX + 8, wide, high)


def _between_m(told: Told) -> tuple[float, float]:
    """Return the heights at the ends of the scale, in the world."""
    return told.legend.low + told.origin_z_m, told.legend.high + told.origin_z_m


def _paint_classes(painter: QPainter, frame: QRectF, legend: Legend) -> None:
    for line, (title, color) in enumerate(legend.entries[:_MOST_LINES]):
        y = frame.top() + _HEAD_PX + _LINE_PX * line
        painter.fillRect(QRectF(frame.left() + _PAD_PX, y + 4, 10, 10), QColor(*color))
        painter.setPen(_TEXT)
        area = QRectF(frame.left() + _PAD_PX + 16, y, frame.width(), _LINE_PX)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, _(title))


def _title(legend: Legend) -> str:
    return f"{colour_in_words(legend.by)} {legend.unit}".strip()
