"""A person goes from scan to scan of a drive and sees which one is shown."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from annotator.app.selection import Selection
from annotator.views.cloud.cloud_workbench import CloudWorkbench
from annotator.views.sequences.frame_strip import THUMB_PX
from annotator.views.theme import DARK
from tests.gui.sequences.conftest import do, label, steering_of, true_box


def test_the_next_scan_is_shown_in_the_world(bench: CloudWorkbench, qtbot: QtBot) -> None:
    first = bench.view.cloud

    do(bench, "next")

    qtbot.waitUntil(lambda: bench.view.scene.frame == 1)
    assert bench.view.cloud is not first
    floor = np.nanquantile(bench.view.cloud.xyz_m[:, 2], 0.05)
    assert floor == pytest.approx(0.0, abs=0.1)


def test_a_click_before_the_next_picture_is_on_nothing(bench: CloudWorkbench, qtbot: QtBot) -> None:
    places = [(float(x), float(y)) for x in range(0, 900, 60) for y in range(0, 400, 40)]
    assert any(bench.view.pointer_at(place).row is not None for place in places)

    steering_of(bench).current.go(1)
    steering_of(bench)._show()
    rows_before = {bench.view.pointer_at(place).row for place in places}

    assert rows_before == {None}
    qtbot.waitUntil(lambda: any(bench.view.pointer_at(place).row is not None for place in places))


def test_keys_go_to_the_ends_and_no_further(bench: CloudWorkbench) -> None:
    current = steering_of(bench).current

    do(bench, "last")
    do(bench, "next")
    assert current.frame == 11
    do(bench, "first")
    do(bench, "previous")

    assert current.frame == 0


def test_what_is_selected_in_another_scan_is_said_and_gone_to(
    bench: CloudWorkbench, qtbot: QtBot
) -> None:
    label(bench, true_box(0))
    do(bench, "last")
    qtbot.waitUntil(lambda: bench.view.scene.frame > 1)

    said = bench.panes._why_empty()
    bench.does["view.fit"]()

    assert said.startswith("This object is in scan 1 · ")
    assert "carries" not in said
    qtbot.waitUntil(lambda: bench.view.scene.frame == 0)


def test_a_click_on_a_thumbnail_goes_there(bench: CloudWorkbench, qtbot: QtBot) -> None:
    strip = steering_of(bench).timeline.strip
    place = strip.frames().start + 2

    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(2 * THUMB_PX[0] + 20, 10))

    assert steering_of(bench).current.frame == place


def test_thumbnails_are_drawn_beside_the_window(bench: CloudWorkbench, qtbot: QtBot) -> None:
    strip = steering_of(bench).timeline.strip

    def empty_places() -> list[int]:
        shown = strip.grab().toImage()
        middles = [(n, (n - strip.frames().start + 0.5) * THUMB_PX[0]) for n in strip.frames()]
        return [n for n, x in middles if shown.pixelColor(int(x), 8) == QColor(DARK.raised)]

    assert len(strip.frames()) > 2
    qtbot.waitUntil(lambda: empty_places() == [], timeout=15_000)


def test_playing_goes_on_by_itself_and_stops_at_the_end(
    bench: CloudWorkbench, qtbot: QtBot
) -> None:
    steering = steering_of(bench)
    steering.current.go(9)

    do(bench, "play")

    qtbot.waitUntil(lambda: steering.current.frame == 11, timeout=10_000)
    qtbot.waitUntil(lambda: not steering.timeline.is_playing)


def test_thumbnails_go_along_with_a_moving_object(bench: CloudWorkbench, qtbot: QtBot) -> None:
    steering = steering_of(bench)
    thumbnails = steering.timeline._thumbnails
    qtbot.waitUntil(lambda: 1 in thumbnails._windows, timeout=15_000)
    assert thumbnails._windows[0] != thumbnails._windows[1]

    label(bench, true_box(0))
    do(bench, "carry_on")

    qtbot.waitUntil(lambda: thumbnails._windows[0] == thumbnails._windows[1], timeout=15_000)
    outlines = steering.timeline.strip._outlines
    assert [one.is_selected for one in outlines[0]] == [True]
    first, second = (outlines[n][0].ring.boundingRect().center() for n in (0, 1))
    assert second.x() > first.x()  # it drives towards +x


def test_a_scan_that_is_done_is_ticked_until_it_is_not_done_after_all(
    bench: CloudWorkbench,
) -> None:
    bench.goes_on()
    bench.goes_on()
    steering_of(bench).current.go(1)
    strip = steering_of(bench).timeline.strip
    ticked = [frame for frame in range(12) if "✓" in strip.words(frame)]

    was_done = bench.reopens()

    assert ticked == [0, 1]
    assert was_done
    assert "✓" not in strip.words(1)
    assert not bench.reopens()


def test_a_drive_that_is_opened_again_begins_at_the_first_scan_that_is_not_done(
    bench: CloudWorkbench, qtbot: QtBot
) -> None:
    for _scan in range(3):
        bench.goes_on()
    session = steering_of(bench)._session

    again = CloudWorkbench(session, Selection("car"))
    qtbot.addWidget(again.widget)
    again.widget.show()

    qtbot.waitUntil(lambda: again.view.scene.frame == 3)
    again.close()
