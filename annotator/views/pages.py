"""The page in the middle of the window: a workbench, or what is shown while there is none."""

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from annotator.app.recent import Recent
from annotator.views.welcome import Failed, Opening, Welcome


class Pages(QStackedWidget):
    """One page at a time; a workbench stays while another item opens, or cannot be opened."""

    open_file = Signal()
    open_folder = Signal()
    open_sample = Signal()
    open_recent = Signal(object)
    stop = Signal()
    """What is being opened is to be left alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workbench: QWidget | None = None
        self._welcome, self._opening, self._failed = Welcome(), Opening(), Failed()
        for page in (self._welcome, self._opening, self._failed):
            self.addWidget(page)
        for asks in (self._welcome, self._failed):
            asks.open_file.connect(self.open_file)
            asks.open_folder.connect(self.open_folder)
        self._welcome.open_sample.connect(self.open_sample)
        self._welcome.open_recent.connect(self.open_recent)
        self._opening.stop.connect(self.stop)

    def offer(self, recent: Iterable[Recent], *, sample: bool) -> None:
        """Offer what was open before, and the sample project where there is one."""
        self._welcome.show_recent(recent)
        self._welcome.offer_sample(is_there=sample)

    def name_keys(self) -> None:
        """Call keys as they are now."""
        self._welcome.name_keys()

    def show_welcome(self) -> None:
        """Show what can be opened."""
        self.setCurrentWidget(self._welcome)

    def show_workbench(self, workbench: QWidget) -> None:
        """Show a workbench, and give it the keys."""
        self._workbench = workbench
        workbench.setParent(self)
        self.addWidget(workbench)
        self.setCurrentWidget(workbench)
        workbench.setFocus()

    def drop_workbench(self) -> None:
        """Take the workbench out; whoever made it ends it."""
        if self._workbench is not None:
            self.removeWidget(self._workbench)
            self._workbench = None

    def show_work(self, name: str, share: float) -> None:
        """Say how far the reading of an item is, 0 to 1."""
        self._opening.show_work(name, share)

    def show_opening(self, name: str) -> None:
        """Say that an item is being opened."""
        self.show_work(name, 0.0)
        if self._workbench is None:
            self.setCurrentWidget(self._opening)

    def show_failure(self, sentence: str) -> bool:
        """Say why an item cannot be opened; tell whether there was a page for it."""
        if self._workbench is not None:
            return False
        self._failed.show_reason(sentence)
        self.setCurrentWidget(self._failed)
        return True
