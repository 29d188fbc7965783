"""The history: every step, the undone ones faint; a click goes back or forth to one."""

from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidgetItem, QVBoxLayout, QWidget

from annotator.app.selection import Selection
from annotator.i18n import gettext as _
from annotator.i18n import retold
from annotator.views.panels.panel import Panel
from annotator.views.rows import row, row_list
from annotator.views.theme import numbers_font

SHOWN_STEPS = 500


class HistoryPanel(Panel):
    """Shows the newest steps. Holds no truth."""

    follows_selection: ClassVar[bool] = False

    def __init__(self, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(selection, parent)
        self._list = row_list()
        self._list.setFont(numbers_font())
        self._list.itemClicked.connect(self._go_to)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self._list)

    def refresh(self) -> None:
        """Show the session's newest steps, the latest last."""
        self._list.clear()
        if self.session is None:
            return
        steps = self.session.steps()
        self._add(_("As opened"), "", steps_done=0, done=True)
        for number, step in enumerate(
            steps[-SHOWN_STEPS:], start=max(1, len(steps) - SHOWN_STEPS + 1)
        ):
            when = step.when.astimezone().strftime("%H:%M:%S")
            self._add(f"{when}  {retold(step.text)}", step.who, steps_done=number, done=step.done)
        self._list.scrollToBottom()

    def _add(self, text: str, who: str, *, steps_done: int, done: bool) -> None:
        shown = row(text, steps_done)
        shown.setToolTip(who)
        if not done:
            shown.setForeground(self.palette().placeholderText())
        self._list.addItem(shown)

    def _go_to(self, shown: QListWidgetItem) -> None:
        assert self.session is not None
        wanted: int = shown.data(Qt.ItemDataRole.UserRole)
        done = sum(step.done for step in self.session.steps())
        for _step in range(done - wanted):
            self.session.undo()
        for _step in range(wanted - done):
            self.session.redo()
