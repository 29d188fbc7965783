"""Draws outlines, and moves, adds and removes the vertices of outlines and walls."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from annotator.errors import AnnotatorError
from annotator.geometry.snapping import snapped_vertex
from annotator.geometry.wall_face import foot_length_m
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation, Origin
from annotator.model.edits import Put
from annotator.model.shapes import Opening, Polygon3D, Polyline3D, Vec2, Vec3

_LEAST_OPENING_M = 0.05
Floats = npt.NDArray[np.float64]


class TooFewVerticesError(AnnotatorError):
    """A vertex that the shape cannot be without."""

    def __init__(self, least: int) -> None:
        super().__init__(_("at least {n} vertices must stay").format(n=least))


def draw_contour(ring_m: Iterable[Vec3], label: str, *, frame: int | None = None) -> Put:
    """Add an outline that a person drew."""
    return Put(Annotation(label, Polygon3D(tuple(ring_m)), frame=frame))


def crossing_m(vertices_m: Sequence[Vec3], *, closed: bool = True) -> Vec2 | None:
    """Return the first place in plan where a line crosses itself; None where it does not.

    Parameters
    ----------
    closed
        Whether its last vertex joins its first, as an outline's does.
    """
    starts = np.asarray(vertices_m, float)[:, :2]
    ways = np.roll(starts, -1, axis=0) - starts
    count = len(starts) if closed else len(starts) - 1
    one, other = np.triu_indices(count, 2)
    if closed:  # the last edge ends where the first begins
        are_apart = (one > 0) | (other < count - 1)
        one, other = one[are_apart], other[are_apart]
    apart, turned = starts[other] - starts[one], _cross(ways[one], ways[other])
    with np.errstate(divide="ignore", invalid="ignore"):
        along = _cross(apart, ways[other]) / turned
        across = _cross(apart, ways[one]) / turned
    meets = np.flatnonzero((along > 0) & (along < 1) & (across > 0) & (across < 1))
    if not len(meets):
        return None
    first = meets[0]
    x, y = (starts[one[first]] + along[first] * ways[one[first]]).tolist()
    return (x, y)


def vertices_of(annotation: Annotation) -> tuple[Vec3, ...]:
    """Return the vertices of an outline, a wall or a line; of other shapes none."""
    shape = annotation.shape
    return shape.vertices_m if isinstance(shape, Polyline3D | Polygon3D) else ()


def move_vertex(
    annotation: Annotation, number: int, to_m: Vec3, *, walls: Iterable[Polyline3D] = ()
) -> Put:
    """Put a vertex elsewhere; openings keep their distance from the vertex that stays.

    An outline's edges on both sides of it are assumed no longer.

    Parameters
    ----------
    walls
        Other walls, whose corners and right angles attract a wall's vertex; an outline's is free.
    """
    before = vertices_of(annotation)
    walls = tuple(walls)
    if walls and isinstance(annotation.shape, Polyline3D):
        to_m = snapped_vertex(to_m, (before[number - 1] if number else before[1],), walls)
    assumed = _assumed(annotation)
    assumed[number] = assumed[number - 1] = False
    return _put(annotation, (*before[:number], to_m, *before[number + 1 :]), assumed, moved=number)


def add_vertex(annotation: Annotation, after: int, at_m: Vec3) -> Put:
    """Bend the edge that starts at a vertex; both halves of it are assumed if it was."""
    before, assumed = vertices_of(annotation), _assumed(annotation)
    assumed.insert(after, assumed[after])
    return _put(annotation, (*before[: after + 1], at_m, *before[after + 1 :]), assumed)


def remove_vertex(annotation: Annotation, number: int) -> Put:
    """Take a vertex away; its neighbours are joined by an edge that is assumed if both were.

    Raises
    ------
    TooFewVerticesError
        If a line would keep fewer than two, or an outline fewer than three.
    """
    before = vertices_of(annotation)
    least = 3 if isinstance(annotation.shape, Polygon3D) else 2
    if len(before) <= least:
        raise TooFewVerticesError(least)
    assumed = _assumed(annotation)
    assumed[number - 1] = assumed[number - 1] and assumed[number]
    del assumed[number]
    return _put(annotation, (*before[:number], *before[number + 1 :]), assumed)


def _cross(a: Floats, b: Floats) -> Floats:
    return a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]


def _assumed(annotation: Annotation) -> list[bool]:
    """Return for each vertex whether the edge that starts there is assumed."""
    shape = annotation.shape
    edges = shape.assumed if isinstance(shape, Polygon3D) else frozenset[int]()
    return [number in edges for number in range(len(vertices_of(annotation)))]


def _put(
    annotation: Annotation,
    vertices: tuple[Vec3, ...],
    assumed: Iterable[bool],
    *,
    moved: int | None = None,
) -> Put:
    shape = annotation.shape
    match shape:
        case Polygon3D():
            edges = frozenset(number for number, is_one in enumerate(assumed) if is_one)
            bent = Polygon3D(vertices, edges)
            return Put(replace(annotation, shape=bent, origin=Origin.HAND))
        case Polyline3D():
            openings = _openings(shape, vertices, moved)
            line = replace(shape, vertices_m=vertices, openings=openings)
            return Put(replace(annotation, shape=line, origin=Origin.HAND))
        case _:
            raise TypeError("only outlines and lines have vertices")


def _openings(
    wall: Polyline3D, vertices: tuple[Vec3, ...], moved: int | None
) -> tuple[Opening, ...]:
    """Return the openings where they stood, cut where the wall now ends.

    What lies before a moved vertex keeps its distance from the first vertex, what lies after it
    from the last.
    """
    total_m = foot_length_m(vertices)
    longer_m = total_m - foot_length_m(wall.vertices_m)
    after_m = math.inf if moved is None else foot_length_m(wall.vertices_m[: moved + 1])
    kept = (
        _shifted(o, longer_m if (o.start_m + o.end_m) / 2 > after_m else 0.0, total_m)
        for o in wall.openings
    )
    return tuple(o for o in kept if o is not None)


def _shifted(opening: Opening, by_m: float, total_m: float) -> Opening | None:
    start = max(opening.start_m + by_m, 0.0)
    end = min(opening.end_m + by_m, total_m)
    return replace(opening, start_m=start, end_m=end) if end - start > _LEAST_OPENING_M else None
