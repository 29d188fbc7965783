"""Looks for findings in all scans of a sequence, beside the window."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QObject, Signal

from annotator.app.checked_scans import CheckedScans, Found, found_unseen
from annotator.app.open_sequence import OpenSequence
from annotator.errors import FileError
from annotator.model.document import Document
from annotator.model.edits import Edit


class ScanCheck(QObject):
    """Idle → (begin) checking one scan after the other → (the last, or an edit) Idle."""

    changed = Signal()
    """Other scans have findings, or were checked."""
    _looked = Signal(object, int, object)

    def __init__(
        self, sequence: OpenSequence, go_to: Callable[[int], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._sequence, self.go_to = sequence, go_to
        self._scans = CheckedScans(sequence.session.document)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="checking")
        self._snapshot: Document | None = None
        self._looked.connect(self._take)
        sequence.session.changed.connect(self._note)

    @property
    def count(self) -> int:
        """How many scans there are."""
        return self._sequence.current.count

    @property
    def checked(self) -> int:
        """How many of them were looked at since their objects were made or changed."""
        return len(self._scans.checked)

    @property
    def is_checking(self) -> bool:
        """Whether scans are still looked at."""
        return self._snapshot is not None

    def counts(self) -> dict[int, int]:
        """Return how many findings there are in each scan that has any."""
        return self._scans.counts(self._sequence.current.frame)

    def keep(self, frame: int, found: Iterable[Found]) -> None:
        """Keep what the shown scan shows."""
        if self._scans.keep(frame, found):
            self.changed.emit()

    def begin(self) -> None:
        """Look at the scans that were not looked at."""
        document = self._sequence.session.document
        snapshot = self._snapshot = Document(document.extents, dict(document.annotations))
        for frame in sorted(set(range(self.count)) - self._scans.checked):
            self._pool.submit(self._look, snapshot, frame)
        self._pool.submit(self._looked.emit, snapshot, self.count, ())
        self.changed.emit()

    def stop_listening(self) -> None:
        """Let go of the session and end the thread."""
        self._snapshot = None
        self._sequence.session.changed.disconnect(self._note)
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _look(self, snapshot: Document, frame: int) -> None:
        """Look at one scan; runs on the thread."""
        if snapshot is not self._snapshot:
            return
        scans, taxonomy = self._sequence.scans, self._sequence.session.taxonomy
        try:
            found = found_unseen(snapshot, frame, scans[frame], scans.survey_of(frame), taxonomy)
        except (FileError, OSError):
            return  # the scan itself says why it cannot be read
        self._looked.emit(snapshot, frame, found)

    def _take(self, snapshot: Document, frame: int, found: Iterable[Found]) -> None:
        if snapshot is not self._snapshot:
            return
        if frame == self.count:
            self._snapshot = None
        else:
            self._scans.keep(frame, found)
        self.changed.emit()

    def _note(self, edit: Edit) -> None:
        self._snapshot = None  # what it would find is of what was
        self._scans.note(edit)
        self.changed.emit()
