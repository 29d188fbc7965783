"""Paints a focus, or erases from it, in millimetres."""

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
from annotator.tools.image_scene import ImageScene, ImageTool
from annotator.tools.keys import ToolKey, keyed
from annotator.tools.tool import CLEAR, NOTHING, Button, Keys, Pointer, Preview, Reply

SMALLEST_MM, LARGEST_MM = 0.3, 40.0
STEP_HU = 10.0


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

    def __init__(self, scene: ImageScene) -> None:
        super().__init__(scene)
        self._stroke: Stroke | None = None

    def brush(self) -> Brush:
        """Return what is drawn with."""
        return self.scene.marking.brush

    def move(self, pointer: Pointer) -> Reply:
        """Draw the outline, and what the stroke covers so far."""
        if self._stroke is not None and pointer.voxel is not None:
            more = self._covered(self._stroke.last, pointer.voxel)
            self._stroke.add(more, pointer.voxel)
        return Reply(preview=self._shown(pointer))

    def press(self, pointer: Pointer) -> Reply:
        """Begin a stroke."""
        if pointer.button is not Button.LEFT or pointer.voxel is None:
            return NOTHING
        seed = self.voxel_under(pointer)
        here = None if seed is None else focus_at(self.scene.document, self.flat_index(seed))
        where = self._covered(pointer.voxel, pointer.voxel)
        self._stroke = Stroke(pointer.voxel, where, here or self.scene.selected)
        return Reply(preview=self._shown(pointer))

    def wheel(self, pointer: Pointer, steps: float) -> Reply | None:
        """Change the size with Shift, the lower end of the HU range with Alt."""
        brush = self.scene.marking.brush
        if pointer.keys == Keys.SHIFT:
            radius_mm = min(max(brush.radius_mm * 1.15**steps, SMALLEST_MM), LARGEST_MM)
            self.scene.marking.brush = replace(brush, radius_mm=radius_mm)
        elif pointer.keys == Keys.ALT:
            low = max(brush.low_hu, -1024.0) + STEP_HU * steps
            self.scene.marking.brush = replace(brush, low_hu=low)
        else:
            return None
        return Reply(preview=self._shown(pointer), hint=self.hint())

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
        self._stroke = None
        return Reply(preview=CLEAR)

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

    def hint(self) -> str:
        """Say which focus a stroke goes to, and the brush."""
        low = self.brush().low_hu
        aim = (
            _("Drag adds to the selected focus")
            if self.scene.selected
            else _("Drag paints a focus")
        )
        level = _("≥ {hu:.0f} HU (Alt+wheel)").format(hu=max(low, -1024.0))
        return f"{aim} · {self._shape()} · {level}"

    def release(self, pointer: Pointer) -> Reply:  # noqa: ARG002 - the stroke knows its way
        """Commit the stroke as one edit."""
        stroke, self._stroke = self._stroke, None
        if stroke is None:
            return NOTHING
        if stroke.onto is not None:
            edit = extend_focus(self.scene.document, stroke.onto, stroke.where)
            return _committed(edit, _("Paint focus"), stroke.onto.id)
        name = new_id()
        edit = mark_focus(self.scene.document, stroke.where, self.scene.label, id=name)
        return _committed(edit, _("Paint focus"), name)


class EraseFocus(_Covering):
    """Hovering (outline) → (press) Stroke → (release) erased, hovering again."""

    id: ClassVar[str] = "eraser"
    title: ClassVar[str] = mark("Eraser")
    key: ClassVar[str] = "E"

    def brush(self) -> Brush:
        """Return the brush without its range: what was painted can be erased."""
        brush = self.scene.marking.brush
        return Brush(brush.radius_mm, is_ball=brush.is_ball)

    def hint(self) -> str:
        """Say what a stroke takes away."""
        return f"{_('Drag erases from every focus')} · {self._shape()}"

    def release(self, pointer: Pointer) -> Reply:  # noqa: ARG002 - the stroke knows its way
        """Commit the stroke as one edit."""
        stroke, self._stroke = self._stroke, None
        if stroke is None:
            return NOTHING
        return _committed(erase(self.scene.document, stroke.where), _("Erase"), None)


def _committed(edit: Edit, text: str, focus: AnnotationId | None) -> Reply:
    if edit == NO_EDIT:
        return Reply(preview=CLEAR)
    return Reply(CLEAR, edit, text, select=None if focus is None else (focus,))
