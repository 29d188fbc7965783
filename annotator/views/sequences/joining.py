"""Lets boxes of two scans be one object's."""

import math

from PySide6.QtCore import QObject, QTimer

from annotator.app.listed_objects import numbered, numbers_of
from annotator.app.open_sequence import OpenSequence
from annotator.commands.tracks import boxes_of
from annotator.commands.whole_objects import Apart, apart, joined
from annotator.errors import AnnotatorError
from annotator.i18n import gettext as _
from annotator.i18n import ngettext
from annotator.model.annotations import Annotation, AnnotationId, Origin
from annotator.model.shapes import Box3D
from annotator.tools.keys import keyed
from annotator.views.cloud.cloud_view import CloudView

_FASTEST_M = 3.0
"""What is farther from one scan to the next is hardly one object."""
_TURNED_RAD = math.radians(45)


class Joining(QObject):
    """Joins the two selected objects, or the selected one and that which was selected before it.

    That one has no box in the shown scan: the next box that is made here may be its own.
    """

    def __init__(self, sequence: OpenSequence, view: CloudView) -> None:
        super().__init__(view)
        self._sequence, self._view = sequence, view
        self._away: AnnotationId | None = None
        self._offered: AnnotationId | None = None
        self._known = frozenset(sequence.session.document.annotations)
        # a tool says first what it made
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._offer)
        sequence.selection.changed.connect(self._note)
        sequence.current.changed.connect(self._note)

    def stop_listening(self) -> None:
        """Let go of the selection."""
        self._soon.stop()
        self._sequence.selection.changed.disconnect(self._note)
        self._sequence.current.changed.disconnect(self._note)

    def merge(self) -> None:
        """Let two objects be one, select its box of this scan, and say how far apart they were.

        Raises
        ------
        AnnotatorError
            If there are no two, or they cannot be one.
        """
        session, chosen = self._sequence.session, self._sequence.chosen()
        away = self._waits_for(chosen[0]) if len(chosen) == 1 else None
        pair = [away, *chosen] if away is not None else chosen
        if len(pair) != 2:
            raise AnnotatorError(_("select a box of each of two objects"))
        kept, other = pair
        distance = apart(session.document, kept, other)
        session.do(joined(session.document, kept, other, session.taxonomy), _("Merge objects"))
        self._away = None
        one = session.document.annotations[kept.id]
        here = self._sequence.boxes_of(one).get(self._sequence.current.frame, one)
        self._sequence.selection.set((here.id,))
        self._view.say(_joined_in_words(distance), warning=_is_doubtful(distance))

    def _note(self) -> None:
        """Remember what is selected without a box in this scan, until one was offered to it."""
        chosen, here = self._sequence.chosen(), self._sequence.current.frame
        if len(chosen) == 1 and chosen[0].frame not in {None, here}:
            self._away, self._offered = chosen[0].id, None
        elif not chosen or (self._offered and chosen[0].id != self._offered):
            self._away = None
        else:
            self._soon.start()

    def _offer(self) -> None:
        """Say of a new box how it becomes the box of what was selected before."""
        document, chosen = self._sequence.session.document, self._sequence.chosen()
        new = {a.id for a in chosen} - self._known
        self._known = frozenset(document.annotations)
        away = self._waits_for(chosen[0]) if len(chosen) == 1 and new else None
        if away is not None and away.frame is not None:
            self._offered = chosen[0].id
            title = self._sequence.session.taxonomy.title_of(away.label)
            number = numbered(numbers_of(document).get(away.id, 0))
            name = " ".join(filter(None, (title, away.track, number)))
            text = _("{sequence_merge} makes it the box of {name} of scan {n}, selected before")
            self._view.say(keyed(text, name=name, n=away.frame + 1), warning=False)

    def _waits_for(self, here: Annotation) -> Annotation | None:
        """Return what was selected before a box and may be the same object."""
        document = self._sequence.session.document
        away = document.annotations.get(self._away) if self._away is not None else None
        if away is None or away.frame is None or here.frame is None or here.track is not None:
            return None
        boxes = boxes_of(document, away.track) if away.track is not None else {away.frame: away}
        is_box = isinstance(here.shape, Box3D) and here.origin is not Origin.SUGGESTION
        return away if is_box and away.label == here.label and here.frame not in boxes else None


def _is_doubtful(distance: Apart | None) -> bool:
    if distance is None:
        return False
    is_far = distance.by_m > _FASTEST_M * distance.scans
    return is_far or distance.turned_rad > _TURNED_RAD


def _joined_in_words(distance: Apart | None) -> str:
    """Say that they are one, how far apart its nearest boxes are, and what comes then."""
    if distance is None:
        text = _("They are one object now · {sequence_interpolate} fills the scans between")
        return keyed(text)
    far = ngettext(
        "They are one object now: {m} m apart, {n} scan later",
        "They are one object now: {m} m apart, {n} scans later",
        distance.scans,
    ).format(m=f"{distance.by_m:.1f}", n=distance.scans)
    if distance.turned_rad > _TURNED_RAD:
        degrees = round(math.degrees(distance.turned_rad))
        far = _("{far}, headings {degrees}° apart").format(far=far, degrees=degrees)
    then = _("{far} · {sequence_interpolate} fills the scans between · {edit_undo} takes it back")
    return keyed(then, far=far)
