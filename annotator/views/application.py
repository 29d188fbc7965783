"""Starts Qt, and shows the window."""

import logging
import os
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import cast

from PySide6.QtCore import QLibraryInfo, QObject, QTimer, QTranslator, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from annotator.app.renderers import choosing
from annotator.app.settings import Settings
from annotator.app.workspace import Workspace
from annotator.errors import AnnotatorError
from annotator.i18n import current_language, set_language, system_language
from annotator.i18n import gettext as _
from annotator.views.cleaning import Cleaning
from annotator.views.icons import icon
from annotator.views.main_window import MainWindow
from annotator.views.theme import apply_theme, interface_font, theme_named

_SWITCH_S = 0.001
"""How long the window waits for a thread that works in Python; Python's own 5 ms are seen."""


def application(settings: Settings) -> QApplication:
    """Return the one QApplication, in the person's language and theme."""
    set_language(settings.language or system_language())
    sys.setswitchinterval(_SWITCH_S)
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("annotator")
    app.setApplicationDisplayName(_("Annotator"))
    app.setWindowIcon(QIcon(icon("one_click_box", theme_named(settings.theme).accent)))
    _translate_qt(app)
    app.setFont(interface_font())
    apply_theme(app, theme_named(settings.theme))
    return app


def run(path: Path | None, labels: Path | None = None, *, database: str = "") -> int:
    """Show the window until it is closed, and return the exit status."""
    settings = Settings.load()
    app = application(settings)
    Cleaning(app)
    window = MainWindow(Workspace(settings.who, database=database), settings)
    _catch_everything(window)
    window.resize(window.size().boundedTo(window.screen().availableSize()))
    window.show()
    timed = _Timed(window)
    threading.Thread(target=_prepare, args=(timed,), daemon=True).start()
    if path is not None:
        QTimer.singleShot(0, lambda: window.open_path(path, labels))
    status = app.exec()
    if "annotator.app.renderers.open3d_scene" in sys.modules:
        logging.shutdown()
        os._exit(status)  # Filament may abort while an interpreter is torn down; all is saved
    return status


def own_up(window: MainWindow, kind: type[BaseException]) -> None:
    """Say that the last gesture failed as nobody foresaw, and take back what it previewed."""
    window.choose_tool(window.tool_in_hand)
    window.say(
        _("Your last action was not done ({what}). What you did before is kept.").format(
            what=kind.__name__
        )
    )


def _translate_qt(app: QApplication) -> None:
    """Let Qt's own buttons and dialogs speak the language of the program."""
    for spoken in app.findChildren(QTranslator):
        app.removeTranslator(spoken)
        spoken.deleteLater()
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(f"qtbase_{current_language()}", folder):
        app.installTranslator(translator)
    app.installTranslator(_KeyNames(app))


_ON_KEYS = {"Return": "Enter", "Up": "↑", "Down": "↓", "Left": "←", "Right": "→"}
"""What most keyboards write on keys for which Qt has words."""


class _KeyNames(QTranslator):
    """Lets menus call the key what hints call it, and what is written on most keyboards."""

    @override
    def isEmpty(self) -> bool:
        return False

    @override
    def translate(
        self, context: str, sourceText: str, disambiguation: str | None = None, n: int = -1
    ) -> str:
        named = _ON_KEYS.get(sourceText) if context == "QShortcut" else None
        # None, and not an empty text, lets Qt ask the next translator
        return cast("str", named)


class _Timed(QObject):
    """Tells the window's thread that both ways to draw were timed."""

    done = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._look = window.look
        self.done.connect(self._draw_anew)

    def _draw_anew(self) -> None:
        self._look.choose_renderer(self._look.renderer)


def _prepare(timed: _Timed) -> None:
    """Start the reading processes and compile kernels, so that the first scan waits for neither."""
    from annotator.app import compiling, reading, reading_ct  # noqa: PLC0415 - brings all readers

    reading.prepare()
    reading_ct.prepare()
    compiling.compile_all()
    _time_renderers(timed)


def _time_renderers(timed: _Timed) -> None:
    """Find out once which way to draw is quicker here; until then the processor draws."""
    folder = choosing.choices_folder()
    is_known = choosing.remembered(folder) is not None
    if not is_known and choosing.find_quicker(folder) is choosing.Wanted.OPEN3D:
        timed.done.emit()


def _catch_everything(window: MainWindow) -> None:
    """Show what nobody foresaw as a sentence; the window and the work stay."""

    def show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, AnnotatorError):
            window.say(str(error))
            return
        sys.__excepthook__(kind, error, trace)
        own_up(window, kind)

    sys.excepthook = show
    threading.excepthook = lambda args: sys.__excepthook__(
        args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback
    )
