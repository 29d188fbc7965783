"""Looks at the points of each box of the scan that is shown, a few boxes at a time."""

import time
from collections.abc import Iterable, Iterator

from psygnal import Signal

from annotator.commands.framing import can_move
from annotator.commands.growing import outgrown
from annotator.geometry.inside import can_hold, rows_in
from annotator.geometry.survey import Survey
from annotator.model.annotations import Annotation, Origin
from annotator.model.cloud import PointCloud
from annotator.model.findings import Finding
from annotator.model.labels import Taxonomy
from annotator.model.shapes import Shape
from annotator.project.lint import is_judged, outgrown_box, too_few_points


class BoxCounts:
    """How many points each shape holds, for as long as the same scan is shown.

    Of what may move and was carried on, or holds in several scans, it is looked at whether its
    points reach out of its box as well: nobody saw that in each.

    Parameters
    ----------
    scans
        How many the item has.
    """

    changed = Signal()

    def __init__(self, scans: int = 1) -> None:
        self._scans = scans
        self._cloud: PointCloud | None = None
        self._survey: Survey | None = None
        self._of: dict[Shape, int] = {}
        self._beyond: dict[Shape, Finding | None] = {}
        self._asked: tuple[Annotation, ...] = ()
        self.is_done = False
        """Whether all that was asked for is counted."""

    def see(self, cloud: PointCloud, survey: Survey | None) -> None:
        """Count in another scan from now on; without a survey nothing is counted."""
        self._cloud, self._survey = cloud, survey
        self._of.clear()
        self._beyond.clear()
        self.is_done = False
        self.changed.emit()

    def count(
        self, annotations: Iterable[Annotation], taxonomy: Taxonomy, *, budget_s: float = 0.008
    ) -> bool:
        """Count what is not counted yet; tell whether all is, or it is to be asked again."""
        self._asked = tuple(a for a in annotations if can_hold(a.shape))
        if self._cloud is None or self._survey is None:
            return True
        until, waiting = time.perf_counter() + budget_s, self._uncounted(taxonomy)
        for annotation in waiting:
            self._of[annotation.shape] = len(rows_in(self._cloud, annotation.shape, self._survey))
            if self._may_be_outgrown(annotation, taxonomy):
                self._beyond[annotation.shape] = outgrown(annotation, self._cloud)
            if time.perf_counter() > until:
                break
        else:
            self.is_done = True
            self.changed.emit()
            return True
        self.is_done = False
        return False

    def of(self, annotation: Annotation) -> int | None:
        """Return how many points a box holds; None while that is not known."""
        return self._of.get(annotation.shape)

    def few(self, taxonomy: Taxonomy) -> Iterator[tuple[Annotation, Finding]]:
        """Yield the boxes that hold fewer points than their class asks for."""
        for annotation in self._asked:
            count = self.of(annotation)
            if count is None or annotation.label not in taxonomy or not is_judged(annotation):
                continue
            label = taxonomy[annotation.label]
            if count < label.minimum_points:
                yield annotation, too_few_points(annotation, count, label)

    def outgrown(self, taxonomy: Taxonomy) -> Iterator[tuple[Annotation, Finding]]:
        """Yield the boxes that are smaller than what this scan, which others may not, shows."""
        for annotation in self._asked:
            finding = self._beyond.get(annotation.shape)
            if finding is not None and self._may_be_outgrown(annotation, taxonomy):
                yield annotation, outgrown_box(annotation, finding, taxonomy)

    def _uncounted(self, taxonomy: Taxonomy) -> list[Annotation]:
        return [a for a in self._asked if not self._is_known(a, taxonomy)]

    def _is_known(self, annotation: Annotation, taxonomy: Taxonomy) -> bool:
        may_be = self._may_be_outgrown(annotation, taxonomy)
        return annotation.shape in (self._beyond if may_be else self._of)

    def _may_be_outgrown(self, annotation: Annotation, taxonomy: Taxonomy) -> bool:
        if not can_move(annotation.label, taxonomy):
            return False  # a wall may go on where a pillar ends
        holds_in_all = annotation.frame is None and self._scans > 1
        return is_judged(annotation) and (annotation.origin is Origin.REFITTED or holds_in_all)
