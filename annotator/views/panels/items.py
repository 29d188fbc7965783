"""The list of items with their status."""

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QListWidgetItem, QVBoxLayout, QWidget

from annotator.i18n import gettext as _
from annotator.i18n import ngettext
from annotator.model.findings import Finding
from annotator.model.items import Item, ItemKind, Status
from annotator.views.finding_signs import SIGNS, worst_sign
from annotator.views.rows import row, row_list

_SIGN = {Status.NEW: "○", Status.IN_PROGRESS: "◐", Status.DONE: "●"}


class ItemsPanel(QWidget):
    """Shows a project's items. Holds no truth: `show_items` rebuilds it."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filter = QLineEdit(placeholderText=_("Filter"))
        self._filter.textChanged.connect(self._hide_others)
        self._list = row_list()
        self._list.itemActivated.connect(self._choose)
        self._list.itemClicked.connect(self._choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.setSpacing(4)
        layout.addWidget(self._filter)
        layout.addWidget(self._list, 1)

    def show_items(
        self,
        items: Iterable[Item],
        current: int | None,
        findings: Mapping[int, Sequence[Finding]] | None = None,
        refused: Mapping[tuple[str, str], int] | None = None,
    ) -> None:
        """Show these items, the current one marked; with what was found about each.

        Below them, greyed, stand folders with images that cannot be opened, and why.
        """
        self._list.clear()
        for item in items:
            found = (findings or {}).get(item.id, ())
            title = f"{_SIGN[item.status]}  {item.name}  {worst_sign(found)}"
            shown = row(title.rstrip(), item.id)
            told = [item.name, f"{kind_in_words(item)} · {status_in_words(item.status)}"]
            told += [f"{SIGNS[f.severity]} {f.text}" for f in found]
            shown.setToolTip("\n".join(told))
            self._list.addItem(shown)
            if item.id == current:
                self._list.setCurrentItem(shown)
        for (folder, reason), count in (refused or {}).items():
            self._list.addItem(_refused_row(folder, reason, count))
        self._hide_others(self._filter.text())

    def _hide_others(self, text: str) -> None:
        for number in range(self._list.count()):
            shown = self._list.item(number)
            shown.setHidden(text.casefold() not in shown.text().casefold())

    def _choose(self, shown: QListWidgetItem) -> None:
        if shown.data(Qt.ItemDataRole.UserRole) is not None:
            self.chosen.emit(shown.data(Qt.ItemDataRole.UserRole))


def _refused_row(folder: str, reason: str, count: int) -> QListWidgetItem:
    """Return a row that cannot be chosen; its tooltip says why."""
    said = ngettext(
        "{folder} · {count} image, cannot be opened",
        "{folder} · {count} images, cannot be opened",
        count,
    ).format(folder=folder, count=count)
    shown = row(f"✗  {said}", None)
    shown.setFlags(Qt.ItemFlag.NoItemFlags)
    shown.setToolTip(f"{said}\n{reason}")
    return shown


def status_in_words(status: Status) -> str:
    """Return a status as a person says it."""
    words = {
        Status.NEW: _("not begun"),
        Status.IN_PROGRESS: _("in progress"),
        Status.DONE: _("done"),
    }
    return words[status]


def kind_in_words(item: Item) -> str:
    """Return what an item is as a person says it."""
    if item.kind is ItemKind.SEQUENCE:
        return _("{count} scans").format(count=len(item.sources))
    return _("CT series") if item.kind is ItemKind.CT else _("scan")
