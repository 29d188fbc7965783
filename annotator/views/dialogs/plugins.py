"""Lists where formats come from, and asks before a stranger's module runs."""

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from annotator.app.plugins import PluginFile, Trust, all_formats, plugin_files, plugin_folders
from annotator.formats.registry import Registry
from annotator.i18n import gettext as _
from annotator.i18n import told_of
from annotator.views.text_roles import faint


class PluginsDialog(QDialog):
    """Shows every format, every plugin file, and what was refused with the reason."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Plugins"))
        self._trust = Trust()
        self._layout = QVBoxLayout(self)
        self._body = QWidget()
        self._layout.addWidget(self._body)
        self.resize(640, 420)
        self._refresh()

    def _refresh(self) -> None:
        body = QWidget()
        rows = QVBoxLayout(body)
        folders = plugin_folders()
        rows.addWidget(faint(_("Plugins are looked for in {folder}").format(folder=folders[0])))
        files = plugin_files(folders, Registry())
        for file in files:
            rows.addWidget(self._file(file))
        if not files:
            rows.addWidget(QLabel(_("There is no plugin there.")))
        for name, reason in all_formats().refused():
            rows.addWidget(faint(told_of(name, reason)))
        rows.addStretch(1)
        self._layout.replaceWidget(self._body, body)
        self._body.deleteLater()
        self._body = body

    def _file(self, file: PluginFile) -> QWidget:
        trusted = file in self._trust
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        label = QLabel(f"{file.path.name}\nSHA-256 {file.sha256[:32]}…")
        label.setToolTip(str(file.path))
        button = QPushButton(_("Stop running it") if trusted else _("Run this plugin"))
        change: Callable[[PluginFile], None] = (
            self._trust.take_back if trusted else self._trust.give
        )
        button.clicked.connect(lambda: self._change(change, file))
        layout.addWidget(label, 1)
        layout.addWidget(button)
        return row

    def _change(self, change: Callable[[PluginFile], None], file: PluginFile) -> None:
        change(file)
        self._refresh()
