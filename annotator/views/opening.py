"""Opens paths, items and label files beside the window, one after the other."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from annotator.app.workspace import Workspace
from annotator.i18n import gettext as _
from annotator.model.items import Item
from annotator.views.background import Background, Ticket


class Openings(QObject):
    """What is being opened. A newer wish replaces an older one that still waits."""

    started = Signal(str)
    opened = Signal()
    failed = Signal(str)

    def __init__(
        self, workspace: Workspace, background: Background, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace, self._background = workspace, background
        self._ticket: Ticket | None = None

    def open_path(self, path: Path, labels: Path | None = None) -> None:
        """Look at a path, make its items, open the first, and show a label file over it."""

        def done(found: object) -> None:
            items = self._workspace.take(path, found)  # type: ignore[arg-type]
            if items:
                self.open_item(items[0], labels)

        self._run(path.name, lambda t: self._workspace.look(path, t.progress), done)

    def open_item(self, item: Item, labels: Path | None = None) -> None:
        """Read an item's data and start its session."""

        def done(context: object) -> None:
            self._workspace.start(item, context)  # type: ignore[arg-type]
            self.opened.emit()
            if labels is not None:
                self.show_labels(labels)

        self._run(item.name, lambda t: self._workspace.read(item, t.progress), done)

    def show_labels(self, path: Path) -> None:
        """Read a finished label file and show it over the open item."""

        def done(document: object) -> None:
            self._workspace.review(path, document)  # type: ignore[arg-type]
            self.opened.emit()

        self._run(path.name, lambda _ticket: self._workspace.read_label_file(path), done)

    def stop(self) -> None:
        """Stop what is being opened."""
        if self._ticket is not None:
            self._ticket.stop()
        self.failed.emit(_("Stopped"))

    def _run(
        self, name: str, work: Callable[[Ticket], object], done: Callable[[object], None]
    ) -> None:
        if self._ticket is not None:
            self._ticket.stop()
        self.started.emit(name)
        self._ticket = self._background.run(name, work, done, self.failed.emit)
