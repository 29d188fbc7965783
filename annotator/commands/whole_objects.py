"""Lets what a person says of one box of an object hold for its boxes in all scans."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from annotator.commands.boxes import box_of, resized, turned_quarter
from annotator.commands.tracks import State, Track, boxes_of, by_track, merge_objects, state_of
from annotator.geometry.boxes import axes_of
from annotator.model.annotations import Annotation, Origin
from annotator.model.document import Document
from annotator.model.edits import Batch, Edit, Put, apply, outcome
from annotator.model.labels import Taxonomy
from annotator.model.shapes import Box3D, Vec3

_EXACT_RAD, _EXACT_M = 1e-4, 1e-6


@dataclass(frozen=True)
class _Said:
    """What changed about an object in one scan, told for its other scans.

    Attributes
    ----------
    before, after
        The same box before and after.
    keeps_size
        Whether its class has one size in all scans.
    """

    before: Annotation
    after: Annotation
    keeps_size: bool

    @cached_property
    def quarters(self) -> int:
        """How many quarters its heading was turned by; 0 where it was turned by anything else."""
        quarters = round(self._turn_rad / (math.pi / 2))
        is_exact = abs(self._turn_rad - quarters * math.pi / 2) < _EXACT_RAD
        return quarters % 4 if is_exact else 0

    @property
    def is_of_all(self) -> bool:
        """Whether it is more than where the object is."""
        return self.before.label != self.after.label or bool(self.quarters) or self.is_resized

    @cached_property
    def is_resized(self) -> bool:
        """Whether the object was given another size; its length may not have become its width."""
        was = _turned(self._box_before, self.quarters).size_m
        is_same_way = bool(self.quarters) or abs(self._turn_rad) < math.pi / 4
        is_other = math.dist(was, self._box_after.size_m) > _EXACT_M
        return self.keeps_size and is_same_way and is_other

    @cached_property
    def ends_kept(self) -> Vec3:
        """Which end stayed while it was resized, by axis: 0.5 the lower, -0.5 the upper."""
        was, now = _turned(self._box_before, self.quarters), self._box_after
        by_m = np.subtract(now.center_m, was.center_m) @ axes_of(now)
        return _shares(by_m.tolist(), np.subtract(now.size_m, was.size_m).tolist())

    @property
    def _turn_rad(self) -> float:
        return math.remainder(self._box_after.yaw_rad - self._box_before.yaw_rad, math.tau)

    @property
    def _box_before(self) -> Box3D:
        return box_of(self.before)

    @property
    def _box_after(self) -> Box3D:
        return box_of(self.after)

    def of(self, other: Annotation) -> Annotation:
        """Return what another box of the object becomes."""
        box = _turned(box_of(other), self.quarters)
        if self.is_resized:
            box = resized(box, self._box_after.size_m, self.ends_kept)
        return replace(other, label=self.after.label, shape=box)


def of_whole_objects(document: Document, edit: Edit, taxonomy: Taxonomy) -> Edit:
    """Return an edit that also says of an object's other boxes what it says of one.

    An object has one class, one heading that is its front, and, unless its class changes its
    shape, one size. Where it is in a scan is that scan's own. Boxes that the edit speaks of itself
    are left as it says, and so are those between key frames: they follow these.
    """
    after = outcome(edit)
    puts: list[Put] = []
    all_said = _said(document, after.values(), taxonomy)
    boxes = by_track(all_said, document.annotations.values()) if all_said else {}
    for track, said in all_said.items():
        others = [a for a in _own(boxes[track]) if a.id not in after]
        puts += [Put(said.of(a)) for a in others if isinstance(a.shape, Box3D)]
    return Batch((edit, *puts)) if puts else edit


def with_one_size(document: Document, annotation: Annotation) -> Batch:
    """Return the edit after which an object has in all scans the size that it has in one."""
    boxes = boxes_of(document, annotation.track) if annotation.track is not None else {}
    size_m = box_of(annotation).size_m
    others = [a for a in _own(boxes) if isinstance(a.shape, Box3D) and a.shape.size_m != size_m]
    return Batch(tuple(Put(replace(a, shape=resized(box_of(a), size_m))) for a in others))


def joined(document: Document, kept: Annotation, other: Annotation, taxonomy: Taxonomy) -> Batch:
    """Return the edit after which two objects are one, of the first one's class.

    Where its class keeps one size in all scans, it has the first one's in all of them.

    Raises
    ------
    TrackError
        If they cannot be one; see `merge_objects`.
    """
    merging = merge_objects(document, kept, other)
    now = Document(document.extents, dict(document.annotations))
    apply(merging, now)
    keeps = kept.label not in taxonomy or taxonomy[kept.label].keeps_size
    if not keeps or not isinstance(kept.shape, Box3D):
        return Batch((merging,))
    return Batch((merging, with_one_size(now, now.annotations[kept.id])))


@dataclass(frozen=True, slots=True)
class Apart:
    """How far apart two objects are in the scans in which they come nearest to each other.

    Attributes
    ----------
    scans
        From one of these scans to the other.
    """

    by_m: float
    scans: int
    turned_rad: float


def apart(document: Document, one: Annotation, other: Annotation) -> Apart | None:
    """Return how far apart two objects are; None where one of them has no box of one scan."""
    pairs = [
        (abs(a.frame - b.frame), a.shape, b.shape)
        for a in _boxes_with(document, one)
        for b in _boxes_with(document, other)
        if a.frame is not None and b.frame is not None
        if isinstance(a.shape, Box3D) and isinstance(b.shape, Box3D)
    ]
    if not pairs:
        return None
    scans, here, there = min(pairs, key=lambda pair: pair[0])
    turned_rad = abs(math.remainder(here.yaw_rad - there.yaw_rad, math.tau))
    return Apart(math.dist(here.center_m, there.center_m), scans, turned_rad)


def _boxes_with(document: Document, one: Annotation) -> list[Annotation]:
    return [one] if one.track is None else list(boxes_of(document, one.track).values())


def _said(
    document: Document, after: Iterable[Annotation | None], taxonomy: Taxonomy
) -> dict[Track, _Said]:
    """Return what is said of whole tracks; nothing of one of which several boxes change."""
    found: dict[Track, list[_Said]] = {}
    for new in after:
        old = document.annotations.get(new.id) if new is not None else None
        if old is None or new is None or new.track is None or old.track != new.track:
            continue
        if isinstance(old.shape, Box3D) and isinstance(new.shape, Box3D) and _is_a_persons(new):
            keeps = new.label not in taxonomy or taxonomy[new.label].keeps_size
            found.setdefault(new.track, []).append(_Said(old, new, keeps))
    return {t: said[0] for t, said in found.items() if len(said) == 1 and said[0].is_of_all}


def _is_a_persons(annotation: Annotation) -> bool:
    return annotation.origin not in {Origin.INTERPOLATED, Origin.SUGGESTION}


def _own(boxes: dict[int, Annotation]) -> list[Annotation]:
    """Return the boxes of a track without those that lie between two key frames."""
    keys = [f for f, a in boxes.items() if state_of(a) is not State.INTERPOLATED]
    return [
        a
        for f, a in boxes.items()
        if state_of(a) is not State.INTERPOLATED or not keys or not keys[0] < f < keys[-1]
    ]


def _shares(by_m: list[float], growth_m: list[float]) -> Vec3:
    x, y, z = (
        min(max(by / growth, -0.5), 0.5) if abs(growth) > _EXACT_M else 0.0
        for by, growth in zip(by_m, growth_m, strict=True)
    )
    return (x, y, z)


def _turned(box: Box3D, quarters: int) -> Box3D:
    for _quarter in range(quarters):
        box = turned_quarter(box)
    return box
