"""The status bar: what is under the cursor, what runs, and when the last step was saved."""

from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel, QProgressBar, QStatusBar, QToolButton, QWidget

from annotator.app.jobs import Job
from annotator.i18n import gettext as _
from annotator.views.background import Background
from annotator.views.theme import numbers_font

_BAR_PX, _EDGES_PX, _TICK_MS = 240, 16, 1000


class Status(QStatusBar):
    """Shows facts, left to right: pointer, selection, frame time; then jobs and saving."""

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self._pointer, self._selection, self._frame = QLabel(), QLabel(), QLabel()
        self._saved, self._who = QLabel(), QLabel()
        self._bar = QProgressBar()
        self._bar.setFixedWidth(_BAR_PX)
        self._stop = QToolButton()
        self._stop.setText("✕")
        self._stop.setToolTip(_("Stop"))
        self._stop.clicked.connect(self._stop_job)
        self._job: Job[Any] | None = None
        for label in (self._pointer, self._selection, self._frame):
            label.setFont(numbers_font())
            self.addWidget(label)
        for widget in (self._bar, self._stop, self._saved, self._who):
            self.addPermanentWidget(widget)
        background.progressed.connect(self._show_job)
        self._tick = QTimer(self, interval=_TICK_MS)
        self._tick.timeout.connect(self._tell_again)
        self.end_job()

    def show_pointer(self, text: str) -> None:
        """Show what is under the cursor."""
        self._pointer.setText(text)

    def show_selection(self, selected: int, size: str) -> None:
        """Show how much is selected, and how large the data are."""
        said = _("{count} selected").format(count=selected) if selected else ""
        self._selection.setText("  ·  ".join(filter(None, (said, size))))

    def show_frame(self, took_ms: float) -> None:
        """Show how long the last picture took."""
        self._frame.setText(f"·  {took_ms:.0f} ms")

    def show_renderer(self, name: str) -> None:
        """Say, where the frame time stands, who draws."""
        self._frame.setToolTip(name)

    def show_saved(self, when: datetime | None, *, read_only: bool) -> None:
        """Show when the last step was saved."""
        if read_only:
            self._saved.setText(_("read-only"))
        elif when is None:
            self._saved.setText(_("every step is saved"))
        else:
            at = when.astimezone().strftime("%H:%M:%S")
            self._saved.setText(_("saved {time}").format(time=at))

    def show_who(self, who: str) -> None:
        """Show who is working."""
        self._who.setText(who)

    def end_job(self) -> None:
        """Take the progress bar away."""
        self._bar.hide()
        self._stop.hide()
        self._tick.stop()
        self._job = None

    def _show_job(self, job: Job[Any]) -> None:
        if job is not self._job and (job.is_over or job.is_cancelled()):
            return  # the end of an older job must not hide the one that runs
        self._job = job
        left_s = job.time_left_s
        left = _("{seconds:.0f} s left").format(seconds=left_s) if left_s else ""
        self._bar.setFormat(self._fitting(job.name, f" %p % {left}".rstrip()))
        self._bar.setToolTip(job.name)
        self._bar.setValue(round(job.progress * 100))
        running = not job.is_over and not job.is_cancelled()
        self._bar.setVisible(running)
        self._stop.setVisible(running)
        if running and not self._tick.isActive():
            self._tick.start()
        elif not running:
            self._tick.stop()

    def _fitting(self, name: str, rest: str) -> str:
        """Return a name, shortened at its end, and what must be read after it."""
        font = self._bar.fontMetrics()
        room = self._bar.width() - font.horizontalAdvance(rest) - _EDGES_PX
        return font.elidedText(name, Qt.TextElideMode.ElideRight, room) + rest

    def _tell_again(self) -> None:
        """Say anew how long the job takes: it may say nothing for seconds."""
        if self._job is not None:
            self._show_job(self._job)

    def _stop_job(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self.end_job()
