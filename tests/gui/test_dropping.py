"""What is dropped on the window is opened: scans, folders, label files, and both at once."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.model.annotations import Annotation
from annotator.model.edits import Put
from annotator.model.shapes import Box3D
from annotator.views.main_window import MainWindow

SCANS = Path(__file__).parents[2] / "sample_data" / "garage" / "scans"
LONG_MS = 60_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "车库 一"
    place.mkdir()
    for name in ("000000.pcd", "000001.pcd"):
        shutil.copy(SCANS / name, place)
    return place


def dropped(window: MainWindow, *urls: QUrl) -> tuple[bool, bool]:
    """Drag something in and let it go; tell whether the window took either."""
    mime = QMimeData()
    mime.setUrls(list(urls))
    middle, left = window.rect().center(), Qt.MouseButton.LeftButton
    no_key, copy = Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPoint(middle), copy, mime, left, no_key)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    drop = QDropEvent(QPointF(middle), copy, mime, left, no_key)
    drop.ignore()
    if enter.isAccepted():
        QApplication.sendEvent(window, drop)
    return enter.isAccepted(), drop.isAccepted()


def file(path: Path) -> QUrl:
    return QUrl.fromLocalFile(str(path))


def wait_until_open(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(
        lambda: window.workspace.session is not None and not window.background.is_busy(),
        timeout=LONG_MS,
    )


def names(window: MainWindow) -> list[str]:
    return [item.name for item in window.workspace.items()]


def test_a_scan_is_opened(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    taken = dropped(window, file(folder / "000001.pcd"))

    wait_until_open(qtbot, window)
    assert taken == (True, True)
    assert names(window) == ["000001.pcd"]


def test_a_folder_is_opened(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    dropped(window, file(folder))

    wait_until_open(qtbot, window)
    assert names(window) == ["000000.pcd", "000001.pcd"]


def test_several_scans_open_the_folder_that_holds_them(
    qtbot: QtBot, window: MainWindow, folder: Path
) -> None:
    dropped(window, file(folder / "000000.pcd"), file(folder / "000001.pcd"))

    wait_until_open(qtbot, window)
    assert names(window) == ["000000.pcd", "000001.pcd"]


def test_a_label_file_lies_over_the_open_scan_and_comes_along_with_one(
    qtbot: QtBot, window: MainWindow, folder: Path
) -> None:
    scan, labels = folder / "000000.pcd", folder / "finished.json"
    dropped(window, file(scan))
    wait_until_open(qtbot, window)
    assert window.workspace.session is not None
    window.workspace.session.do(Put(Annotation("car", Box3D((1, 2, 3), (4, 2, 1.5)))), "draw")
    window.workspace.export("native", labels)

    dropped(window, file(labels))
    qtbot.waitUntil(lambda: window.workspace.shown_file == labels, timeout=LONG_MS)
    assert names(window) == ["000000.pcd"]

    shown: list[Path | None] = []
    window.workspace.session_changed.connect(lambda: shown.append(window.workspace.shown_file))
    dropped(window, file(labels), file(scan))
    qtbot.waitUntil(lambda: shown[-2:] == [None, labels], timeout=LONG_MS)


def test_a_page_of_the_web_is_not_taken(window: MainWindow) -> None:
    assert dropped(window, QUrl("https://example.org/scan.pcd")) == (False, False)
    assert window.workspace.session is None
