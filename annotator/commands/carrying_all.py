"""Carries several objects on to another scan of a sequence, as one edit."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from annotator.commands.carrying import TURNED, Carried, Scan, carry_on
from annotator.commands.growing import OUTGROWN
from annotator.commands.tracks import TrackError
from annotator.commands.twins import twin_of
from annotator.i18n import gettext as _
from annotator.i18n import ngettext
from annotator.model.annotations import Annotation, Origin
from annotator.model.document import Document
from annotator.model.edits import Batch, Put, apply
from annotator.model.labels import Taxonomy
from annotator.model.shapes import Box3D

_HERE_M, _MOST_NAMED = 1.0, 3


@dataclass(frozen=True, slots=True)
class CarriedAll:
    """What became of several boxes in another scan.

    Attributes
    ----------
    edit
        Adds or moves what was found, and guesses the rest.
    found, guessed
        The boxes there: laid onto points, and where they are expected for lack of points.
    gone
        How many are no longer there: other things are seen through their places.
    known
        How many that scan had already.
    turned, outgrown
        Those that were given another heading by their motion, and that reach out of their boxes.
    """

    edit: Batch
    found: tuple[Annotation, ...]
    guessed: tuple[Annotation, ...]
    gone: int
    known: int
    turned: tuple[Annotation, ...] = ()
    outgrown: tuple[Annotation, ...] = ()
    no_boxes: int = 0
    """How many are of another shape, which cannot be looked for."""

    def in_words(self, taxonomy: Taxonomy) -> str:
        """Return what became of them in one line, and which are worth a look."""
        count = len(self.found)
        said = [ngettext("{count} object carried on", "{count} objects carried on", count)]
        said[0] = said[0].format(count=count)
        if self.guessed:
            text = _("{count} by guess, for lack of points: {which}")
            said.append(_which(text, self.guessed, taxonomy))
        if self.gone:
            said.append(_("{count} no longer there").format(count=self.gone))
        if self.turned:
            text = ngettext(
                "{count} turned to where it moves: {which}",
                "{count} turned to where they move: {which}",
                len(self.turned),
            )
            said.append(_which(text, self.turned, taxonomy))
        if self.outgrown:
            text = ngettext(
                "{count} larger than its box: {which}",
                "{count} larger than their boxes: {which}",
                len(self.outgrown),
            )
            said.append(_which(text, self.outgrown, taxonomy))
        if self.known:
            said.append(_("{count} labelled there already").format(count=self.known))
        if self.no_boxes:
            text = _("{count} left out, as only boxes can be carried on")
            said.append(text.format(count=self.no_boxes))
        return " · ".join(said)


def left_behind(document: Document, before: int, frame: int) -> list[Annotation]:
    """Return the boxes of one scan whose objects another does not have yet."""
    there = [a for a in document.in_frame(frame) if isinstance(a.shape, Box3D)]
    tracks = {a.track for a in there if a.track is not None}
    return [
        a
        for a in document.annotations.values()
        if a.frame == before
        and isinstance(a.shape, Box3D)
        and a.origin is not Origin.SUGGESTION
        and a.track not in tracks
        and not _is_among(a, there)
    ]


def carry_all(
    document: Document,
    chosen: Sequence[Annotation],
    scan: Scan,
    taxonomy: Taxonomy,
    progress: Callable[[int], None] | None = None,
) -> CarriedAll:
    """Find several objects again in another scan.

    Parameters
    ----------
    document
        Not changed.
    progress
        Told how many were looked for.
    """
    now = Document(document.extents, dict(document.annotations))
    each: list[Carried | None] = []
    boxes = [a for a in chosen if isinstance(a.shape, Box3D)]
    for number, annotation in enumerate(boxes, start=1):
        carried = _carried(now, annotation, scan, taxonomy)
        if carried is not None:
            apply(carried.edit, now)
        each.append(carried)
        if progress is not None:
            progress(number)
    return replace(_together(each), no_boxes=len(chosen) - len(boxes))


def _together(each: Sequence[Carried | None]) -> CarriedAll:
    """Return what became of all of them; None stands for one that the scan had already."""
    carried = [one for one in each if one is not None]
    there = [(one.annotation, one.finding) for one in carried if one.annotation is not None]
    codes = [(made, finding.code) for made, finding in there if finding is not None]
    return CarriedAll(
        Batch(tuple(one.edit for one in carried)),
        found=tuple(made for made, _why in there if made.origin is not Origin.INTERPOLATED),
        guessed=tuple(made for made, _why in there if made.origin is Origin.INTERPOLATED),
        gone=len(carried) - len(there),
        known=len(each) - len(carried),
        turned=tuple(made for made, code in codes if code == TURNED),
        outgrown=tuple(made for made, code in codes if code == OUTGROWN),
    )


def _which(text: str, those: Sequence[Annotation], taxonomy: Taxonomy) -> str:
    """Say how many, and call the first ones as the list of annotations does."""
    named = [f"{taxonomy.title_of(a.label)} {a.track or ''}".strip() for a in those[:_MOST_NAMED]]
    more = ["…"] if len(those) > _MOST_NAMED else []
    return text.format(count=len(those), which=", ".join([*named, *more]))


def _carried(
    document: Document, annotation: Annotation, scan: Scan, taxonomy: Taxonomy
) -> Carried | None:
    """Return what became of a box; None where that scan has it already."""
    label = taxonomy.grown_by(annotation.label)[annotation.label]
    try:
        carried = carry_on(document, annotation, scan, label)
    except TrackError:
        return None
    made = carried.annotation
    is_twin = made is not None and twin_of(Put(made), document, scan.frame) is not None
    return None if is_twin else carried


def _is_among(annotation: Annotation, there: Iterable[Annotation]) -> bool:
    """Tell whether a box of the same class stands in nearly the same place."""
    here = annotation.shape
    return any(
        other.label == annotation.label
        and isinstance(here, Box3D)
        and isinstance(other.shape, Box3D)
        and other.track is None
        and math.dist(here.center_m, other.shape.center_m) < _HERE_M
        for other in there
    )
