"""Draws points, labelled shapes and words over a camera's image."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from annotator.app.camera_scene import SeenAnnotation
from annotator.app.shown_class import color_of
from annotator.app.states_in_words import name_of
from annotator.geometry.wireframes import BORDERS, EDGES, assumed_lines
from annotator.model.labels import Taxonomy
from annotator.model.shapes import Box3D, Face, Vec2
from annotator.views.line_styles import SOLID, pen_of, style_of
from annotator.views.theme import DARK

Pixels = npt.NDArray[np.uint32]

_THIN_PX, _HOVERED_PX, _CHOSEN_PX = 1.3, 2.0, 2.6
_HIDDEN_SHARE = 0.4
_HALO = QColor(8, 10, 13, 170)
_FRONT = frozenset(frozenset(edge) for edge in BORDERS[Face.FRONT])


@dataclass(frozen=True, slots=True)
class ImageStage:
    """Where an image lies in a widget: its upper left corner, and widget pixels to one of its."""

    left: float
    top: float
    scale: float
    taxonomy: Taxonomy

    def to_image(self, at: QPointF) -> Vec2:
        """Return which pixel of the image lies at a place of the widget."""
        return (at.x() - self.left) / self.scale, (at.y() - self.top) / self.scale

    def to_widget(self, at_px: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return where pixels of the image lie in the widget; any shape (…, 2)."""
        return np.asarray(at_px * self.scale + (self.left, self.top))

    def frame(self, pixels: Pixels) -> QRectF:
        """Return which part of the widget the image covers."""
        height, width = pixels.shape
        return QRectF(self.left, self.top, width * self.scale, height * self.scale)

    def color_of(self, label: str) -> QColor:
        """Return the colour of a class."""
        return QColor(*color_of(label, self.taxonomy))


def paint_image(painter: QPainter, area: QRectF, stage: ImageStage, pixels: Pixels) -> None:
    """Draw the image, and nothing beside it."""
    painter.fillRect(area, QColor(DARK.window))
    height, width = pixels.shape
    image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, stage.scale < 3)
    painter.drawImage(stage.frame(pixels), image)


def paint_points(
    painter: QPainter,
    area: QRectF,
    stage: ImageStage,
    at_px: npt.NDArray[np.float64],
    colours: Pixels,
) -> None:
    """Draw points as small squares; later ones cover earlier ones."""
    width, height = int(area.width()), int(area.height())
    side = 1 if stage.scale < 1 else 2
    drawn = np.zeros((height + side, width + side), np.uint32)
    x, y = np.floor(stage.to_widget(at_px)).astype(np.int64).T
    inside = (x >= 0) & (y >= 0) & (x < width) & (y < height)
    x, y, colours = x[inside], y[inside], colours[inside]
    for down in range(side):
        for right in range(side):
            drawn[y + down, x + right] = colours
    rows, columns = drawn.shape
    image = QImage(drawn.data, columns, rows, 4 * columns, QImage.Format.Format_ARGB32)
    painter.drawImage(0, 0, image)


def paint_annotations(
    painter: QPainter,
    stage: ImageStage,
    seen: Sequence[SeenAnnotation],
    *,
    selected: frozenset[str],
    hovered: frozenset[str],
) -> None:
    """Draw what was labelled: thin, the hovered heavier, the selected heaviest; last is on top."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for one in sorted(seen, key=lambda one: one.annotation.id in selected):
        number = one.annotation.id
        width = _CHOSEN_PX if number in selected else _HOVERED_PX if number in hovered else _THIN_PX
        _paint_one(painter, stage, one, width)
    for one in seen:
        if one.annotation.id in hovered | selected:
            _paint_name(painter, stage, one)


def paint_hint(painter: QPainter, area: QRectF, text: str) -> None:
    """Say in one line, bottom left, what a click would do."""
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    free = QRectF(0, 0, max(area.width() - 24, 60), area.height())
    said = painter.boundingRect(free, flags, text)
    frame = QRectF(6, area.height() - said.height() - 12, said.width() + 12, said.height() + 6)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(16, 18, 23, 190))
    painter.drawRoundedRect(frame, 4, 4)
    painter.setPen(QColor(DARK.text))
    painter.drawText(frame, flags, text)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_words(painter: QPainter, area: QRectF, text: str) -> None:
    """Say why there is no image."""
    painter.fillRect(area, QColor(DARK.window))
    painter.setPen(QColor(DARK.faint))
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(area.adjusted(12, 8, -12, -8), flags, text)


def _paint_one(painter: QPainter, stage: ImageStage, seen: SeenAnnotation, width: float) -> None:
    shape, annotation = seen.annotation.shape, seen.annotation
    color = stage.color_of(annotation.label)
    if seen.is_hidden and width == _THIN_PX:
        color.setAlphaF(_HIDDEN_SHARE)
    ends = stage.to_widget(seen.ends_px)
    assumed = assumed_lines(shape)[seen.lines]
    if isinstance(shape, Box3D):
        _tint_front(painter, ends, seen, color)
    for lines, is_assumed in ((ends[~assumed], False), (ends[assumed], True)):
        style = style_of(annotation.origin, is_assumed=is_assumed)
        _paint_lines(painter, lines, color, width, style)


def _paint_lines(
    painter: QPainter,
    ends: npt.NDArray[np.float64],
    color: QColor,
    width: float,
    style: Qt.PenStyle,
) -> None:
    lines = [QLineF(*line) for line in ends.reshape(-1, 4).tolist()]
    if style is SOLID and width > _THIN_PX:
        painter.setPen(QPen(_HALO, width + 2))
        painter.drawLines(lines)
    painter.setPen(pen_of(color, width, style))
    painter.drawLines(lines)


def _tint_front(
    painter: QPainter, ends: npt.NDArray[np.float64], seen: SeenAnnotation, color: QColor
) -> None:
    """Tint the face that a box heads to, where all of it is in front of the camera."""
    at = [n for n, line in enumerate(seen.lines) if frozenset(EDGES[line]) in _FRONT]
    corners = {EDGES[seen.lines[n]][0]: ends[n, 0] for n in at}
    corners |= {EDGES[seen.lines[n]][1]: ends[n, 1] for n in at}
    if len(at) < 4 or len(corners) < 4:
        return
    tint = QColor(color)
    tint.setAlphaF(0.22 * color.alphaF())
    ring = [corners[corner] for corner in (0, 3, 7, 4)]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint)
    painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in ring]))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_name(painter: QPainter, stage: ImageStage, seen: SeenAnnotation) -> None:
    label = seen.annotation.label
    title = name_of(seen.annotation, stage.taxonomy)
    places = stage.to_widget(seen.ends_px).reshape(-1, 2)
    metrics = painter.fontMetrics()
    width, height = metrics.horizontalAdvance(title) + 10, metrics.height() + 2
    x, y = float(places[:, 0].mean()), max(float(places[:, 1].min()) - 4, height + 2.0)
    frame = QRectF(x - width / 2, y - height, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(16, 18, 23, 215))
    painter.drawRoundedRect(frame, 3, 3)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(stage.color_of(label))
    painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, title)
