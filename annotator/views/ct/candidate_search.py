"""The search for the candidates of a scan, beside the window."""

from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QObject, Signal

from annotator.app.focus_table import FocusTable
from annotator.app.session import Session
from annotator.imaging.candidates import find_candidates
from annotator.imaging.rules import Rule
from annotator.model.volume import Volume


class CandidateSearch(QObject):
    """Looks for candidates by the project's rule, once at a time."""

    found = Signal(object)
    """The candidates, or None where there was not enough memory to look for them."""
    _ended = Signal(object)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self.is_on = False
        self._session = session
        self._pool = ThreadPoolExecutor(1, "candidates")
        self._ended.connect(self._end)

    def begin(self, volume: Volume) -> None:
        """Look for the candidates of a volume, beside the window."""
        self.is_on = True
        self._pool.submit(self._find, volume, FocusTable.of(self._session).rule)

    def stop(self) -> None:
        """Look for nothing more; what is being found is nobody's any longer."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _find(self, volume: Volume, rule: Rule) -> None:
        """Find on the thread; a lack of memory is told, not swallowed there."""
        try:
            self._ended.emit(find_candidates(volume, rule))
        except MemoryError:
            self._ended.emit(None)

    def _end(self, candidates: object) -> None:
        self.is_on = False
        self.found.emit(candidates)
