"""Paints points with a round brush in screen pixels."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import ClassVar

import numpy as np
from typing_extensions import override

from annotator.i18n import gettext as _
from annotator.i18n import mark
from annotator.model.layers import Where
from annotator.model.shapes import Vec2
from annotator.tools.cloud_scene import CloudScene, CloudTool
from annotator.tools.held import ERASES, FRONT_ONLY
from annotator.tools.keys import ToolKey, keyed
from annotator.tools.outlined import MOST_WATCHED, front_only_beside
from annotator.tools.painting import changing, paint_color, painted, paints_in_all
from annotator.tools.tool import CLEAR, NOTHING, Button, HeldKeys, Keys, Pointer, Preview, Reply

_RADII_PX = (4.0, 6.0, 9.0, 13.0, 18.0, 25.0, 35.0, 50.0, 70.0, 100.0)
_CORNERS = 8
_NO_ROWS = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Stroke:
    """What a drag has covered so far.

    Attributes
    ----------
    way_px
        Where the pointer was.
    rows
        Points that would change, in the order they were met; some are met twice. Of very many
        points they are looked for when the stroke ends, or each move would stop the window.
    met
        Points last gone over, changing or not; they tell why nothing changes.
    """

    way_px: tuple[Vec2, ...]
    keys: Keys
    rows: Where
    met: Where


class BrushPoints(CloudTool):
    """Hovering (circle) → (press) Stroke → (release) painted as one edit, hovering again."""

    id: ClassVar[str] = "brush_points"
    title: ClassVar[str] = mark("Brush")
    key: ClassVar[str] = "Shift+F"
    held: ClassVar[tuple[HeldKeys, ...]] = (FRONT_ONLY, ERASES)

    def __init__(self, scene: CloudScene) -> None:
        super().__init__(scene)
        self._size = _RADII_PX.index(18.0)
        self._stroke: Stroke | None = None

    @property
    def radius_px(self) -> float:
        """Radius of the brush."""
        return _RADII_PX[self._size]

    @override
    def hint(self) -> str:
        return keyed(
            _(
                "Drag over points · {result} · {gesture_smaller} and {gesture_larger} change"
                " the size of {px:.0f} px · Shift+drag takes the front alone · Ctrl+drag erases"
            ),
            result=paints_in_all(self.scene),
            px=2 * self.radius_px,
        )

    @override
    def press(self, pointer: Pointer) -> Reply:
        if pointer.button is not Button.LEFT:
            return NOTHING
        return self._extended(Stroke((pointer.at_px,), pointer.keys, _NO_ROWS, _NO_ROWS), pointer)

    @override
    def move(self, pointer: Pointer) -> Reply:
        circle = (pointer.at_px, self.radius_px)
        stroke = self._stroke
        if stroke is None:
            return Reply(preview=Preview(circle_px=circle, beside=front_only_beside(pointer)))
        if math.dist(stroke.way_px[-1], pointer.at_px) < self.radius_px / 3:
            return NOTHING
        return self._extended(stroke, pointer)

    @override
    def release(self, pointer: Pointer) -> Reply:
        stroke = self._stroke
        if stroke is None:
            return NOTHING
        if stroke.way_px[-1] != pointer.at_px:
            self._extended(stroke, pointer)
            stroke = self._stroke
        self._stroke = None
        if stroke is None:
            return NOTHING
        find, keys = self._finding(stroke), stroke.keys
        return Reply(later=lambda: painted(self.scene, find(), keys))

    @override
    def keys_wanted(self) -> frozenset[ToolKey]:
        return frozenset({ToolKey.LARGER, ToolKey.SMALLER})

    @override
    def key_press(self, key: ToolKey) -> Reply | None:
        if key not in {ToolKey.LARGER, ToolKey.SMALLER}:
            return None
        step = 1 if key is ToolKey.LARGER else -1
        self._size = min(max(self._size + step, 0), len(_RADII_PX) - 1)
        return Reply()

    @override
    def cancel(self) -> Reply:
        stroke, self._stroke = self._stroke, None
        return Reply(preview=CLEAR) if stroke else NOTHING

    def _extended(self, stroke: Stroke, pointer: Pointer) -> Reply:
        """Cover the way from the last place to the pointer."""
        last_px, way_px = stroke.way_px[-1], (*stroke.way_px, pointer.at_px)
        circle = (pointer.at_px, self.radius_px)
        if self._is_of_many:
            self._stroke = replace(stroke, way_px=way_px)
            beside = front_only_beside(pointer)
            shown = Preview(path_px=way_px, closed=False, circle_px=circle, beside=beside)
            return Reply(preview=shown)
        way = swept_px(last_px, pointer.at_px, self.radius_px)
        met = self.scene.finding_to_paint(way, front_only=bool(stroke.keys & Keys.SHIFT))()
        more = changing(self.scene, met, stroke.keys)
        rows = np.concatenate([stroke.rows, more]) if len(more) else stroke.rows
        self._stroke = Stroke(way_px, stroke.keys, rows, met if len(met) else stroke.met)
        return Reply(
            preview=Preview(
                rows=rows,
                color=paint_color(self.scene, stroke.keys),
                circle_px=circle,
                beside=front_only_beside(pointer),
            )
        )

    @property
    def _is_of_many(self) -> bool:
        return self.scene.drawn_count > MOST_WATCHED

    def _finding(self, stroke: Stroke) -> Callable[[], Where]:
        """Return what tells the points of a whole stroke, sorted."""
        if self._is_of_many:
            outline = stroke_px(stroke.way_px, self.radius_px)
            front_only = bool(stroke.keys & Keys.SHIFT)
            return self.scene.finding_to_paint(outline, front_only=front_only)
        if not len(stroke.rows):
            return lambda: stroke.met
        return lambda: _each_once(stroke.rows, self.scene.drawn_count)


def stroke_px(way_px: Sequence[Vec2], radius_px: float) -> tuple[Vec2, ...]:
    """Return one outline of all that a disc covers on a way with corners.

    Its pieces are joined by lines that are gone there and back, which the nonzero rule leaves out.
    """
    pieces = [swept_px(start, end, radius_px) for start, end in pairwise(way_px)]
    first = pieces[0][0]
    return tuple(place for piece in pieces for place in (*piece, piece[0], first))


def swept_px(start: Vec2, end: Vec2, radius_px: float) -> tuple[Vec2, ...]:
    """Return the outline that a disc covers on its way: two half circles and their tangents."""
    way = math.atan2(end[1] - start[1], end[0] - start[0])
    outline: list[Vec2] = []
    for (x, y), first in ((end, way - math.pi / 2), (start, way + math.pi / 2)):
        for step in range(_CORNERS + 1):
            turn = first + math.pi * step / _CORNERS
            outline.append((x + radius_px * math.cos(turn), y + radius_px * math.sin(turn)))
    return tuple(outline)


def _each_once(rows: Where, count: int) -> Where:
    """Return rows sorted and without repeats; marking them takes less time than sorting them."""
    held = np.zeros(count, np.bool_)
    held[rows] = True
    return np.flatnonzero(held)
