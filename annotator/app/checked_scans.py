"""What was found in the scans of a sequence that were checked, and in which it was not looked."""

import math
from collections.abc import Iterable

from annotator.app.box_counts import BoxCounts
from annotator.geometry.survey import Survey
from annotator.model.annotations import Annotation, AnnotationId
from annotator.model.cloud import PointCloud
from annotator.model.document import Document
from annotator.model.edits import Edit, Put, parts
from annotator.model.findings import Finding
from annotator.model.labels import Taxonomy
from annotator.project.lint import (
    TOO_FEW_POINTS,
    crossing_outlines,
    labelled_twice,
    unseen_boxes,
)

Found = tuple[Annotation, Finding]


def found_in_scan(
    counts: BoxCounts, annotations: Iterable[Annotation], taxonomy: Taxonomy
) -> list[Found]:
    """Return what is to be said of a scan's objects, from the points counted in them."""
    here = list(annotations)
    few, outgrown = counts.few(taxonomy), counts.outgrown(taxonomy)
    twice, unseen = labelled_twice(here, taxonomy), unseen_boxes(here, taxonomy)
    return [*crossing_outlines(here, taxonomy), *few, *outgrown, *twice, *unseen]


def found_unseen(
    document: Document, frame: int, cloud: PointCloud, survey: Survey, taxonomy: Taxonomy
) -> list[Found]:
    """Return what is to be said of the objects of a scan that is not shown."""
    counts, here = BoxCounts(len(document.extents)), document.in_frame(frame)
    counts.see(cloud, survey)
    counts.count(here, taxonomy, budget_s=math.inf)
    return found_in_scan(counts, here, taxonomy)


class CheckedScans:
    """What was found in each scan; what was changed since is no longer found.

    Attributes
    ----------
    checked
        The scans that were looked at since their objects were made or changed.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._found: dict[int, list[Found]] = {}
        self.checked: frozenset[int] = frozenset()

    def keep(self, frame: int, found: Iterable[Found]) -> bool:
        """Keep what a scan shows; tell whether that is news."""
        before = self._found.get(frame), frame in self.checked
        self._found[frame] = list(found)
        self.checked |= {frame}
        return before != (self._found[frame], True)

    def note(self, edit: Edit) -> None:
        """Take note of which scans an edit puts anything into; what holds in all is in each."""
        frames = {part.annotation.frame for part in parts(edit) if isinstance(part, Put)}
        self.checked = frozenset() if None in frames else self.checked - frames

    def counts(self, here: int) -> dict[int, int]:
        """Return how many findings there are in each scan that has any.

        Of a box that holds in every scan each is told once, in the scan at hand if it shows it.
        That few points are in it is told there alone: in most scans it is far away.
        """
        now, told = self._document.annotations, set[tuple[AnnotationId, str]]()
        counts: dict[int, int] = {}
        for frame in sorted(self._found, key=lambda n: (n != here, n)):
            for one, what in self._found[frame]:
                is_told = one.frame is None and (one.id, what.code) in told
                is_far = one.frame is None and what.code == TOO_FEW_POINTS and frame != here
                if now.get(one.id) == one and not is_told and not is_far:
                    told.add((one.id, what.code))
                    counts[frame] = counts.get(frame, 0) + 1
        return dict(sorted(counts.items()))
