"""Opens paths, items and label files beside the window, one after the other."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from annotator.app.jobs import Job
from annotator.app.workspace import Workspace
from annotator.i18n import gettext as _
from annotator.model.items import Item
from annotator.model.volume import Hu
from annotator.views.background import Background

_MOST_TOLD = 4


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
    _arrived = Signal(object, object, int, object)

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

        def read(job: Job[Any]) -> object:
            return self._workspace.read(
                item,
                progress=job.report,
                cancelled=job.is_cancelled,
                on_slice=lambda index, hu: self._arrived.emit(job, item, index, hu.copy()),
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

    def stop(self) -> None:
        """Stop what is being opened."""
        if self._job is not None:
            self._job.cancel()
        self.failed.emit(_("Stopped"))

    def _tell_slice(self, job: Job[Any], item: Item, index: int, hu: Hu) -> None:
        """Pass a slice on, unless another wish came meanwhile."""
        if job is self._job and not job.is_cancelled():
            self.sliced.emit(item, index, hu)

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
