"""Puts the candidates of a series forward as suggestions, in the order of the rail."""

from dataclasses import dataclass, replace

import numpy as np

from annotator.commands.foci import foci, suggest_foci
from annotator.imaging.candidates import Aside, Candidates, find_candidates
from annotator.imaging.rules import CAL_130, Rule
from annotator.model.annotations import Annotation
from annotator.model.document import Document
from annotator.model.edits import apply
from annotator.model.shapes import Vec3
from annotator.model.volume import Volume


@dataclass(frozen=True, slots=True, eq=False)
class Suggestion:
    """One candidate as a suggestion, with what a script wants to know of it.

    Attributes
    ----------
    volume_mm3
        None where the series is not measured.
    """

    annotation: Annotation
    voxels: int
    volume_mm3: float | None
    max_hu: float
    mean_hu: float
    margin_hu: float
    slice: int
    is_below: bool
    site: str
    center_lps_mm: Vec3


@dataclass(frozen=True, slots=True, eq=False)
class Suggested:
    """A document of suggestions, and what was kept from it.

    Attributes
    ----------
    set_aside
        How many components were set aside, by the reason.
    """

    document: Document
    suggestions: tuple[Suggestion, ...]
    set_aside: dict[Aside, int]


def suggest(
    volume: Volume, label: str, rule: Rule = CAL_130, *, is_measured: bool = True
) -> Suggested:
    """Find the candidates of a series and put each forward; none is a label yet."""
    candidates = find_candidates(volume, rule)
    order = [*candidates.in_order().tolist(), *candidates.below_in_order().tolist()]
    document = Document(extents=(volume.series.shape,))
    parts = (candidates.found.where(number) for number in order)
    apply(suggest_foci(document, parts, label, candidates.sites[order].tolist()), document)
    told = [
        _told(volume, candidates, annotation, number)
        for annotation, number in zip(foci(document), order, strict=True)
    ]
    if not is_measured:
        told = [replace(one, volume_mm3=None) for one in told]
    return Suggested(document, tuple(told), candidates.aside())


def _told(
    volume: Volume, candidates: Candidates, annotation: Annotation, number: int
) -> Suggestion:
    found = candidates.found
    k, j, i = (float(at) for at in found.centroid[number])
    return Suggestion(
        annotation,
        voxels=int(found.voxels[number]),
        volume_mm3=candidates.volume_mm3(number),
        max_hu=float(np.round(found.max_hu[number], 3)),
        mean_hu=float(found.mean_hu[number]),
        margin_hu=float(np.round(found.max_hu[number] - found.threshold_hu, 3)),
        slice=candidates.center(number)[2] + 1,
        is_below=bool(candidates.below[number]),
        site=str(candidates.sites[number]),
        center_lps_mm=volume.series.lps_of((i, j, k)),
    )
