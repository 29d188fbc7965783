"""Gives the points inside a drawn outline the active class."""

from typing import ClassVar

from typing_extensions import override

from annotator.commands.points import paint_points
from annotator.i18n import gettext as _
from annotator.i18n import mark
from annotator.model.edits import Batch
from annotator.model.shapes import Vec2
from annotator.tools.cloud_scene import CloudTool
from annotator.tools.tool import CLEAR, NOTHING, Button, Keys, Pointer, Preview, Reply

_LEAST_STEP_PX = 2.0


class LassoLabel(CloudTool):
    """Idle → (press) Drawing → (release) one painted outline, Idle."""

    id: ClassVar[str] = "lasso_label"
    title: ClassVar[str] = mark("Lasso")
    key: ClassVar[str] = "Shift+Z"

    @override
    def hint(self) -> str:
        return _("Drag around points to give them the class · Shift front only · Ctrl erases")

    @override
    def press(self, pointer: Pointer) -> Reply:
        if pointer.button is not Button.LEFT:
            return NOTHING
        self._path = (pointer.at_px,)
        return Reply(preview=Preview(path_px=self._path))

    @override
    def move(self, pointer: Pointer) -> Reply:
        if not self._path or _apart_px(self._path[-1], pointer.at_px) < _LEAST_STEP_PX:
            return NOTHING
        self._path = (*self._path, pointer.at_px)
        return Reply(preview=Preview(path_px=self._path))

    @override
    def release(self, pointer: Pointer) -> Reply:
        path, self._path = self._path, ()
        if len(path) < 3:
            return Reply(preview=CLEAR)
        return self._painted(path, pointer.keys)

    @override
    def cancel(self) -> Reply:
        self._path = ()
        return Reply(preview=CLEAR)

    def _painted(self, path: tuple[Vec2, ...], keys: Keys) -> Reply:
        scene = self.scene
        label = None if keys & Keys.CTRL else scene.active_label()
        if label is None and not keys & Keys.CTRL:
            return Reply(preview=CLEAR, hint=_("Choose a class first"))
        edit = paint_points(
            scene.document,
            scene.rows_inside(path, bool(keys & Keys.SHIFT)),
            label,
            taxonomy=scene.taxonomy,
            protected=scene.protected,
            frame=scene.frame,
        )
        if isinstance(edit, Batch):
            return Reply(preview=CLEAR, hint=_("No point in the outline would change"))
        text = _("Erase labels of points") if label is None else _("Label points")
        return Reply(preview=CLEAR, edit=edit, text=text)


def _apart_px(one: Vec2, other: Vec2) -> float:
    return max(abs(one[0] - other[0]), abs(one[1] - other[1]))
