"""Draws lines of the world over a picture of points, fainter where points hide them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from annotator.app.renderers.renderer import Picture
from annotator.app.shown_class import color_of
from annotator.geometry import drawing
from annotator.geometry.projection import Size
from annotator.model.labels import Rgb, Taxonomy
from annotator.views.cloud.scan_drawing import Laid
from annotator.views.line_styles import DOTTED, SOLID, pen_of

Floats = npt.NDArray[np.float64]

_SAMPLES = 24
_HALO = QColor(8, 10, 13, 150)
HIDDEN_SHARE, _FADED_SHARE = 0.32, 0.22
_HALO_FROM_PX = 1.8  # a halo is for what is selected or previewed: it costs as much as its line
_SEEN, _BEHIND, _NOWHERE = 0, 1, 2


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """What lines are drawn on: the picture they lie in, where that lies, and the view's size."""

    picture: Picture
    laid: Laid
    size_px: Size
    taxonomy: Taxonomy
    faded: frozenset[int] = frozenset()

    def to_px(self, points_m: npt.ArrayLike) -> Floats:
        """Return where world places are, (N, 2), view px; NaN behind the eye."""
        return self.project(points_m)[0]

    def project(self, points_m: npt.ArrayLike) -> tuple[Floats, Floats]:
        """Return where world places are, (N, 2), view px, and their depths, (N,), m."""
        at_px, depth_m = self.picture.camera.project(points_m, self.picture.size_px)
        return at_px * self.laid.scale + np.array(self.laid.at_px), depth_m

    def color_of(self, label: str) -> Rgb:
        """Return the colour of a class."""
        return color_of(label, self.taxonomy)

    def pen_color(self, label: str) -> QColor:
        """Return the colour of a class's lines: hardly to be seen where it is faded."""
        color = QColor(*self.color_of(label))
        if label in self.taxonomy and self.taxonomy[label].value in self.faded:
            color.setAlphaF(_FADED_SHARE)
        return color


@dataclass(frozen=True, slots=True, eq=False)
class Stroke:
    """Lines of one look, shape (n, 2, 3), world metres."""

    ends_m: Floats
    color: QColor
    width_px: float = 1.3
    style: Qt.PenStyle = SOLID


@dataclass(frozen=True, slots=True, eq=False)
class _Runs:
    """Pieces of lines that are wholly seen or wholly hidden.

    Attributes
    ----------
    line
        Which line each is a piece of, shape (m,).
    ends_px
        Shape (m, 4): x and y of both ends.
    begins_px
        How far from the line's start a piece begins, so that dashes go on across pieces.
    """

    line: npt.NDArray[np.int64]
    is_hidden: npt.NDArray[np.bool_]
    ends_px: Floats
    begins_px: Floats


def paint_strokes(painter: QPainter, stage: Stage, strokes: Sequence[Stroke]) -> None:
    """Draw lines in full where they are seen, and faintly behind points."""
    strokes = _of_one_look([stroke for stroke in strokes if len(stroke.ends_m)])
    if not strokes:
        return
    runs = _runs(stage, np.concatenate([stroke.ends_m for stroke in strokes]))
    edges = np.cumsum([0, *(len(stroke.ends_m) for stroke in strokes)])
    owner = np.searchsorted(edges, runs.line, side="right") - 1
    for is_hidden in (True, False):
        for number, stroke in enumerate(strokes):
            mine = np.flatnonzero((owner == number) & (runs.is_hidden == is_hidden))
            if len(mine):
                _paint_runs(painter, stroke, runs, mine, is_hidden=is_hidden)


def _of_one_look(strokes: Sequence[Stroke]) -> list[Stroke]:
    """Join lines that look the same, so that hundreds of boxes are drawn in a few calls."""
    looks: dict[tuple[int, float, Qt.PenStyle], list[Stroke]] = {}
    for stroke in strokes:
        looks.setdefault((stroke.color.rgba(), stroke.width_px, stroke.style), []).append(stroke)
    return [replace(g[0], ends_m=np.concatenate([s.ends_m for s in g])) for g in looks.values()]


def _paint_runs(
    painter: QPainter,
    stroke: Stroke,
    runs: _Runs,
    mine: npt.NDArray[np.int64],
    *,
    is_hidden: bool,
) -> None:
    lines = [QLineF(*ends) for ends in runs.ends_px[mine].tolist()]
    color = QColor(stroke.color)
    if is_hidden:
        color.setAlphaF(HIDDEN_SHARE * color.alphaF())
    elif stroke.style is not DOTTED and stroke.width_px >= _HALO_FROM_PX:
        painter.setPen(QPen(_HALO, stroke.width_px + 2.0))
        painter.drawLines(lines)
    pen = pen_of(color, stroke.width_px, stroke.style)
    if stroke.style is SOLID:
        painter.setPen(pen)
        painter.drawLines(lines)
        return
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    for line, begin in zip(lines, runs.begins_px[mine].tolist(), strict=True):
        pen.setDashOffset(begin / stroke.width_px)
        painter.setPen(pen)
        painter.drawLine(line)


def _runs(stage: Stage, ends_m: Floats) -> _Runs:
    share = np.linspace(0, 1, _SAMPLES + 1)[:, None]
    places = ends_m[:, None, 0] + share * (ends_m[:, None, 1] - ends_m[:, None, 0])
    at_px, depth = stage.project(places.reshape(-1, 3))
    shape = (len(ends_m), _SAMPLES + 1)
    behind = _smoothed(is_behind(stage, at_px, depth).reshape(shape))
    at, ok = at_px.reshape(*shape, 2), np.asarray(np.isfinite(at_px).all(axis=1)).reshape(shape)
    state = np.where(ok[:, :-1] & ok[:, 1:], behind[:, :-1].astype(np.int64), _NOWHERE)
    starts = np.ones(state.shape, bool)
    starts[:, 1:] = state[:, 1:] != state[:, :-1]
    line, first = np.nonzero(starts)
    last = np.append(first[1:], _SAMPLES)
    last[np.append(line[1:] != line[:-1], True)] = _SAMPLES
    low = np.minimum(at[line, first], at[line, last])
    high = np.maximum(at[line, first], at[line, last])
    with np.errstate(invalid="ignore"):
        in_view = (high >= 0).all(axis=1) & (low <= np.array(stage.size_px)).all(axis=1)
    kept = (state[line, first] != _NOWHERE) & in_view
    line, first, last = line[kept], first[kept], last[kept]
    begin, end = at[line, first], at[line, last]
    apart = np.hypot(*(begin - at[line, 0]).T)
    return _Runs(line, state[line, first] == _BEHIND, np.hstack([begin, end]), np.nan_to_num(apart))


def _smoothed(behind: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Let three neighbours vote: gaps between points do not chop a line to pieces."""
    voted = behind.copy()
    votes = behind.astype(np.int8)
    voted[:, 1:-1] = votes[:, :-2] + votes[:, 1:-1] + votes[:, 2:] >= 2
    return voted


def is_behind(stage: Stage, at_px: Floats, depth_m: Floats) -> npt.NDArray[np.bool_]:
    """Tell which places lie behind the points that the picture shows around them."""
    entries = stage.picture.entries
    height, width = entries.shape
    inside = np.asarray(np.isfinite(at_px).all(axis=1))
    own_px = (at_px - np.array(stage.laid.at_px)) / stage.laid.scale
    grid = np.where(inside[:, None], own_px, -1.0)
    grid = np.clip(grid, -1, 1e6).astype(np.int64)
    inside &= (grid >= 0).all(axis=1) & (grid[:, 0] < width) & (grid[:, 1] < height)
    x, y = np.where(inside, grid[:, 0], 0), np.where(inside, grid[:, 1], 0)
    lens = drawing.lens(stage.picture.camera, stage.picture.size_px, (0.0, 0.0, 0.0))
    front = (entries[y, x] >> np.uint64(32)).astype(np.int64)
    return np.asarray(inside & (lens.keys(depth_m) > front + lens.keys_within(0.02)))
