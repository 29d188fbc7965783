"""Tells lists, menus, status line and title what is so, a moment after it changed."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from annotator.app.session import Session
from annotator.i18n import gettext as _
from annotator.views.ct.ct_workbench import CtWorkbench

if TYPE_CHECKING:
    from annotator.views.main_window import MainWindow

_AFTER_PICTURE_MS = 30
"""How long panels wait after a step for the picture of the next scan: it is looked at first."""


class Telling:
    """Lets what surrounds the picture say what is so. Holds no truth."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._soon = QTimer(window, singleShot=True)
        self._soon.timeout.connect(self.tell)

    def soon(self, *_what: object) -> None:
        """Tell it as soon as nothing else waits."""
        self._soon.start(0)

    def after_the_picture(self, *_what: object) -> None:
        """Let the picture come first: a step to another scan selects what is there."""
        if not self._soon.isActive():
            self._soon.start(_AFTER_PICTURE_MS)

    def tell(self) -> None:
        """Tell everything; what was to be told soon is told with it."""
        self._soon.stop()
        window, workspace = self._window, self._window.workspace
        window.docks.items.show_items(
            workspace.items(), workspace.current_id, workspace.findings(), workspace.refused
        )
        remarks = workspace.remarks()
        window.docks.annotations.show_remarks(remarks)
        window.docks.foci.show_remarks(remarks)
        is_done = workspace.is_done
        window.first_steps.follow(workspace.session, is_closed=is_done)
        if isinstance(window.workbench, CtWorkbench):
            window.workbench.show_closed(on=is_done)
        window.menus.offer(window.where)
        window.edit_menu.name_classes()
        window.file_menu.name_done()
        self.tell_states()
        self._tell_saved(workspace.session)
        self.tell_size()
        window.setWindowTitle(self._title())

    def tell_states(self) -> None:
        """Let what is on or off in the view say so in the menu."""
        window = self._window
        window.menus["view.camera"].setChecked(not window.docks.camera.isHidden())
        for action_id, on in (window.workbench.is_on if window.workbench else {}).items():
            window.menus[action_id].setChecked(on)

    def tell_size(self, *_took_ms: float) -> None:
        """Say how much is selected, and how large the data are."""
        workbench = self._window.workbench
        size = workbench.size_in_words() if workbench else ""
        self._window.status.show_selection(len(self._window.workspace.selection.ids), size)

    def _tell_saved(self, session: Session | None) -> None:
        """Offer to undo, to redo and to edit where one can, and say when all was saved."""
        is_read_only = session is not None and session.read_only
        menus, saved_at = self._window.menus, session.saved_at if session else None
        menus["edit.undo"].setEnabled(session is not None and session.can_undo)
        menus["edit.redo"].setEnabled(session is not None and session.can_redo)
        menus["edit.unlock"].setEnabled(is_read_only)
        self._window.status.show_saved(saved_at, read_only=is_read_only)

    def _title(self) -> str:
        workspace = self._window.workspace
        session = workspace.session
        if session is None or session.item is None:
            return _("Annotator")
        shown = workspace.shown_file
        labels = f" ▸ {shown.name}" if shown else ""
        return f"{session.item.name}{labels} – {_('Annotator')}"
