"""Takes the connected patch of points around a click, with a gap that is changed while looking."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from typing_extensions import override

from annotator.errors import AnnotatorError
from annotator.geometry.cluster import grow_cluster
from annotator.geometry.parts import border, bridging_gap_m, ring_around, spacing_m
from annotator.geometry.survey import Survey
from annotator.i18n import gettext as _
from annotator.i18n import mark
from annotator.model.layers import Where
from annotator.model.shapes import Vec2, Vec3
from annotator.tools.clicks import clicked_to_paint, why_nothing
from annotator.tools.cloud_scene import CloudTool
from annotator.tools.held import GAP
from annotator.tools.keys import ToolKey, keyed
from annotator.tools.painting import in_all, painted, painted_object
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

_GAP_STEP = 1.3
_SMALLEST_GAP_M, _LARGEST_GAP_M = 0.03, 3.0

_KEYS = frozenset(set(ToolKey) - {ToolKey.BACK_OUT, ToolKey.TAKE_BACK, ToolKey.SHAPE})


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing is taken."""


@dataclass(frozen=True, slots=True, eq=False)
class Grown:
    """A patch is shown, not yet painted.

    Attributes
    ----------
    seeds_m
        The clicks it grew from, in world metres.
    """

    seeds_m: tuple[Vec3, ...]
    gap_m: float
    rows: Where


State = Idle | Grown


class GrowCluster(CloudTool):
    """Idle → (press) Grown → (press inside, or Alt+wheel) Grown → (Enter) one object, Idle."""

    id: ClassVar[str] = "grow_cluster"
    title: ClassVar[str] = mark("Grow cluster")
    key: ClassVar[str] = "Z"
    held: ClassVar[tuple[HeldKeys, ...]] = (
        HeldKeys(Keys.SHIFT, Mouse.CLICK, mark("Add another part")),
        HeldKeys(Keys.CTRL, Mouse.CLICK, mark("Bridge narrower gaps")),
        GAP,
    )
    only_clicks: ClassVar[bool] = True
    _state: State = Idle()
    _asked, _wanted_gap_m = 0, 0.0

    @override
    def hint(self) -> str:
        match self._state:
            case Grown(_seeds, gap, rows):
                return keyed(
                    _(
                        "{n} points, gap {cm:.0f} cm · {gesture_finish} makes them an instance"
                        " · click again loosens, Ctrl+click tightens, or Alt+wheel"
                        " · {gesture_smaller} {gesture_larger} one ring · Shift+click adds"
                        " · {gesture_back_out} drops"
                    ),
                    n=f"{len(rows):,}",
                    cm=100 * gap,
                )
            case Idle():
                says = _("Click an object to take the points that hang together")
                is_of_all = self.scene.painted_survey is not self.scene.survey
                return in_all(self.scene, says) if is_of_all else says

    @override
    def keys_wanted(self) -> frozenset[ToolKey]:
        return _KEYS if isinstance(self._state, Grown) else frozenset()

    @override
    def leaves_grips(self) -> bool:
        return isinstance(self._state, Idle)

    @override
    def press(self, pointer: Pointer) -> Reply:
        if pointer.button is not Button.LEFT:
            return NOTHING
        try:
            survey, at_m = clicked_to_paint(self.scene, pointer)
            return self._begun(survey, at_m, pointer)
        except AnnotatorError as reason:
            return self._kept(str(reason))

    @override
    def wheel(self, pointer: Pointer, steps: float) -> Reply | None:
        if not isinstance(self._state, Grown) or pointer.keys != Keys.ALT:
            return None
        gap_m = self._wanted_gap_m * _GAP_STEP**steps
        return self._regrown(self._state.seeds_m, gap_m, pointer.at_px)

    @override
    def key_press(self, key: ToolKey) -> Reply | None:
        state, survey = self._state, self.scene.painted_survey
        if not isinstance(state, Grown) or survey is None:
            return None
        if key in {ToolKey.FINISH, ToolKey.AGAIN}:
            self._state, self.scene.gap_m = Idle(), state.gap_m
            return painted_object(self.scene, state.rows, self.scene.active_label())
        if key is ToolKey.ERASE:
            self._state = Idle()
            return painted(self.scene, state.rows, Keys.CTRL)
        if key not in {ToolKey.LARGER, ToolKey.SMALLER}:
            return None
        return self._ringed(state, survey, grows=key is ToolKey.LARGER)

    @override
    def cancel(self) -> Reply:
        was, self._state, self._asked = self._state, Idle(), self._asked + 1
        return NOTHING if isinstance(was, Idle) else Reply(preview=CLEAR)

    def _begun(self, survey: Survey, at_m: Vec3, pointer: Pointer) -> Reply:
        match self._state:
            case Grown(seeds, _gap, rows) if _holds(rows, pointer.row):
                step = 1 / _GAP_STEP if pointer.keys & Keys.CTRL else _GAP_STEP
                return self._regrown(seeds, self._wanted_gap_m * step, pointer.at_px)
            case Grown(seeds, gap, _rows) if pointer.keys & Keys.SHIFT:
                return self._regrown((*seeds, at_m), gap, pointer.at_px)
            case _:
                gap = bridging_gap_m(survey.index, self.scene.cloud.own_m(at_m))
                return self._regrown((at_m,), gap, pointer.at_px)

    def _regrown(self, seeds_m: tuple[Vec3, ...], gap_m: float, at_px: Vec2) -> Reply:
        """Answer with another patch, at once or when it is there; only the last one asked for."""
        gap_m = min(max(gap_m, _SMALLEST_GAP_M), _LARGEST_GAP_M)
        survey, scene = self.scene.painted_survey, self.scene
        if survey is None:
            return NOTHING
        self._asked, self._wanted_gap_m = self._asked + 1, gap_m
        asked = self._asked

        def grow() -> Reply:
            if asked != self._asked:
                return NOTHING
            try:
                patches = [
                    grow_cluster(survey.index, survey.ground, scene.cloud.own_m(seed), gap_m=gap_m)
                    for seed in seeds_m
                ]
            except AnnotatorError as reason:
                return self._kept(why_nothing(scene, seeds_m[-1], reason))
            rows = np.unique(np.concatenate(patches))
            if asked != self._asked:
                return NOTHING
            self._state = Grown(seeds_m, gap_m, rows)
            words = _("gap {cm:.0f} cm · {n} points").format(cm=100 * gap_m, n=f"{len(rows):,}")
            preview = replace(self._shown(rows), beside=(at_px, words))
            return Reply(preview=preview, hint=self.hint())

        return Reply(later=grow)

    def _kept(self, reason: str) -> Reply:
        """Say why nothing was grown; what is grown already stays, to be painted or dropped."""
        preview = CLEAR if isinstance(self._state, Idle) else None
        return Reply(preview=preview, hint=reason)

    def _ringed(self, state: Grown, survey: Survey, *, grows: bool) -> Reply:
        """Add the ring of neighbours around the patch, or take its outermost points away."""
        reach = 2 * spacing_m(survey.index.xyz_m[state.rows])
        if grows:
            rows = np.union1d(state.rows, ring_around(survey.index, state.rows, reach))
        else:
            rows = np.setdiff1d(state.rows, border(survey.index, state.rows, reach))
        if not len(rows):
            return Reply(hint=_("Nothing would be left"))
        self._state = replace(state, rows=rows)
        return Reply(preview=self._shown(rows), hint=self.hint())

    def _shown(self, rows: Where) -> Preview:
        label = self.scene.active_label()
        return Preview(rows=rows, color=None if label is None else label.color)


def _holds(rows: Where, row: int | None) -> bool:
    if row is None:
        return False
    at = int(np.searchsorted(rows, row))
    return at < len(rows) and int(rows[at]) == row
