"""Outlines an object in plan: from one click, or corner by corner."""

import math
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from typing_extensions import override

from annotator.commands.contours import outline_object_at
from annotator.commands.vertices import crossing_m, draw_contour
from annotator.errors import AnnotatorError
from annotator.geometry.cluster import contour, grow_cluster
from annotator.geometry.outlines import contains, simplified
from annotator.geometry.parts import bridging_gap_m
from annotator.geometry.survey import Survey
from annotator.i18n import gettext as _
from annotator.i18n import mark
from annotator.model.annotations import Annotation, Origin
from annotator.model.edits import Put
from annotator.model.labels import Label
from annotator.model.shapes import Polygon3D, Vec3
from annotator.tools.clicks import (
    FINISHES,
    class_in_use,
    clicked,
    foot_under,
    label_named,
    surveyed,
    why_nothing,
    why_off_floor,
)
from annotator.tools.fitted import FittingTool
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
    """The outline of what was clicked is shown dotted.

    Attributes
    ----------
    gap_m
        What hangs together without a longer gap was outlined by its points alone; None where
        something fitted the object.
    """

    at_m: Vec3
    outline: Annotation
    gap_m: float | None = None


@dataclass(frozen=True, slots=True)
class Ring:
    """Corners are set by hand."""

    vertices_m: tuple[Vec3, ...]


State = Idle | Proposed | Ring


class DrawContour(FittingTool):
    """Idle → (press) Proposed → (press inside, or Enter) one outline, Idle.

    Proposed → (press elsewhere) one outline, Proposed there. Proposed → (put down) one outline.
    Proposed → (Alt+wheel) Proposed, by the points alone. Idle → (Shift+press) Ring → (Enter, or
    press on the first corner) one outline, Idle. Esc goes one step back.
    """

    id: ClassVar[str] = "contour"
    title: ClassVar[str] = mark("Contour")
    key: ClassVar[str] = "C"
    held: ClassVar[tuple[HeldKeys, ...]] = (BY_CORNERS, GAP)
    _state: State = Idle()

    @override
    def hint(self) -> str:
        match self._state:
            case Proposed(outline=outline, gap_m=gap):
                return _of_proposed(outline, gap)
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
            case Proposed(outline=outline) if _is_on(outline, pointer):
                return self._taken(outline)
            case Proposed(outline=outline):
                return self._taken_with(outline, self._clicked(pointer))
            case _:
                return self._clicked(pointer)

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
        at_m, before = self._state.at_m, self._state.gap_m or self._usual_gap_m(self._state.at_m)
        gap = min(max(before * _GAP_STEP**steps, _GAPS_M[0]), _GAPS_M[1])
        try:
            return self._proposed(self._by_points(at_m, gap))
        except AnnotatorError as reason:
            return self._refused(reason, at_m)

    @override
    def key_press(self, key: ToolKey) -> Reply | None:
        match self._state:
            case Proposed(outline=outline) if key is ToolKey.FINISH:
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
            case was:
                self._state = Idle()
                return NOTHING if isinstance(was, Idle) else Reply(preview=CLEAR)

    @override
    def put_down(self) -> Reply:
        if not isinstance(self._state, Proposed):
            return NOTHING
        return replace(self._taken(self._state.outline), hint=_("The contour was taken"))

    def _clicked(self, pointer: Pointer) -> Reply:
        self._state = Idle()
        try:
            survey, at_m = clicked(self.scene, pointer)
            label = class_in_use(self.scene)
        except AnnotatorError as reason:
            return self._refused(reason)
        return self.fitted(pointer, lambda: self._proposed(self._outlined(survey, at_m, label)))

    def _outlined(self, survey: Survey, at_m: Vec3, label: Label) -> Proposed:
        """Return the outline of what fits here, or else of what hangs together."""
        cloud, index, ground = self.scene.cloud, survey.index, survey.ground
        try:
            put = outline_object_at(cloud, index, ground, at_m, label)
        except AnnotatorError:
            return self._by_points(at_m, self._usual_gap_m(at_m))
        return Proposed(at_m, replace(put.annotation, origin=Origin.SUGGESTION))

    def _by_points(self, at_m: Vec3, gap_m: float) -> Proposed:
        """Return the outline of what hangs together around a place, on the floor below it."""
        scene, label, survey = self.scene, class_in_use(self.scene), surveyed(self.scene)
        own = scene.cloud.own_m(at_m)
        rows = grow_cluster(survey.index, survey.ground, own, gap_m=gap_m)
        points = scene.cloud.xyz_m[rows].astype(np.float64) + np.asarray(scene.cloud.origin_m)
        ring = simplified(contour(points, scene.floor_m(at_m)).vertices_m)
        outline = Annotation(label.name, Polygon3D(ring), origin=Origin.SUGGESTION)
        return Proposed(at_m, outline, gap_m)

    def _usual_gap_m(self, at_m: Vec3) -> float:
        return bridging_gap_m(surveyed(self.scene).index, self.scene.cloud.own_m(at_m))

    def _proposed(self, state: Proposed) -> Reply:
        self._state = state
        return Reply(preview=Preview(annotations=(state.outline,)), hint=self.hint())

    def _refused(self, reason: AnnotatorError, at_m: Vec3 | None = None) -> Reply:
        self._state = Idle()
        return Reply(preview=CLEAR, hint=why_nothing(self.scene, at_m, reason))

    def _taken(self, outline: Annotation) -> Reply:
        self._state = Idle()
        edit = Put(replace(outline, origin=Origin.FIT))
        return Reply(CLEAR, edit, _("Add contour"), select=(outline.id,))

    def _taken_with(self, outline: Annotation, clicked: Reply) -> Reply:
        """Take an outline at once, whatever comes of the click that took it.

        A click while that one is fitted is on nothing yet.
        """
        edit = Put(replace(outline, origin=Origin.FIT))
        return replace(clicked, edit=edit, text=_("Add contour"))

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
        if before and crossing_m((*before, at), closed=False) is not None:
            return Reply(hint=_("This edge would cross the outline; click another place"))
        self._state = Ring((*before, at))
        return Reply(preview=_lines((*before, at)), hint=self.hint())

    def _closed(self, vertices: tuple[Vec3, ...]) -> Reply:
        if len(vertices) < 3:
            return Reply(hint=_("A contour needs three corners; click the next one"))
        if crossing_m(vertices) is not None:
            text = _("Closed here the outline would cross itself; {gesture_back_out} goes back")
            return Reply(hint=keyed(text))
        self._state = Idle()
        edit = draw_contour(vertices, label_named(self.scene, self.scene.label))
        return Reply(CLEAR, edit, _("Draw contour"), select=(edit.annotation.id,))


def _of_proposed(outline: Annotation, gap_m: float | None) -> str:
    if gap_m is None:
        assert isinstance(outline.shape, Polygon3D)
        sides = _("Points show every side")
        if outline.shape.assumed:
            sides = _("Sides that no point showed are assumed")
        text = _(
            "{gesture_finish} or any click takes this contour"
            " · Alt+wheel goes by the points alone · {gesture_back_out} drops it"
        )
        return f"{sides} · {keyed(text)}"
    text = _(
        "By the points alone · {gesture_finish} or any click takes this contour · Alt+wheel"
        " changes the gap of {cm:.0f} cm · {gesture_back_out} drops it"
    )
    return keyed(text, cm=100 * gap_m)


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
