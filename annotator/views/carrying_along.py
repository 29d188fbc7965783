"""Carries objects on to another scan: one at once, several beside the window."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from psygnal import SignalInstance
from PySide6.QtCore import QObject, QTimer, Signal

from annotator.app.open_sequence import OpenSequence
from annotator.commands.carrying import BACKS, OUTGROWN, TURNED, Carried, carry_on
from annotator.commands.carrying_all import CarriedAll, carry_all, left_behind
from annotator.errors import AnnotatorError
from annotator.i18n import gettext as _
from annotator.i18n import ngettext
from annotator.model.annotations import Annotation, AnnotationId
from annotator.model.findings import Finding
from annotator.tools.keys import keyed
from annotator.views.cloud_view import CloudView


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be carried on, to which scan, and whether a person had selected it."""

    chosen: tuple[Annotation, ...]
    frame: int
    were_selected: bool


class CarryingAlong(QObject):
    """Free → (several objects) carrying → (they are there) Free.

    Parameters
    ----------
    arrive
        Shows a scan.
    """

    _told = Signal(int)
    _carried = Signal(object, object)

    def __init__(
        self, sequence: OpenSequence, view: CloudView, arrive: Callable[[int], None]
    ) -> None:
        super().__init__(view)
        self._sequence, self._view, self._arrive = sequence, view, arrive
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="carrying")
        self._work: Future[CarriedAll] | None = None
        self._asked: _Asked | None = None
        self._signals: tuple[SignalInstance, ...] = (
            sequence.session.changed,
            sequence.selection.changed,
            sequence.current.changed,
        )
        self._looked_for: dict[int, frozenset[AnnotationId]] = {}
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._note_left_behind)
        self._told.connect(self._tell)
        self._carried.connect(self._take)
        for signal in self._signals:
            signal.connect(self._note)
        self._note()

    def carry_on(self, step: int) -> None:
        """Find objects again in the scan after, or before.

        What is selected here goes on to the next scan. With nothing selected here, what the scan
        before has and this one lacks comes here; where it lacks nothing, all goes on.

        Raises
        ------
        AnnotatorError
            If there is nothing to carry on, the scan cannot be read, or a person's own box of the
            only object is there already.
        """
        if self._work is not None:
            raise AnnotatorError(_("objects are still being carried on; one moment"))
        asked = self._what(step)
        if len(asked.chosen) == 1 and asked.were_selected:
            self._carry_one(asked)
        else:
            self._carry_several(asked)
        self._sequence.scans.prepare_survey(asked.frame + step)

    def stop_listening(self) -> None:
        """Let go of the session and end the thread."""
        for signal in self._signals:
            signal.disconnect(self._note)
        self._soon.stop()
        self._work = None
        self._pool.shutdown(wait=True, cancel_futures=True)

    # --- what is asked for

    def _what(self, step: int) -> _Asked:
        here = self._sequence.current.frame
        selected, behind = self._sequence.chosen(), self._left_behind(here - step, here)
        if behind and not any(a.frame in {None, here} for a in selected):
            return self._to(behind, here, were_selected=False)
        if selected:
            start = next((a.frame for a in selected if a.frame is not None), here)
            moved = tuple(a for a in selected if a.frame in {None, start})
            return self._to(moved, start + step, were_selected=True)
        on = self._left_behind(here, here + step)
        if on:
            return self._to(on, here + step, were_selected=False)
        raise AnnotatorError(_("there is nothing to carry on: label an object, or select one"))

    def _to(self, chosen: tuple[Annotation, ...], frame: int, *, were_selected: bool) -> _Asked:
        if not 0 <= frame < self._sequence.current.count:
            raise AnnotatorError(_("there is no further scan"))
        return _Asked(chosen, frame, were_selected)

    def _left_behind(self, before: int, frame: int) -> tuple[Annotation, ...]:
        """Return what one scan has and another lacks, and was not looked for there in vain."""
        count = self._sequence.current.count
        if not (0 <= before < count and 0 <= frame < count):
            return ()
        looked_for = self._looked_for.get(frame, frozenset())
        found = left_behind(self._sequence.session.document, before, frame)
        return tuple(a for a in found if a.id not in looked_for)

    # --- one, or several

    def _carry_one(self, asked: _Asked) -> None:
        session = self._sequence.session
        (annotation,), scan = asked.chosen, self._sequence.scans.surveyed(asked.frame)
        carried: Carried = carry_on(
            session.document, annotation, scan, session.taxonomy[annotation.label]
        )
        session.do(carried.edit, _carry_text(asked.frame))
        if carried.annotation is not None:
            self._sequence.selection.set((carried.annotation.id,))
        self._arrive(asked.frame)
        self._view.say(_with_remedy(carried.finding) if carried.finding is not None else "")

    def _carry_several(self, asked: _Asked) -> None:
        session, scans = self._sequence.session, self._sequence.scans
        document, taxonomy = session.document, session.taxonomy
        known = dict(document.annotations)

        def work() -> CarriedAll:
            snapshot = type(document)(document.extents, known)
            scan = scans.surveyed(asked.frame)
            return carry_all(snapshot, asked.chosen, scan, taxonomy, self._told.emit)

        self._asked = asked
        self._tell(0)
        self._work = self._pool.submit(work)
        self._work.add_done_callback(lambda done: self._hand_over(asked, done))

    def _hand_over(self, asked: _Asked, done: "Future[CarriedAll]") -> None:
        if not done.cancelled():
            self._carried.emit(asked, done)

    def _tell(self, count: int) -> None:
        if self._asked is not None:
            text = _("Carrying on to scan {frame}: {count} of {all} objects")
            all_of = len(self._asked.chosen)
            said = text.format(frame=self._asked.frame + 1, count=count, all=all_of)
            self._view.say(said, warning=False)

    def _take(self, asked: _Asked, done: "Future[CarriedAll]") -> None:
        """Keep what was found as one step, and show the scan it is in."""
        if self._work is None:
            return
        self._work = self._asked = None
        try:
            carried = done.result()
        except AnnotatorError as refused:
            self._view.say(str(refused))
            return
        session, document = self._sequence.session, self._sequence.session.document
        if any(document.annotations.get(a.id) != a for a in asked.chosen):
            self._view.say(_("The objects were changed meanwhile, so nothing was carried on"))
            return
        ids = frozenset(a.id for a in asked.chosen)
        self._looked_for[asked.frame] = self._looked_for.get(asked.frame, frozenset()) | ids
        session.do(carried.edit, _carry_text(asked.frame))
        if asked.were_selected:
            there = (*carried.found, *carried.guessed)
            self._sequence.selection.set(tuple(a.id for a in there))
        self._arrive(asked.frame)
        self._view.say(carried.in_words(), warning=bool(carried.guessed or carried.gone))

    # --- what is said while nothing is done

    def _note(self, *_what: object) -> None:
        self._soon.start()

    def _note_left_behind(self) -> None:
        here, count = self._sequence.current.frame, 0
        if not any(a.frame in {None, here} for a in self._sequence.chosen()):
            count = len(self._left_behind(here - 1, here))
        text = ngettext(
            "{n} object of the scan before is not here yet · {sequence_carry_on} carries it on",
            "{n} objects of the scan before are not here yet · {sequence_carry_on} carries them on",
            count,
        )
        self._view.hand.note = keyed(text, n=count) if count else ""
        self._view.update()


def _with_remedy(finding: Finding) -> str:
    """Return what a finding says, and the key that does something about it."""
    remedies = {
        OUTGROWN: _("{box_grow} grows it in all scans"),
        BACKS: _("{box_flip} flips it in all scans"),
        TURNED: _("{box_flip} turns it back"),
    }
    remedy = remedies.get(finding.code)
    return f"{finding.text} · {keyed(remedy)}" if remedy else finding.text


def _carry_text(frame: int) -> str:
    return _("Carry on to scan {frame}").format(frame=frame + 1)
