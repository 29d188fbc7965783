"""Windows that know nothing of the person who runs the tests."""

import gc
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from annotator.app.settings import Settings
from annotator.app.workspace import Workspace
from annotator.views.application import application
from annotator.views.main_window import MainWindow
from tests.gui.waiting import wait_until_open

Opened = Callable[[Path], MainWindow]
SAMPLES = Path(__file__).parents[2] / "sample_data"


@pytest.fixture(scope="module", autouse=True)
def collects_nothing_elsewhere() -> Iterator[None]:
    """Python takes no garbage away by itself, as in the program (`annotator.views.cleaning`).

    In another thread it may end Qt's objects while the window ends some, and each waits for the
    other for ever.
    """
    gc.collect()
    gc.freeze()
    gc.disable()
    yield
    gc.enable()
    gc.unfreeze()


@pytest.fixture(autouse=True)
def collects_between_tests() -> Iterator[None]:
    """What a test leaves behind is taken away in the window's thread."""
    yield
    gc.collect()


@pytest.fixture
def empty_window(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    """A window in English, with settings and data of its own and nothing open."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    settings = Settings(language="en")
    application(settings)
    shown = MainWindow(Workspace("annotator"), settings)
    qtbot.addWidget(shown)
    shown.resize(1280, 800)
    shown.show()
    yield shown
    shown.close()


@pytest.fixture
def window(empty_window: MainWindow) -> MainWindow:
    """The window of a test; modules that need data in it say which."""
    return empty_window


@pytest.fixture
def opened(qtbot: QtBot, empty_window: MainWindow, tmp_path: Path) -> Opened:
    """Open a path in the window and wait until it can be worked on.

    A sample is opened as a copy: the project is made beside the data.
    """

    def open_path(path: Path) -> MainWindow:
        if path.is_relative_to(SAMPLES):
            path = Path(shutil.copytree(path, tmp_path / "opened" / path.name))
        empty_window.open_path(path)
        wait_until_open(qtbot, empty_window)
        return empty_window

    return open_path
