"""Draws annotations, grips and previews over a scan."""

import math
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from annotator.app.states_in_words import name_of
from annotator.geometry.boxes import world_from_box
from annotator.geometry.wireframes import assumed_lines, extent_m, lines_of
from annotator.model.annotations import Annotation
from annotator.model.shapes import Box3D, Polygon3D, Polyline3D, Shape, Vec2
from annotator.tools.box_handles import Handle, Kind, grips_in_view, ring_of
from annotator.tools.clip_box import clip_grips
from annotator.tools.tool import Preview
from annotator.views.cloud.cloud_lines import (
    Floats,
    Stage,
    Stroke,
    paint_strokes,
)
from annotator.views.line_styles import DASHED, style_of

_PLAIN, _AMBER, _CLIP = QColor("#f2f4f8"), QColor("#ffb347"), QColor("#b7c4d9")
_WIDTH_PX, _CHOSEN_PX, _PREVIEW_PX = 1.3, 2.4, 1.8
_WAITING = 0.35
"""How much of its class's colour fills an outline that is not taken yet."""
_LABELLED_AT_MOST, _MARKED_AT_MOST = 12, 200
NOBODY: Mapping[str, str] = MappingProxyType({})
_SMOOTH_AT_MOST = 60
_ABOVE_PX = 8.0
_BESIDE_PX = 44.0
"""How far below pointer and outline a tool's number stands, so that none hides another."""
# The front's corners 0, 3, 7 and 4 as ends of the twelve edges: 0-1, 3-0, 7-4 and 4-5.
_FRONT_EDGES, _FRONT_ENDS = np.array([0, 3, 7, 4]), np.array([0, 0, 0, 0])


def paint_annotations(
    painter: QPainter,
    stage: Stage,
    annotations: Iterable[Annotation],
    *,
    selected: frozenset[str],
    named: frozenset[str],
    doubted: Mapping[str, str] = NOBODY,
) -> None:
    """Draw annotations: thin, the selected ones heavier, names only where asked for.

    Parameters
    ----------
    selected, named
        Ids of annotations.
    doubted
        What is wrong with some; they bear a mark, and the sentence where they bear their name.
    """
    shown = [a for a in annotations if not a.dismissed]
    # Many smooth lines take longer than a frame has while things move.
    is_smooth = stage.picture.is_whole or len(shown) <= _SMOOTH_AT_MOST
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, is_smooth)
    strokes: list[Stroke] = []
    for annotation in shown:
        width_px = _CHOSEN_PX if annotation.id in selected else _WIDTH_PX
        strokes += _strokes(stage, annotation, width_px)
    _tint_fronts(painter, stage, shown)
    chosen = [a for a in shown if a.id in selected]
    if len(chosen) == 1:
        strokes += _ring(stage, chosen[0])
    paint_strokes(painter, stage, strokes)
    if len(chosen) == 1:
        _paint_handles(painter, stage, chosen[0].shape)
    asked = [a for a in shown if a.id in named | selected]
    for annotation in asked[:_LABELLED_AT_MOST]:
        doubt = doubted.get(annotation.id, "")
        title = name_of(annotation, stage.taxonomy)
        _paint_above(painter, stage, annotation, f"▲ {doubt}" if doubt else title)
    silent = [a for a in shown if a.id in doubted and a not in asked[:_LABELLED_AT_MOST]]
    for annotation in silent[:_MARKED_AT_MOST]:
        _paint_above(painter, stage, annotation, "▲")


def paint_clip(painter: QPainter, stage: Stage, box: Box3D | None, held: Handle | None) -> None:
    """Draw the box that the view is cut to, and the grips on its faces."""
    if box is None:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_strokes(painter, stage, [Stroke(lines_of(box), _CLIP, 1.2, DASHED)])
    grips = clip_grips(box)
    painter.setPen(QPen(QColor(10, 12, 16), 1.0))
    for grip, (x, y) in zip(grips, stage.to_px([g.at_m for g in grips]).tolist(), strict=True):
        if math.isfinite(x + y):
            is_held = held is not None and held.faces == grip.faces
            painter.setBrush(_AMBER if is_held else _CLIP)
            corners = (x, y - 6.5), (x + 6.5, y), (x, y + 6.5), (x - 6.5, y)
            painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_preview(painter: QPainter, stage: Stage, preview: Preview) -> None:
    """Draw what a tool would do."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    color = _AMBER if preview.warning else _PLAIN
    strokes = [s for a in preview.annotations for s in _strokes(stage, a, _PREVIEW_PX)]
    _tint_outlines(painter, stage, preview.annotations)
    if preview.lines_m:
        strokes.append(Stroke(np.array(preview.lines_m, float), color, 1.4))
    _tint_fronts(painter, stage, preview.annotations)
    paint_strokes(painter, stage, strokes)
    if len(preview.path_px) > 1:
        outline = QPolygonF([QPointF(x, y) for x, y in preview.path_px])
        painter.setBrush(QColor(255, 255, 255, 26))
        painter.setPen(QPen(color, 1.4))
        painter.drawPolygon(outline) if preview.closed else painter.drawPolyline(outline)
        painter.setBrush(Qt.BrushStyle.NoBrush)
    if preview.circle_px is not None:
        (x, y), radius = preview.circle_px
        painter.setPen(QPen(color, 1.4))
        painter.drawEllipse(QPointF(x, y), radius, radius)
    if preview.beside is not None:
        (x, y), words = preview.beside
        lowest = max([y, *(path_y for _path_x, path_y in preview.path_px)]) + _BESIDE_PX
        paint_tag(painter, (x, min(lowest, stage.size_px[1])), words, color)


def _strokes(stage: Stage, annotation: Annotation, width_px: float) -> Iterator[Stroke]:
    """Yield the lines of an annotation: broken where nobody saw it, or a part."""
    color, shape = stage.pen_color(annotation.label), annotation.shape
    lines, assumed = lines_of(shape), assumed_lines(shape)
    yield Stroke(lines[~assumed], color, width_px, style_of(annotation.origin))
    yield Stroke(lines[assumed], color, width_px, style_of(annotation.origin, is_assumed=True))
    if isinstance(shape, Box3D):
        yield Stroke(_heading(shape), color, 1.2)


@lru_cache(maxsize=4096)
def _heading(box: Box3D) -> Floats:
    """Return an arrow on the floor that points the way a box heads."""
    pose, (length, width, height) = world_from_box(box), box.size_m
    head = min(0.35 * length, 0.35 * width, 0.5)
    tip = length / 2 + 0.6 * head
    own = np.array([[0, 0], [tip, 0], [tip - head, head / 2], [tip - head, -head / 2]])
    flat = np.column_stack([own, np.full(4, -height / 2)]) @ pose[:3, :3].T + pose[:3, 3]
    return np.asarray(flat[[[0, 1], [1, 2], [1, 3]]])


def _tint_fronts(painter: QPainter, stage: Stage, annotations: Iterable[Annotation]) -> None:
    """Tint the face that each box heads to."""
    boxes = [(a, a.shape) for a in annotations if isinstance(a.shape, Box3D)]
    if not boxes:
        return
    lines = np.array([lines_of(box)[_FRONT_EDGES, _FRONT_ENDS] for _a, box in boxes])
    fronts = stage.to_px(lines.reshape(-1, 3)).reshape(-1, 4, 2)
    with np.errstate(invalid="ignore"):
        low, high = fronts.min(axis=1), fronts.max(axis=1)
        in_view = (high >= 0).all(axis=1) & (low <= np.array(stage.size_px)).all(axis=1)
    painter.setPen(Qt.PenStyle.NoPen)
    for number in np.flatnonzero(in_view):
        tint = stage.pen_color(boxes[number][0].label)
        tint.setAlphaF(0.15 * tint.alphaF())
        painter.setBrush(tint)
        painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in fronts[number].tolist()]))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _tint_outlines(painter: QPainter, stage: Stage, annotations: Iterable[Annotation]) -> None:
    """Fill outlines that wait for a word: a dotted line on the floor is hardly seen."""
    painter.setPen(Qt.PenStyle.NoPen)
    for annotation in annotations:
        if isinstance(annotation.shape, Polygon3D):
            places = stage.to_px(annotation.shape.vertices_m)
            tint = stage.pen_color(annotation.label)
            tint.setAlphaF(_WAITING * tint.alphaF())
            painter.setBrush(tint)
            if np.isfinite(places).all():
                painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in places.tolist()]))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _ring(stage: Stage, annotation: Annotation) -> list[Stroke]:
    """Return the ring on the floor that turns a box."""
    box = annotation.shape
    if not isinstance(box, Box3D):
        return []
    faint = QColor(*stage.color_of(annotation.label))
    faint.setAlpha(150)
    return [Stroke(ring_of(box), faint, 1.0)]


def _paint_handles(painter: QPainter, stage: Stage, shape: Shape) -> None:
    grips, places = grips_in_view(shape, stage.to_px)
    painter.setPen(QPen(QColor(10, 12, 16), 1.0))
    painter.setBrush(_PLAIN)
    for grip, (x, y) in zip(grips, places.tolist(), strict=True):
        if math.isfinite(x + y):
            _paint_grip(painter, grip, QPointF(x, y))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_grip(painter: QPainter, grip: Handle, at: QPointF) -> None:
    """Draw round what turns or bends, square what pulls; corners are the smallest."""
    if grip.kind in {Kind.TURN, Kind.VERTEX, Kind.RADIUS}:
        radius = 5.0 if grip.kind is Kind.TURN else 4.0
        painter.drawEllipse(at, radius, radius)
        return
    half = {Kind.FACE: 3.5, Kind.EDGE: 2.5}.get(grip.kind, 2.0)
    painter.drawRect(QRectF(at.x() - half, at.y() - half, 2 * half, 2 * half))


def _paint_above(painter: QPainter, stage: Stage, annotation: Annotation, text: str) -> None:
    above_px = _above_px(stage, annotation.shape)
    if above_px is not None:
        color = _AMBER if text.startswith("▲") else QColor(*stage.color_of(annotation.label))
        paint_tag(painter, above_px, text, color)


def _above_px(stage: Stage, shape: Shape) -> Vec2 | None:
    """Return where words stand right above a shape; None where it is not seen."""
    extent = extent_m(shape)
    if extent is None:
        return None
    if isinstance(shape, Polyline3D):
        return _above_line_px(stage, shape)
    (x0, y0, _z0), (x1, y1, z1) = extent
    places = stage.to_px([(x, y, z1) for x in (x0, x1) for y in (y0, y1)])
    if not np.isfinite(places).all():
        return None
    return (float(places[:, 0].mean()), float(places[:, 1].min()) - _ABOVE_PX)


def _above_line_px(stage: Stage, line: Polyline3D) -> Vec2 | None:
    """Return a place on the top of a wall, in the middle of what is seen of it."""
    shares = np.linspace(0, 1, 9)[:, None]
    feet = [a + shares * (b - a) for a, b in pairwise(np.array(line.vertices_m))]
    places = stage.to_px(np.concatenate(feet) + np.array((0.0, 0.0, line.height_m)))
    with np.errstate(invalid="ignore"):
        seen = places[((places >= 0) & (places <= stage.size_px)).all(axis=1)]
    if not len(seen):
        return None
    x, y = seen[np.hypot(*(seen - seen.mean(axis=0)).T).argmin()].tolist()
    return (x, y - _ABOVE_PX)


def paint_tag(painter: QPainter, above_px: Vec2, text: str, color: QColor) -> None:
    """Write a few words above a place, on a backing that reads over any points."""
    metrics = painter.fontMetrics()
    width, height = metrics.horizontalAdvance(text) + 12, metrics.height() + 4
    frame = QRectF(above_px[0] - width / 2, above_px[1] - height, width, height)
    if painter.window().contains(round(above_px[0]), round(above_px[1])):
        beyond = painter.window().width() - 2.0 - frame.right()
        frame.translate(max(min(beyond, 0.0), 2.0 - frame.left()), max(2.0 - frame.top(), 0.0))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(16, 18, 23, 215))
    painter.drawRoundedRect(frame, 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(color)
    painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, text)
