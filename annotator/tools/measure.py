"""Measures distances, heights above the floor and angles, and leaves nothing behind."""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

import numpy as np
from typing_extensions import override

from annotator.geometry.apart import clear_m
from annotator.geometry.wireframes import holds
from annotator.i18n import gettext as _
from annotator.i18n import mark
from annotator.model.shapes import Box3D, Cylinder3D, Vec3
from annotator.tools.cloud_scene import CloudTool
from annotator.tools.keys import keyed
from annotator.tools.tool import CLEAR, NOTHING, Button, Pointer, Preview, Reply

_FROM_ABOVE_RAD = math.radians(60)


@dataclass(frozen=True, slots=True)
class Placed:
    """The places clicked so far: none, one, two or three."""

    places_m: tuple[Vec3, ...] = ()


class Measure(CloudTool):
    """Placed(0) → (press) Placed(1) → (press) Placed(2) → (press) Placed(3) → (press) Placed(1).

    Esc takes the last place back.
    """

    id: ClassVar[str] = "measure"
    title: ClassVar[str] = mark("Measure")
    key: ClassVar[str] = "M"
    only_clicks: ClassVar[bool] = True
    _state: Placed = Placed()

    @override
    def hint(self) -> str:
        places = self._state.places_m
        match len(places):
            case 0:
                return _("Click a point to measure from; its height above the floor is shown")
            case 1:
                start = self._height(places[0])
                anew = _("click the other end · {gesture_back_out} starts again")
                return f"{start} · {keyed(anew)}"
            case 2:
                told = self._distance(places)
                anew = _("click a third point for the angle · {gesture_back_out} goes back")
                return f"{told} · {keyed(anew)}"
            case _:
                anew = _("click to measure anew · {gesture_back_out} goes back")
                return f"{self._angle(places)} · {keyed(anew)}"

    @override
    def move(self, pointer: Pointer) -> Reply:
        if pointer.at_m is None:
            return Reply(preview=self._drawn(self._state.places_m))
        places = self._state.places_m if len(self._state.places_m) < 3 else ()
        return Reply(
            preview=self._drawn((*places, pointer.at_m)), hint=self._told((*places, pointer.at_m))
        )

    @override
    def leaves_grips(self) -> bool:
        return not self._state.places_m

    @override
    def press(self, pointer: Pointer) -> Reply:
        if pointer.button is not Button.LEFT:
            return NOTHING
        if pointer.at_m is None:
            return Reply(hint=_("There is no point under the pointer"))
        places = self._state.places_m if len(self._state.places_m) < 3 else ()
        self._state = Placed((*places, pointer.at_m))
        return Reply(preview=self._drawn(self._state.places_m), hint=self.hint())

    @override
    def cancel(self) -> Reply:
        if not self._state.places_m:
            return NOTHING
        self._state = Placed(self._state.places_m[:-1])
        return Reply(preview=self._drawn(self._state.places_m))

    def _told(self, places: tuple[Vec3, ...]) -> str:
        match len(places):
            case 1:
                return self._height(places[0])
            case 2:
                return f"{self._distance(places)} · {self._height(places[1])}"
            case _:
                return self._angle(places)

    def _height(self, at_m: Vec3) -> str:
        return _("{m:.3f} m above the floor").format(m=at_m[2] - self.scene.floor_m(at_m))

    def _distance(self, places: tuple[Vec3, ...]) -> str:
        """Say how far it is; from above, where nobody sees the height that was hit, on the level.

        Between two labelled pillars it is their axes and sides that are wanted.
        """
        a, b = places[-2:]
        one, other = self._pillar_at(a), self._pillar_at(b)
        if one is not None and other is not None and one != other:
            return _between_pillars(one, other, points_m=math.dist(a, b))
        text = _("Distance {m:.3f} m, level {level:.3f} m, up {up:+.3f} m")
        if self.scene.camera.elevation_rad > _FROM_ABOVE_RAD:
            text = _("Level {level:.3f} m, up {up:+.3f} m, distance {m:.3f} m")
        return text.format(m=math.dist(a, b), level=math.dist(a[:2], b[:2]), up=b[2] - a[2])

    def _pillar_at(self, at_m: Vec3) -> Box3D | Cylinder3D | None:
        for known in self.scene.shown:
            shape = known.shape
            is_pillar = isinstance(shape, Cylinder3D) or known.label == "pillar"
            if is_pillar and isinstance(shape, Box3D | Cylinder3D) and holds(shape, at_m):
                return shape
        return None

    def _angle(self, places: tuple[Vec3, ...]) -> str:
        angle = _("Angle {degrees:.1f}°").format(degrees=math.degrees(angle_rad(*places)))
        return f"{angle} · {self._distance(places)}"

    def _drawn(self, places: tuple[Vec3, ...]) -> Preview:
        """Draw the legs, and a plumb line from the last place to the floor."""
        if not places:
            return CLEAR
        x, y, _z = places[-1]
        plumb = (places[-1], (x, y, self.scene.floor_m(places[-1])))
        return Preview(lines_m=(*pairwise(places), plumb))


def _between_pillars(one: Box3D | Cylinder3D, other: Box3D | Cylinder3D, *, points_m: float) -> str:
    return _("Pillar axes {axes:.2f} m apart · {clear:.2f} m clear · points {m:.3f} m").format(
        axes=math.dist(one.center_m[:2], other.center_m[:2]),
        clear=clear_m(one, other),
        m=points_m,
    )


def angle_rad(one_m: Vec3, at_m: Vec3, other_m: Vec3) -> float:
    """Return the angle between two legs that meet at a place, 0 to π; 0 where a leg has no length.

    From the cross product too, because the cosine alone loses small angles.
    """
    a, b = np.subtract(one_m, at_m), np.subtract(other_m, at_m)
    return math.atan2(float(np.linalg.norm(np.cross(a, b))), float(a @ b))
