"""Keys of the rail say what a candidate is, and take it back."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.app.decided import Decision
from annotator.app.keymap import Keymap
from annotator.commands.foci import erase, foci
from annotator.errors import AnnotatorError
from annotator.model.annotations import Origin
from annotator.views.ct.focus_verbs import FocusVerbs
from annotator.views.ct.image_view import ImageView
from annotator.views.ct.rail_head import Listed
from annotator.views.key_events import use_keys
from tests.gui.candidates.conftest import said, texts


def test_enter_accepts_and_goes_to_the_next(view: ImageView) -> None:
    first = view.rail.current()

    QTest.keyClick(view.rail, Qt.Key.Key_Return)

    assert said(view) == [(Origin.HAND, "", "")]
    assert view.rail.current() != first
    assert view.state is not None
    assert 10 <= view.state.at[2] <= 11
    assert view.rail.head.words() == "1 of 3 decided"


def test_a_digit_accepts_with_a_pattern(view: ImageView) -> None:
    QTest.keyClick(view.rail, Qt.Key.Key_3)

    assert said(view) == [(Origin.HAND, "solid", "")]


def test_a_candidate_is_dismissed_with_a_reason(view: ImageView) -> None:
    number = view.rail.current()
    assert number is not None

    view.rail.verbs.dismiss("vessel wall")

    assert said(view) == [(Origin.SUGGESTION, "", "vessel wall")]
    assert view.rail.decisions is not None
    assert view.rail.decisions.decision(number) is Decision.DISMISSED


def test_a_dismissed_candidate_can_be_taken_up_again(view: ImageView) -> None:
    number = view.rail.current()
    assert number is not None
    view.rail.verbs.dismiss("bone")
    view.rail.choose(number)

    view.rail.verbs.accept("central")

    assert said(view) == [(Origin.HAND, "central", "")]


def test_undo_opens_a_candidate_again(view: ImageView, qtbot: QtBot) -> None:
    view.rail.verbs.accept()

    view.session.undo()

    qtbot.waitUntil(lambda: view.rail.head.words() == "0 of 3 decided")


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        (Qt.Key.Key_B, "bone"),
        (Qt.Key.Key_V, "vessel wall"),
        (Qt.Key.Key_C, "contrast"),
        (Qt.Key.Key_A, "artefact"),
        (Qt.Key.Key_O, "other"),
    ],
)
def test_each_reason_has_a_key(view: ImageView, key: Qt.Key, reason: str) -> None:
    QTest.keyClick(view.rail, key)

    assert said(view) == [(Origin.SUGGESTION, "", reason)]


def test_a_key_that_is_held_down_decides_once(view: ImageView) -> None:
    QTest.keyPress(view.rail, Qt.Key.Key_Return)
    for _repeat in range(5):
        held = QKeyEvent(
            QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "", True
        )
        QApplication.sendEvent(view.rail, held)

    assert len(said(view)) == 1


def test_an_undo_goes_back_to_the_candidate_that_it_opened(view: ImageView) -> None:
    first = view.rail.current()
    QTest.keyClick(view.rail, Qt.Key.Key_3)
    assert view.rail.current() != first

    view.session.undo()
    QTest.keyClick(view.rail, Qt.Key.Key_V)

    assert said(view) == [(Origin.SUGGESTION, "", "vessel wall")]
    assert view.rail.decisions is not None
    assert first is not None
    assert view.rail.decisions.decision(first) is Decision.DISMISSED


def test_delete_takes_back_the_chosen_candidates_decision_and_no_others(view: ImageView) -> None:
    first = view.rail.current()
    QTest.keyClick(view.rail, Qt.Key.Key_3)

    QTest.keyClick(view.rail, Qt.Key.Key_Delete)
    assert len(said(view)) == 1
    assert "Nobody has decided this candidate" in texts(view.rail.head)
    QTest.keyClick(view.rail, Qt.Key.Key_Backspace)
    assert view.rail.current() == first
    QTest.keyClick(view.rail, Qt.Key.Key_Delete)

    assert said(view) == []
    assert view.session.steps()[-1].text == "Open again (slice 21)"


def test_back_goes_to_what_was_decided_last_to_decide_it_anew(view: ImageView) -> None:
    QTest.keyClick(view.rail, Qt.Key.Key_3)
    assert "Accepted: solid, slice 21" in texts(view.rail.head)

    QTest.keyClick(view.rail, Qt.Key.Key_Backspace)
    QTest.keyClick(view.rail, Qt.Key.Key_5)

    assert said(view) == [(Origin.HAND, "central", "")]


def test_after_the_last_candidate_back_leads_to_that_one_first(view: ImageView) -> None:
    QTest.keyClick(view.rail, Qt.Key.Key_3)
    before_last = view.rail.current()
    QTest.keyClick(view.rail, Qt.Key.Key_3)
    last = view.rail.current()
    QTest.keyClick(view.rail, Qt.Key.Key_B)

    QTest.keyClick(view.rail, Qt.Key.Key_Backspace)
    assert view.rail.current() == last
    assert "Decided before: slice 16" in texts(view.rail.head)
    QTest.keyClick(view.rail, Qt.Key.Key_Backspace)

    assert view.rail.current() == before_last


def test_no_single_letter_dismisses_what_was_accepted(view: ImageView) -> None:
    use_keys(Keymap())
    QTest.keyClick(view.rail, Qt.Key.Key_3)
    QTest.keyClick(view.rail, Qt.Key.Key_Backspace)

    QTest.keyClick(view.rail, Qt.Key.Key_B)

    assert said(view) == [(Origin.HAND, "solid", "")]
    assert any(text.startswith("Accepted: X lists reasons") for text in texts(view.rail.head))
    view.rail.verbs.dismiss("bone")  # as the list of reasons does
    assert said(view) == [(Origin.SUGGESTION, "solid", "bone")]


def test_what_was_decided_last_is_said_no_longer_once_it_is_undone(view: ImageView) -> None:
    QTest.keyClick(view.rail, Qt.Key.Key_V)
    view.rail.head.list_only(Listed.ASIDE)
    assert "Dismissed: vessel wall, slice 21" in texts(view.rail.head)

    view.session.undo()

    assert "Dismissed: vessel wall, slice 21" not in texts(view.rail.head)


def test_a_guessed_site_is_noted_only_once_a_person_said_so(view: ImageView) -> None:
    number = view.rail.current()
    assert number is not None
    QTest.keyClick(view.rail, Qt.Key.Key_Return)
    assert "site" not in foci(view.session.document)[0].attributes

    QTest.keyClick(view.rail, Qt.Key.Key_S)
    assert view.rail.hint().startswith("Site node  Accept")
    QTest.keyClick(view.rail, Qt.Key.Key_Return)

    assert view.rail.decisions is not None
    assert view.rail.decisions.site(number) == ""
    sites = [str(a.attributes.get("site", "")) for a in foci(view.session.document)]
    assert sorted(sites) == ["", "node"]


def test_a_pattern_from_the_menu_accepts_only_while_the_rail_has_the_keys(
    view: ImageView, qtbot: QtBot
) -> None:
    verbs = FocusVerbs(view.session, view.selection, view)
    view.activateWindow()
    view.setFocus()
    with pytest.raises(AnnotatorError, match="nobody has decided"):
        verbs.describe("pattern", "solid")
    assert said(view) == []

    view.rail.take_keys()
    qtbot.waitUntil(view.rail.has_keys)
    verbs.describe("site", "airway")
    verbs.describe("pattern", "solid")

    assert said(view) == [(Origin.HAND, "solid", "")]
    assert foci(view.session.document)[0].attributes["site"] == "airway"


def test_a_voxel_erased_from_a_focus_is_offered_alone_and_the_keys_say_what_they_do_with_it(
    view: ImageView, qtbot: QtBot
) -> None:
    rail = view.rail
    number = rail.current()
    assert number is not None
    assert rail.decisions is not None
    rail.verbs.accept("popcorn")
    where = rail.decisions.candidates.found.where(number)

    view.session.do(erase(view.session.document, where[:1]), "Erase")

    qtbot.waitUntil(lambda: rail.current() == number)
    offered = rail.offered()
    assert offered is not None
    assert offered.tolist() == where[:1].tolist()
    assert "1 voxel that you left out reaches the rule" in texts(rail.head)
    view.setFocus()
    assert "after K, Enter takes them in and X dismisses them" in rail.hint()
    rail.take_keys()
    assert "1 voxel that you left out reaches the rule" in rail.hint()
    QTest.keyClick(rail, Qt.Key.Key_3)
    assert [pattern for _o, pattern, _d in said(view)] == ["solid"]
    assert rail.current() == number
    QTest.keyClick(rail, Qt.Key.Key_B)
    assert [dismissed for _o, _p, dismissed in said(view)] == ["", "bone"]
    assert rail.current() != number
