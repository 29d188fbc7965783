"""Outlines an object in plan: from one click, or corner by corner."""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from typing_extensions import override

from annotator.commands.vertices import draw_contour
from annotator.errors import AnnotatorError
from annotator.geometry.cluster import contour, grow_cluster
from annotator.geometry.outlines import contains, simplified
from annotator.geometry.parts import bridging_gap_m
from annotator.i18n import gettext as _
from annotator.i18n import mark
from annotator.model.annotations import Annotation, Origin
from annotator.model.shapes import Polygon3D, Vec3
from annotator.tools.clicks import (
    FINISHES,
    class_in_use,
    clicked,
    foot_under,
    in_cloud,
    label_named,
    surveyed,
    why_nothing,
    why_off_floor,
)
from annotator.tools.cloud_scene import CloudTool
from annotator.tools.held import BY_CORNERS, GAP
from annotator.tools.keys import ToolKey, keyed
from annotator.tools.tool import CLEAR, NOTHING, Button, HeldKeys, Keys, Pointer, Preview, Reply

_GAP_STEP = 1.25
_GAPS_M = (0.05, 3.0)
_CLOSE_PX = 9.0
_LEAST_EDGE_M = 0.03


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing is begun."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """The outline of what was clicked is shown dotted."""

    at_m: Vec3
    gap_m: float
    outline: Annotation


@dataclass(frozen=True, slots=True)
class Ring:
    """Corners are set by hand."""

    vertices_m: tuple[Vec3, ...]


State = Idle | Proposed | Ring


class DrawContour(CloudTool):
    """Idle → (press) Proposed → (press inside, or Enter) one outline, Idle.

    Idle → (Shift+press) Ring → (Enter, or press on the first corner) one outline, Idle. Esc goes
    one step back.
    """

    id: ClassVar[str] = "contour"
    title: ClassVar[str] = mark("Contour")
    key: ClassVar[str] = "C"
    held: ClassVar[tuple[HeldKeys, ...]] = (BY_CORNERS, GAP)
    only_clicks: ClassVar[bool] = True
    _state: State = Idle()

    @override
    def hint(self) -> str:
        match self._state:
            case Proposed(_at, gap, _outline):
                return keyed(
                    _(
                        "Click again or {gesture_finish} takes this contour · Alt+wheel"
                        " changes the gap of {cm:.0f} cm · {gesture_back_out} drops it"
                    ),
                    cm=100 * gap,
                )
            case Ring(vertices) if len(vertices) > 2:
                return keyed(
                    _(
                        "Click the next corner · {gesture_finish} or the first corner closes"
                        " · {gesture_back_out} goes back"
                    )
                )
            case Ring():
                return keyed(
                    _("Click the next corner · {gesture_back_out} takes the last one back")
                )
            case Idle():
                return _("Click an object to outline it · Shift+click draws corner by corner")

    @override
    def keys_wanted(self) -> frozenset[ToolKey]:
        return frozenset() if isinstance(self._state, Idle) else FINISHES

    @override
    def leaves_grips(self) -> bool:
        return isinstance(self._state, Idle)

    @override
    def press(self, pointer: Pointer) -> Reply:
        if pointer.button is not Button.LEFT:
            return NOTHING
        match self._state:
            case Ring(vertices):
                return self._extended(vertices, pointer)
            case _ if pointer.keys & Keys.SHIFT:
                return self._extended((), pointer)
            case Proposed(_at, _gap, outline) if _is_on(outline, pointer):
                return self._taken(outline)
            case _:
                return self._grown(pointer)

    @override
    def move(self, pointer: Pointer) -> Reply:
        if not isinstance(self._state, Ring):
            return NOTHING
        ring = self._state.vertices_m
        at = self.scene.on_plane(pointer, ring[0][2])
        return NOTHING if at is None else Reply(preview=_lines((*ring, at)))

    @override
    def double_click(self, pointer: Pointer) -> Reply:
        return self._closed(self._state.vertices_m) if isinstance(self._state, Ring) else NOTHING

    @override
    def wheel(self, pointer: Pointer, steps: float) -> Reply | None:
        if not isinstance(self._state, Proposed) or pointer.keys != Keys.ALT:
            return None
        gap = min(max(self._state.gap_m * _GAP_STEP**steps, _GAPS_M[0]), _GAPS_M[1])
        return self._proposed(self._state.at_m, gap)

    @override
    def key_press(self, key: ToolKey) -> Reply | None:
        match self._state:
            case Proposed(_at, _gap, outline) if key is ToolKey.FINISH:
                return self._taken(outline)
            case Ring(vertices) if key is ToolKey.FINISH:
                return self._closed(vertices)
            case _:
                return None

    @override
    def cancel(self) -> Reply:
        match self._state:
            case Ring(vertices) if len(vertices) > 1:
                self._state = Ring(vertices[:-1])
                return Reply(preview=_lines(vertices[:-1]), hint=self.hint())
            case _:
                self._state = Idle()
                return Reply(preview=CLEAR)

    def _grown(self, pointer: Pointer) -> Reply:
        try:
            survey, at_m = clicked(self.scene, pointer)
        except AnnotatorError as reason:
            self._state = Idle()
            return Reply(preview=CLEAR, hint=str(reason))
        return self._proposed(at_m, bridging_gap_m(survey.index, in_cloud(self.scene, at_m)))

    def _proposed(self, at_m: Vec3, gap_m: float) -> Reply:
        try:
            outline = self._outline(at_m, gap_m)
        except AnnotatorError as reason:
            self._state = Idle()
            return Reply(preview=CLEAR, hint=why_nothing(self.scene, at_m, reason))
        self._state = Proposed(at_m, gap_m, outline)
        return Reply(preview=Preview(annotations=(outline,)), hint=self.hint())

    def _outline(self, at_m: Vec3, gap_m: float) -> Annotation:
        """Return the outline of what hangs together around a place, on the floor below it."""
        scene, label, survey = self.scene, class_in_use(self.scene), surveyed(self.scene)
        own = in_cloud(scene, at_m)
        rows = grow_cluster(survey.index, survey.ground, own, gap_m=gap_m)
        points = scene.cloud.xyz_m[rows].astype(np.float64) + np.asarray(scene.cloud.origin_m)
        ring = contour(points, scene.floor_m(at_m)).vertices_m
        return Annotation(
            label.name,
            Polygon3D(simplified(ring)),
            origin=Origin.SUGGESTION,
        )

    def _taken(self, outline: Annotation) -> Reply:
        self._state = Idle()
        if not isinstance(outline.shape, Polygon3D):
            return NOTHING
        edit = draw_contour(
            outline.shape.vertices_m, outline.label, origin=Origin.FIT, frame=outline.frame
        )
        return Reply(CLEAR, edit, _("Add contour"), select=(edit.annotation.id,))

    def _extended(self, before: tuple[Vec3, ...], pointer: Pointer) -> Reply:
        if self.scene.active_label() is None:
            return Reply(hint=_("Choose a class first"))
        if before:
            first_px = self.scene.to_px([before[0]])[0]
            if len(before) > 2 and math.dist(first_px, pointer.at_px) <= _CLOSE_PX:
                return self._closed(before)
            at = self.scene.on_plane(pointer, before[0][2])
        else:
            at = foot_under(self.scene, pointer)
        if at is None:
            return Reply(hint=why_off_floor(self.scene))
        if before and math.dist(before[-1], at) < _LEAST_EDGE_M:
            return NOTHING
        self._state = Ring((*before, at))
        return Reply(preview=_lines((*before, at)), hint=self.hint())

    def _closed(self, vertices: tuple[Vec3, ...]) -> Reply:
        if len(vertices) < 3:
            return Reply(hint=_("A contour needs three corners; click the next one"))
        self._state = Idle()
        edit = draw_contour(vertices, label_named(self.scene, self.scene.label))
        return Reply(CLEAR, edit, _("Draw contour"), select=(edit.annotation.id,))


def _is_on(outline: Annotation, pointer: Pointer) -> bool:
    if pointer.at_m is None or not isinstance(outline.shape, Polygon3D):
        return False
    return contains(outline.shape.vertices_m, pointer.at_m[:2])


def _lines(ring: tuple[Vec3, ...]) -> Preview:
    """Draw the corners so far, and the edge that would close them."""
    if len(ring) < 2:
        x, y, z = ring[0]
        return Preview(lines_m=(((x, y, z), (x, y, z + 0.3)),))
    return Preview(lines_m=tuple(zip(ring, ring[1:] + ring[:1], strict=True)))
