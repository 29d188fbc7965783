"""Says which points of a scan are drawn: by class, near the selection, in a box or a storey."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from annotator.app.overhead import Overhead
from annotator.app.shown_scan import ShownScan
from annotator.app.storeys import OneStorey
from annotator.geometry import colouring, drawing
from annotator.geometry.nearby import mask_around, rows_around
from annotator.geometry.wireframes import surrounding_box
from annotator.model.annotations import Annotation
from annotator.model.document import Document
from annotator.model.layers import SEMANTIC
from annotator.model.shapes import Box3D

_BESIDE_M = 0.15


@dataclass(frozen=True, slots=True)
class WantedRows:
    """What decides which points are drawn.

    Attributes
    ----------
    hidden, solo
        Label values not shown, and the only ones shown.
    alone
        Only what is in these, or close to them, is shown; where there are none, everything.
    clip
        Only what is in this box is shown.
    below
        No ceiling of these is shown.
    storey
        Only what is of this storey is shown.
    painted
        Grows whenever points get another label.
    """

    hidden: frozenset[int] = frozenset()
    solo: frozenset[int] = frozenset()
    alone: tuple[Annotation, ...] = ()
    clip: Box3D | None = None
    below: Overhead | None = None
    storey: OneStorey | None = None
    painted: int = 0

    @property
    def are_all(self) -> bool:
        """Whether every point is shown."""
        cuts = self.alone or self.clip is not None or self.asks_ground
        return not self.asks_labels and not cuts

    @property
    def asks_ground(self) -> bool:
        """Whether it matters where floors and ceilings are, which takes longer to tell."""
        return self.below is not None or self.storey is not None

    @property
    def asks_labels(self) -> bool:
        """Whether the points' labels matter."""
        return bool(self.hidden or self.solo)

    def mask(self, shown: ShownScan, document: Document) -> drawing.Mask:
        """Return one byte per drawn point, 0 where it is hidden; empty where all are seen.

        With millions of points this takes some 10 ms; it may be done on any thread.
        """
        cloud, seen = shown.cloud, drawing.ALL_SEEN
        if not len(cloud):
            return seen
        if self.asks_labels:
            seen = colouring.seen_rows(shown.layer(document, SEMANTIC), self.hidden, self.solo)
        if self.alone:
            seen = _both(seen, _near(shown, self.alone))
        if self.clip is not None:
            seen = _both(seen, mask_around(cloud.xyz_m, self.clip, origin_m=cloud.origin_m))
        if self.below is not None:
            seen = _both(seen, self.below.seen_below(cloud))
        if self.storey is not None:
            seen = _both(seen, self.storey.seen_in(cloud))
        return seen


def _both(one: drawing.Mask, other: drawing.Mask) -> drawing.Mask:
    return one & other if len(one) else other


def _near(shown: ShownScan, alone: Collection[Annotation]) -> drawing.Mask:
    """Return one byte per row, 1 where it is in or close to one of these."""
    cloud = shown.cloud
    kept = np.zeros(len(cloud), np.uint8)
    margin = (_BESIDE_M, _BESIDE_M, _BESIDE_M)
    for annotation in alone:
        box = surrounding_box(annotation.shape)
        if box is not None:
            rows = rows_around(cloud.xyz_m, box, origin_m=cloud.origin_m, margin_m=margin)
            kept[rows] = 1
    return kept
