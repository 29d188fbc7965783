"""Paints a focus, or erases from it, in millimetres."""

import math
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from annotator.commands.foci import NO_EDIT, erase, extend_focus, focus_at, mark_focus
from annotator.i18n import gettext as _
from annotator.i18n import mark
from annotator.imaging.brush import Brush, under_brush
from annotator.model.annotations import Annotation, AnnotationId, new_id
from annotator.model.edits import Edit
from annotator.model.layers import Where
from annotator.model.shapes import Vec3
from annotator.tools.held import ADDS_TO_FOCUS
from annotator.tools.image_scene import ImageScene, ImageTool
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

SMALLEST_MM, LARGEST_MM = 0.3, 40.0
STEP_HU = 10.0
LOWEST_HU, SOFT_HU, DENSE_HU, HIGHEST_HU = -1024.0, 300.0, 1000.0, 3000.0


@dataclass(slots=True)
class Stroke:
    """What a drag has covered so far."""

    last: Vec3
    where: Where
    onto: Annotation | None

    def add(self, more: Where, to: Vec3) -> None:
        """Cover more voxels; each is kept once."""
        self.where = np.union1d(self.where, more)
        self.last = to


class _Covering(ImageTool):
    """Hovering (outline) → (press) Stroke → (release) committed, hovering again."""

    held: ClassVar[tuple[HeldKeys, ...]] = (
        HeldKeys(Keys.SHIFT, Mouse.WHEEL, mark("Larger or smaller brush")),
        HeldKeys(Keys.ALT, Mouse.WHEEL, mark("Lowest HU that is taken")),
        HeldKeys(Keys.ALT | Keys.SHIFT, Mouse.WHEEL, mark("Highest HU that is taken")),
    )

    def __init__(self, scene: ImageScene) -> None:
        super().__init__(scene)
        self._stroke: Stroke | None = None
        self._refusal = ""
        """Why the last stroke did nothing, until the next begins."""

    def brush(self) -> Brush:
        """Return what is drawn with."""
        return self.scene.marking.brush

    def move(self, pointer: Pointer) -> Reply:
        """Draw the outline, and what the stroke covers so far."""
        if self._stroke is not None and pointer.voxel is not None:
            more = self._covered(self._stroke.last, pointer.voxel)
            self._stroke.add(more, pointer.voxel)
        return Reply(preview=self._shown(pointer), hint=self._refusal)

    def press(self, pointer: Pointer) -> Reply:
        """Begin a stroke."""
        if pointer.button is not Button.LEFT or pointer.voxel is None:
            return NOTHING
        seed = self.voxel_under(pointer)
        here = None if seed is None else focus_at(self.scene.document, self.flat_index(seed))
        where = self._covered(pointer.voxel, pointer.voxel)
        self._stroke, self._refusal = Stroke(pointer.voxel, where, here), ""
        return Reply(preview=self._shown(pointer))

    def wheel(self, pointer: Pointer, steps: float) -> Reply | None:
        """Change the size with Shift, the HU range's lower end with Alt, its upper with both."""
        brush = self.brush()
        if pointer.keys == Keys.SHIFT:
            radius_mm = min(max(brush.radius_mm * 1.15**steps, SMALLEST_MM), LARGEST_MM)
            self.scene.marking.brush = replace(self.scene.marking.brush, radius_mm=radius_mm)
        elif pointer.keys == Keys.ALT:
            self.use_range(_next_low(brush.low_hu, steps), brush.high_hu)
        elif pointer.keys == Keys.ALT | Keys.SHIFT:
            self.use_range(brush.low_hu, _next_high(brush.high_hu, steps))
        else:
            return None
        self._refusal = ""
        return Reply(preview=self._shown(pointer), hint=self.hint())

    def use_range(self, low_hu: float, high_hu: float) -> None:
        """Take only voxels in this range from now on."""
        marking = self.scene.marking
        marking.brush = replace(marking.brush, low_hu=low_hu, high_hu=high_hu)

    def keys_wanted(self) -> frozenset[ToolKey]:
        """Take the key that changes the brush's shape."""
        return frozenset({ToolKey.SHAPE})

    def key_press(self, key: ToolKey) -> Reply | None:
        """Switch between disc and ball."""
        if key is not ToolKey.SHAPE:
            return None
        brush = self.scene.marking.brush
        self.scene.marking.brush = replace(brush, is_ball=not brush.is_ball)
        return Reply(hint=self.hint())

    def cancel(self) -> Reply:
        """Forget the stroke that is being drawn."""
        stroke, self._stroke, self._refusal = self._stroke, None, ""
        return NOTHING if stroke is None else Reply(preview=CLEAR)

    def _committed(self, edit: Edit, text: str, focus: AnnotationId | None, refusal: str) -> Reply:
        if edit == NO_EDIT:
            self._refusal = refusal
            return Reply(preview=CLEAR, hint=refusal)
        return Reply(CLEAR, edit, text, select=None if focus is None else (focus,))

    def _covered(self, start: Vec3, end: Vec3) -> Where:
        return under_brush(
            self.scene.volume.hu,
            self.brush(),
            start,
            end,
            spacing_mm=self.scene.spacing_mm,
            plane=self.scene.plane,
        )

    def _shown(self, pointer: Pointer) -> Preview:
        radius_px = self.brush().radius_mm * self.scene.px_per_mm
        return Preview(
            voxels=None if self._stroke is None else self._stroke.where,
            circle_px=(pointer.at_px, radius_px),
        )

    def _range(self) -> str:
        brush = self.brush()
        return f"{range_in_words(brush.low_hu, brush.high_hu)} {_('(Alt+wheel, Alt+Shift+wheel)')}"

    def _shape(self) -> str:
        brush = self.brush()
        shape = _("ball") if brush.is_ball else _("disc")
        return keyed(
            _("{shape} {mm:.1f} mm (Shift+wheel, {gesture_shape})"),
            shape=shape,
            mm=2 * brush.radius_mm,
        )


class PaintFocus(_Covering):
    """Hovering (outline) → (press) Stroke → (release) painted onto a focus, hovering again."""

    id: ClassVar[str] = "brush"
    title: ClassVar[str] = mark("Brush")
    key: ClassVar[str] = "B"
    held: ClassVar[tuple[HeldKeys, ...]] = (*_Covering.held, ADDS_TO_FOCUS)

    def hint(self) -> str:
        """Say which focus a stroke goes to, and the brush."""
        aim = (
            _("Drag paints a focus, or adds to the selected one that it touches · Ctrl always adds")
            if self.scene.selected
            else _("Drag paints a focus")
        )
        return f"{aim} · {self._shape()} · {self._range()}"

    def release(self, pointer: Pointer) -> Reply:
        """Commit the stroke as one edit."""
        stroke, self._stroke = self._stroke, None
        if stroke is None:
            return NOTHING
        onto = stroke.onto or self.extended_by(stroke.where, pointer.keys)
        name = new_id() if onto is None else onto.id
        if onto is not None:
            edit = extend_focus(self.scene.document, onto, stroke.where)
        else:
            edit = mark_focus(self.scene.document, stroke.where, self.scene.label, id=name)
        return self._committed(edit, _("Paint focus"), name, self._why_not(stroke))

    def _why_not(self, stroke: Stroke) -> str:
        if len(stroke.where):
            return _("Nothing to paint: all of it is in a focus already")
        brush = self.brush()
        says = _("Nothing to paint: nothing here is in the range {range} · Alt+wheel changes it")
        return says.format(range=range_in_words(brush.low_hu, brush.high_hu))


class EraseFocus(_Covering):
    """Hovering (outline) → (press) Stroke → (release) erased, hovering again."""

    id: ClassVar[str] = "eraser"
    title: ClassVar[str] = mark("Eraser")
    key: ClassVar[str] = "E"

    def brush(self) -> Brush:
        """Return the brush with the eraser's own range: what was painted can be erased."""
        low_hu, high_hu = self.scene.marking.erased_hu
        return replace(self.scene.marking.brush, low_hu=low_hu, high_hu=high_hu)

    def use_range(self, low_hu: float, high_hu: float) -> None:
        """Take only voxels in this range away from now on."""
        self.scene.marking.erased_hu = (low_hu, high_hu)

    def hint(self) -> str:
        """Say what a stroke takes away."""
        return f"{_('Drag erases from every focus')} · {self._shape()} · {self._range()}"

    def release(self, pointer: Pointer) -> Reply:  # noqa: ARG002 - the stroke knows its way
        """Commit the stroke as one edit."""
        stroke, self._stroke = self._stroke, None
        if stroke is None:
            return NOTHING
        edit = erase(self.scene.document, stroke.where)
        return self._committed(edit, _("Erase"), None, _("Nothing to erase: no focus is here"))


def range_in_words(low_hu: float, high_hu: float) -> str:
    """Say which values are taken."""
    if math.isinf(low_hu) and math.isinf(high_hu):
        return _("any HU")
    if math.isinf(high_hu):
        return _("≥ {hu:.0f} HU").format(hu=low_hu)
    if math.isinf(low_hu):
        return _("≤ {hu:.0f} HU").format(hu=high_hu)
    return _("{low:.0f} to {high:.0f} HU").format(low=low_hu, high=high_hu)


def _next_low(low_hu: float, steps: float) -> float:
    """Step the lower end; below air there is none."""
    low_hu = (LOWEST_HU if math.isinf(low_hu) else low_hu) + STEP_HU * steps
    return low_hu if low_hu > LOWEST_HU else -math.inf


def _next_high(high_hu: float, steps: float) -> float:
    """Step the upper end, in larger steps where bone is; beyond the densest there is none."""
    if math.isinf(high_hu):
        return DENSE_HU if steps < 0 else high_hu
    step_hu = STEP_HU if high_hu + STEP_HU * steps <= SOFT_HU else 5 * STEP_HU
    high_hu += step_hu * steps
    return high_hu if high_hu < HIGHEST_HU else math.inf
