"""One gesture on a selected wall: an opening is cut, moved, or pulled by its edges."""

from dataclasses import dataclass, replace

from annotator.commands.walls import change_opening, cut_opening
from annotator.geometry.openings import LEAST_M, Held, opening_at, pulled
from annotator.geometry.wall_face import OnFace, face_corners, foot_length_m, on_face
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation
from annotator.model.edits import Put
from annotator.model.shapes import Opening, Polyline3D, Vec3
from annotator.tools.keys import keyed
from annotator.tools.tool import CLEAR, Pointer, Preview, Reply

_SNAP_TO_FLOOR_M, _SNAP_TO_TOP_M = 0.25, 0.1


@dataclass(frozen=True, slots=True)
class Cutting:
    """A button went down on the selected wall.

    Attributes
    ----------
    pressed
        What is clicked if the pointer does not move.
    held
        The opening that is moved, or pulled by its edges; None where a new one is cut.
    now
        The opening that letting go would make; None where it would be too small.
    """

    pressed: Pointer
    wall: Annotation
    start: OnFace
    held: Held | None = None
    is_dragged: bool = False
    now: Opening | None = None

    @classmethod
    def begun(cls, pressed: Pointer, wall: Annotation, start: OnFace) -> "Cutting":
        """Begin at a place on a wall."""
        held = opening_at(_shape(wall).openings, start.along_m, start.up_m)
        return cls(pressed, wall, start, held)

    def dragged_to(self, pointer: Pointer) -> "Cutting | None":
        """Return the gesture with the pointer elsewhere; None where its ray misses the wall."""
        wall = _shape(self.wall)
        if pointer.ray is None:
            return None
        ray = pointer.ray
        place = on_face(wall, ray.origin_m, ray.direction, self.start.stretch)
        if place is None:
            return None
        return replace(self, is_dragged=True, now=self._opening(wall, place))

    def edit(self) -> Put | None:
        """Return what letting go would do."""
        if self.now is None:
            return None
        if self.held is None:
            return cut_opening(self.wall, self.now)
        return change_opening(self.wall, self.held.number, self.now)

    def shown(self) -> Reply:
        """Preview what letting go would do."""
        edit = self.edit()
        if self.now is None or edit is None:
            return Reply(preview=CLEAR)
        edges = _edges(_shape(self.wall), self.now)
        return Reply(Preview(annotations=(edit.annotation,), lines_m=edges), hint=_said(self.now))

    def _opening(self, wall: Polyline3D, place: OnFace) -> Opening | None:
        if self.held is None:
            return opening_between(self.start, place, wall.height_m)
        by_m = (place.along_m - self.start.along_m, place.up_m - self.start.up_m)
        size_m = (foot_length_m(wall.vertices_m), wall.height_m)
        return pulled(wall.openings[self.held.number], self.held, by_m, size_m)


def opening_between(one: OnFace, other: OnFace, height_m: float) -> Opening | None:
    """Return the opening between two places on a wall; None where it would be too small.

    A drag that ends near the floor or the ceiling means them: doors stand on the floor.
    """
    start, end = sorted((one.along_m, other.along_m))
    bottom, top = sorted((one.up_m, other.up_m))
    bottom = 0.0 if bottom < _SNAP_TO_FLOOR_M else bottom
    top = height_m if top > height_m - _SNAP_TO_TOP_M else top
    if min(end - start, top - bottom) < LEAST_M:
        return None
    return Opening(start, end, bottom, top)


def _shape(wall: Annotation) -> Polyline3D:
    assert isinstance(wall.shape, Polyline3D)  # the tool holds nothing else
    return wall.shape


def _edges(wall: Polyline3D, opening: Opening) -> tuple[tuple[Vec3, Vec3], ...]:
    (ax, ay, az), (bx, by, bz) = face_corners(wall, opening.start_m, opening.end_m)
    low, high = opening.bottom_m, opening.top_m
    ring = [(ax, ay, az + low), (bx, by, bz + low), (bx, by, bz + high), (ax, ay, az + high)]
    return tuple(zip(ring, ring[1:] + ring[:1], strict=True))


def _said(opening: Opening) -> str:
    return keyed(
        _("Let go for an opening of {wide:.2f} × {high:.2f} m · {gesture_back_out} leaves it"),
        wide=opening.end_m - opening.start_m,
        high=opening.top_m - opening.bottom_m,
    )
