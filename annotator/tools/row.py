"""Labels a row of parked cars: one of them, and a drag along the row."""

import math
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

import numpy as np
from typing_extensions import override

from annotator.commands.boxes import fit_box_at
from annotator.commands.fitting import refuse_wall, shows_front
from annotator.commands.framing import can_move
from annotator.commands.rows import add_row, row_of
from annotator.errors import AnnotatorError
from annotator.geometry.boxes import ahead_m, points_in_box
from annotator.geometry.fit import Fit
from annotator.geometry.row import RowSweep
from annotator.geometry.shifting import in_cloud
from annotator.geometry.survey import Survey
from annotator.i18n import gettext as _
from annotator.i18n import mark, ngettext
from annotator.model.annotations import Annotation, Origin
from annotator.model.labels import Label
from annotator.model.shapes import Box3D, Vec2, Vec3
from annotator.tools.at_rest import AtRest
from annotator.tools.clicks import FINISHES, class_in_use, clicked
from annotator.tools.cloud_scene import CloudScene, CloudTool
from annotator.tools.keys import ToolKey, keyed
from annotator.tools.tool import CLEAR, NOTHING, Button, Pointer, Preview, Reply

_LEAST_SWEEP_M = 1.0
_ASIDE_M = 0.7
_ABOUT_SQUARE_RAD, _OFF_AXIS_M = math.radians(20), 1.5
_STANDS_ABOVE_M = 0.2
_REACH_M = 1.0
"""A car counts as reached when the pointer is this close before its middle."""
_BEHIND = ThreadPoolExecutor(1, thread_name_prefix="row")


@dataclass(frozen=True, slots=True)
class Idle:
    """No button is held."""


@dataclass(frozen=True, slots=True)
class Sweeping:
    """A car is held, and the row is followed.

    Attributes
    ----------
    is_new
        The first car was fitted by this press, and is committed with the row.
    sweep
        What was found so far; fitted behind the pointer, so that moving never waits.
    shown
        What of it is seen, and is added when the button is let go.
    """

    first: Annotation
    label: Label
    is_new: bool
    sweep: RowSweep | None = None
    work: Future[None] | None = None
    shown: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True)
class Offered:
    """What was found of the row only after the button was let go.

    Attributes
    ----------
    said
        What is to be known of those that were added.
    """

    rest: tuple[Annotation, ...]
    said: str = ""


State = Idle | Sweeping | Offered


class LabelRow(CloudTool):
    """Idle → (press on a car) Sweeping → (release) the row that was shown, Idle.

    Sweeping → (release before all was found) Offered → (Enter) the rest of the row, Idle.
    """

    id: ClassVar[str] = "row"
    title: ClassVar[str] = mark("Row of cars")
    key: ClassVar[str] = "R"
    works_behind: ClassVar[bool] = True
    _state: State = Idle()

    def __init__(self, scene: CloudScene) -> None:
        super().__init__(scene)
        self._at_rest = AtRest()

    @override
    def hint(self) -> str:
        match self._state:
            case Offered(rest, said):
                text = ngettext(
                    "{n} more of the row was found: {gesture_finish} adds it"
                    " · {gesture_back_out} forgets it",
                    "{n} more of the row were found: {gesture_finish} adds them"
                    " · {gesture_back_out} forgets them",
                    len(rest),
                )
                offer = keyed(text, n=len(rest))
                return f"{said} · {offer}" if said else offer
            case Sweeping(shown=shown):
                return keyed(
                    _(
                        "Drag along the row: {n} more found · let go to add them ·"
                        " {gesture_back_out} drops them"
                    ),
                    n=len(shown),
                )
            case Idle():
                return _("Press on a parked car, labelled or not, and drag along its row")

    @override
    def keys_wanted(self) -> frozenset[ToolKey]:
        return FINISHES if isinstance(self._state, Offered) else frozenset()

    @override
    def press(self, pointer: Pointer) -> Reply:
        if pointer.button is not Button.LEFT:
            return NOTHING
        self._at_rest.forget()
        try:
            self._state = self._begun(pointer)
        except AnnotatorError as reason:
            self._state = Idle()
            return Reply(preview=CLEAR, hint=str(reason))
        return Reply(preview=Preview(annotations=(self._state.first,)), hint=self.hint())

    @override
    def move(self, pointer: Pointer) -> Reply:
        held = self._state
        if isinstance(held, Idle):
            return self._at_rest.moved(pointer.at_m)
        at = self._on_floor(held, pointer)
        if not isinstance(held, Sweeping) or at is None:
            return NOTHING
        held = self._followed(held, at)
        made = row_of(held.first, self._reached(held, at), self.scene.cloud)
        self._state = replace(held, shown=made)
        lines = ((_foot(held.first), at),)
        return Reply(Preview(annotations=(held.first, *made), lines_m=lines), hint=self.hint())

    @override
    def rest(self, pointer: Pointer) -> Reply:
        """Show which car a press would begin with, or what was found behind meanwhile."""
        if isinstance(self._state, Idle):
            return self._at_rest.rested(pointer.at_m, lambda: self._begins_with(pointer))
        return self.move(pointer)

    @override
    def key_press(self, key: ToolKey) -> Reply | None:
        match self._state:
            case Offered(rest) if key is ToolKey.FINISH:
                self._state = Idle()
                return Reply(later=partial(self._added, rest))
            case _:
                return None

    @override
    def release(self, pointer: Pointer) -> Reply:
        held, at = self._state, self._on_floor(self._state, pointer)
        if not isinstance(held, Sweeping):
            return NOTHING
        if at is not None:
            held = self._followed(held, at)
        self._state = Idle()
        self._at_rest.stay(pointer.at_m)  # what is said of the row would be gone at once
        return Reply(later=partial(self._rowed, held, at))

    @override
    def cancel(self) -> Reply:
        held, self._state = self._state, Idle()
        if isinstance(held, Sweeping) and held.sweep is not None:
            held.sweep.is_stopped = True
        return NOTHING if isinstance(held, Idle) else Reply(preview=CLEAR)

    def _rowed(self, held: Sweeping, at: Vec3 | None) -> Reply:
        """Label what was shown of the row, and offer what is found of it only now."""
        rest = self._rest_of(held, at)
        row = (held.first, *held.shown) if held.is_new else held.shown
        added = self._added(row) if row else None
        if rest and isinstance(self._state, Idle):  # no other row was begun meanwhile
            self._state = Offered(rest, added.hint if added else "")
        dotted = tuple(replace(a, origin=Origin.SUGGESTION) for a in rest)
        offer = Preview(annotations=dotted) if rest else CLEAR
        if added:
            return replace(added, preview=offer)
        if rest:
            return Reply(preview=offer, hint=self.hint())
        return Reply(preview=CLEAR, hint=_("No other car was found; drag along the row"))

    def _rest_of(self, held: Sweeping, at: Vec3 | None) -> tuple[Annotation, ...]:
        """Fit what was not reached yet up to the pointer."""
        if held.sweep is None or at is None:
            return ()
        if held.work is not None:
            held.work.result()
        held.sweep.extend(_length_m(held.first, at))
        seen = {a.shape for a in held.shown}
        made = row_of(held.first, self._reached(held, at), self.scene.cloud)
        return tuple(a for a in made if a.shape not in seen)

    def _added(self, row: tuple[Annotation, ...]) -> Reply:
        name = self.scene.taxonomy.title_of(row[0].label)
        text = _("Label row: {n} × {name}").format(n=len(row), name=name)
        guessed = self._guessed(row)
        chosen = tuple(a.id for a in guessed or row)
        hint = _doubt(len(guessed), len(row)) if guessed else ""
        return Reply(CLEAR, add_row(row), text, hint=hint, select=chosen)

    def _guessed(self, row: tuple[Annotation, ...]) -> tuple[Annotation, ...]:
        """Return those of which nobody knows which end is the front."""
        label, cloud = self.scene.taxonomy[row[0].label], self.scene.cloud
        if not can_move(label.name, self.scene.taxonomy):
            return ()
        return tuple(one for one in row if not shows_front(one, cloud, label))

    def _begins_with(self, pointer: Pointer) -> Preview:
        return Preview(annotations=(self._begun(pointer).first,))

    def _begun(self, pointer: Pointer) -> Sweeping:
        known = self._labelled_under(pointer)
        if known is not None and known.label in self.scene.taxonomy:
            return Sweeping(known, self.scene.taxonomy[known.label], is_new=False)
        survey, at_m = clicked(self.scene, pointer)
        scene, label = self.scene, class_in_use(self.scene)
        refuse_wall(scene.cloud, survey.index, survey.ground, at_m, label)
        put = fit_box_at(scene.cloud, survey.index, survey.ground, at_m, label)
        return Sweeping(put.annotation, label, is_new=True)

    def _labelled_under(self, pointer: Pointer) -> Annotation | None:
        """Return the labelled car of the point, or the one that is seen there between points."""
        at_m = pointer.at_m
        if at_m is not None:
            place = np.array([at_m])
            for annotation, box in self._boxes():
                if points_in_box(place, box, margin_m=0.1)[0]:
                    return annotation
            if at_m[2] > self.scene.floor_m(at_m) + _STANDS_ABOVE_M:
                return None  # something that stands there, seen past every labelled car
        if pointer.ray is None:
            return None
        ray = pointer.ray
        met = [(ahead_m(box, ray.origin_m, ray.direction), a) for a, box in self._boxes()]
        seen = [(ahead, a) for ahead, a in met if ahead is not None]
        return min(seen, key=lambda one: one[0])[1] if seen else None

    def _boxes(self) -> Iterable[tuple[Annotation, Box3D]]:
        for annotation in self.scene.document.in_frame(self.scene.frame):
            if isinstance(annotation.shape, Box3D):
                yield annotation, annotation.shape

    def _on_floor(self, held: State, pointer: Pointer) -> Vec3 | None:
        if not isinstance(held, Sweeping):
            return None
        return self.scene.on_plane(pointer, _foot(held.first)[2])

    def _followed(self, held: Sweeping, at: Vec3) -> Sweeping:
        """Send the sweep on to the pointer, or anew where the pointer left its way."""
        length, survey = _length_m(held.first, at), self.scene.survey
        if survey is None or length < _LEAST_SWEEP_M:
            return held
        towards = self.scene.cloud.own_m(_squared(held.first, at))
        sweep, work = held.sweep, held.work
        if (
            sweep is None
            or sweep.off_m(towards[:2]) > _ASIDE_M
            or _goes_back(sweep, held.first, at)
        ):
            known = () if sweep is None else tuple(sweep.found)
            if sweep is not None:
                sweep.is_stopped = True
            sweep, work = self._begin_sweep(held, survey, towards[:2], known), None
        if work is None or work.done():
            work = _BEHIND.submit(sweep.extend, length)
        return replace(held, sweep=sweep, work=work)

    def _begin_sweep(
        self, held: Sweeping, survey: Survey, towards_m: Vec2, known: tuple[Fit, ...]
    ) -> RowSweep:
        others = [
            in_cloud(box, self.scene.cloud) for a, box in self._boxes() if a.id != held.first.id
        ]
        first = held.first.shape
        if not isinstance(first, Box3D):
            raise TypeError("a row begins with a box")
        return RowSweep(
            survey.index,
            survey.ground,
            in_cloud(first, self.scene.cloud),
            towards_m,
            held.label,
            others=others,
            known=known,
        )

    def _reached(self, held: Sweeping, at: Vec3) -> list[Fit]:
        """Return what was found up to the pointer, which may have come back a little."""
        if held.sweep is None:
            return []
        x, y, _z = self.scene.cloud.own_m(_foot(held.first))
        most = _length_m(held.first, at) + _REACH_M
        return [
            fit for fit in list(held.sweep.found) if math.dist(fit.box.center_m[:2], (x, y)) <= most
        ]


def _doubt(guessed: int, count: int) -> str:
    """Say of how many the front is guessed; these are selected."""
    if guessed == count:
        return keyed(_("Fronts only guessed, all the same way · {box_flip} turns them"))
    text = ngettext(
        "{n} of {all} fronts only guessed, it is selected · {box_flip} turns it",
        "{n} of {all} fronts only guessed, they are selected · {box_flip} turns them",
        guessed,
    )
    return keyed(text, n=guessed, all=count)


def _foot(annotation: Annotation) -> Vec3:
    """Return the middle of a box on the floor."""
    box = annotation.shape
    if not isinstance(box, Box3D):
        raise TypeError("a row begins with a box")
    x, y, z = box.center_m
    return (x, y, z - box.size_m[2] / 2)


def _squared(first: Annotation, at: Vec3) -> Vec3:
    """Return the place beside or before the first car that a hand means by one near there.

    Cars stand square to their row, and a hand does not drag quite straight: while it is near the
    car's own axis the sweep need not begin anew.
    """
    box, foot = first.shape, _foot(first)
    if not isinstance(box, Box3D):
        return at
    dx, dy = at[0] - foot[0], at[1] - foot[1]
    length, way = math.hypot(dx, dy), math.atan2(dy, dx)
    turn = math.remainder(way - box.yaw_rad, math.pi / 2)
    if abs(turn) > _ABOUT_SQUARE_RAD or abs(length * math.sin(turn)) > _OFF_AXIS_M:
        return at
    along = length * math.cos(turn)
    return (
        foot[0] + along * math.cos(way - turn),
        foot[1] + along * math.sin(way - turn),
        at[2],
    )


def _length_m(first: Annotation, at: Vec3) -> float:
    return math.dist(_foot(first)[:2], at[:2])


def _goes_back(sweep: RowSweep, first: Annotation, at: Vec3) -> bool:
    x, y, _z = _foot(first)
    return bool(sweep.way[0] * (at[0] - x) + sweep.way[1] * (at[1] - y) < 0)
