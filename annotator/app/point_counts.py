"""Counts the points of each class and instance of a scan, and counts again only what changed."""

import time
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from annotator.model.document import Document
from annotator.model.layers import INSTANCE, SEMANTIC, LayerKey

Pairs = dict[tuple[int, int], int]
"""How many points have a class's value and an instance's number."""

Changes = tuple[int, int]
"""When classes and when instances were changed last."""
_UPPER = np.uint64(32)


@dataclass(frozen=True, slots=True)
class Counted:
    """What is known of one scan's labels.

    Attributes
    ----------
    of_class
        Points by class value, those without a class left out.
    of_instance
        (Class value, points) by instance; the class that most of its points have.
    """

    of_class: dict[int, int]
    of_instance: dict[int, tuple[int, int]]
    points: int


class PointCounts:
    """The counts of one document, chunk by chunk of its layers."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._chunks: dict[int, dict[int, Pairs]] = {}
        self._as_of: dict[tuple[int, int], Changes] = {}

    def count(self, frame: int, *, budget_s: float = 0.02) -> Counted | None:
        """Return a scan's counts; None where that takes longer, and then it is to be asked again.

        A stroke changes one chunk or a few; a whole scan of 20 million labelled points is counted
        in some pieces.
        """
        known, until = self._chunks.setdefault(frame, {}), time.perf_counter() + budget_s
        wanted = self._held(frame)
        for gone in [chunk for chunk in known if not self._is_known(frame, chunk, wanted)]:
            del known[gone]
        for chunk in sorted(wanted.difference(known)):
            self._as_of[frame, chunk] = self._changes(frame, chunk)
            known[chunk] = self._counted(frame, chunk)
            if time.perf_counter() > until:
                break
        if len(known) < len(wanted):
            return None
        return _summed(known.values(), self._document.extents[frame][0])

    def _is_known(self, frame: int, chunk: int, wanted: set[int]) -> bool:
        return chunk in wanted and self._as_of[frame, chunk] == self._changes(frame, chunk)

    def _changes(self, frame: int, chunk: int) -> Changes:
        document = self._document
        return document.semantic(frame).changed(chunk), document.instances(frame).changed(chunk)

    def _held(self, frame: int) -> set[int]:
        layers, keys = self._document.layers, (LayerKey(SEMANTIC, frame), LayerKey(INSTANCE, frame))
        return {chunk for key in keys if key in layers for chunk in layers[key].chunks()}

    def _counted(self, frame: int, chunk: int) -> Pairs:
        semantic = self._document.semantic(frame).chunk(chunk)
        instances = self._document.instances(frame).chunk(chunk)
        both = semantic.astype(np.uint64) << _UPPER | instances
        keys, counts = np.unique(both, return_counts=True)
        return {
            (key >> 32, key & 0xFFFFFFFF): count
            for key, count in zip(keys.tolist(), counts.tolist(), strict=True)
        }


def _summed(chunks: Iterable[Pairs], points: int) -> Counted:
    whole: Pairs = {}
    for pairs in chunks:
        for pair, count in pairs.items():
            whole[pair] = whole.get(pair, 0) + count
    of_class: dict[int, int] = {}
    of_instance: dict[int, tuple[int, int]] = {}
    for (value, instance), count in sorted(whole.items(), key=lambda item: -item[1]):
        if value:
            of_class[value] = of_class.get(value, 0) + count
        if instance:
            most, so_far = of_instance.get(instance, (value, 0))
            of_instance[instance] = (most, so_far + count)
    return Counted(of_class, of_instance, points)
