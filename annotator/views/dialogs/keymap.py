"""Where a person chooses keys: presets, own keys, and what they would collide with."""

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from annotator.app.action import Action, Workbench
from annotator.app.actions import in_menu
from annotator.app.keymap import Conflict, Keymap, conflicts, read_keymap, write_keymap
from annotator.app.menu_titles import GROUPS
from annotator.app.presets import PRESETS
from annotator.errors import AnnotatorError
from annotator.i18n import gettext as _
from annotator.i18n import in_all_languages, listed
from annotator.views.dialogs.key_recorder import KeyRecorder
from annotator.views.fields import Choice
from annotator.views.key_events import key_words
from annotator.views.theme import DARK, ROW_HEIGHT_PX, Theme

_ID = Qt.ItemDataRole.UserRole
_DOES, _AT, _KEYS = range(3)


class KeymapDialog(QDialog):
    """Shows a draft of the keys; `keymap` is what was chosen when it is accepted.

    Parameters
    ----------
    where
        The workbench whose actions come first.
    """

    def __init__(
        self,
        keymap: Keymap,
        parent: QWidget | None = None,
        *,
        theme: Theme = DARK,
        where: Workbench = Workbench.ALWAYS,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Keys of your own"))
        self.keymap = keymap
        self._amber = QBrush(QColor(theme.amber))
        self._preset, self._search = Choice(), QLineEdit()
        self._table = QTreeWidget()
        self._rows: dict[str, QTreeWidgetItem] = {}
        self._where = where
        self._words, self._solve = QLabel(wordWrap=True), QPushButton(autoDefault=False)
        self._record = KeyRecorder(_("Another key…"))
        self._add = KeyRecorder(_("One more key…"))
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._fill()
        self._arrange()
        self._listen()
        self._show()
        self.resize(820, 640)

    def choose(self, action_id: str) -> None:
        """Mark an action's row."""
        self._table.setCurrentItem(self._rows[action_id])

    def record(self, key: str, *, more: bool = False) -> None:
        """Let the marked action listen to a key, instead of its others or beside them."""
        chosen = self._chosen()
        if chosen:
            before = self.keymap.keys[chosen] if more else ()
            self._change(self.keymap.with_keys(chosen, (*before, key)))

    def take_away(self) -> None:
        """Take the key that is told about from the action that does not need it here."""
        first = self.conflicts()[0]
        self._change(self.keymap.taken_from(first, self._keeper(first)))

    def conflicts(self) -> list[Conflict]:
        """Return what has to be solved before these keys can be used."""
        return conflicts(self.keymap.rows)

    def words(self) -> str:
        """Return what is said about the draft."""
        return self._words.text()

    def listed(self) -> list[str]:
        """Return the actions whose rows are shown."""
        return [action_id for action_id, row in self._rows.items() if not row.isHidden()]

    def search(self, text: str) -> None:
        """List only what is called so, in any language, or listens to such a key."""
        self._search.setText(text)

    def use_preset(self, name: str) -> None:
        """Start from a preset; own keys are forgotten."""
        self._change(Keymap(name))

    def read(self, path: Path) -> None:
        """Take the keys of a file over, and say what in it is unknown here.

        Raises
        ------
        FileError
            If it is no file of keys.
        """
        keymap, unknown = read_keymap(path)
        self._change(keymap)
        if unknown and not self.conflicts():
            said = _("{n} actions of this file are unknown here: {names}")
            self._words.setText(said.format(n=len(unknown), names=", ".join(unknown)))

    def _fill(self) -> None:
        for preset in PRESETS:
            self._preset.addItem(_(preset.title), preset.id)
        self._table.setHeaderLabels([_("Action"), _("Where"), _("Keys")])
        listed = [row for title in GROUPS for row in in_menu(title, self.keymap.rows)]
        for row in sorted(listed, key=lambda row: not row.where & self._where):
            shown = QTreeWidgetItem([_(row.title), _where(row), ""])
            shown.setData(_DOES, _ID, row.id)
            shown.setToolTip(_DOES, row.id)
            shown.setSizeHint(_KEYS, QSize(0, ROW_HEIGHT_PX))
            self._rows[row.id] = shown
            self._table.addTopLevelItem(shown)

    def _arrange(self) -> None:
        ok = self._buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setText(_("Use these keys"))
        self._search.setPlaceholderText(_("Find an action or a key"))
        self._search.setClearButtonEnabled(True)
        self._words.setProperty("role", "warning")
        self._arrange_table()
        top = _row(self._search, QLabel(_("Preset")), self._preset)
        below = _row(
            self._record,
            self._add,
            _button(_("No key"), self._remove),
            _button(_("As in the preset"), self._reset),
            None,
            _button(_("All as in the preset"), self._reset_all),
        )
        said = _row(self._words, self._solve)
        said.setStretch(0, 1)
        last = _row(
            _button(_("Read a file…"), self._ask_file),
            _button(_("Write a file…"), self._ask_target),
            None,
            self._buttons,
        )
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self._table, 1)
        for part in (below, said, last):
            layout.addLayout(part)

    def _arrange_table(self) -> None:
        header = self._table.header()
        header.setStretchLastSection(True)
        for column in (_DOES, _AT):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self._table.setRootIsDecorated(False)
        self._table.setUniformRowHeights(True)
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)

    def _listen(self) -> None:
        self._search.textChanged.connect(self._narrow)
        self._preset.activated.connect(lambda _at: self.use_preset(self._preset.currentData()))
        self._record.recorded.connect(self.record)
        self._add.recorded.connect(lambda key: self.record(key, more=True))
        self._table.itemActivated.connect(lambda _row, _column: self._record.begin())
        self._table.currentItemChanged.connect(lambda _now, _before: self._show_buttons())
        self._solve.clicked.connect(self.take_away)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)

    def _change(self, keymap: Keymap) -> None:
        self.keymap = keymap
        self._show()

    def _show(self) -> None:
        self._preset.setCurrentIndex(max(self._preset.findData(self.keymap.preset), 0))
        found = self.conflicts()
        others: dict[str, list[str]] = defaultdict(list)
        for conflict in found:
            others[conflict.one].append(conflict.other)
            others[conflict.other].append(conflict.one)
        for row in self.keymap.rows:
            self._show_row(row, others[row.id])
        self._say(found)
        self._show_buttons()
        self._narrow()

    def _show_row(self, row: Action, others: list[str]) -> None:
        shown = self._rows[row.id]
        keys = key_words(row.keys)
        also = listed(self._title(other) for other in others)
        clash = _("{keys} – also: {others}").format(keys=keys, others=also)
        shown.setText(_KEYS, clash if also else keys)
        shown.setForeground(_KEYS, self._amber if also else QBrush())
        font = shown.font(_KEYS)
        font.setBold(row.id in self.keymap.own)
        shown.setFont(_KEYS, font)

    def _say(self, found: list[Conflict]) -> None:
        is_clear = not found
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(is_clear)
        self._solve.setVisible(not is_clear)
        if is_clear:
            self._words.clear()
            return
        first, keeper = found[0], self._keeper(found[0])
        loser = first.other if keeper == first.one else first.one
        said = _("{key} is the key of “{one}” and of “{other}”")
        self._words.setText(
            said.format(
                key=key_words((first.key,)),
                one=self._title(first.one),
                other=self._title(first.other),
            )
        )
        self._solve.setText(_("Take it from “{name}”").format(name=self._title(loser)))

    def _keeper(self, conflict: Conflict) -> str:
        """Return who keeps the key: what is marked, else what the person chose a key for."""
        both = (conflict.one, conflict.other)
        wanted = (a for a in (self._chosen(), *self.keymap.own) if a in both)
        return next(wanted, conflict.one)

    def _show_buttons(self) -> None:
        for button in (self._record, self._add):
            button.setEnabled(bool(self._chosen()))

    def _narrow(self) -> None:
        wanted = self._search.text().strip().casefold()
        for row in self.keymap.rows:
            shown = self._rows[row.id]
            names = (row.id, *in_all_languages(row.title), shown.text(_KEYS), *row.keys)
            shown.setHidden(not any(wanted in name.casefold() for name in names))

    def _remove(self) -> None:
        if self._chosen():
            self._change(self.keymap.with_keys(self._chosen(), ()))

    def _reset(self) -> None:
        if self._chosen():
            self._change(self.keymap.without(self._chosen()))

    def _reset_all(self) -> None:
        self.use_preset(self.keymap.preset)

    def _ask_file(self) -> None:
        chosen, _filter = QFileDialog.getOpenFileName(
            self, _("Read keys"), filter=_("Keys (*.json)")
        )
        if chosen:
            self._guarded(lambda: self.read(Path(chosen)))

    def _ask_target(self) -> None:
        chosen, _filter = QFileDialog.getSaveFileName(
            self, _("Write keys"), "annotator-keys.json", _("Keys (*.json)")
        )
        if chosen:
            self._guarded(lambda: write_keymap(self.keymap, Path(chosen)))

    def _guarded(self, does: Callable[[], None]) -> None:
        try:
            does()
        except AnnotatorError as error:
            self._words.setText(str(error))

    def _chosen(self) -> str:
        row = self._table.currentItem()
        return "" if row is None else str(row.data(_DOES, _ID))

    def _title(self, action_id: str) -> str:
        return self._rows[action_id].text(_DOES)


def _where(row: Action) -> str:
    benches = {Workbench.CLOUD: _("Scans"), Workbench.CT: _("CT")}
    return " · ".join(part for part in (_(row.menu), benches.get(row.where, "")) if part)


def _button(title: str, does: Callable[[], object]) -> QPushButton:
    button = QPushButton(title, autoDefault=False)
    button.clicked.connect(lambda _on=False: does())
    return button


def _row(*widgets: QWidget | None) -> QHBoxLayout:
    """Return widgets side by side; None is a gap that grows."""
    row = QHBoxLayout()
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget)
    return row
