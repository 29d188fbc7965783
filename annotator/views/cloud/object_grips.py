"""The selection's grips, for any tool that only clicks: a drag edits, a click is the tool's."""

from annotator.i18n import gettext as _
from annotator.model.shapes import Box3D, Shape, Vec2
from annotator.tools.box_handles import Handle, Kind
from annotator.tools.fitted import FittingTool
from annotator.tools.hitting import grip_at
from annotator.tools.keys import keyed
from annotator.tools.select_box import SelectBox
from annotator.tools.tool import Button, Keys, Pointer
from annotator.views.cloud.tool_in_hand import ToolInHand


class ObjectGrips:
    """Free → (press on a grip) held → (release) one changed object, or the tool's click; free."""

    def __init__(self, hand: ToolInHand) -> None:
        self._hand = hand
        self._held: tuple[SelectBox, Pointer] | None = None
        self._is_dragged = False

    def hint_at(self, at_px: Vec2) -> str:
        """Say what dragging the grip under the pointer does."""
        grip = self._grip_at(at_px)
        selected = self._hand.scene.selected
        return "" if grip is None or selected is None else _in_words(grip, selected.shape)

    def press(self, pointer: Pointer) -> bool:
        """Take hold of the grip under the pointer; with a modifier key a press is the tool's."""
        is_plain = pointer.button is Button.LEFT and pointer.keys is Keys.NONE
        if not is_plain or self._grip_at(pointer.at_px) is None:
            return False
        edits = SelectBox(self._hand.scene)
        edits.press(pointer)
        self._held, self._is_dragged = (edits, pointer), False
        return True

    def move(self, pointer: Pointer) -> None:
        """Drag it."""
        if self._held is not None:
            reply = self._held[0].move(pointer)
            self._is_dragged |= reply.preview is not None
            self._hand.take(reply)
            self._hand.say(
                keyed(_("Let go to keep it so · {gesture_back_out} leaves it as it was"))
            )

    def release(self) -> None:
        """Let the object stay as it was dragged; without a drag the tool in hand was clicked."""
        if self._held is None:
            return
        (edits, pressed), self._held = self._held, None
        if self._is_dragged:
            self._hand.take(edits.release(pressed))
        elif not self._is_doubled(pressed):
            self._hand.take(self._hand.tool.press(pressed))
            self._hand.take(self._hand.tool.release(pressed))

    def back_out(self) -> bool:
        """Leave the object as it was before the drag; tell whether there was one."""
        held, self._held = self._held, None
        if held is not None:
            self._hand.take(held[0].cancel())
        return held is not None

    def _is_doubled(self, pressed: Pointer) -> bool:
        """Tell whether a click may be half of a double click on a face, that nothing is fitted to.

        What a fit would add for the first click stands behind the face, and was not meant.
        """
        grip = self._grip_at(pressed.at_px)
        is_face = grip is not None and grip.kind is Kind.FACE
        return is_face and isinstance(self._hand.tool, FittingTool)

    def _grip_at(self, at_px: Vec2) -> Handle | None:
        leaves = self._hand.tool.leaves_grips()
        return grip_at(self._hand.scene, at_px) if leaves else None


def _in_words(grip: Handle, shape: Shape) -> str:
    match grip.kind:
        case Kind.TURN:
            return _("Drag to turn the box")
        case Kind.VERTEX:
            return _("Drag to move this vertex")
        case Kind.FACE if isinstance(shape, Box3D):
            return _("Drag to move this face · a double click fits it to its points")
        case _:
            return _("Drag to change the size")
