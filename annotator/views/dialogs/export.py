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

from annotator.formats.format import FormatInfo, Level, Loss
from annotator.i18n import gettext as _
from annotator.i18n import ngettext
from annotator.views.rows import row, row_list

Plan = Callable[[str], list[Loss]]


class ExportDialog(QDialog):
    """Asks for a format and a place. ``plan`` is called for the marked format."""

    def __init__(
        self,
        formats: Sequence[tuple[FormatInfo, str]],
        plan: Plan,
        beside: Path,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Export"))
        self._plan, self._beside = plan, beside
        self._infos = {info.name: info for info, _why in formats}
        self._list = row_list()
        for info, why_not in formats:
            self._list.addItem(_row(info, why_not))
        self._losses = QPlainTextEdit()
        self._losses.setReadOnly(True)
        self._verdict = QLabel()
        self._verdict.setWordWrap(True)
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
        self.resize(760, 460)

    def _show_plan(self) -> None:
        name = self.format_name
        info = self._infos[name]
        losses = self._plan(name)
        self._verdict.setText(_in_words(losses))
        self._losses.setPlainText("\n".join(_sentence(loss) for loss in losses))
        suffix = info.extensions[0] if info.extensions and not info.is_folder else f"_{name}"
        self._place.setText(str(self._beside.with_name(self._beside.name + suffix)))

    def _browse(self) -> None:
        info = self._infos[self.format_name]
        if info.is_folder:
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


def _in_words(losses: Sequence[Loss]) -> str:
    if not losses:
        return _("This format holds everything that was labelled.")
    dropped = sum(loss.level is Level.DROPPED for loss in losses)
    if not dropped:
        return _("This format rounds or changes some things.")
    return ngettext(
        "This format cannot hold {count} thing.",
        "This format cannot hold {count} things.",
        dropped,
    ).format(count=dropped)


def _sentence(loss: Loss) -> str:
    words = {
        Level.ROUNDED: _("rounded"),
        Level.CHANGED: _("changed"),
        Level.DROPPED: _("dropped"),
    }
    return f"{words[loss.level]} · {loss.subject[:8]} · {loss.reason}"
