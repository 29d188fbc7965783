"""Keeps large edits beside the window, and lets what depends on them wait its turn."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from annotator.app.kept_beside import Told
from annotator.app.session import LARGE, Session
from annotator.errors import AnnotatorError
from annotator.model.edits import Edit, weight

_HEAVY = 3
"""Half of the points of a scan of twice as many are labelled at once: that takes 40 ms."""
Step = Callable[[Told], None]


class LargeEdits(QObject):
    """Idle → (do, step) keeping → (kept) what waited is done, Idle."""

    _over = Signal()

    def __init__(self, session: Session, is_working: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._is_working = session, is_working
        self._waiting: list[Callable[[], object]] = []
        self._over.connect(self._show)

    def do(
        self, edit: Edit, text: str, done: Callable[[], object], failed: Callable[[str], object]
    ) -> None:
        """Do an edit in its turn, and then ``done`` or ``failed`` with a sentence."""
        if self._session.is_keeping:
            self._waiting.append(partial(self.do, edit, text, done, failed))
        elif weight(edit) < _HEAVY * LARGE:
            self._do_at_once(edit, text, done, failed)
        else:
            self._session.do_beside(edit, text, self._told(lambda _edit: done(), failed))

    def step(
        self, step: Step, done: Callable[[Edit | None], object], failed: Callable[[str], object]
    ) -> None:
        """Undo or redo beside the window."""
        step(self._told(done, failed))

    def when_idle(self, does: Callable[[], object]) -> None:
        """Do something once nothing is worked out or kept: at once, if so."""
        if self._session.is_keeping or self._is_working():
            self._waiting.append(partial(self.when_idle, does))
        else:
            does()

    def go_on(self) -> None:
        """Do what waited, in order."""
        waiting, self._waiting = self._waiting, []
        for does in waiting:
            does()

    def _do_at_once(
        self, edit: Edit, text: str, done: Callable[[], object], failed: Callable[[str], object]
    ) -> None:
        try:
            self._session.do(edit, text)
        except AnnotatorError as refused:
            failed(str(refused))
        else:
            done()

    def _told(self, done: Callable[[Edit | None], object], failed: Callable[[str], object]) -> Told:
        """Let what waited follow at once, before whatever else finishes the session."""

        def is_done(edit: Edit | None) -> None:
            done(edit)
            self.go_on()

        def has_failed(sentence: str) -> None:
            failed(sentence)
            self.go_on()

        return Told(self._over.emit, is_done, has_failed)

    def _show(self) -> None:
        self._session.finish()
