"""Chooses a format to export to, and says beforehand what it cannot hold."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from annotator.app.export_words import verdict
from annotator.formats.format import FormatInfo, Loss
from annotator.i18n import gettext as _
from annotator.views.rows import row, row_list
from annotator.views.text_roles import warning

_BESIDE_ROW_PX = 44
"""Its margins, and the bar that scrolls."""

Plan = Callable[[str], list[Loss]]
InWords = Callable[[Sequence[Loss]], Sequence[str]]


class ExportDialog(QDialog):
    """Asks for a format and a place.

    Parameters
    ----------
    plan
        Called for the marked format.
    in_words
        Returns the lines that say what a format cannot hold.
    scans
        How many scans the item has: several go into a folder.
    unfinished
        What a person has not decided yet, in words; empty where that is nothing.
    """

    def __init__(
        self,
        formats: Sequence[tuple[FormatInfo, str]],
        plan: Plan,
        beside: Path,
        in_words: InWords,
        *,
        scans: int = 1,
        unfinished: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Export"))
        self._plan, self._beside, self._in_words = plan, beside, in_words
        self._is_sequence = scans > 1
        self._infos = {info.name: info for info, _why in formats}
        self._list = row_list()
        for info, why_not in formats:
            self._list.addItem(_row(info, why_not))
        self._list.setMinimumWidth(self._widest_px())
        self._losses = QPlainTextEdit()
        self._losses.setReadOnly(True)
        self._verdict = QLabel()
        self._verdict.setWordWrap(True)
        self._unfinished = warning(_("Not finished: {what}").format(what=unfinished))
        self._unfinished.setVisible(bool(unfinished))
        self._place = QLineEdit()
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._do = self._buttons.addButton(_("Export"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._list.currentItemChanged.connect(self._show_plan)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._lay_out()
        self._list.setCurrentRow(0)

    @property
    def format_name(self) -> str:
        """Name of the chosen format."""
        name: str = self._list.currentItem().data(Qt.ItemDataRole.UserRole)
        return name

    @property
    def target(self) -> Path:
        """Where to write."""
        return Path(self._place.text()).expanduser()

    def _lay_out(self) -> None:
        browse = QPushButton(_("Choose…"))
        browse.clicked.connect(self._browse)
        place = QHBoxLayout()
        place.addWidget(self._place, 1)
        place.addWidget(browse)
        right = QVBoxLayout()
        right.addWidget(self._unfinished)
        right.addWidget(self._verdict)
        right.addWidget(self._losses, 1)
        top = QHBoxLayout()
        top.addWidget(self._list, 1)
        top.addLayout(right, 2)
        layout = QVBoxLayout(self)
        layout.addLayout(top, 1)
        layout.addWidget(QLabel(_("Write to")))
        layout.addLayout(place)
        layout.addWidget(self._buttons)
        self.resize(900, 460)

    def _widest_px(self) -> int:
        """Return how wide the list is when each row is read whole."""
        metrics = self._list.fontMetrics()
        rows = (self._list.item(number).text() for number in range(self._list.count()))
        return max(map(metrics.horizontalAdvance, rows), default=0) + _BESIDE_ROW_PX

    def _show_plan(self) -> None:
        name = self.format_name
        info = self._infos[name]
        losses = self._plan(name)
        self._verdict.setText(verdict(losses))
        self._losses.setPlainText("\n".join(self._in_words(losses)))
        is_folder = info.is_folder or (info.is_per_scan and self._is_sequence)
        suffix = f"_{name}" if is_folder or not info.extensions else info.extensions[0]
        self._place.setText(str(self._beside.with_name(self._beside.name + suffix)))

    def _browse(self) -> None:
        info = self._infos[self.format_name]
        if info.is_folder or (info.is_per_scan and self._is_sequence):
            chosen = QFileDialog.getExistingDirectory(self, _("Write to"), str(self.target.parent))
        else:
            chosen, _filter = QFileDialog.getSaveFileName(self, _("Write to"), str(self.target))
        if chosen:
            self._place.setText(chosen)


def _row(info: FormatInfo, why_not: str) -> QListWidgetItem:
    title = _(info.title)
    offered = row(title if not why_not else f"{title} ({why_not})", info.name)
    if why_not:
        offered.setFlags(Qt.ItemFlag.NoItemFlags)
    return offered
