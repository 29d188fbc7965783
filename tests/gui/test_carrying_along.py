"""What the scan before has is offered, carried on together, and what stands still is said once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from annotator.app.data import context_of, only_candidate
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.errors import AnnotatorError, as_sentence
from annotator.formats.format import Context
from annotator.i18n import set_language
from annotator.model.annotations import Annotation
from annotator.model.document import Document
from annotator.model.edits import Batch, Put
from annotator.views.cloud.cloud_workbench import CloudWorkbench
from tests.unit.commands.test_carrying_all import parked

FOLDER = Path(__file__).parents[2] / "sample_data" / "garage"
COUNT = 4


@pytest.fixture(scope="module")
def context() -> Context:
    return context_of(only_candidate(FOLDER / "scans"))


@pytest.fixture
def selection() -> Selection:
    return Selection("car")


@pytest.fixture
def session(context: Context) -> Session:
    return Session.in_memory(Document(context.extents()), context)


@pytest.fixture
def bench(qtbot: QtBot, session: Session, selection: Selection) -> Iterator[CloudWorkbench]:
    set_language("en")
    made = CloudWorkbench(session, selection)
    made.widget.resize(900, 500)
    qtbot.addWidget(made.widget)
    made.widget.show()
    session.do(Batch(tuple(Put(car) for car in parked(COUNT))), "Label cars")
    yield made
    made.close()


def in_scan(session: Session, frame: int) -> list[Annotation]:
    return [a for a in session.document.annotations.values() if a.frame == frame]


def test_what_the_scan_before_has_is_offered_and_comes_with_one_key_in_one_step(
    qtbot: QtBot, bench: CloudWorkbench, session: Session
) -> None:
    bench.does["sequence.next"]()
    qtbot.waitUntil(lambda: f"{COUNT} objects of the scan before" in bench.view.hint())
    new = bench.view.hint()
    steps = len(session.steps())

    bench.does["sequence.carry_on"]()
    said = bench.view.hint()
    qtbot.waitUntil(lambda: len(in_scan(session, 1)) >= 3, timeout=20_000)

    assert "Carrying on to scan 2: 0 of 4 objects" in said
    assert "carried on" in bench.view.hint()
    assert len(session.steps()) == steps + 1
    assert bench.view.scene.frame == 1
    assert "not here yet" not in bench.view.hand.note
    assert "lets it hold in every scan" in new
    bench.view.say("", warning=False)
    bench.does["sequence.next"]()
    qtbot.waitUntil(lambda: "objects of the scan before" in bench.view.hint())
    assert "lets it hold in every scan" not in bench.view.hint()


def test_what_was_labelled_last_is_no_reason_to_leave_the_others_behind(
    qtbot: QtBot, bench: CloudWorkbench, session: Session, selection: Selection
) -> None:
    selection.set((in_scan(session, 0)[-1].id,))
    bench.does["sequence.next"]()
    qtbot.waitUntil(lambda: f"{COUNT} objects of the scan before" in bench.view.hint())

    bench.does["sequence.carry_on"]()
    qtbot.waitUntil(lambda: len(in_scan(session, 1)) >= 3, timeout=20_000)

    assert bench.view.scene.frame == 1


def test_with_everything_here_all_goes_on_to_the_next_scan(
    qtbot: QtBot, bench: CloudWorkbench, session: Session
) -> None:
    bench.does["sequence.carry_on"]()
    qtbot.waitUntil(lambda: bench.view.scene.frame == 1, timeout=20_000)

    assert len(in_scan(session, 1)) >= 3


def test_all_that_is_selected_goes_on_and_stays_selected(
    qtbot: QtBot, bench: CloudWorkbench, session: Session, selection: Selection
) -> None:
    cars = in_scan(session, 0)[:2]
    selection.set(tuple(a.id for a in cars))

    bench.does["sequence.carry_on"]()
    qtbot.waitUntil(lambda: bench.view.scene.frame == 1, timeout=20_000)

    there = in_scan(session, 1)
    assert len(there) == 2
    assert set(selection.ids) == {a.id for a in there}
    assert len({a.track for a in there}) == 2


def test_a_second_key_while_they_are_looked_for_is_refused(
    qtbot: QtBot, bench: CloudWorkbench, session: Session
) -> None:
    bench.does["sequence.carry_on"]()

    with pytest.raises(AnnotatorError, match="still being carried on"):
        bench.does["sequence.carry_on"]()
    qtbot.waitUntil(lambda: bench.view.scene.frame == 1, timeout=20_000)

    assert len(in_scan(session, 1)) <= COUNT


def test_esc_stops_looking_for_them(qtbot: QtBot, bench: CloudWorkbench, session: Session) -> None:
    steps = len(session.steps())
    bench.does["sequence.carry_on"]()
    said = bench.view.hint()

    QTest.keyClick(bench.view, Qt.Key.Key_Escape)
    qtbot.wait(200)

    assert "Esc drops it" in said
    assert bench.view.hint() == "Nothing was carried on"
    assert len(session.steps()) == steps
    assert bench.view.scene.frame == 0


def test_with_something_selected_the_tick_makes_it_stand_still(
    qtbot: QtBot, bench: CloudWorkbench, session: Session, selection: Selection
) -> None:
    assert bench.steering is not None
    tick = bench.steering.timeline._static
    car = in_scan(session, 0)[0]
    selection.set((car.id,))
    qtbot.waitUntil(lambda: tick.text() == "Selected: same in every scan")

    tick.click()

    assert session.document.annotations[car.id].frame is None
    assert not bench.steering.current.makes_static
    qtbot.waitUntil(tick.isChecked)
    tick.click()
    assert session.document.annotations[car.id].frame == 0


def test_with_nothing_selected_the_key_is_about_what_comes_next(bench: CloudWorkbench) -> None:
    assert bench.steering is not None

    bench.does["sequence.static"]()

    assert bench.steering.current.makes_static


def test_refusals_are_sentences() -> None:
    assert as_sentence("there is no further scan") == "There is no further scan"
    assert as_sentence("scan.pcd: it is empty") == "scan.pcd: it is empty"
    assert as_sentence("") == ""
