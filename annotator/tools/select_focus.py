"""Selects or removes the focus under the pointer."""

from typing import ClassVar

from annotator.commands.foci import focus_at, remove_foci, voxels_of
from annotator.i18n import gettext as _
from annotator.i18n import mark
from annotator.model.annotations import Annotation
from annotator.tools.held import toggled
from annotator.tools.image_scene import ImageTool
from annotator.tools.keys import keyed
from annotator.tools.tool import (
    CLEAR,
    NOTHING,
    Button,
    Cursor,
    HeldKeys,
    Keys,
    Mouse,
    Pointer,
    Preview,
    Reply,
)


class SelectFocus(ImageTool):
    """Hovering (the focus is named) → (press) selected, hovering again."""

    id: ClassVar[str] = "select"
    title: ClassVar[str] = mark("Select")
    key: ClassVar[str] = "V"
    takes_what_is_shown: ClassVar[bool] = True
    cursor: ClassVar[Cursor] = Cursor.ARROW
    held: ClassVar[tuple[HeldKeys, ...]] = (
        HeldKeys(Keys.CTRL, Mouse.CLICK, mark("Add to the selection, or let go")),
    )

    def hint(self) -> str:
        """Say what a click does."""
        return _("Click selects a focus · Ctrl adds another · a click beside it selects none")

    def press(self, pointer: Pointer) -> Reply:
        """Select the focus under the pointer, or none; with Ctrl, one more."""
        if pointer.button is not Button.LEFT:
            return NOTHING
        here = _focus_under(self, pointer)
        if pointer.keys & Keys.CTRL:
            return NOTHING if here is None else Reply(select=toggled(self.scene.chosen, here.id))
        return Reply(select=() if here is None else (here.id,))


class RemoveFocus(ImageTool):
    """Hovering (the focus is shown in amber) → (press) removed, hovering again."""

    id: ClassVar[str] = "remove_focus"
    title: ClassVar[str] = mark("Remove focus")
    key: ClassVar[str] = "X"
    takes_what_is_shown: ClassVar[bool] = True

    def hint(self) -> str:
        """Say what a click does."""
        return keyed(_("Click removes a whole focus · {edit_undo} brings it back"))

    def move(self, pointer: Pointer) -> Reply:
        """Show which focus would go."""
        here = _focus_under(self, pointer)
        if here is None:
            return Reply(preview=CLEAR)
        where = voxels_of(self.scene.document, here)
        hint = _("Click removes this focus of {n} voxels").format(n=len(where))
        return Reply(preview=Preview(voxels=where, warning=True), hint=hint)

    def press(self, pointer: Pointer) -> Reply:
        """Remove the focus under the pointer."""
        here = _focus_under(self, pointer)
        if pointer.button is not Button.LEFT or here is None:
            return NOTHING
        edit = remove_foci(self.scene.document, (here.id,))
        return Reply(CLEAR, edit, _("Remove focus"), select=())


def _focus_under(tool: ImageTool, pointer: Pointer) -> Annotation | None:
    """Return the focus under the pointer."""
    voxel = tool.voxel_under(pointer)
    return None if voxel is None else focus_at(tool.scene.document, tool.flat_index(voxel))
