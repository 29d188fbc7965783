"""What the window shows before anything is open, while it opens, and when it cannot."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from annotator.app.recent import Recent
from annotator.i18n import gettext as _
from annotator.tools.keys import keyed
from annotator.views.short_words import with_short_words


class Welcome(QWidget):
    """Three steps, two buttons, and what was open before."""

    open_file = Signal()
    open_folder = Signal()
    open_recent = Signal(object)
    open_sample = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recent = QVBoxLayout()
        layout = QVBoxLayout(self)
        layout.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout.setSpacing(12)
        layout.addWidget(_large(_("Annotator")))
        for step in (
            _("1  Open a scan, a CT series or a folder: drop it on this window"),
            _("2  Label: choose a tool on the left, its hint says what a click will do"),
        ):
            layout.addWidget(_faint(step))
        self._export = _faint("")
        layout.addWidget(self._export)
        self.name_keys()
        layout.addLayout(_openers(self.open_file, self.open_folder))
        self._sample = QPushButton(_("Open the sample project"), flat=True)
        self._sample.clicked.connect(self.open_sample)
        self._sample.hide()
        layout.addWidget(self._sample, alignment=Qt.AlignmentFlag.AlignCenter)
        layout.addLayout(self._recent)

    def name_keys(self) -> None:
        """Call the key that exports as it is now."""
        said = _("3  Export: {file_export}; every step is saved as you make it")
        self._export.setText(keyed(said))

    def offer_sample(self, *, is_there: bool) -> None:
        """Offer the sample project to somebody who has nothing to open yet."""
        self._sample.setVisible(is_there)

    def show_recent(self, recents: Iterable[Recent]) -> None:
        """Offer what was open before."""
        while (row := self._recent.takeAt(0)) is not None:
            widget = row.widget()
            if widget is not None:
                widget.deleteLater()
        for recent in recents:
            words = recent.in_words()
            button = QPushButton(with_short_words(words), flat=True)
            button.setToolTip(words)
            button.clicked.connect(lambda _checked=False, one=recent: self.open_recent.emit(one))
            self._recent.addWidget(button)


class Opening(QWidget):
    """Shown while an item is read: what, how far, and a way to stop."""

    stop = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._bar = QProgressBar(maximum=100)
        self._bar.setFixedWidth(320)
        stop = QPushButton(_("Stop"))
        stop.clicked.connect(self.stop)
        layout = QVBoxLayout(self)
        layout.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(self._text)
        layout.addWidget(self._bar)
        layout.addWidget(stop, alignment=Qt.AlignmentFlag.AlignCenter)

    def show_work(self, name: str, share: float) -> None:
        """Show how far the reading is, 0 to 1."""
        said = _("Reading {name}").format(name=name)
        self._text.setText(with_short_words(said))
        self._text.setToolTip(said)
        self._bar.setValue(round(share * 100))


class Failed(QWidget):
    """Shown where an item cannot be opened: what happened, to which file, what to do."""

    open_file = Signal()
    open_folder = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setProperty("role", "warning")
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addStretch(1)
        layout.addWidget(self._text)
        layout.addLayout(_openers(self.open_file, self.open_folder))
        layout.addStretch(1)

    def show_reason(self, sentence: str) -> None:
        """Show why."""
        self._text.setText(with_short_words(sentence))
        self._text.setToolTip(sentence)


def _openers(file: SignalInstance, folder: SignalInstance) -> QHBoxLayout:
    buttons = QHBoxLayout()
    buttons.setAlignment(Qt.AlignmentFlag.AlignCenter)
    for text, signal in ((_("Open file…"), file), (_("Open folder…"), folder)):
        button = QPushButton(text)
        button.clicked.connect(signal)
        buttons.addWidget(button)
    return buttons


def _large(text: str) -> QLabel:
    label = QLabel(text, alignment=Qt.AlignmentFlag.AlignCenter)
    font = label.font()
    font.setPixelSize(28)
    label.setFont(font)
    return label


def _faint(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "faint")
    return label
