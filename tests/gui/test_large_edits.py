"""What changes very many points is kept beside the window, in order, whatever comes right after."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from annotator.app import session as sessions
from annotator.app.session import Session
from annotator.model.annotations import Annotation
from annotator.model.document import Document
from annotator.model.edits import Put
from annotator.model.layers import Where
from annotator.model.shapes import Box3D, Vec2
from annotator.project.history import Change
from annotator.project.project import Project
from annotator.views.cloud import cloud_colours, large_edits
from annotator.views.cloud.cloud_view import CloudView
from annotator.views.cloud.cloud_workbench import CloudWorkbench
from annotator.views.main_window import MainWindow
from tests.gui.conftest import SAMPLES, Opened

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
LONG_MS = 20_000
BOX = Box3D((0, 0, 0.75), (4.5, 1.8, 1.5))


@pytest.fixture
def window(
    qtbot: QtBot, opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> MainWindow:
    """A window in which a few points are many."""
    for module in (sessions, large_edits, cloud_colours):
        monkeypatch.setattr(module, "LARGE", 10)
    scan = Path(shutil.copy(next((SAMPLES / "garage" / "scans").iterdir()), tmp_path))
    window = opened(scan)
    view = view_of(window)
    qtbot.waitUntil(lambda: view.picture is not None and view.picture.is_whole, timeout=LONG_MS)
    window.workspace.selection.choose("floor")
    return window


def view_of(window: MainWindow) -> CloudView:
    assert isinstance(window.workbench, CloudWorkbench)
    return window.workbench.view


def session_of(window: MainWindow) -> Session:
    assert window.workspace.session is not None
    return window.workspace.session


def labelled(document: Document) -> int:
    return sum(document.semantic().counts().values())


def paint_all(view: CloudView) -> None:
    """Label all that is seen."""
    view.choose_tool("rectangle_label")
    ends = QPoint(5, 5), QPoint(view.width() - 5, view.height() - 5)
    QTest.mousePress(view, LEFT, NONE, ends[0])
    QTest.mouseMove(view, QPoint(200, 200))
    QTest.mouseMove(view, ends[1])
    QTest.mouseRelease(view, LEFT, NONE, ends[1])


def choose(qtbot: QtBot, window: MainWindow, label: str) -> None:
    window.workspace.selection.choose(label)
    qtbot.waitUntil(lambda: view_of(window).scene.label == label)


def held_up(session: Session, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let keeping take until what is returned is called."""
    goes_on, store = Event(), session._history._store
    keep = store.keep

    def slowly(change: Change, document: Document) -> None:
        goes_on.wait(20)
        keep(change, document)

    monkeypatch.setattr(store, "keep", slowly)
    return goes_on.set


def held_up_finding(view: CloudView) -> Event:
    """Let finding points take until the event is set."""
    goes_on, find = Event(), view.scene.rows_found

    def slowly(outline_px: Sequence[Vec2], /, *, front_only: bool) -> Callable[[], Where]:
        found = find(outline_px, front_only=front_only)

        def wait_and_find() -> Where:
            goes_on.wait(20)
            return found()

        return wait_and_find

    view.scene.rows_found = slowly
    return goes_on


def test_the_window_goes_on_while_a_large_edit_is_kept(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    view, session = view_of(window), session_of(window)
    go_on = held_up(session, monkeypatch)
    paint_all(view)
    qtbot.waitUntil(lambda: session.is_keeping, timeout=LONG_MS)
    picture = view.picture

    view.steering.look(view.camera.orbited(1.0, 0.3))
    qtbot.waitUntil(lambda: view.picture is not picture, timeout=LONG_MS)
    hint, shown = view.hand.hint(), labelled(session.document)
    go_on()
    qtbot.waitUntil(lambda: not view.hand.is_working, timeout=LONG_MS)

    assert shown == 0
    assert hint == "One moment…"
    assert "→ Floor" in view.hand.hint()
    assert labelled(session.document) > 100
    assert len(session.steps()) == 1


def test_undo_right_after_a_large_edit_takes_it_back(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    view, session = view_of(window), session_of(window)
    go_on = held_up(session, monkeypatch)
    paint_all(view)
    qtbot.waitUntil(lambda: session.is_keeping, timeout=LONG_MS)
    qtbot.waitUntil(window.menus["edit.undo"].isEnabled, timeout=LONG_MS)

    window.menus["edit.undo"].trigger()
    go_on()
    qtbot.waitUntil(lambda: session.can_redo and not session.is_keeping, timeout=LONG_MS)
    taken_back = labelled(session.document)
    window.menus["edit.redo"].trigger()
    qtbot.waitUntil(lambda: labelled(session.document) > 100, timeout=LONG_MS)

    assert taken_back == 0
    assert [step.done for step in session.steps()] == [True]


def test_undo_while_the_points_are_still_looked_for_takes_back_the_same(
    qtbot: QtBot, window: MainWindow
) -> None:
    view, session = view_of(window), session_of(window)
    paint_all(view)
    qtbot.waitUntil(lambda: labelled(session.document) > 100, timeout=LONG_MS)
    before = labelled(session.document)
    choose(qtbot, window, "ceiling")
    goes_on = held_up_finding(view)
    paint_all(view)

    window.menus["edit.undo"].trigger()
    steps_then = len(session.steps())
    goes_on.set()
    qtbot.waitUntil(lambda: session.can_redo and not view.hand.is_working, timeout=LONG_MS)

    assert steps_then == 1
    assert [step.done for step in session.steps()] == [True, False]
    assert labelled(session.document) == before


def test_two_large_edits_are_done_in_their_order(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    view, session = view_of(window), session_of(window)
    go_on = held_up(session, monkeypatch)
    paint_all(view)
    qtbot.waitUntil(lambda: session.is_keeping, timeout=LONG_MS)
    choose(qtbot, window, "ceiling")
    paint_all(view)
    qtbot.wait(200)

    go_on()
    qtbot.waitUntil(lambda: len(session.steps()) == 2, timeout=LONG_MS)
    qtbot.waitUntil(lambda: not view.hand.is_working, timeout=LONG_MS)

    assert set(session.document.semantic().counts()) == {
        session.taxonomy["ceiling"].value,
    }


def test_an_edit_of_another_kind_overtakes_none_that_waits(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    view, session = view_of(window), session_of(window)
    go_on = held_up(session, monkeypatch)
    paint_all(view)
    qtbot.waitUntil(lambda: session.is_keeping, timeout=LONG_MS)
    view.hand.edits.do(Put(Annotation("car", BOX)), "second", bool, bool)

    go_on()
    session.do(Put(Annotation("car", replace(BOX, yaw_rad=1.0))), "third")

    assert [step.text for step in session.steps()][1:] == ["second", "third"]


@pytest.mark.parametrize("moment", ["looked for", "kept"])
def test_closing_the_window_right_after_a_large_edit_loses_nothing(
    qtbot: QtBot, window: MainWindow, moment: str
) -> None:
    view, session = view_of(window), session_of(window)
    project = window.workspace.project
    assert project is not None
    assert isinstance(project.database.place, Path)
    place, extents = project.database.place, session.document.extents
    paint_all(view)
    if moment == "kept":
        qtbot.waitUntil(lambda: session.is_keeping or bool(session.steps()), timeout=LONG_MS)

    window.close()

    again = Project.open(place)
    assert labelled(again.load(again.items()[0].id, extents)) > 100
    assert len(again.history(again.items()[0].id)) == 1
    again.close()


def test_painted_points_have_their_colour_when_it_is_kept(qtbot: QtBot, window: MainWindow) -> None:
    view, session = view_of(window), session_of(window)
    before = view.drawing.colours.now.table[view.drawing.colours.now.numbers]

    paint_all(view)
    qtbot.waitUntil(lambda: labelled(session.document) > 100, timeout=LONG_MS)

    def other() -> int:
        now = view.drawing.colours.now
        return int((now.table[now.numbers] != before).sum())

    qtbot.waitUntil(lambda: other() == labelled(session.document), timeout=LONG_MS)


def test_the_points_of_a_large_instance_are_marked_beside(qtbot: QtBot, window: MainWindow) -> None:
    view, session = view_of(window), session_of(window)
    window.workspace.selection.make_instances(on=True)
    qtbot.waitUntil(lambda: view.scene.makes_instances)

    paint_all(view)
    qtbot.waitUntil(lambda: len(view.hand.marked.rows) > 100, timeout=LONG_MS)
    marked = view.hand.marked.rows
    window.menus["edit.undo"].trigger()
    qtbot.waitUntil(lambda: not len(view.hand.marked.rows), timeout=LONG_MS)
    window.menus["edit.redo"].trigger()
    qtbot.waitUntil(lambda: len(view.hand.marked.rows) > 100, timeout=LONG_MS)

    (number,) = window.workspace.selection.instances
    marks = view.hand.marked.marks
    assert view.hand.marked.rows.tolist() == marked.tolist()
    assert marks is not None
    assert np.flatnonzero(marks).tolist() == marked.tolist()
    assert marked.tolist() == session.document.instances().where(number).tolist()
