"""Somebody who uses the window: moves the mouse, presses keys, waits, and takes pictures."""

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from annotator.errors import AnnotatorError
from annotator.i18n import gettext as _
from annotator.views.cloud.cloud_workbench import CloudWorkbench
from annotator.views.main_window import MainWindow
from annotator.views.toast import Toast

LONGEST_WAIT_S = 120.0
LEFT = Qt.MouseButton.LeftButton


class Person:
    """Uses a window with real events, one after the other."""

    def __init__(self, window: MainWindow, pictures: Path) -> None:
        self.window = window
        self.pictures = pictures
        self.taken: list[Path] = []
        self.inputs = 0
        """Keys and clicks since somebody began to count; looking around is not counted."""

    def open(self, path: Path, *, labels: Path | None = None) -> None:
        """Open something and wait until it is there."""
        self.window.open_path(path, labels)
        self.wait_until_idle()

    def open_item(self, name: str) -> None:
        """Choose an item in the list by part of its name."""
        item = next(i for i in self.window.workspace.items() if name in i.name)
        self.window.openings.open_item(item)
        self.wait_until_idle()

    def wait_until_idle(self) -> None:
        """Wait until what was opened is there."""
        self.wait(lambda: not self.window.background.is_busy())
        self.rest()

    def wait(self, condition: Callable[[], bool]) -> None:
        """Wait until something is so.

        Raises
        ------
        AnnotatorError
            If it takes longer than anyone would wait.
        """
        end_s = time.monotonic() + LONGEST_WAIT_S
        while not condition():
            if time.monotonic() > end_s:
                raise AnnotatorError(_("the tour waited in vain"))
            QApplication.processEvents()
            time.sleep(0.005)

    def waits(self, condition: Callable[[], bool], most_s: float) -> bool:
        """Wait until something is so, but not longer; tell whether it is."""
        end_s = time.monotonic() + most_s
        while not condition() and time.monotonic() < end_s:
            self.rest(0.02)
        return condition()

    def key(self, widget: QWidget, key: Qt.Key) -> None:
        """Press a key."""
        self.inputs += 1
        QTest.keyClick(widget, key)
        self.rest()

    def rest(self, for_s: float = 0.3) -> None:
        """Let the window draw what it has to draw.

        Qt's own wait for tests holds Python's lock, so that what runs beside the window stops.
        """
        end_s = time.monotonic() + for_s
        while time.monotonic() < end_s:
            QApplication.processEvents()
            time.sleep(0.005)

    def choose(self, tool_id: str, *, label: str = "") -> None:
        """Choose a class and a tool, one key each."""
        self.inputs += 1 + bool(label)
        if label:
            self.window.workspace.selection.choose(label)
        self.window.choose_tool(tool_id)
        self.rest(0.05)

    def trigger(self, action_id: str) -> None:
        """Choose something in a menu."""
        self.window.menus[action_id].trigger()
        self.rest(0.1)

    def move(self, widget: QWidget, at_px: tuple[float, float]) -> None:
        """Move the mouse over a widget."""
        QTest.mouseMove(widget, QPoint(round(at_px[0]), round(at_px[1])))
        self.rest(0.05)

    def click(self, widget: QWidget, at_px: tuple[float, float]) -> None:
        """Move there and click."""
        self.inputs += 1
        self.move(widget, at_px)
        place = QPoint(round(at_px[0]), round(at_px[1]))
        QTest.mouseClick(widget, LEFT, Qt.KeyboardModifier.NoModifier, place)
        self._wait_for_answer()

    def drag(
        self,
        widget: QWidget,
        path_px: list[tuple[float, float]],
        *,
        held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
        picture: str = "",
    ) -> None:
        """Press, move along a path, and release; perhaps take a picture before."""
        self.inputs += 1
        places = [QPoint(round(x), round(y)) for x, y in path_px]
        QTest.mousePress(widget, LEFT, held, places[0])
        for place in places[1:]:
            QTest.mouseMove(widget, place)
            self.rest(0.02)
        if picture:
            self.rest(1.5)  # what is looked for behind is shown while the hand rests
            self.picture(picture)
        QTest.mouseRelease(widget, LEFT, held, places[-1])
        self._wait_for_answer()

    def picture(self, name: str) -> None:
        """Take a picture of the window, once what it said in the corner is gone."""
        self.rest()
        for toast in self.window.findChildren(Toast):
            toast.hide()
        path = self.pictures / f"{name}.png"
        self.window.grab().save(str(path))
        self.taken.append(path)

    def _wait_for_answer(self) -> None:
        """Let a tool work its answer out, and the window draw it."""
        bench = self.window.workbench
        if isinstance(bench, CloudWorkbench):
            self.wait(lambda: not bench.view.hand.is_working)
        self.rest()
