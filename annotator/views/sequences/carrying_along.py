"""Carries objects on to another scan, beside the window."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from psygnal import SignalInstance
from PySide6.QtCore import QObject, QTimer, Signal

from annotator.app.open_sequence import OpenSequence
from annotator.commands.carrying import BACKS, TURNED, Carried, carry_on
from annotator.commands.carrying_all import CarriedAll, carry_all, left_behind
from annotator.commands.growing import OUTGROWN
from annotator.errors import AnnotatorError, CancelledError
from annotator.i18n import gettext as _
from annotator.i18n import ngettext
from annotator.model.annotations import Annotation, AnnotationId
from annotator.model.findings import Finding
from annotator.tools.keys import keyed
from annotator.views.cloud.cloud_view import CloudView

_AT_ONCE_S = 0.03
"""What takes no longer is waited for: a step from scan to scan follows the key."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be carried on, to which scan, and whether a person had selected it."""

    chosen: tuple[Annotation, ...]
    frame: int
    were_selected: bool

    @property
    def is_one(self) -> bool:
        """Whether it is a person's one object, of which more is said than how many there are."""
        return self.were_selected and len(self.chosen) == 1


class CarryingAlong(QObject):
    """Free → (objects are looked for) carrying → (they are found, or Esc) Free.

    Parameters
    ----------
    arrive
        Shows a scan.
    """

    _told = Signal(object, int)
    _carried = Signal(object, object)

    def __init__(
        self, sequence: OpenSequence, view: CloudView, arrive: Callable[[int], None]
    ) -> None:
        super().__init__(view)
        self._sequence, self._view, self._arrive = sequence, view, arrive
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="carrying")
        self._work: Future[Carried | CarriedAll] | None = None
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
        view.hand.drops = self._drop
        for signal in self._signals:
            signal.connect(self._note)
        self._note()

    @property
    def is_working(self) -> bool:
        """Whether objects are still looked for."""
        return self._work is not None

    def carry_on(self, step: int) -> None:
        """Find objects again in the scan after, or before.

        What is selected here goes on to the next scan. With nothing selected here, what the scan
        before has and this one lacks comes here; where it lacks nothing, all goes on.

        Raises
        ------
        AnnotatorError
            If there is nothing to carry on.
        """
        if self.is_working:
            raise AnnotatorError(_("objects are still being carried on; one moment"))
        asked = self._what(step)
        self._begin(asked)
        self._sequence.scans.prepare_survey(asked.frame + step)

    def stop_listening(self) -> None:
        """Let go of the session and end the thread."""
        for signal in self._signals:
            signal.disconnect(self._note)
        self._soon.stop()
        self._work = self._asked = None
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
            if start not in {here, here - step}:
                raise AnnotatorError(self._view.hand.why_none())
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

    def _begin(self, asked: _Asked) -> None:
        """Look for them beside the window; what is soon there is taken at once."""
        self._asked = asked
        self._tell(asked, 0)
        work = self._work = self._pool.submit(self._looking(asked))
        if wait([work], timeout=_AT_ONCE_S).done:
            self._take(asked, work)
        else:
            work.add_done_callback(lambda done: self._hand_over(asked, done))

    def _looking(self, asked: _Asked) -> "Callable[[], Carried | CarriedAll]":
        """Return what looks for them in the document as it is now; it runs on the thread."""
        session, scans = self._sequence.session, self._sequence.scans
        document, taxonomy = session.document, session.taxonomy
        snapshot = type(document)(document.extents, dict(document.annotations))

        def go_on(count: int) -> None:
            if self._asked is not asked:
                raise CancelledError(_("Nothing was carried on"))
            self._told.emit(asked, count)

        def look() -> Carried | CarriedAll:
            scan = scans.surveyed(asked.frame)
            if asked.is_one:
                (annotation,) = asked.chosen
                return carry_on(snapshot, annotation, scan, taxonomy[annotation.label])
            return carry_all(snapshot, asked.chosen, scan, taxonomy, go_on)

        return look

    def _drop(self) -> bool:
        """Stop looking for objects; tell whether any were looked for."""
        is_looking, self._work, self._asked = self._work is not None, None, None
        if is_looking:
            self._view.say(_("Nothing was carried on"), warning=False)
        return is_looking

    def _hand_over(self, asked: _Asked, done: "Future[Carried | CarriedAll]") -> None:
        if not done.cancelled():
            self._carried.emit(asked, done)

    def _tell(self, asked: _Asked, count: int) -> None:
        if self._asked is asked:
            text = _("Carrying on to scan {frame}: {count} of {all} objects")
            said = text.format(frame=asked.frame + 1, count=count, all=len(asked.chosen))
            drops = keyed(_("{far} · {gesture_back_out} drops it"), far=said)
            self._view.say(drops, warning=False)

    def _take(self, asked: _Asked, done: "Future[Carried | CarriedAll]") -> None:
        """Keep what was found as one step, and show the scan it is in."""
        if self._asked is not asked:
            return
        self._work = self._asked = None
        try:
            self._keep(asked, done.result())
        except AnnotatorError as refused:
            self._view.say(str(refused))

    def _keep(self, asked: _Asked, carried: Carried | CarriedAll) -> None:
        document = self._sequence.session.document
        if any(document.annotations.get(a.id) != a for a in asked.chosen):
            raise AnnotatorError(_("The objects were changed meanwhile, so nothing was carried on"))
        if isinstance(carried, Carried):
            self._keep_one(asked, carried)
        else:
            self._keep_all(asked, carried)

    def _keep_one(self, asked: _Asked, carried: Carried) -> None:
        self._sequence.session.do(carried.edit, _carry_text(asked.frame))
        if carried.annotation is not None:
            self._sequence.selection.set((carried.annotation.id,))
        self._arrive(asked.frame)
        self._view.say(_with_remedy(carried.finding) if carried.finding is not None else "")

    def _keep_all(self, asked: _Asked, carried: CarriedAll) -> None:
        ids = frozenset(a.id for a in asked.chosen)
        self._looked_for[asked.frame] = self._looked_for.get(asked.frame, frozenset()) | ids
        self._sequence.session.do(carried.edit, _carry_text(asked.frame))
        if asked.were_selected:
            there = (*carried.found, *carried.guessed)
            self._sequence.selection.set(tuple(a.id for a in there))
        self._arrive(asked.frame)
        self._view.say(
            carried.in_words(self._sequence.session.taxonomy),
            warning=bool(carried.guessed or carried.gone),
        )

    # --- what is said while nothing is done

    def _note(self, *_what: object) -> None:
        self._soon.start()

    def _note_left_behind(self) -> None:
        here = self._sequence.current.frame
        is_free = not any(a.frame in {None, here} for a in self._sequence.chosen())
        behind = self._left_behind(here - 1, here) if is_free else ()
        self._view.hand.note = _left_behind_in_words(behind) if behind else ""
        self._view.update()


def _left_behind_in_words(behind: tuple[Annotation, ...]) -> str:
    """Say how many objects wait to be carried on, and, of new ones, how they need not be."""
    count = len(behind)
    text = ngettext(
        "{n} object of the scan before is not here yet · {sequence_carry_on} carries it on",
        "{n} objects of the scan before are not here yet · {sequence_carry_on} carries them on",
        count,
    )
    said = keyed(text, n=count)
    if all(a.track is not None for a in behind):
        return said
    still = _("what is parked: select it there, {sequence_static} lets it hold in every scan")
    return f"{said} · {keyed(still)}"


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
