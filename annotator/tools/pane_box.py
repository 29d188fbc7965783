"""Edits the selected box in a pane that looks along one of the box's own axes."""

import math
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from annotator.commands.boxes import (
    move_box,
    resize_face,
    tilt_box,
    turn_box,
)
from annotator.commands.growing import fit_face_to_points
from annotator.commands.shapes import move_annotation, pull_cylinder, widen_cylinder
from annotator.geometry.boxes import axes_of, box_from_world, world_from_box
from annotator.geometry.wireframes import surrounding_box
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation
from annotator.model.cloud import PointCloud
from annotator.model.edits import Put
from annotator.model.shapes import Box3D, Cylinder3D, Face, Vec2
from annotator.tools.box_handles import SIDES, Kind
from annotator.tools.tool import CLEAR, NOTHING, Preview, Reply

Floats = npt.NDArray[np.float64]


class Side(StrEnum):
    """From where a pane looks at the box."""

    TOP = "top"
    SIDE = "side"
    REAR = "rear"


# What is right and up on the pane, in the frame's axes.
AXES: dict[Side, Floats] = {
    Side.TOP: np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0]]),
    Side.SIDE: np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]),
    Side.REAR: np.array([[0.0, -1.0, 0.0], [0.0, 0.0, 1.0]]),
}
_AROUND: dict[Side, tuple[Face, Face, Face, Face]] = {
    Side.TOP: (Face.FRONT, Face.RIGHT, Face.BACK, Face.LEFT),
    Side.SIDE: (Face.TOP, Face.FRONT, Face.BOTTOM, Face.BACK),
    Side.REAR: (Face.TOP, Face.RIGHT, Face.BOTTOM, Face.LEFT),
}


@dataclass(frozen=True, slots=True)
class Grip:
    """A grip on a pane; ``at_m`` is right and up from the middle of the frame."""

    kind: Kind
    faces: tuple[Face, ...]
    at_m: Vec2


@dataclass(frozen=True, slots=True)
class Pane:
    """A pane's view of the world: the frame whose axes it looks along, and from which side.

    Attributes
    ----------
    frame
        Where the box was when the pane was aligned; it stays while a gesture goes on, so that the
        picture does not move under the pointer.
    tilts
        Whether a level box has a grip to tilt it by; one that is tilted always has.
    """

    side: Side
    frame: Box3D
    tilts: bool = False

    def on_pane(self, world_m: npt.ArrayLike) -> Floats:
        """Return where world places are on the pane, shape (n, 2), metres right and up."""
        pose = box_from_world(self.frame)
        own = np.asarray(world_m, float).reshape(-1, 3) @ pose[:3, :3].T + pose[:3, 3]
        return np.asarray(own @ AXES[self.side].T)

    def outline(self, box: Box3D) -> dict[Face, Floats]:
        """Return the line that shows each of the four faces seen from the edge, shape (2, 2)."""
        around = _AROUND[self.side]
        ring = [_joint(around[i - 1], around[i]) for i in range(4)]
        corners = self._placed(box, ring)
        return {face: corners[[i, (i + 1) % 4]] for i, face in enumerate(around)}

    def grips(self, box: Box3D) -> tuple[Grip, ...]:
        """Return the grips of a box: four faces, four corners, and what turns or tilts it."""
        around = _AROUND[self.side]
        pairs = [(around[i - 1], around[i]) for i in range(4)]
        own = [_joint(face) for face in around] + [_joint(*pair) for pair in pairs]
        places = self._placed(box, own).tolist()
        kinds: list[tuple[Kind, tuple[Face, ...]]] = [(Kind.FACE, (face,)) for face in around]
        kinds += [(Kind.CORNER, pair) for pair in pairs]
        found = [Grip(k, faces, (x, y)) for (k, faces), (x, y) in zip(kinds, places, strict=True)]
        if self.side is Side.TOP or self.tilts or box.pitch_rad or box.roll_rad:
            axis = 2 if self.side is Side.REAR else 0
            size, own_turn = box.size_m[axis], np.zeros(3)
            own_turn[axis] = 1 + 2 * max(0.35, 0.08 * size) / size
            x, y = self._placed(box, [own_turn])[0].tolist()
            found.append(Grip(Kind.TURN, (), (x, y)))
        return tuple(found)

    def _placed(self, box: Box3D, own: list[Floats]) -> Floats:
        """Return where places of the box, in half sizes from its centre, are on the pane."""
        pose, half = world_from_box(box), np.asarray(box.size_m) / 2
        return self.on_pane((np.array(own) * half) @ pose[:3, :3].T + pose[:3, 3])

    def normal(self, box: Box3D, face: Face) -> Floats:
        """Return the outward direction of a face on the pane."""
        world = axes_of(box) @ np.asarray(SIDES[face], float)
        return np.asarray(AXES[self.side] @ (axes_of(self.frame).T @ world))

    def in_world(self, moved_m: Vec2) -> Floats:
        """Return a way on the pane as a way in the world."""
        return np.asarray(axes_of(self.frame) @ (np.asarray(moved_m) @ AXES[self.side]))


@dataclass(frozen=True, slots=True)
class Idle:
    """No button is held."""


@dataclass(frozen=True, slots=True)
class Dragging:
    """A grip, or with none the box itself, is held."""

    annotation: Annotation
    grip: Grip | None
    start_m: Vec2
    now: Put | None = None


State = Idle | Dragging


class PaneBox:
    """Idle → (press on a grip or in the box) Dragging → (release) one changed box, Idle."""

    def __init__(self) -> None:
        self._state: State = Idle()

    def press(self, pane: Pane, annotation: Annotation, at_m: Vec2, reach_m: float) -> bool:
        """Take hold of what is under the pointer; tell whether there was anything."""
        grip = grip_at(pane, annotation, at_m, reach_m)
        if grip is None and not _is_in(pane, annotation, at_m):
            return False
        self._state = Dragging(annotation, grip, at_m)
        return True

    def move(self, pane: Pane, at_m: Vec2, least_m: float) -> Reply:
        """Show what letting go would do."""
        held = self._state
        if not isinstance(held, Dragging):
            return NOTHING
        if held.now is None and math.dist(held.start_m, at_m) < least_m:
            return NOTHING
        put = _dragged(pane, held, at_m)
        self._state = replace(held, now=put)
        return Reply(preview=Preview(annotations=(put.annotation,)))

    def release(self) -> Reply:
        """End the gesture in one edit."""
        held, self._state = self._state, Idle()
        if not isinstance(held, Dragging) or held.now is None:
            return Reply(preview=CLEAR)
        return Reply(preview=CLEAR, edit=held.now, text=_text(held.grip))

    def double_click(
        self, pane: Pane, annotation: Annotation, cloud: PointCloud, at_m: Vec2, reach_m: float
    ) -> Reply:
        """Fit the face whose grip is hit to its points."""
        self._state = Idle()
        grip = grip_at(pane, annotation, at_m, reach_m)
        if grip is None or grip.kind is not Kind.FACE:
            return NOTHING
        put = fit_face_to_points(annotation, cloud, grip.faces[0])
        if put is None:
            return Reply(preview=CLEAR, hint=_("There is no point in this box"))
        return Reply(preview=CLEAR, edit=put, text=_("Fit a face to its points"))

    def cancel(self) -> Reply:
        """Let go without an edit."""
        self._state = Idle()
        return Reply(preview=CLEAR)

    @property
    def is_dragging(self) -> bool:
        """Whether a gesture goes on."""
        return isinstance(self._state, Dragging)


def grips_of(pane: Pane, annotation: Annotation, box: Box3D) -> tuple[Grip, ...]:
    """Return the grips of what is shown: a round pillar has no corners, a wall none at all.

    Parameters
    ----------
    box
        The annotation's own, or the one around its shape, as a gesture would leave it.
    """
    match annotation.shape:
        case Box3D():
            return pane.grips(box)
        case Cylinder3D():
            return tuple(grip for grip in pane.grips(box) if grip.kind is Kind.FACE)
        case _:
            return ()


def grip_in_words(side: Side, grip: Grip) -> str:
    """Say what dragging a grip does."""
    if grip.kind is Kind.TURN:
        return {
            Side.TOP: _("Drag turns the box"),
            Side.SIDE: _("Drag pitches the box"),
            Side.REAR: _("Drag rolls the box"),
        }[side]
    if grip.kind is Kind.CORNER:
        return _("Drag moves both faces")
    return _("Drag moves the face · double-click fits it to its points")


def grip_at(pane: Pane, annotation: Annotation, at_m: Vec2, reach_m: float) -> Grip | None:
    """Return the grip within reach of a place on the pane."""
    box = surrounding_box(annotation.shape)
    grips = grips_of(pane, annotation, box) if box is not None else ()
    best = min(grips, key=lambda grip: math.dist(grip.at_m, at_m), default=None)
    return best if best is not None and math.dist(best.at_m, at_m) <= reach_m else None


def _dragged(pane: Pane, held: Dragging, at_m: Vec2) -> Put:
    moved = (at_m[0] - held.start_m[0], at_m[1] - held.start_m[1])
    match held.annotation.shape:
        case Box3D() as box:
            return _dragged_box(pane, held, box, at_m, moved)
        case Cylinder3D() as pillar:
            return _dragged_pillar(pane, held, pillar, moved)
        case _:
            return Put(held.annotation)  # nothing else is taken hold of


def _dragged_pillar(pane: Pane, held: Dragging, pillar: Cylinder3D, moved: Vec2) -> Put:
    """Widen a round pillar about its axis, or pull its top or bottom."""
    if held.grip is None:
        x, y, z = pane.in_world(moved).tolist()
        return move_annotation(held.annotation, (x, y, z))
    face = held.grip.faces[0]
    box = surrounding_box(pillar)
    assert box is not None
    by_m = float(pane.normal(box, face) @ np.array(moved))
    if face in {Face.TOP, Face.BOTTOM}:
        return pull_cylinder(held.annotation, face, by_m)
    return widen_cylinder(held.annotation, pillar.radius_m + by_m)


def _dragged_box(pane: Pane, held: Dragging, box: Box3D, at_m: Vec2, moved: Vec2) -> Put:
    grip = held.grip
    if grip is None:
        x, y, z = pane.in_world(moved).tolist()
        return move_box(held.annotation, (x, y, z))
    if grip.kind is Kind.TURN:
        x, y = pane.on_pane([box.center_m])[0].tolist()
        before = math.atan2(held.start_m[1] - y, held.start_m[0] - x)
        turned = math.remainder(math.atan2(at_m[1] - y, at_m[0] - x) - before, math.tau)
        return _turned(pane.side, held.annotation, turned)
    put = Put(held.annotation)
    for face in grip.faces:
        put = resize_face(put.annotation, face, float(pane.normal(box, face) @ np.array(moved)))
    return put


def _turned(side: Side, annotation: Annotation, by_rad: float) -> Put:
    """Turn a box counter-clockwise as a side sees it: about upright, or tilt it."""
    match side:
        case Side.TOP:
            return turn_box(annotation, by_rad)
        case Side.SIDE:
            return tilt_box(annotation, pitch_rad=-by_rad)
        case Side.REAR:
            return tilt_box(annotation, roll_rad=-by_rad)


def _is_in(pane: Pane, annotation: Annotation, at_m: Vec2) -> bool:
    if not isinstance(annotation.shape, Box3D | Cylinder3D):
        return False
    box = surrounding_box(annotation.shape)
    assert box is not None  # both have an extent
    middle = pane.on_pane([box.center_m])[0]
    away = np.asarray(at_m) - middle
    return all(
        float(pane.normal(box, face) @ (away - (line.mean(axis=0) - middle))) <= 0
        for face, line in pane.outline(box).items()
    )


def _joint(*faces: Face) -> Floats:
    return np.asarray(np.sum([SIDES[face] for face in faces], axis=0, dtype=float))


def _text(grip: Grip | None) -> str:
    if grip is None:
        return _("Move box")
    return _("Turn box") if grip.kind is Kind.TURN else _("Resize box")
