"""Grows a wall from one click, draws one along its foot, and cuts openings into one."""

import math
from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from annotator.commands.walls import (
    draw_wall,
    fill_opening,
    fit_wall_at,
    join_corners,
    regrow_wall,
)
from annotator.geometry.snapping import snapped_vertex
from annotator.geometry.wall_face import (
    OnFace,
    foot_length_m,
    is_same_wall,
    on_face,
)
from annotator.i18n import gettext as _
from annotator.i18n import mark
from annotator.model.annotations import Annotation
from annotator.model.edits import Put
from annotator.model.shapes import Polyline3D, Vec3
from annotator.tools.at_rest import AtRest
from annotator.tools.clicks import (
    FINISHES,
    clicked,
    foot_under,
    label_named,
    room_m,
    title_made,
    why_off_floor,
)
from annotator.tools.cloud_scene import CloudScene
from annotator.tools.fitted import FittingTool
from annotator.tools.held import BY_CORNERS, GAP
from annotator.tools.keys import ToolKey, keyed
from annotator.tools.tool import (
    CLEAR,
    NOTHING,
    Button,
    HeldKeys,
    Keys,
    Mouse,
    Pointer,
    Preview,
    Reply,
)
from annotator.tools.wall_opening import Cutting

_DRAG_PX = 4.0
_IN_FRONT_M = 0.3
_LEAST_STRETCH_M = 0.05
_GAP_STEP_M = 0.3
_LONGER_M = 0.1


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing is begun."""


@dataclass(frozen=True, slots=True)
class Foot:
    """Corners of a foot are set by hand."""

    vertices_m: tuple[Vec3, ...]


State = Idle | Foot | Cutting


class GrowWall(FittingTool):
    """Idle → (press) a grown wall, Idle; Idle → (Shift+press) Foot → (Enter) a drawn wall, Idle.

    Idle → (press on the selected wall) Cutting → (release) an opening cut, moved or pulled, Idle.
    Idle → (Ctrl+press on an opening) the wall whole there, Idle. Esc goes one step back.
    """

    id: ClassVar[str] = "wall"
    title: ClassVar[str] = mark("Wall")
    key: ClassVar[str] = "Shift+W"
    held: ClassVar[tuple[HeldKeys, ...]] = (
        BY_CORNERS,
        HeldKeys(Keys.CTRL, Mouse.CLICK, mark("Fill opening")),
        GAP,
    )
    _state: State = Idle()
    _gap_m: float = 1.2
    _is_gap_new: bool = False

    def __init__(self, scene: CloudScene) -> None:
        super().__init__(scene)
        self._at_rest = AtRest()

    @override
    def hint(self) -> str:
        match self._state:
            case Foot(vertices) if len(vertices) > 1:
                return keyed(
                    _(
                        "Click the next corner · {gesture_finish} or double click ends"
                        " · {gesture_back_out} takes one back"
                    )
                )
            case Foot():
                return keyed(
                    _("Click the next corner of the foot · {gesture_back_out} takes it back")
                )
            case Cutting():
                return keyed(
                    _("Let go to cut the opening · {gesture_back_out} leaves the wall whole")
                )
            case Idle() if self._selected() is not None:
                return self._of_selected()
            case Idle():
                return _(
                    "Click a wall to grow it to its ends · Shift+click draws its foot by hand"
                    " · its class is {name}"
                ).format(name=title_made(self.scene, "wall"))

    def _of_selected(self) -> str:
        text = _("Alt+wheel, then click it again: it bridges gaps up to {m:.1f} m")
        gap = text.format(m=self._gap_m)
        wall = self._selected()
        if wall is None or not isinstance(wall.shape, Polyline3D) or not wall.shape.openings:
            return f"{_('Drag on the wall to cut an opening')} · {gap}"
        does = _("Drag an opening or its edge to change it, beside it to cut one")
        return f"{does} · {_('Ctrl+click fills it')} · {gap}"

    @override
    def keys_wanted(self) -> frozenset[ToolKey]:
        return FINISHES if isinstance(self._state, Foot) else frozenset()

    @override
    def leaves_drags(self, pointer: Pointer) -> bool:
        """Leave every drag but the one that cuts an opening into the selected wall."""
        return isinstance(self._state, Foot) or self._cut_at(pointer) is None

    @override
    def leaves_grips(self) -> bool:
        return not isinstance(self._state, Foot)

    @override
    def press(self, pointer: Pointer) -> Reply:
        if pointer.button is not Button.LEFT:
            return NOTHING
        self._at_rest.forget()
        match self._state:
            case Foot(vertices):
                return self._extended(vertices, pointer)
            case _ if pointer.keys & Keys.SHIFT:
                return self._extended((), pointer)
            case _:
                return self._begun(pointer)

    @override
    def move(self, pointer: Pointer) -> Reply:
        match self._state:
            case Foot(vertices):
                at = self._corner(vertices, pointer)
                return NOTHING if at is None else Reply(preview=self._shown((*vertices, at)))
            case Cutting() as held:
                return self._dragged(held, pointer)
            case Idle():
                return self._at_rest.moved(pointer.at_m)

    @override
    def rest(self, pointer: Pointer) -> Reply:
        """Show how far a click would grow a wall."""
        is_idle = isinstance(self._state, Idle) and not pointer.keys
        if not is_idle or self._cut_at(pointer) is not None:
            return NOTHING
        return self._at_rest.rested(pointer.at_m, lambda: self._foreseen(pointer))

    @override
    def release(self, pointer: Pointer) -> Reply:
        held = self._state
        if not isinstance(held, Cutting):
            return NOTHING
        self._state = Idle()
        if not held.is_dragged:
            return self._grown(held.pressed)
        edit = held.edit()
        if edit is None:
            return Reply(preview=CLEAR, hint=_("Too small for an opening; drag at least 30 cm"))
        text = _("Cut opening") if held.held is None else _("Change opening")
        return Reply(CLEAR, edit, text)

    @override
    def double_click(self, pointer: Pointer) -> Reply:
        return self._finished() if isinstance(self._state, Foot) else NOTHING

    @override
    def wheel(self, pointer: Pointer, steps: float) -> Reply | None:
        if pointer.keys != Keys.ALT or not isinstance(self._state, Idle):
            return None
        self._is_gap_new = True
        self._gap_m = min(max(self._gap_m + _GAP_STEP_M * steps, _GAP_STEP_M), 10.0)
        return Reply()

    @override
    def key_press(self, key: ToolKey) -> Reply | None:
        return self._finished() if isinstance(self._state, Foot) and key is ToolKey.FINISH else None

    @override
    def cancel(self) -> Reply:
        match self._state:
            case Foot(vertices) if len(vertices) > 1:
                self._state = Foot(vertices[:-1])
                return Reply(preview=self._shown(vertices[:-1]), hint=self.hint())
            case was:
                self._state = Idle()
                return NOTHING if isinstance(was, Idle) else Reply(preview=CLEAR)

    def _selected(self) -> Annotation | None:
        selected = self.scene.selected
        is_wall = selected is not None and _is_wall(selected)
        return selected if is_wall else None

    def _labelled(self) -> list[tuple[Annotation, Polyline3D]]:
        found = self.scene.document.in_frame(self.scene.frame)
        return [(a, a.shape) for a in found if isinstance(a.shape, Polyline3D) and _is_wall(a)]

    def _begun(self, pointer: Pointer) -> Reply:
        cut = self._cut_at(pointer)
        if cut is None:
            return self._grown(pointer)
        wall, start = cut
        begun = Cutting.begun(pointer, wall, start)
        if begun.held is not None and pointer.keys & Keys.CTRL:
            return Reply(CLEAR, fill_opening(wall, begun.held.number), _("Fill opening"))
        self._state = begun
        return Reply()

    def _cut_at(self, pointer: Pointer) -> tuple[Annotation, OnFace] | None:
        """Return the selected wall and where on it an opening would begin."""
        wall = None if pointer.keys & Keys.SHIFT else self._selected()
        start = None if wall is None else self._met(wall, pointer)
        return None if wall is None or start is None else (wall, start)

    def _met(self, wall: Annotation, pointer: Pointer) -> OnFace | None:
        """Return the place on a wall under the pointer, unless something is in front of it."""
        if pointer.ray is None or not isinstance(wall.shape, Polyline3D):
            return None
        met = on_face(wall.shape, pointer.ray.origin_m, pointer.ray.direction)
        if met is None or pointer.at_m is None:
            return met
        seen_m = math.dist(pointer.ray.origin_m, pointer.at_m)
        return met if seen_m > met.ahead_m - _IN_FRONT_M else None

    def _grown(self, pointer: Pointer) -> Reply:
        return self.fitted(pointer, lambda: self._kept(self._fit(pointer)))

    def _fit(self, pointer: Pointer) -> Put:
        survey, at_m = clicked(self.scene, pointer)
        return fit_wall_at(
            self.scene.cloud,
            survey.index,
            survey.ground,
            at_m,
            others=self.scene.walls(),
            gap_m=self._gap_m,
            label=label_named(self.scene, "wall"),
        )

    def _foreseen(self, pointer: Pointer) -> Preview:
        return Preview(annotations=(self._fit(pointer).annotation,))

    def _kept(self, made: Put) -> Reply:
        """Add a grown wall, or let the one that is labelled there already reach as far."""
        grown = made.annotation.shape
        for known, wall in self._labelled():
            if isinstance(grown, Polyline3D) and is_same_wall(grown, wall):
                return self._regrown(known, wall, grown)
        others = [known for known, _wall in self._labelled()]
        edit = join_corners(made.annotation, others)
        return Reply(CLEAR, edit, _("Add wall"), select=(made.annotation.id,))

    def _regrown(self, known: Annotation, wall: Polyline3D, grown: Polyline3D) -> Reply:
        """Let a labelled wall reach farther; less far only where that was asked for by the gap."""
        longer_m, was_asked = (
            foot_length_m(grown.vertices_m) - foot_length_m(wall.vertices_m),
            self._is_gap_new,
        )
        self._is_gap_new = False
        if longer_m >= _LONGER_M:
            return Reply(CLEAR, regrow_wall(known, grown), _("Extend wall"), select=(known.id,))
        if was_asked and longer_m <= -_LONGER_M:
            return Reply(CLEAR, regrow_wall(known, grown), _("Shorten wall"), select=(known.id,))
        hint = _("This wall is labelled already · Alt+wheel bridges wider gaps")
        if was_asked:
            hint = _("This wall ends at the same places with gaps up to {m:.1f} m")
        return Reply(CLEAR, select=(known.id,), hint=hint.format(m=self._gap_m))

    def _dragged(self, held: Cutting, pointer: Pointer) -> Reply:
        is_still = math.dist(held.pressed.at_px, pointer.at_px) < _DRAG_PX
        now = None if is_still and not held.is_dragged else held.dragged_to(pointer)
        if now is None:
            return NOTHING
        self._state = now
        return now.shown()

    def _corner(self, before: tuple[Vec3, ...], pointer: Pointer) -> Vec3 | None:
        """Return the corner of the foot that the pointer means, on the floor, snapped."""
        if before:
            at = self.scene.on_plane(pointer, before[0][2])
        else:
            at = foot_under(self.scene, pointer)
        return None if at is None else snapped_vertex(at, before, self.scene.walls())

    def _extended(self, before: tuple[Vec3, ...], pointer: Pointer) -> Reply:
        if self.scene.active_label() is None:
            return Reply(hint=_("Choose a class first"))
        at = self._corner(before, pointer)
        if at is None:
            return Reply(hint=why_off_floor(self.scene))
        if before and math.dist(before[-1], at) < _LEAST_STRETCH_M:
            return NOTHING
        self._state = Foot((*before, at))
        return Reply(preview=self._shown((*before, at)), hint=self.hint())

    def _shown(self, vertices: tuple[Vec3, ...]) -> Preview:
        if len(vertices) < 2 or math.dist(vertices[-1], vertices[-2]) < 1e-6:
            x, y, z = vertices[0]
            return Preview(lines_m=(((x, y, z), (x, y, z + room_m(self.scene, (x, y, z)))),))
        return Preview(annotations=(self._drawn(vertices),))

    def _drawn(self, vertices: tuple[Vec3, ...]) -> Annotation:
        return draw_wall(
            vertices,
            height_m=room_m(self.scene, vertices[0]),
            label=label_named(self.scene, "wall"),
        ).annotation

    def _finished(self) -> Reply:
        if not isinstance(self._state, Foot) or len(self._state.vertices_m) < 2:
            return Reply(hint=_("A wall needs two corners; click the next one"))
        vertices = self._state.vertices_m
        self._state = Idle()
        edit = draw_wall(
            vertices,
            height_m=room_m(self.scene, vertices[0]),
            label=label_named(self.scene, "wall"),
        )
        return Reply(CLEAR, edit, _("Draw wall"), select=(edit.annotation.id,))


def _is_wall(annotation: Annotation) -> bool:
    return isinstance(annotation.shape, Polyline3D) and annotation.shape.height_m > 0
