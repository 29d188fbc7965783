"""Brings the end of long work back to the window's thread."""

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from annotator.app.jobs import Job, Jobs, State
from annotator.errors import AnnotatorError
from annotator.i18n import gettext as _

TELL_EVERY_S = 0.1
Done = Callable[[Any], None]
Failed = Callable[[str], None]


class Background(QObject):
    """Starts jobs for the window and tells it of their progress and end, on its own thread."""

    progressed = Signal(object)
    _over = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = Jobs()
        self._waiting: dict[Job[Any], tuple[Done, Failed]] = {}
        self._told_s: dict[Job[Any], float] = {}
        self._over.connect(self._deliver)

    def run(
        self, name: str, work: Callable[[Job[Any]], object], done: Done, failed: Failed
    ) -> Job[Any]:
        """Do ``work(job)`` beside the window, then ``done(result)`` or ``failed(sentence)``.

        Neither is called for a job that was stopped.
        """
        job: Job[Any] = self._jobs.start(name, work)
        self._waiting[job] = (done, failed)
        self._told_s[job] = time.monotonic()
        job.changed.connect(lambda: self._tell(job))
        job.finished.connect(lambda: self._over.emit(job))
        if job.is_over:  # it may have ended before anybody listened
            self._over.emit(job)
        return job

    def is_busy(self) -> bool:
        """Tell whether anything runs, waits, or is not yet delivered."""
        return bool(self._waiting)

    def close(self) -> None:
        """Stop everything and wait for it; called when the window closes."""
        self._waiting.clear()
        self._jobs.close()

    def _tell(self, job: Job[Any]) -> None:
        """Pass progress on, as often as an eye can follow; on the thread that works."""
        now_s = time.monotonic()
        if now_s - self._told_s.get(job, now_s) >= TELL_EVERY_S:
            self._told_s[job] = now_s
            self.progressed.emit(job)

    def _deliver(self, job: Job[Any]) -> None:
        self._told_s.pop(job, None)
        told = self._waiting.pop(job, None)
        if told is None:
            return
        done, failed = told
        self.progressed.emit(job)
        if job.state is State.FAILED:
            failed(_sentence(job))
        elif job.state is State.DONE and not job.is_cancelled():
            try:
                done(job.result)
            except AnnotatorError as error:  # such as a project that cannot be opened
                failed(str(error))


def _sentence(job: Job[Any]) -> str:
    if isinstance(job.error, AnnotatorError):
        return str(job.error)
    return _("{name} failed: {reason}; please report this").format(
        name=job.name, reason=f"{type(job.error).__name__}: {job.error}"
    )
