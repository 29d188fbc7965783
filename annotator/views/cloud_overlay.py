"""Draws boxes, grips and previews over a scan; lines behind points are fainter."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from annotator.app.renderers.renderer import Picture
from annotator.geometry import drawing
from annotator.geometry.boxes import corners, world_from_box
from annotator.geometry.projection import Size
from annotator.model.annotations import Annotation, Origin
from annotator.model.labels import Rgb, Taxonomy
from annotator.model.shapes import Box3D, Cylinder3D, Face, Polygon3D, Polyline3D, Vec3
from annotator.tools.box_handles import Kind, handles, ring_radius_m
from annotator.tools.tool import Preview

Floats = npt.NDArray[np.float64]
Segment = tuple[Floats, Floats]

_SAMPLES = 24
_FAINT, _UNKNOWN_COLOR = 70, (200, 205, 214)
_AMBER, _HALO = QColor("#ffb347"), QColor(8, 10, 13, 150)
# Corner pairs of `boxes.corners` that border each face.
_BORDERS: dict[Face, tuple[tuple[int, int], ...]] = {
    Face.BOTTOM: ((0, 1), (1, 2), (2, 3), (3, 0)),
    Face.TOP: ((4, 5), (5, 6), (6, 7), (7, 4)),
    Face.FRONT: ((0, 3), (3, 7), (7, 4), (4, 0)),
    Face.BACK: ((1, 2), (2, 6), (6, 5), (5, 1)),
    Face.LEFT: ((0, 1), (1, 5), (5, 4), (4, 0)),
    Face.RIGHT: ((2, 3), (3, 7), (7, 6), (6, 2)),
}
_EDGES = (*_BORDERS[Face.BOTTOM], *_BORDERS[Face.TOP], (0, 4), (1, 5), (2, 6), (3, 7))


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """What lines are drawn on: the picture they lie in, and its size in view pixels."""

    picture: Picture
    size_px: Size
    taxonomy: Taxonomy

    def to_px(self, points_m: npt.ArrayLike) -> Floats:
        """Return where world places are, (N, 2), view px; NaN behind the eye."""
        return self.picture.camera.project(points_m, self.size_px)[0]

    def color_of(self, label: str) -> Rgb:
        """Return the colour of a class."""
        return self.taxonomy[label].color if label in self.taxonomy else _UNKNOWN_COLOR


def paint_annotations(
    painter: QPainter,
    stage: Stage,
    annotations: Iterable[Annotation],
    *,
    selected: frozenset[str],
    named: frozenset[str],
) -> None:
    """Draw annotations: thin, the selected ones heavier, names only where asked for."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shown = [a for a in annotations if not a.dismissed]
    for annotation in shown:
        chosen = annotation.id in selected
        _paint_one(painter, stage, annotation, width_px=2.2 if chosen else 1.3)
        if chosen and isinstance(annotation.shape, Box3D):
            _paint_handles(painter, stage, annotation.shape, stage.color_of(annotation.label))
    for annotation in shown:
        if annotation.id in named | selected:
            _paint_name(painter, stage, annotation)


def paint_preview(painter: QPainter, stage: Stage, preview: Preview) -> None:
    """Draw what a tool would do."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for annotation in preview.annotations:
        _paint_one(painter, stage, annotation, width_px=1.8)
    color = _AMBER if preview.warning else QColor("#f2f4f8")
    painter.setPen(QPen(color, 1.4))
    for start, end in preview.lines_m:
        _line(painter, stage.to_px([start, end]))
    if len(preview.path_px) > 1:
        outline = QPolygonF([QPointF(x, y) for x, y in preview.path_px])
        painter.setBrush(QColor(255, 255, 255, 26))
        painter.setPen(QPen(color, 1.4))
        painter.drawPolygon(outline) if preview.closed else painter.drawPolyline(outline)
        painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_one(painter: QPainter, stage: Stage, annotation: Annotation, *, width_px: float) -> None:
    suggested = annotation.origin is Origin.SUGGESTION
    style = Qt.PenStyle.DotLine if suggested else Qt.PenStyle.SolidLine
    color = QColor(*stage.color_of(annotation.label))
    shape = annotation.shape
    if isinstance(shape, Box3D):
        _paint_box(painter, stage, shape, QPen(color, width_px, style))
        return
    segments = _segments(shape)
    if segments is not None:
        _paint_segments(painter, stage, segments, QPen(color, width_px, style))


def _paint_box(painter: QPainter, stage: Stage, box: Box3D, pen: QPen) -> None:
    points = corners(box)
    assumed = {frozenset(e) for face in box.assumed for e in _BORDERS[face]}
    seen = {frozenset(e) for face in _BORDERS.keys() - box.assumed for e in _BORDERS[face]}
    dashed = [e for e in _EDGES if frozenset(e) in assumed - seen]
    solid = [e for e in _EDGES if e not in dashed]
    for edges, style in ((solid, pen.style()), (dashed, Qt.PenStyle.DashLine)):
        if edges:
            ends = np.array([[points[a], points[b]] for a, b in edges])
            edge_pen = QPen(pen)
            edge_pen.setStyle(style)
            _paint_segments(painter, stage, ends, edge_pen)
    _paint_front(painter, stage, box, pen.color())


def _paint_front(painter: QPainter, stage: Stage, box: Box3D, color: QColor) -> None:
    """Tint the front face, and put an arrow on the floor that points the way it heads."""
    front = stage.to_px(corners(box)[[0, 3, 7, 4]])
    if np.isfinite(front).all():
        tint = QColor(color)
        tint.setAlpha(38)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
        painter.drawPolygon(_polygon(front))
        painter.setBrush(Qt.BrushStyle.NoBrush)
    pose, (length, width, height) = world_from_box(box), box.size_m
    head = min(0.35 * length, 0.35 * width, 0.5)
    tip = length / 2 + 0.6 * head
    own = np.array([[0, 0], [tip, 0], [tip - head, head / 2], [tip - head, -head / 2]])
    flat = np.column_stack([own, np.full(4, -height / 2)]) @ pose[:3, :3].T + pose[:3, 3]
    _paint_segments(painter, stage, flat[[[0, 1], [1, 2], [1, 3]]], QPen(color, 1.2))


def _paint_handles(painter: QPainter, stage: Stage, box: Box3D, color: Rgb) -> None:
    angle = np.linspace(0, 2 * math.pi, 49)
    radius = ring_radius_m(box)
    own = np.column_stack(
        [radius * np.cos(angle), radius * np.sin(angle), np.full(49, -box.size_m[2] / 2)]
    )
    pose = world_from_box(box)
    ring = own @ pose[:3, :3].T + pose[:3, 3]
    faint = QColor(*color)
    faint.setAlpha(150)
    _paint_segments(painter, stage, np.stack([ring[:-1], ring[1:]], axis=1), QPen(faint, 1.0))
    grips = handles(box)
    painter.setPen(QPen(QColor(10, 12, 16), 1.0))
    painter.setBrush(QColor("#f2f4f8"))
    for grip, (x, y) in zip(grips, stage.to_px([g.at_m for g in grips]).tolist(), strict=True):
        if not math.isfinite(x + y):
            continue
        if grip.kind is Kind.TURN:
            painter.drawEllipse(QPointF(x, y), 5.0, 5.0)
        elif grip.kind is Kind.FACE:
            painter.drawRect(QRectF(x - 3.5, y - 3.5, 7, 7))
        else:
            painter.drawRect(QRectF(x - 2.5, y - 2.5, 5, 5))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_name(painter: QPainter, stage: Stage, annotation: Annotation) -> None:
    if not isinstance(annotation.shape, Box3D):
        return
    places = stage.to_px(corners(annotation.shape)[4:])
    if not np.isfinite(places).all():
        return
    x, y = float(places[:, 0].mean()), float(places[:, 1].min()) - 8
    title = annotation.label
    metrics = painter.fontMetrics()
    width, height = metrics.horizontalAdvance(title) + 12, metrics.height() + 4
    frame = QRectF(x - width / 2, y - height, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(16, 18, 23, 215))
    painter.drawRoundedRect(frame, 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QColor(*stage.color_of(annotation.label)))
    painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, title)


def _paint_segments(painter: QPainter, stage: Stage, ends_m: Floats, pen: QPen) -> None:
    """Draw lines, shape (n, 2, 3), in full where they are seen and faintly behind points."""
    seen, hidden = _split(stage, ends_m)
    faint = QPen(pen)
    color = pen.color()
    color.setAlpha(min(_FAINT, color.alpha()))
    faint.setColor(color)
    halo = QPen(_HALO, pen.widthF() + 2.0)
    for lines, with_pen in ((hidden, faint), (seen, halo), (seen, pen)):
        if lines:
            painter.setPen(with_pen)
            painter.drawLines(lines)


def _split(stage: Stage, ends_m: Floats) -> tuple[list[QLineF], list[QLineF]]:
    t = np.linspace(0, 1, _SAMPLES + 1)[:, None]
    places = ends_m[:, None, 0] + t * (ends_m[:, None, 1] - ends_m[:, None, 0])
    count = len(ends_m)
    at_px, depth = stage.picture.camera.project(places.reshape(-1, 3), stage.size_px)
    behind = _is_behind(stage, at_px, depth).reshape(count, -1)
    ok = np.asarray(np.isfinite(at_px).all(axis=1)).reshape(count, -1)
    at = at_px.reshape(count, -1, 2)
    seen: list[QLineF] = []
    hidden: list[QLineF] = []
    for edge in range(count):
        state = np.where(ok[edge], behind[edge].astype(int), 2)[:-1]
        state = np.where(ok[edge][1:], state, 2)
        cuts = [0, *(np.flatnonzero(np.diff(state)) + 1).tolist(), _SAMPLES]
        for a, b in pairwise(cuts):
            if state[a] != 2:
                line = QLineF(QPointF(*at[edge, a].tolist()), QPointF(*at[edge, b].tolist()))
                (hidden if state[a] else seen).append(line)
    return seen, hidden


def _is_behind(stage: Stage, at_px: Floats, depth_m: Floats) -> npt.NDArray[np.bool_]:
    """Tell which places lie behind the points that the picture shows around them."""
    entries = stage.picture.entries
    height, width = entries.shape
    scale = width / max(stage.size_px[0], 1)
    inside = np.asarray(np.isfinite(at_px).all(axis=1))
    grid = np.where(inside[:, None], at_px * scale, -1.0)
    grid = np.clip(grid, -1, 1e6).astype(np.int64)
    inside &= (grid >= 0).all(axis=1) & (grid[:, 0] < width) & (grid[:, 1] < height)
    x, y = np.where(inside, grid[:, 0], 0), np.where(inside, grid[:, 1], 0)
    lens = drawing.lens(stage.picture.camera, stage.picture.size_px, (0.0, 0.0, 0.0))
    front = (entries[y, x] >> np.uint64(32)).astype(np.int64)
    return np.asarray(inside & (lens.keys(depth_m) > front + lens.keys_within(0.02)))


def _segments(shape: object) -> Floats | None:
    match shape:
        case Polyline3D(vertices, height, _thickness):
            return _walls(vertices, height, closed=False)
        case Polygon3D(vertices):
            return _walls(vertices, 0.0, closed=True)
        case Cylinder3D(center, radius, height):
            return _cylinder(center, radius, height)
        case _:
            return None


def _walls(vertices: Sequence[Vec3], height_m: float, *, closed: bool) -> Floats:
    foot = np.asarray(vertices, float)
    if closed:
        foot = np.concatenate([foot, foot[:1]])
    lines = np.stack([foot[:-1], foot[1:]], axis=1)
    if height_m == 0:
        return lines
    up = np.array([0, 0, height_m])
    return np.concatenate([lines, lines + up, np.stack([foot, foot + up], axis=1)])


def _cylinder(center_m: Vec3, radius_m: float, height_m: float) -> Floats:
    angle = np.linspace(0, 2 * math.pi, 33)
    ring = np.column_stack([radius_m * np.cos(angle), radius_m * np.sin(angle), 0 * angle])
    low = ring + center_m - np.array([0, 0, height_m / 2])
    high = low + np.array([0, 0, height_m])
    rings = [np.stack([r[:-1], r[1:]], axis=1) for r in (low, high)]
    return np.concatenate([*rings, np.stack([low[:-1:8], high[:-1:8]], axis=1)])


def _line(painter: QPainter, ends_px: Floats) -> None:
    if np.isfinite(ends_px).all():
        (x0, y0), (x1, y1) = ends_px.tolist()
        painter.drawLine(QLineF(x0, y0, x1, y1))


def _polygon(places: Floats) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in places.tolist()])
