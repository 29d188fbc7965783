"""What every panel does: note that something changed, and look again a moment later."""

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from annotator.app.selection import Selection
from annotator.app.session import Session


class Panel(QWidget):
    """Shows something of a session. Holds no truth."""

    follows_selection: ClassVar[bool] = True
    """Whether what it shows depends on what is selected, or looked at."""

    def __init__(self, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session: Session | None = None
        self.selection = selection
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.refresh)
        if self.follows_selection:
            selection.changed.connect(self._note_selection)
            self.destroyed.connect(_disconnecting(selection, self._note_selection))

    def show_session(self, session: Session | None) -> None:
        """Show another session, or none."""
        if self.session is not None:
            self.session.changed.disconnect(self._note_edit)
        self.session = session
        if session is not None:
            session.changed.connect(self._note_edit)
        self.refresh()

    def refresh(self) -> None:
        """Read everything again; each panel says what that is."""

    def _note(self) -> None:
        self._soon.start()

    def _note_selection(self) -> None:
        self._note()

    def _note_edit(self, _edit: object) -> None:
        self._soon.start()


def _disconnecting(selection: Selection, slot: Callable[[], None]) -> Callable[[], None]:
    return lambda: selection.changed.disconnect(slot, missing_ok=True)
