"""Opens paths, items and label files beside the window, one after the other."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from annotator.app.jobs import Job
from annotator.app.workspace import Workspace
from annotator.i18n import gettext as _
from annotator.model.items import Item
from annotator.model.volume import Hu
from annotator.views.background import Background

_MOST_TOLD = 4
_SEEN_WITHIN_S = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class _Arrived:
    """A slice that was read. ``seen`` is set once the first one is on the screen.

    Until then the reading waits: it would take time from the window that shows it.
    """

    job: Job[Any]
    item: Item
    index: int
    hu: Hu
    seen: threading.Event


class Openings(QObject):
    """What is being opened. A newer wish stops an older one."""

    started = Signal(str)
    progressed = Signal(str, float)
    """How much is done of what is wanted now: (name, share)."""
    sliced = Signal(object, int, object)
    """A slice of a series arrived while the rest is still read: (item, index, HU)."""
    opened = Signal()
    failed = Signal(str)
    passed_over = Signal(str)
    """Why a part of what was opened cannot be shown."""
    _arrived = Signal(object)

    def __init__(
        self, workspace: Workspace, background: Background, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace, self._background = workspace, background
        self._job: Job[Any] | None = None
        self._arrived.connect(self._tell_slice)
        background.progressed.connect(self._tell_progress)

    def open_path(self, path: Path, labels: Path | None = None) -> None:
        """Look at a path, make its items, and go on where the person left; labels lie over it."""

        def done(found: Any) -> None:  # noqa: ANN401 - as a job returns it
            items = self._workspace.take(path, found)
            self.open_item(self._workspace.left_at(items), labels)
            for fault in found.faults:
                self.passed_over.emit(str(fault))
            if found.refused:
                self.passed_over.emit("\n".join(found.refusals()[:_MOST_TOLD]))

        # A folder's name may be a patient's.
        name = _("the folder") if path.is_dir() else path.name
        self._run(name, lambda job: self._workspace.look(path, job.report), done)

    def open_item(self, item: Item, labels: Path | None = None) -> None:
        """Read an item's data and start its session."""
        seen = threading.Event()

        def read(job: Job[Any]) -> object:
            def tell(index: int, hu: Hu) -> None:
                self._arrived.emit(_Arrived(job, item, index, hu.copy(), seen))
                if not seen.wait(_SEEN_WITHIN_S):  # the window is busy with something else
                    seen.set()

            return self._workspace.read(
                item, progress=job.report, cancelled=job.is_cancelled, on_slice=tell
            )

        def done(context: Any) -> None:  # noqa: ANN401 - as a job returns it
            self._workspace.start(item, context)
            self.opened.emit()
            if labels is not None:
                self.show_labels(labels)

        self._run(item.name, read, done)

    def show_labels(self, path: Path) -> None:
        """Read a finished label file and show it over the open item."""

        def done(document: Any) -> None:  # noqa: ANN401 - as a job returns it
            self._workspace.review(path, document)
            self.opened.emit()

        self._run(path.name, lambda _job: self._workspace.read_label_file(path), done)

    def stop(self, why: str = "") -> None:
        """Stop what is being opened, because the person wants it or for a reason."""
        if self._job is not None:
            self._job.cancel()
        self.failed.emit(why or _("Stopped"))

    def _tell_slice(self, slice_: "_Arrived") -> None:
        """Pass a slice on, unless another wish came meanwhile."""
        if slice_.job is self._job and not slice_.job.is_cancelled():
            self.sliced.emit(slice_.item, slice_.index, slice_.hu)
            if not slice_.seen.is_set():
                QTimer.singleShot(0, slice_.seen.set)  # what is to be painted is painted before

    def _tell_progress(self, job: Job[Any]) -> None:
        """Pass progress on, unless it is of an older wish that has not stopped yet."""
        if job is self._job:
            self.progressed.emit(job.name, job.progress)

    def _run(
        self, name: str, work: Callable[[Job[Any]], object], done: Callable[[Any], None]
    ) -> None:
        if self._job is not None:
            self._job.cancel()
        self.started.emit(name)
        self._job = self._background.run(name, work, done, self.failed.emit)
