"""What a tool works out for long comes when it is there, once, and only if it is still wanted."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.commands.boxes import flip_heading
from annotator.formats.format import Context
from annotator.i18n import set_language
from annotator.model.annotations import Annotation, Origin
from annotator.model.cloud import PointCloud
from annotator.model.document import Document
from annotator.model.edits import Put
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D, Shape
from annotator.tools.painting import painted
from annotator.tools.tool import CLEAR, Keys, Preview, Reply
from annotator.views.cloud import cloud_overlay
from annotator.views.cloud.cloud_view import CloudView

CAR = Annotation("car", Box3D((0, 0, 0.75), (4.4, 1.8, 1.5)))
DONE = Reply(CLEAR, Put(CAR), "Fit box", select=(CAR.id,))
FITTING = Preview(beside=((10.0, 10.0), "Fitting…"))


@pytest.fixture
def session() -> Session:
    set_language("en")
    cloud = PointCloud(np.random.default_rng(0).uniform(-5, 5, (2000, 3)).astype(np.float32))
    return Session.in_memory(Document(((2000,), (2000,))), Context(GARAGE, (cloud,)))


@pytest.fixture
def view(qtbot: QtBot, session: Session) -> Iterator[CloudView]:
    made = CloudView(session, Selection("car"))
    qtbot.addWidget(made)
    made.show()
    yield made
    made.stop_listening()


class Slow:
    """An answer that is there only once it is let go."""

    def __init__(self, answer: Reply = DONE) -> None:
        self.go, self._answer = threading.Event(), answer

    def reply(self) -> Reply:
        return Reply(FITTING, later=self._work)

    def _work(self) -> Reply:
        self.go.wait(10)
        return self._answer


def test_a_quick_answer_is_taken_at_once(view: CloudView, session: Session) -> None:
    view.take(Reply(FITTING, later=lambda: DONE))

    assert CAR.id in session.document.annotations
    assert view.preview is None


def test_a_slow_answer_is_said_and_comes_when_it_is_there(
    qtbot: QtBot, view: CloudView, session: Session
) -> None:
    slow = Slow()
    view.take(slow.reply())
    said, shown, before = view.hint(), view.preview, dict(session.document.annotations)

    slow.go.set()
    qtbot.waitUntil(lambda: CAR.id in session.document.annotations)

    assert said.startswith("One moment")
    assert shown is FITTING
    assert before == {}
    assert view.preview is None
    assert not view.hint().startswith("One moment")


def test_an_answer_that_was_backed_out_of_is_dropped(
    qtbot: QtBot, view: CloudView, session: Session
) -> None:
    slow = Slow()
    view.take(slow.reply())

    view.hand.back_out()
    slow.go.set()
    qtbot.wait(50)

    assert session.document.annotations == {}
    assert view.preview is None


def test_work_of_many_parts_says_how_far_it_is_and_ends_where_it_is_dropped(
    qtbot: QtBot, view: CloudView, session: Session
) -> None:
    go, later_parts = threading.Event(), list[str]()

    def second() -> Reply:
        go.wait(10)
        return Reply(hint="Fit anew: 2 of 3 objects", later=third)

    def third() -> Reply:
        later_parts.append("third")
        return DONE

    view.take(Reply(later=lambda: Reply(hint="Fit anew: 1 of 3 objects", later=second)))
    qtbot.waitUntil(lambda: view.hint().startswith("Fit anew: 1 of 3 objects"))
    said = view.hint()

    view.hand.back_out()
    go.set()
    qtbot.wait(50)

    assert said.endswith("Esc drops it")
    assert later_parts == []
    assert session.document.annotations == {}


def test_what_a_person_changed_meanwhile_is_not_changed_back(
    qtbot: QtBot, view: CloudView, session: Session
) -> None:
    session.do(Put(CAR), "Draw box")
    slow = Slow(Reply(CLEAR, Put(replace(CAR, origin=Origin.FIT)), "Fit anew"))
    view.take(slow.reply())
    by_hand = replace(CAR, label="pillar")
    session.do(Put(by_hand), "Set class")
    qtbot.wait(20)

    slow.go.set()
    qtbot.waitUntil(lambda: not view.hand.is_working)

    assert session.document.annotations[CAR.id] == by_hand
    assert "changed meanwhile" in view.hint()


def test_an_answer_about_a_scan_that_was_left_is_dropped(
    qtbot: QtBot, view: CloudView, session: Session
) -> None:
    slow = Slow()
    view.take(slow.reply())

    view.scene.frame = 1
    slow.go.set()
    qtbot.waitUntil(lambda: not view.hand.is_working)

    assert session.document.annotations == {}


def test_a_tool_that_was_put_down_shows_nothing_more_but_its_edit_is_done(
    qtbot: QtBot, view: CloudView, session: Session
) -> None:
    previews, edits = Slow(Reply(preview=FITTING)), Slow()
    for slow in (previews, edits):
        view.take(slow.reply())
    view.choose_tool("measure")

    previews.go.set()
    edits.go.set()
    qtbot.waitUntil(lambda: not view.hand.is_working)

    assert view.preview is None
    assert list(session.document.annotations) == [CAR.id]


def test_what_a_rest_would_have_shown_does_not_hide_what_the_click_made(
    qtbot: QtBot, view: CloudView, session: Session
) -> None:
    rest = Slow(Reply(preview=Preview(annotations=(CAR,))))
    view.hand.take(Reply(later=rest.reply().later), is_awaited=False)

    view.take(DONE)
    rest.go.set()
    qtbot.wait(50)

    assert list(session.document.annotations) == [CAR.id]
    assert view.preview is None


def test_the_selected_box_has_its_grips_while_a_tool_points_it_out(
    qtbot: QtBot, view: CloudView, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Shape] = []
    monkeypatch.setattr(
        cloud_overlay, "_paint_handles", lambda _painter, _stage, shape: drawn.append(shape)
    )
    qtbot.waitUntil(lambda: view.picture is not None)
    view.take(DONE)

    view.take(Reply(preview=Preview(annotations=(CAR,))))
    view.grab()

    assert drawn
    assert set(drawn) == {CAR.shape}


def test_what_is_there_already_is_selected_and_not_added_twice(
    view: CloudView, session: Session
) -> None:
    view.take(DONE)
    twin = Annotation("car", Box3D((0.1, 0, 0.75), (4.4, 1.8, 1.5)))

    view.take(Reply(CLEAR, Put(twin), "Fit box", select=(twin.id,)))

    assert list(session.document.annotations) == [CAR.id]
    assert view._selection.ids == (CAR.id,)
    assert "labelled already" in view.hint()


def test_what_fails_beside_the_window_is_not_kept_from_it(qtbot: QtBot, view: CloudView) -> None:
    go = threading.Event()

    def fail() -> Reply:
        go.wait(10)
        raise ValueError("nobody foresaw this")

    with qtbot.captureExceptions() as caught:
        view.take(Reply(FITTING, later=fail))
        go.set()
        qtbot.waitUntil(lambda: bool(caught))

    assert caught[0][0] is ValueError
    assert not view.hand.is_working


def test_what_was_painted_is_said_until_something_else_begins(
    qtbot: QtBot, view: CloudView
) -> None:
    view.take(painted(view.scene, np.arange(12), Keys.NONE))
    qtbot.wait(20)
    said, is_warning = view.hint(), view.hand.is_warning

    view.take(Reply(FITTING))

    assert said == "12 points → Car"
    assert not is_warning
    assert view.hint() != said


def test_nothing_more_is_said_of_what_a_gesture_made_once_a_person_changed_it(
    qtbot: QtBot, view: CloudView, session: Session
) -> None:
    view.take(replace(DONE, hint="Front only guessed"))
    qtbot.wait(20)
    said = view.hint()

    session.do(flip_heading(CAR), "Flip heading")

    assert said.startswith("Front only guessed")
    qtbot.waitUntil(lambda: "Front" not in view.hint())


def test_what_was_erased_is_said_too(view: CloudView) -> None:
    view.take(painted(view.scene, np.arange(12), Keys.NONE))

    view.take(painted(view.scene, np.arange(5), Keys.CTRL))

    assert view.hint() == "5 points have no label now"


def test_looking_on_is_not_waiting(qtbot: QtBot, view: CloudView) -> None:
    slow = Slow(Reply(FITTING))
    view.hand.take(Reply(later=slow.reply().later), is_awaited=False)
    said = view.hint()

    slow.go.set()
    qtbot.waitUntil(lambda: view.preview is FITTING)

    assert not said.startswith("One moment")
    assert not view.hand.is_working
