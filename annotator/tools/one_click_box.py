"""Draws a box around an object from one click on it."""

from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from annotator.commands.fitting import fit_object_at
from annotator.errors import AnnotatorError
from annotator.i18n import gettext as _
from annotator.i18n import mark
from annotator.model.edits import Put
from annotator.tools.cloud_scene import CloudTool
from annotator.tools.keys import keyed
from annotator.tools.tool import CLEAR, NOTHING, Button, Pointer, Preview, Reply


@dataclass(frozen=True, slots=True)
class _Shown:
    """A fit that the pointer rests on, and the row it was made for."""

    row: int
    fit: Put


class OneClickBox(CloudTool):
    """Idle → (rest on a point) Idle with a preview → (press) one fitted box, Idle."""

    id: ClassVar[str] = "one_click_box"
    title: ClassVar[str] = mark("One-click box")
    key: ClassVar[str] = "B"
    _shown: _Shown | None = None

    @override
    def hint(self) -> str:
        return keyed(
            _(
                "Click an object to fit a box · {class_1} to {class_9} choose the class"
                " · {gesture_back_out} clears"
            )
        )

    @override
    def move(self, pointer: Pointer) -> Reply:
        if self._shown is None or pointer.row == self._shown.row:
            return NOTHING
        return self.cancel()

    @override
    def rest(self, pointer: Pointer) -> Reply:
        if pointer.row is None or self._shown is not None:
            return NOTHING
        try:
            fit = self._fit(pointer)
        except AnnotatorError:
            return self.cancel()
        self._shown = _Shown(pointer.row, fit)
        return Reply(preview=Preview(annotations=(fit.annotation,)))

    @override
    def press(self, pointer: Pointer) -> Reply:
        if pointer.button is not Button.LEFT:
            return NOTHING
        try:
            fit = self._fit(pointer)
        except AnnotatorError as reason:
            return Reply(preview=CLEAR, hint=str(reason))
        self._shown = None
        return Reply(preview=CLEAR, edit=fit, text=_("Fit box"), select=(fit.annotation.id,))

    @override
    def cancel(self) -> Reply:
        was, self._shown = self._shown, None
        return NOTHING if was is None else Reply(preview=CLEAR)

    def _fit(self, pointer: Pointer) -> Put:
        scene, label = self.scene, self.scene.active_label()
        if pointer.row is None or pointer.at_m is None:
            raise AnnotatorError(_("There is no point under the pointer"))
        if label is None:
            raise AnnotatorError(_("Choose a class first"))
        if scene.survey is None:
            raise AnnotatorError(_("The floor is still being found; try again in a moment"))
        return fit_object_at(
            scene.cloud, scene.survey.index, scene.survey.ground, pointer.at_m, label
        )
