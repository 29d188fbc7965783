"""Fills what is drawn on a cut, within the brush's HU range: polygon, freehand, ellipse."""

import math
from dataclasses import replace
from typing import ClassVar

from annotator.commands.foci import NO_EDIT, erase, extend_focus, mark_focus
from annotator.i18n import gettext as _
from annotator.i18n import mark
from annotator.imaging.outlines import ellipse, inside_outline
from annotator.model.annotations import new_id
from annotator.model.layers import Where
from annotator.model.shapes import Vec3
from annotator.tools.brush import range_in_words
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

CLOSE_PX = 8.0


class _OutlineTool(ImageTool):
    """Idle → (press) drawing → (it is closed) filled, idle again."""

    held: ClassVar[tuple[HeldKeys, ...]] = (
        HeldKeys(Keys.SHIFT, Mouse.DRAG, mark("Erase what is inside")),
        ADDS_TO_FOCUS,
    )

    def __init__(self, scene: ImageScene) -> None:
        super().__init__(scene)
        self._points: list[Vec3] = []

    def cancel(self) -> Reply:
        """Forget the outline."""
        points, self._points = self._points, []
        return Reply(preview=CLEAR) if points else NOTHING

    def _outline(self) -> tuple[Vec3, ...]:
        return tuple(self._points)

    def _filled(self) -> Where:
        brush = self.scene.marking.brush
        return inside_outline(
            self.scene.volume.hu,
            self._outline(),
            plane=self.scene.plane,
            low_hu=brush.low_hu,
            high_hu=brush.high_hu,
        )

    def _shown(self, *more: Vec3) -> Preview:
        return Preview(voxels=self._filled(), path_voxels=(*self._outline(), *more))

    def _closed(self, keys: Keys) -> Reply:
        """Commit what is inside: a new focus, or more of the selected; with Shift, erase it."""
        where = self._filled()
        self._points = []
        document = self.scene.document
        if keys & Keys.SHIFT:
            edit = erase(document, where)
            return Reply(CLEAR, edit, _("Erase")) if edit != NO_EDIT else Reply(CLEAR)
        focus = self.extended_by(where, keys)
        name = focus.id if focus is not None else new_id()
        edit = (
            extend_focus(document, focus, where)
            if focus is not None
            else mark_focus(document, where, self.scene.label, id=name)
        )
        if edit == NO_EDIT:
            return Reply(preview=CLEAR, hint=_("Nothing inside is within the HU range"))
        return Reply(CLEAR, edit, _("Fill outline"), select=(name,))

    def _range(self) -> str:
        brush = self.scene.marking.brush
        level = range_in_words(brush.low_hu, brush.high_hu)
        keys = (
            _("Shift erases, Ctrl adds to the selected focus")
            if self.scene.selected
            else _("Shift erases")
        )
        return f"{_('{range}, as the brush').format(range=level)} · {keys}"


class PolygonFocus(_OutlineTool):
    """Idle → (press) corner by corner → (Enter, double click or first corner) filled, Idle.

    A double click on the first corner closes by its first press; the second one means nothing.
    """

    id: ClassVar[str] = "polygon_focus"
    title: ClassVar[str] = mark("Polygon")
    key: ClassVar[str] = "G"
    held: ClassVar[tuple[HeldKeys, ...]] = tuple(
        replace(held, mouse=Mouse.CLICK) for held in _OutlineTool.held
    )

    def __init__(self, scene: ImageScene) -> None:
        super().__init__(scene)
        self._was_closed = False

    def hint(self) -> str:
        """Say how the outline grows and closes."""
        if not self._points:
            return f"{_('Click sets the first corner')} · {self._range()}"
        does = _(
            "Click adds a corner · {gesture_finish} fills · {gesture_take_back} takes one back"
        )
        return f"{keyed(does)} · {self._range()}"

    def keys_wanted(self) -> frozenset[ToolKey]:
        """Take the keys that close and take back while there are corners."""
        return frozenset({ToolKey.FINISH, ToolKey.TAKE_BACK} if self._points else ())

    def press(self, pointer: Pointer) -> Reply:
        """Add a corner, or close on the first one."""
        if pointer.button is not Button.LEFT or pointer.voxel is None:
            return NOTHING
        self._was_closed = len(self._points) > 2 and self._is_at_first(pointer.voxel)
        if self._was_closed:
            return self._closed(pointer.keys)
        self._points.append(pointer.voxel)
        return Reply(preview=self._shown())

    def move(self, pointer: Pointer) -> Reply:
        """Show the outline as it would be with a corner here."""
        if not self._points or pointer.voxel is None:
            return NOTHING
        return Reply(preview=self._shown(pointer.voxel))

    def double_click(self, pointer: Pointer) -> Reply:
        """Close the outline."""
        if self._was_closed:
            return Reply(preview=CLEAR)
        return self._closed(pointer.keys) if len(self._points) > 2 else NOTHING

    def key_press(self, key: ToolKey) -> Reply | None:
        """Close the outline, or take a corner back."""
        if key is ToolKey.FINISH and len(self._points) > 2:
            return self._closed(Keys.NONE)
        if key is ToolKey.TAKE_BACK and self._points:
            self._points.pop()
            return Reply(preview=self._shown() if self._points else CLEAR)
        return None

    def _is_at_first(self, voxel: Vec3) -> bool:
        away_mm = [
            (a - b) * mm
            for a, b, mm in zip(voxel, self._points[0], self.scene.spacing_mm[::-1], strict=True)
        ]
        return math.hypot(*away_mm) * self.scene.px_per_mm <= CLOSE_PX


class FreehandFocus(_OutlineTool):
    """Idle → (press) drawn along → (release) filled, Idle."""

    id: ClassVar[str] = "freehand_focus"
    title: ClassVar[str] = mark("Freehand")
    key: ClassVar[str] = "H"

    def hint(self) -> str:
        """Say what a drag does."""
        return f"{_('Drag round what you want; letting go fills it')} · {self._range()}"

    def press(self, pointer: Pointer) -> Reply:
        """Begin the outline."""
        if pointer.button is not Button.LEFT or pointer.voxel is None:
            return NOTHING
        self._points = [pointer.voxel]
        return Reply(preview=self._shown())

    def move(self, pointer: Pointer) -> Reply:
        """Follow the pointer."""
        if not self._points or pointer.voxel is None:
            return NOTHING
        self._points.append(pointer.voxel)
        return Reply(preview=self._shown())

    def release(self, pointer: Pointer) -> Reply:
        """Fill the outline."""
        return self._closed(pointer.keys) if self._points else NOTHING


class EllipseFocus(_OutlineTool):
    """Idle → (press) corner of its rectangle → (release) filled, Idle."""

    id: ClassVar[str] = "ellipse_focus"
    title: ClassVar[str] = mark("Ellipse")
    key: ClassVar[str] = "O"

    def hint(self) -> str:
        """Say what a drag does."""
        return f"{_('Drag from corner to corner; letting go fills the ellipse')} · {self._range()}"

    def press(self, pointer: Pointer) -> Reply:
        """Begin the rectangle."""
        if pointer.button is not Button.LEFT or pointer.voxel is None:
            return NOTHING
        self._points = [pointer.voxel, pointer.voxel]
        return Reply(preview=self._shown())

    def move(self, pointer: Pointer) -> Reply:
        """Let the opposite corner follow the pointer."""
        if not self._points or pointer.voxel is None:
            return NOTHING
        self._points[1] = pointer.voxel
        return Reply(preview=self._shown())

    def release(self, pointer: Pointer) -> Reply:
        """Fill the ellipse."""
        return self._closed(pointer.keys) if self._points else NOTHING

    def _outline(self) -> tuple[Vec3, ...]:
        return ellipse(self._points[0], self._points[1], self.scene.plane) if self._points else ()
