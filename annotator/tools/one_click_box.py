"""Draws a box around an object from one click on it."""

import math
from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from annotator.commands.fitting import (
    Fitted,
    LaidOver,
    fit_object_within,
    fit_standing_at,
    fitted_at,
    is_fitted_to_one_scan,
    shows_front,
)
from annotator.commands.framing import can_move
from annotator.errors import AnnotatorError
from annotator.geometry.front import is_like_car
from annotator.geometry.neighbours import Rows
from annotator.i18n import gettext as _
from annotator.i18n import mark
from annotator.model.annotations import Annotation
from annotator.model.labels import GHOST, Label
from annotator.model.shapes import Vec2, Vec3
from annotator.tools.clicks import class_in_use, surveyed
from annotator.tools.fitted import FittingTool
from annotator.tools.hitting import boxed_at
from annotator.tools.keys import class_keys, keyed
from annotator.tools.rectangle_label import rectangle_px
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

_LEAST_DRAG_PX = 6.0


@dataclass(frozen=True, slots=True)
class _Shown:
    """A fit that the pointer rests on, and the place it was made for."""

    at_m: Vec3
    fit: Fitted


class OneClickBox(FittingTool):
    """Idle → (rest on a point) Idle with a preview → (press) one fitted box, Idle.

    Idle → (Ctrl+press) Dragging → (release) one box fitted to what the rectangle holds, Idle.

    Where scans are laid over each other, what stands is fitted to the points of all of them, and
    holds in every scan; what moves is fitted to the scan that is worked on. So is a pillar, which
    holds in every scan.
    """

    id: ClassVar[str] = "one_click_box"
    title: ClassVar[str] = mark("One-click box")
    key: ClassVar[str] = "B"
    held: ClassVar[tuple[HeldKeys, ...]] = (
        HeldKeys(Keys.CTRL, Mouse.DRAG, mark("Fit a box to what is in the rectangle")),
    )
    _shown: _Shown | None = None
    _rests_at: Vec3 | None = None
    _from_px: Vec2 | None = None

    @override
    def hint(self) -> str:
        if self.scene.laid is not None:
            return _hint_over(self.scene.laid.count, self.scene.active_label())
        return keyed(
            _(
                "Click an object to fit a box · Ctrl+drag a rectangle to fit what is inside"
                " · {classes} choose the class · {gesture_back_out} clears"
            ),
            classes=class_keys(len(tuple(self.scene.taxonomy))),
        )

    @override
    def leaves_drags(self, pointer: Pointer) -> bool:
        return not pointer.keys & Keys.CTRL  # which drags a rectangle

    @override
    def move(self, pointer: Pointer) -> Reply:
        if self._from_px is not None:
            return Reply(preview=Preview(path_px=rectangle_px(self._from_px, pointer.at_px)))
        if self._place(pointer) != self._rests_at:
            self._rests_at = None
        if self._shown is None or self._place(pointer) == self._shown.at_m:
            return NOTHING
        return self._forgotten()

    @override
    def rest(self, pointer: Pointer) -> Reply:
        at_m = self._place(pointer)
        if at_m is None or self._shown is not None or self._from_px is not None:
            return NOTHING
        if boxed_at(self.scene, at_m) is not None:
            return Reply(
                hint=keyed(_("Labelled already: a click selects it, {box_refit} fits anew"))
            )
        self._rests_at = at_m
        return Reply(later=lambda: self._previewed(at_m))

    @override
    def press(self, pointer: Pointer) -> Reply:
        if pointer.button is not Button.LEFT:
            return NOTHING
        if pointer.keys & Keys.CTRL:
            self._from_px, self._shown = pointer.at_px, None
            return Reply(preview=CLEAR)
        at_m = self._place(pointer)
        known = boxed_at(self.scene, at_m)
        if known is not None:
            hint = keyed(_("This is labelled already, and is selected · {box_refit} fits it anew"))
            return Reply(preview=CLEAR, select=(known.id,), hint=hint)
        shown, self._shown = self._shown, None
        if shown is not None and shown.at_m == at_m and self._is_of_class(shown.fit):
            return self._added(shown.fit)  # what was seen is what is added
        return self.fitted(pointer, lambda: self._added(self._fit(at_m)))

    @override
    def release(self, pointer: Pointer) -> Reply:
        start, self._from_px = self._from_px, None
        if start is None:
            return NOTHING
        if math.dist(start, pointer.at_px) < _LEAST_DRAG_PX:
            return Reply(preview=CLEAR)
        find = self.scene.finding(rectangle_px(start, pointer.at_px), front_only=False)
        return self.fitted(pointer, lambda: self._added(self._within(find())))

    @override
    def cancel(self) -> Reply:
        if self._from_px is not None:
            self._from_px = None
            return Reply(preview=CLEAR)
        return self._forgotten()

    def _forgotten(self) -> Reply:
        """Show no fit any more."""
        was, self._shown = self._shown, None
        return NOTHING if was is None else Reply(preview=CLEAR)

    def _is_of_class(self, fit: Fitted) -> bool:
        """Tell whether the class is still the one that something was fitted for."""
        label = self.scene.active_label()
        return label is not None and fit.put.annotation.label == label.name

    def _previewed(self, at_m: Vec3) -> Reply:
        """Show what a click would add, if the pointer is still there once that is known."""
        if self._rests_at != at_m:
            return NOTHING
        try:
            fit = self._fit(at_m)
        except AnnotatorError:
            return self._forgotten()
        if self._rests_at != at_m:
            return NOTHING
        self._shown = _Shown(at_m, fit)
        return Reply(preview=Preview(annotations=(fit.put.annotation,)))

    def _added(self, fit: Fitted) -> Reply:
        made = fit.put.annotation
        return Reply(
            preview=CLEAR,
            edit=fit.put,
            text=_("Fit box: {name}").format(name=self.scene.taxonomy.title_of(made.label)),
            select=(made.id,),
            holds_in_all=self._holds_in_all(fit),
            hint=self._doubt(fit),
        )

    def _holds_in_all(self, fit: Fitted) -> bool:
        return self.scene.laid is not None and fit.put.annotation.frame is None

    def _doubt(self, fit: Fitted) -> str:
        """Say of what drives or walks how one knows its direction, and which end is its front."""
        if not can_move(fit.put.annotation.label, self.scene.taxonomy):
            return ""
        if fit.is_turn_told:
            text = self._front(fit.put.annotation)
        else:
            text = keyed(_("Direction unsure · {box_quarter} turns it by 90°"))
        is_here_only = len(self.scene.document.extents) > 1 and not self._holds_in_all(fit)
        return text if is_here_only else f"{text} · {self.hint()}"  # else of other scans is said

    def _front(self, made: Annotation) -> str:
        label, laid = self.scene.taxonomy[made.label], self.scene.laid
        cloud = laid.around.cloud if laid and made.frame is None else self.scene.cloud
        if shows_front(made, cloud, label):
            return keyed(_("Front told by its shape · {box_flip} turns it"))
        if is_like_car(label):
            return keyed(_("Front only guessed, towards the aisle · {box_flip} turns it"))
        return keyed(_("Front guessed · {box_flip} turns it"))

    def _place(self, pointer: Pointer) -> Vec3 | None:
        """Return what a click is on; with scans laid over it, a point of any of them."""
        return pointer.at_m if self.scene.laid is None else pointer.over_m or pointer.at_m

    def _fit(self, at_m: Vec3 | None) -> Fitted:
        """Return what fits; without a frame where it holds in every scan."""
        if at_m is None:
            raise AnnotatorError(_("There is no point under the pointer"))
        label, laid = class_in_use(self.scene), self.scene.laid
        return self._own(at_m, label) if laid is None else self._over(laid, at_m, label)

    def _own(self, at_m: Vec3, label: Label, frame: int | None = None) -> Fitted:
        survey = surveyed(self.scene)
        cloud, index, ground = self.scene.cloud, survey.index, survey.ground
        return fitted_at(cloud, index, ground, at_m, label, frame=frame)

    def _within(self, rows: Rows) -> Fitted:
        """Return what fits among points of the scan that is worked on."""
        scene, label, survey = self.scene, class_in_use(self.scene), surveyed(self.scene)
        own = rows[rows < len(scene.cloud)]  # those laid over it come after
        index, ground = survey.index, survey.ground
        frame = None if scene.laid is None else scene.frame
        return Fitted(fit_object_within(scene.cloud, index, ground, own, label, frame=frame))

    def _over(self, laid: LaidOver, at_m: Vec3, label: Label) -> Fitted:
        reason: AnnotatorError | None = None
        own: Fitted | None = None
        try:
            own = self._own(at_m, label, self.scene.frame)
        except AnnotatorError as error:
            reason = error
        if own is not None and label.name == GHOST:
            return own  # each scan has its own
        moves = can_move(label.name, self.scene.taxonomy)
        put = None if own is None else own.put
        try:
            standing = fit_standing_at(laid, at_m, label, own=put, can_move=moves)
        except AnnotatorError:
            standing = None
        if standing is not None:
            return Fitted(standing)
        if own is None:
            raise reason or AnnotatorError(_("There is no point under the pointer"))
        return own


def _hint_over(count: int, label: Label | None) -> str:
    """Say to the points of which of some scans a click fits a class, and where that holds."""
    text = _(
        "Click an object to fit a box to its points in all {count} scans"
        " · what stands still holds in every scan"
    )
    if label is not None and label.name == GHOST:
        text = _("Click an object to fit a box to its points in this scan · it holds in this alone")
    elif label is not None and is_fitted_to_one_scan(label):
        text = _(
            "Click an object to fit a box to its points in this scan"
            " · what stands still holds in every scan"
        )
    return text.replace("{count}", str(count))
