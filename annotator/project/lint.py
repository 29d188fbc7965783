"""Looks for labels of scans that break a rule of the project."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from annotator.commands.vertices import crossing_m
from annotator.geometry.boxes import iou_3d
from annotator.geometry.inside import can_hold, rows_in
from annotator.geometry.survey import Survey
from annotator.i18n import gettext as _
from annotator.i18n import ngettext, told_of
from annotator.model.annotations import Annotation, AnnotationId, Origin
from annotator.model.cloud import PointCloud
from annotator.model.document import Document
from annotator.model.findings import Finding, Severity
from annotator.model.labels import Label, Taxonomy
from annotator.model.shapes import Box3D, Polygon3D

TOO_FEW_POINTS = "too-few-points"
CROSSES_ITSELF, UNSEEN, LABELLED_TWICE = "crosses-itself", "unseen", "labelled-twice"
_SAME_PLACE = 0.4
"""The 3D IoU from which two boxes are of one thing: what stands side by side shares nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class LintedScan:
    """A scan in world axes, with what was found out about it."""

    frame: int
    cloud: PointCloud
    survey: Survey | None


def lint_scans(
    document: Document, scans: Iterable[LintedScan], taxonomy: Taxonomy
) -> Iterator[Finding]:
    """Yield what breaks a rule in the labels of one item.

    A box that holds in every scan is judged by the scan that shows most of it.
    """
    most: dict[AnnotationId, int] = {}
    twice: dict[AnnotationId, Finding] = {}
    for scan in scans:
        here = document.in_frame(scan.frame)
        twice |= {one.id: finding for one, finding in labelled_twice(here, taxonomy)}
        for annotation in document.in_frame(scan.frame):
            if is_judged(annotation):
                count = len(rows_in(scan.cloud, annotation.shape, scan.survey))
                most[annotation.id] = max(most.get(annotation.id, 0), count)
    for annotation_id, count in most.items():
        annotation = document.annotations[annotation_id]
        if annotation.label in taxonomy:
            label = taxonomy[annotation.label]
            if count < label.minimum_points:
                yield too_few_points(annotation, count, label)
    yield from twice.values()
    yield from (
        finding for _one, finding in crossing_outlines(document.annotations.values(), taxonomy)
    )


def labelled_twice(
    annotations: Iterable[Annotation], taxonomy: Taxonomy
) -> Iterator[tuple[Annotation, Finding]]:
    """Yield the later one of two boxes in the same place of a scan."""
    boxes = [(a, a.shape) for a in annotations if is_judged(a) and isinstance(a.shape, Box3D)]
    middles = np.array([box.center_m for _one, box in boxes]).reshape(-1, 3)
    reach = np.array([max(box.size_m) for _one, box in boxes])
    for later in range(1, len(boxes)):
        apart = np.linalg.norm(middles[:later] - middles[later], axis=1)
        for earlier in np.flatnonzero(apart < reach[later] / 2).tolist():
            (one, box), (other, its_box) = boxes[later], boxes[earlier]
            if iou_3d(box, its_box) > _SAME_PLACE:
                text = _("{label}: labelled twice? {other} is here as well")
                said = text.format(
                    label=taxonomy.title_of(one.label), other=taxonomy.title_of(other.label)
                )
                yield one, Finding(LABELLED_TWICE, said, annotation_id=one.id)
                break


def crossing_outlines(
    annotations: Iterable[Annotation], taxonomy: Taxonomy
) -> Iterator[tuple[Annotation, Finding]]:
    """Yield the outlines that cross themselves, which hold no area that could be told."""
    for one in annotations:
        place_m = crossing_m(one.shape.vertices_m) if isinstance(one.shape, Polygon3D) else None
        if place_m is not None:
            text = _(
                "{label}: this outline crosses itself at x {x:.2f}, y {y:.2f} m; move a corner"
            )
            said = text.format(label=taxonomy.title_of(one.label), x=place_m[0], y=place_m[1])
            yield one, Finding(CROSSES_ITSELF, said, annotation_id=one.id)


def unseen_boxes(
    annotations: Iterable[Annotation], taxonomy: Taxonomy
) -> Iterator[tuple[Annotation, Finding]]:
    """Yield the boxes that are only where they are expected: no point showed them."""
    for one in annotations:
        if one.origin is Origin.INTERPOLATED:
            text = _("{label} {track}: where it is expected; nobody saw it in this scan")
            said = text.format(label=taxonomy.title_of(one.label), track=one.track or "")
            yield one, Finding(UNSEEN, said, Severity.NOTE, annotation_id=one.id)


def outgrown_box(annotation: Annotation, finding: Finding, taxonomy: Taxonomy) -> Finding:
    """Return what is to be said of a carried box that its object reaches out of, by its name."""
    name = f"{taxonomy.title_of(annotation.label)} {annotation.track or ''}".strip()
    return replace(finding, text=told_of(name, finding.text), annotation_id=annotation.id)


def is_judged(annotation: Annotation) -> bool:
    """Tell whether an annotation must have points: it is a box or a pillar, and a label."""
    return (
        can_hold(annotation.shape)
        and annotation.origin is not Origin.SUGGESTION
        and not annotation.dismissed
    )


def too_few_points(annotation: Annotation, count: int, label: Label) -> Finding:
    """Return what is to be said of a box with fewer points than its class asks for."""
    text = ngettext(
        "{label} has {count} point; at least {least} are asked for",
        "{label} has {count} points; at least {least} are asked for",
        count,
    ).format(label=_(label.title), count=count, least=label.minimum_points)
    return Finding(TOO_FEW_POINTS, text, annotation_id=annotation.id)
