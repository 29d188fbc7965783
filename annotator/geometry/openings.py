"""Openings in a wall: which one is meant by a place on its face, and what a drag makes of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from annotator.model.shapes import Opening, Vec2

LEAST_M = 0.3
_EDGE_M = 0.15


@dataclass(frozen=True, slots=True)
class Held:
    """An opening of a wall that is held inside, or by one or two of its edges.

    Attributes
    ----------
    number
        Its place among the wall's openings.
    along, up
        Which edge is held along the foot and upward: -1 the first, 1 the last, 0 none.
    """

    number: int
    along: int = 0
    up: int = 0


def opening_at(openings: Iterable[Opening], along_m: float, up_m: float) -> Held | None:
    """Return which opening a place on the face holds, and by what; None beside all."""
    for number, one in enumerate(openings):
        is_along = one.start_m - _EDGE_M <= along_m <= one.end_m + _EDGE_M
        if is_along and one.bottom_m - _EDGE_M <= up_m <= one.top_m + _EDGE_M:
            along = _edge(along_m, one.start_m, one.end_m)
            return Held(number, along, _edge(up_m, one.bottom_m, one.top_m))
    return None


def pulled(opening: Opening, held: Held, by_m: Vec2, wall_m: Vec2) -> Opening:
    """Return an opening after its held edges, or all of it, went so far along and upward.

    Parameters
    ----------
    wall_m
        Length and height of the wall, which it stays within.
    """
    along_m, up_m = (opening.start_m, opening.end_m), (opening.bottom_m, opening.top_m)
    is_moved = not (held.along or held.up)
    if is_moved or held.along:
        along_m = _pulled(along_m, held.along, by_m[0], wall_m[0])
    if is_moved or held.up:
        up_m = _pulled(up_m, held.up, by_m[1], wall_m[1])
    return Opening(*along_m, *up_m)


def merged(openings: Iterable[Opening], new: Opening) -> tuple[Opening, ...]:
    """Return openings with a new one, which takes up those that it overlaps."""
    kept: list[Opening] = []
    for one in openings:
        if _overlap(one, new):
            new = replace(
                new,
                start_m=min(one.start_m, new.start_m),
                end_m=max(one.end_m, new.end_m),
                bottom_m=min(one.bottom_m, new.bottom_m),
                top_m=max(one.top_m, new.top_m),
            )
        else:
            kept.append(one)
    return (*kept, new)


def _edge(at_m: float, first_m: float, last_m: float) -> int:
    if abs(at_m - first_m) <= _EDGE_M:
        return -1
    return int(abs(at_m - last_m) <= _EDGE_M)


def _pulled(ends_m: Vec2, edge: int, by_m: float, most_m: float) -> Vec2:
    first, last = ends_m
    if edge < 0:
        return min(max(first + by_m, 0.0), last - LEAST_M), last
    if edge > 0:
        return first, max(min(last + by_m, most_m), first + LEAST_M)
    by_m = min(max(by_m, -first), most_m - last)
    return first + by_m, last + by_m


def _overlap(one: Opening, other: Opening) -> bool:
    return (
        one.start_m < other.end_m
        and other.start_m < one.end_m
        and one.bottom_m < other.top_m
        and other.bottom_m < one.top_m
    )
