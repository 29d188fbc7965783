"""The window speaks Chinese wherever it is asked to: menus, tools, panels, and Qt's own buttons."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QDockWidget,
    QLabel,
    QLineEdit,
    QListWidget,
    QToolBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from annotator import i18n
from annotator.app.settings import Settings
from annotator.app.workspace import Workspace
from annotator.views.application import application
from annotator.views.dialogs.palette import Palette
from annotator.views.main_window import MainWindow
from scripts.messages import catalogue_path

SAMPLES = Path(__file__).parents[2] / "sample_data"
CHINESE = re.compile("[\u4e00-\u9fff]")
LONG_MS = 60_000


@pytest.fixture(scope="module")
def chinese() -> Catalog:
    with catalogue_path("zh_CN").open("rb") as file:
        return read_po(file, locale="zh_CN")


@pytest.fixture
def window(
    qtbot: QtBot, chinese: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    compiled = tmp_path / "locale" / "zh_CN" / "LC_MESSAGES" / "annotator.mo"
    compiled.parent.mkdir(parents=True)
    with compiled.open("wb") as file:
        write_mo(file, chinese)
    monkeypatch.setattr(i18n, "_LOCALE_DIR", tmp_path / "locale")
    settings = Settings(language="zh_CN")
    application(settings)
    shown = MainWindow(Workspace("annotator"), settings)
    qtbot.addWidget(shown)
    shown.show()
    yield shown
    shown.close()
    application(Settings(language="en"))


def opened(qtbot: QtBot, window: MainWindow, sample: Path, tmp_path: Path) -> None:
    folder = tmp_path / "数据"
    shutil.copytree(sample, folder)
    window.open_path(folder)
    qtbot.waitUntil(
        lambda: window.workspace.session is not None and not window.background.is_busy(),
        timeout=LONG_MS,
    )


def english_in(window: QWidget, chinese: Catalog) -> set[str]:
    """Return what is shown in English although there is Chinese for it."""
    known = {str(m.id) for m in chinese if m.id and m.id != m.string}
    return known & set(shown_texts(window))


def shown_texts(window: QWidget) -> Iterator[str]:
    """Yield what a person can read in a window."""
    for widget in window.findChildren(QWidget):
        yield from (widget.toolTip(), *words_of(widget))
    for action in window.findChildren(QAction):
        yield action.text().split("  ")[0]  # a tool's key follows its title


def words_of(widget: QWidget) -> tuple[str, ...]:
    match widget:
        case QLabel() | QAbstractButton():
            return (widget.text(),)
        case QLineEdit():
            return (widget.placeholderText(),)
        case QDockWidget():
            return (widget.windowTitle(),)
        case QComboBox():
            return tuple(widget.itemText(n) for n in range(widget.count()))
        case _:
            return ()


def test_every_menu_and_every_action_has_a_chinese_title(window: MainWindow) -> None:
    titles = [menu.title() for menu in window.menus.menus.values()]
    titles += [window.menus[row.id].text() for row in window.menus.rows()]

    assert [title for title in titles if not CHINESE.search(title)] == []


def test_the_first_window_shows_no_english(window: MainWindow, chinese: Catalog) -> None:
    assert english_in(window, chinese) == set()


@pytest.mark.parametrize("sample", ["chest/B30f", "garage/scans"])
def test_an_open_item_shows_no_english(
    qtbot: QtBot, window: MainWindow, chinese: Catalog, tmp_path: Path, sample: str
) -> None:
    opened(qtbot, window, SAMPLES / sample, tmp_path)
    bars = window.findChildren(QToolBar)
    tools = [action.text() for bar in bars for action in bar.actions()]

    assert english_in(window, chinese) == set()
    assert tools
    assert [tool for tool in tools if not CHINESE.search(tool)] == []


def test_buttons_that_qt_names_are_chinese_too(window: MainWindow) -> None:
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, window)

    assert CHINESE.search(box.button(QDialogButtonBox.StandardButton.Cancel).text())


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("typed", ["撤销", "undo", "edit.undo"])
def test_an_action_is_found_by_its_name_in_either_language(
    qtbot: QtBot, window: MainWindow, language: str, typed: str
) -> None:
    i18n.set_language(language)
    undo = QAction(i18n.gettext("Undo"), window)
    undo.setObjectName("edit.undo")
    palette = Palette([(QAction("Save", window), "Save", ""), (undo, "Undo", "")])
    qtbot.addWidget(palette)

    line, rows = palette.findChild(QLineEdit), palette.findChild(QListWidget)
    assert isinstance(line, QLineEdit)
    assert isinstance(rows, QListWidget)

    line.setText(typed)

    assert [rows.item(number).text() for number in range(rows.count())] == [undo.text()]


def test_english_comes_back_with_its_own_buttons(window: MainWindow) -> None:
    application(Settings(language="en"))

    assert QApplication.translate("QPlatformTheme", "Cancel") == "Cancel"
    assert i18n.gettext("Undo") == "Undo"
    assert window.isVisible()


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_menus_call_keys_as_hints_do(window: MainWindow, language: str) -> None:
    application(Settings(language=language))

    shown = window.menus["file.close"].shortcut().toString(QKeySequence.SequenceFormat.NativeText)

    assert shown == "Ctrl+Enter"
    assert QKeySequence("Ctrl+Up").toString(QKeySequence.SequenceFormat.NativeText) == "Ctrl+↑"
    assert QApplication.translate("QPlatformTheme", "Cancel") != ""
    application(Settings(language="en"))
