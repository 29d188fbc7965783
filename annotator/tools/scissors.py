"""Cuts a focus in two along a drawn line."""

from typing import ClassVar

from annotator.commands.foci import NO_EDIT
from annotator.commands.foci_shaping import crossed_by, cut_foci
from annotator.i18n import gettext as _
from annotator.i18n import mark
from annotator.model.shapes import Vec3
from annotator.tools.image_scene import ImageScene, ImageTool
from annotator.tools.tool import CLEAR, NOTHING, Button, Pointer, Preview, Reply


class Scissors(ImageTool):
    """Idle → (press) a line is drawn → (release) what it crosses is cut, Idle."""

    id: ClassVar[str] = "scissors"
    title: ClassVar[str] = mark("Scissors")
    key: ClassVar[str] = "S"

    def __init__(self, scene: ImageScene) -> None:
        super().__init__(scene)
        self._start: Vec3 | None = None
        self._end: Vec3 | None = None

    def hint(self) -> str:
        """Say what a drag does."""
        return _("Drag a line across the bridge between two foci: each side becomes one")

    def press(self, pointer: Pointer) -> Reply:
        """Begin the line."""
        if pointer.button is not Button.LEFT or pointer.voxel is None:
            return NOTHING
        self._start = self._end = pointer.voxel
        return Reply(preview=self._shown())

    def move(self, pointer: Pointer) -> Reply:
        """Let the line's end follow, and say what it would cut."""
        if self._start is None or pointer.voxel is None:
            return NOTHING
        self._end = pointer.voxel
        crossed = crossed_by(
            self.scene.document,
            self._start,
            self._end,
            self.scene.plane,
            self.scene.spacing_mm,
        )
        hint = _("Letting go cuts {n} foci in two") if crossed else _("The line crosses no focus")
        return Reply(preview=self._shown(), hint=hint.format(n=len(crossed)))

    def release(self, pointer: Pointer) -> Reply:  # noqa: ARG002 - the line knows its ends
        """Cut what the line crosses, as one step."""
        start, end = self._start, self._end
        self._start = self._end = None
        if start is None or end is None:
            return NOTHING
        edit = cut_foci(self.scene.document, start, end, self.scene.plane, self.scene.spacing_mm)
        if edit == NO_EDIT:
            return Reply(preview=CLEAR, hint=_("Nothing is cut: the line parts no focus in two"))
        return Reply(CLEAR, edit, _("Cut focus"))

    def cancel(self) -> Reply:
        """Forget the line."""
        start, self._start, self._end = self._start, None, None
        return NOTHING if start is None else Reply(preview=CLEAR)

    def _shown(self) -> Preview:
        assert self._start is not None
        assert self._end is not None
        return Preview(path_voxels=(self._start, self._end), closed=False)
