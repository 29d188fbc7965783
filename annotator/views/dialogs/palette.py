"""Finds an action by typing part of its name, in any language of the program."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QVBoxLayout, QWidget

from annotator.i18n import gettext as _
from annotator.i18n import in_all_languages
from annotator.views.key_events import key_words
from annotator.views.rows import row, row_list


class Palette(QDialog):
    """Lists the actions that can be done now; Return does the marked one.

    Parameters
    ----------
    actions
        Each with its English title, and what tells it from another of the same name.
    """

    def __init__(
        self, actions: Iterable[tuple[QAction, str, str]], parent: QWidget | None = None
    ) -> None:
        # no popup: there the window's single keys would be taken before the text gets them
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self._actions = [
            (action, kind, _searched(action, title))
            for action, title, kind in actions
            if action.isEnabled()
        ]
        self._text = QLineEdit(placeholderText=_("What do you want to do?"))
        self._list = row_list()
        self._nothing = QLabel(_("No action matches"))
        self._nothing.setProperty("role", "faint")
        self._text.textChanged.connect(self._narrow)
        self._text.returnPressed.connect(self._do)
        self._text.installEventFilter(self)
        self._list.itemActivated.connect(self._do)
        layout = QVBoxLayout(self)
        layout.addWidget(self._text)
        layout.addWidget(self._nothing)
        layout.addWidget(self._list)
        self.resize(460, 380)
        self._narrow("")

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's
        """Go when another window is wanted."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.reject()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's
        """Let the arrows move in the list while text is typed."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            if step:
                rows = max(1, self._list.count())
                self._list.setCurrentRow((self._list.currentRow() + step) % rows)
                return True
        return False

    def _narrow(self, text: str) -> None:
        self._list.clear()
        for number, (action, kind, searched) in enumerate(self._actions):
            if text.strip().casefold() in searched:
                keys = key_words(key.toString() for key in action.shortcuts()[:1])
                self._list.addItem(row(f"{action.text()}    {kind}    {keys}".rstrip(), number))
        self._nothing.setVisible(self._list.count() == 0)
        self._list.setCurrentRow(0)

    def _do(self) -> None:
        chosen = self._list.currentItem()
        self.accept()
        if chosen is not None:
            self._actions[chosen.data(Qt.ItemDataRole.UserRole)][0].trigger()


def _searched(action: QAction, title: str) -> str:
    """Return what typed text is looked for in: what is shown, its names, and its id."""
    names = (action.text(), *in_all_languages(title), action.objectName())
    return "\n".join(names).casefold()
