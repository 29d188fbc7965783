"""Python's garbage is taken away by the window's own thread, when nobody waits for it."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QPoint
from PySide6.QtGui import QCursor
from pytestqt.qtbot import QtBot

from annotator.views import cleaning
from annotator.views.cleaning import Cleaning, clean_soon


class Loop:
    """Something that refers to itself, so that only the collector can free it."""

    def __init__(self) -> None:
        self.me = self
        weakref.finalize(self, lambda: ended_in.append(threading.current_thread().name))


ended_in: list[str] = []


@pytest.fixture
def cleaner(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cleaning]:
    ended_in.clear()
    monkeypatch.setattr(cleaning, "_EVERY_MS", 10)
    monkeypatch.setattr(cleaning, "_NEXT_IS_SHOWN_S", 0.0)
    app = QCoreApplication.instance()
    assert app is not None
    made = Cleaning(app)
    yield made
    made.stop()
    made.setParent(None)
    made.deleteLater()


def test_python_collects_nothing_by_itself_while_the_window_lives(cleaner: Cleaning) -> None:
    was_on = gc.isenabled()

    cleaner.stop()

    assert not was_on
    assert gc.isenabled()


def test_what_a_closed_item_left_is_freed_in_the_windows_thread(
    cleaner: Cleaning, qtbot: QtBot
) -> None:
    Loop()
    gc.collect(1)  # it lived through two looks, as an item's view has

    clean_soon()
    qtbot.waitUntil(lambda: bool(ended_in))

    assert ended_in == [threading.main_thread().name]


def test_nothing_is_looked_through_while_the_next_item_is_opened(
    cleaner: Cleaning, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cleaning, "_NEXT_IS_SHOWN_S", 60.0)
    looked: list[int] = []
    monkeypatch.setattr(gc, "collect", lambda age=2: looked.append(age))

    clean_soon()
    cleaner._look()
    cleaner._look()

    assert 2 not in looked


def test_nothing_is_looked_through_while_the_pointer_moves(
    cleaner: Cleaning, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = iter(range(100))
    monkeypatch.setattr(QCursor, "pos", lambda: QPoint(next(places), 0))
    looked: list[int] = []
    monkeypatch.setattr(gc, "collect", lambda age=2: looked.append(age))

    clean_soon()
    for _tick in range(5):
        cleaner._look()

    assert 2 not in looked
