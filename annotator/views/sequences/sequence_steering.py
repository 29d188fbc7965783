"""Leads the cloud view through a sequence, and carries what is selected along."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QObject, QTimer, Signal

from annotator.app.changed_in_words import deleted_in_words
from annotator.app.current_scan import CurrentScan
from annotator.app.done_scans import first_not_done, tick_scan
from annotator.app.open_sequence import OpenSequence
from annotator.app.scans import WorldScans
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.app.shown_scan import ShownScan
from annotator.commands import tracks
from annotator.commands.fitting import LaidOver
from annotator.commands.removing import drop_all
from annotator.commands.whole_objects import with_one_size
from annotator.errors import AnnotatorError, FileError
from annotator.geometry.accumulating import frames_around
from annotator.geometry.survey import survey
from annotator.i18n import gettext as _
from annotator.i18n import ngettext
from annotator.model.annotations import Annotation, AnnotationId
from annotator.model.document import Document
from annotator.model.edits import Edit
from annotator.tools.keys import keyed
from annotator.views.cloud.cloud_view import CloudView
from annotator.views.sequences.carrying_along import CarryingAlong
from annotator.views.sequences.joining import Joining
from annotator.views.sequences.scan_check import ScanCheck
from annotator.views.sequences.timeline import Timeline
from annotator.views.sequences.track_grid import TrackGrid

_AHEAD_MS = 40
_MOST_SURVEYED = 8_000_000
_QUICK_POINTS = 1_000_000
"""More points than this are laid over each other beside the window."""


class SequenceSteering(QObject):
    """Shows the current scan in the view. Holds no truth: `CurrentScan` and the session do."""

    _gathered = Signal(object, int, int)
    _surveyed = Signal(object, object)

    def __init__(
        self, session: Session, selection: Selection, view: CloudView, scans: WorldScans
    ) -> None:
        super().__init__(view)
        self._session, self._selection, self._view = session, selection, view
        self.scans = scans
        self.current = CurrentScan(len(scans))
        sequence = OpenSequence(session, selection, self.current, scans)
        self.timeline = Timeline(sequence)
        self.grid = TrackGrid(sequence, view.take, view)
        self.carrying = CarryingAlong(sequence, view, self._arrive)
        self.joining = Joining(sequence, view)
        self.check = ScanCheck(sequence, self.current.go, self)
        self.check.changed.connect(self._show_found)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="accumulating")
        self._is_over = False
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._show)
        self._gathered.connect(self._show_gathered)
        self._surveyed.connect(self._take_survey)
        self.current.changed.connect(self._note)
        self.timeline.static_chosen.connect(lambda on: self.make_static(on=on))
        # the picture comes first: what is read ahead would take its cores
        self._ahead = QTimer(self, singleShot=True, interval=_AHEAD_MS)
        self._ahead.timeout.connect(self._prepare)
        self.scans.prepare_around(first_not_done(session))
        self.current.go(first_not_done(session))

    @property
    def does(self) -> dict[str, Callable[[], object]]:
        """Actions of the table that a sequence carries out, by id."""
        current = self.current
        return {
            "sequence.previous": lambda: current.step(-1),
            "sequence.next": lambda: current.step(1),
            "sequence.first": lambda: current.go(0),
            "sequence.last": lambda: current.go(current.count - 1),
            "sequence.play": lambda: self.timeline.play(on=not self.timeline.is_playing),
            "sequence.more": lambda: current.accumulate(current.reach + 1),
            "sequence.fewer": lambda: current.accumulate(current.reach - 1),
            "sequence.carry_on": lambda: self.carrying.carry_on(1),
            "sequence.carry_back": lambda: self.carrying.carry_on(-1),
            "sequence.interpolate": self.interpolate,
            "sequence.static": self.switch_static,
            "sequence.one_size": self.give_one_size,
            "sequence.delete": self.delete,
            "sequence.split": self.split,
            "sequence.merge": self.joining.merge,
            "sequence.grid": self.grid.open_for_selection,
        }

    def goes_on(self) -> str:
        """Say that this scan is done, go to the next, and return that in words; empty at the last.

        There it says what comes then.
        """
        done, count = self.current.frame + 1, self.current.count
        self._tick(done=True)
        if self.current.is_last:
            return ""
        self.current.step(1)
        if self.current.is_last:
            self._show()
            self._view.say(
                keyed(_("The last scan · {file_done} says that all are done")), warning=False
            )
        text = _("Scan {done} is done · now scan {now} of {count} · {sequence_previous} goes back")
        return keyed(text, done=done, now=done + 1, count=count)

    def reopens(self) -> bool:
        """Say that this scan is not done after all; tell whether it was."""
        return self._tick(done=False)

    def go_to(self, annotation_id: AnnotationId) -> None:
        """Show the scan that an annotation is about."""
        frame = self._session.document.annotations[annotation_id].frame
        if frame is not None:
            self._arrive(frame)

    def interpolate(self) -> None:
        """Fill the scans between the selected object's own boxes.

        Raises
        ------
        AnnotatorError
            If there is none to fill.
        """
        if not self._do(lambda now, a: tracks.interpolate(now, _track(a)), _("Interpolate")):
            raise AnnotatorError(
                _(
                    "there is no scan to fill between the boxes of this object; "
                    "label it in a later scan"
                )
            )

    def switch_static(self) -> None:
        """Let the selection hold in every scan, or not; with none, what is labelled from now on."""
        self.make_static(on=not self.timeline.is_static)

    def make_static(self, *, on: bool) -> None:
        """Let the selected objects stand still, or each be in this scan only.

        With nothing selected it is said of what is labelled from now on.
        """
        if not self._selection.ids:
            self.current.make_static(on=on)
            return
        document, frame = self._session.document, self.current.frame
        chosen = [a for a in self._chosen() if (a.frame is None) != on]
        ids = [a.id for a in chosen]
        if on:
            moving = tracks.moving(document, (a.track for a in chosen if a.track))
            self._session.do(tracks.make_static(document, ids, frame), _("Same in every scan"))
            still = len(tracks.objects_of(chosen)) - len(moving)
            self._view.say(_static_in_words(still, len(moving)), warning=bool(moving))
        else:
            self._session.do(tracks.begin_tracks(document, ids, frame), _("In this scan only"))

    def give_one_size(self) -> None:
        """Let the selected object have in all scans the size that it has here."""
        self._do(with_one_size, _("Use this size in all scans"))

    def delete(self) -> None:
        """Remove the selected objects from all scans."""
        document, chosen = self._session.document, self._chosen()
        gone = tracks.with_all_boxes(document, [a.id for a in chosen])
        self._session.do(drop_all(document, [a.id for a in gone]), _("Delete in all scans"))
        self._selection.set(())
        self._view.say(deleted_in_words(gone, self._session.document), warning=False)

    def split(self) -> None:
        """Let the selected object be another one from this scan on."""
        frame = self.current.frame
        self._do(lambda now, a: tracks.split_track(now, _track(a), frame), _("Split object"))

    def stop_listening(self) -> None:
        """Let go of the session and end the threads."""
        self._is_over = True
        self._soon.stop()
        self._ahead.stop()
        self.current.changed.disconnect(self._note)
        self.carrying.stop_listening()
        self.joining.stop_listening()
        self.check.stop_listening()
        self.timeline.stop_listening()
        self.grid.stop_listening()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _tick(self, *, done: bool) -> bool:
        is_news = tick_scan(self._session, self.current.frame, done=done)
        self.timeline.show_done()
        return is_news

    def _show_found(self) -> None:
        self.timeline.strip.show_found(self.check.counts())

    def _arrive(self, frame: int) -> None:
        self.current.go(frame)
        self._show()

    def _note(self) -> None:
        self._soon.start()

    def _show(self) -> None:
        self._soon.stop()
        current = self.current
        self._view.hand.makes_static = current.makes_static
        self._follow_selected()
        self._show_found()
        frames = frames_around(current.frame, current.count, reach=current.reach)
        is_quick = sum(self.scans.count(n) for n in frames) <= _QUICK_POINTS
        is_ready = is_quick and all(self.scans.is_ready(n) for n in frames)
        reach = current.reach if is_ready else 0
        shown = self.scans.shown_or_fault(current.frame, reach=reach)
        self._take_over(shown)
        if shown.fault:
            self._view.say(shown.fault)
        if reach != current.reach:
            self._pool.submit(self._gather, current.frame, current.reach)
        self._ahead.start()

    def _prepare(self) -> None:
        self.scans.prepare_around(self.current.frame, forward=self.current.goes_forward)

    def _gather(self, frame: int, reach: int) -> None:
        """Read and accumulate; runs on the thread."""
        if (frame, reach) == (self.current.frame, self.current.reach):
            try:
                shown = self.scans.shown(frame, reach=reach)
            except (FileError, OSError):
                return
            self._gathered.emit(shown, frame, reach)

    def _show_gathered(self, shown: ShownScan, frame: int, reach: int) -> None:
        is_wanted = (frame, reach) == (self.current.frame, self.current.reach)
        if is_wanted and not self._is_over:
            self._take_over(shown)

    def _take_over(self, shown: ShownScan) -> None:
        """Show a scan; one that others are laid over is surveyed with them, beside the window."""
        self._view.scene.laid = None
        self._view.show_scan(shown)
        if shown.around is not None and len(shown.cloud) <= _MOST_SURVEYED:
            self._pool.submit(self._survey, shown)

    def _survey(self, shown: ShownScan) -> None:
        """Find floor and neighbours in all scans that are shown; runs on the thread."""
        if shown.around is not None and shown is self._view.shown:
            laid = LaidOver(shown.around, survey(shown.cloud.xyz_m))
            self._surveyed.emit(shown, laid)

    def _take_survey(self, shown: ShownScan, laid: LaidOver) -> None:
        if shown is self._view.shown and not self._is_over:
            self._view.scene.laid = laid
            self._view.update()

    def _follow_selected(self) -> None:
        """Select the same objects in the scan that is shown now, where they have boxes there."""
        document = self._session.document
        selected = [document.annotations.get(i) for i in self._selection.ids]
        here = [
            tracks.boxes_of(document, a.track).get(self.current.frame, a) if a.track else a
            for a in selected
            if a is not None
        ]
        self._selection.set(tuple(a.id for a in here))

    def _chosen(self) -> list[Annotation]:
        chosen = self._selection.annotations(self._session.document)
        if not chosen:
            raise AnnotatorError(_("select a box first"))
        return chosen

    def _do(self, edit_of: Callable[[Document, Annotation], Edit], text: str) -> bool:
        """Do something to each selected object as one step; tell whether anything changed."""
        before = self._session.last_step()
        edit = tracks.for_each_object(self._session.document, self._chosen(), edit_of)
        self._session.do(edit, text)
        return self._session.last_step() != before


def _static_in_words(count: int, moving: int) -> str:
    """Say how many objects hold in every scan now, and how many cannot, as they move."""
    text = ngettext(
        "{n} object holds in every scan now", "{n} objects hold in every scan now", count
    ).format(n=count)
    left = ngettext(
        "{text} · {n} is in different places in its scans, left as it was",
        "{text} · {n} are in different places in their scans, left as they were",
        moving,
    )
    return left.format(text=text, n=moving) if moving else text


def _track(annotation: Annotation) -> str:
    if annotation.track is not None:
        return annotation.track
    if annotation.frame is None:
        raise AnnotatorError(_("this object does not move: it is the same in every scan"))
    raise AnnotatorError(
        keyed(
            _(
                "this object has a box in scan {n} alone; in another scan press"
                " {tool_one_click_box} and click it there, then {sequence_merge} joins both"
            ),
            n=annotation.frame + 1,
        )
    )
