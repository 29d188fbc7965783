"""A scan is closed once everything in it is explained."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from annotator.commands.foci import foci, mark_focus, set_attribute
from annotator.imaging.candidates import Order
from annotator.views.ct.image_view import ImageView
from tests.gui.candidates.conftest import SHAPE, said


def test_a_scan_is_closed_when_every_candidate_is_decided(view: ImageView) -> None:
    view.rail.verbs.accept()
    view.rail.verbs.dismiss("artefact")
    assert view.rail.decisions is not None
    assert not view.rail.decisions.residual().is_finished

    view.rail.verbs.accept()

    assert view.rail.decisions.residual().is_finished
    assert view.rail.head.words().startswith("All 3 are decided, but 2 foci have no pattern")
    assert view.rail.decisions.next_open(Order.PLACE, None) is None


def test_a_scan_with_candidates_left_says_how_many_and_offers_to_leave_it(view: ImageView) -> None:
    asked: list[bool] = []
    view.rail.left.connect(lambda: asked.append(True))

    here = view.rail.current()

    finished = view.rail.ask_to_finish()

    assert not finished
    assert view.rail.current() == here
    assert view.rail.head.words() == "Not closed: 3 candidates are open"
    (button,) = (b for b in view.rail.findChildren(QPushButton) if b.isVisible())
    button.click()
    assert asked == [True]


def test_a_scan_that_is_explained_is_closed_without_a_word(view: ImageView) -> None:
    for _candidate in range(3):
        view.rail.verbs.accept("solid")

    assert view.rail.ask_to_finish()


def test_closing_says_which_foci_have_no_pattern_and_goes_to_them(view: ImageView) -> None:
    for pattern in ("solid", "", ""):
        view.rail.verbs.accept(pattern)

    assert not view.rail.ask_to_finish()
    assert view.rail.head.words() == "Not closed: 2 foci have no pattern"
    QTest.keyClick(view.rail, Qt.Key.Key_1)
    QTest.keyClick(view.rail, Qt.Key.Key_2)

    assert sorted(pattern for _o, pattern, _d in said(view)) == ["laminated", "popcorn", "solid"]
    assert view.rail.ask_to_finish()


def test_it_says_in_words_that_nothing_is_left(view: ImageView) -> None:
    view.candidates.show_residual(on=True)
    assert view.hint().startswith("What nobody has explained of 3 candidates is magenta")
    view.rail.verbs.accept()
    assert view.hint().startswith("What nobody has explained of 2 candidates is magenta")
    for _candidate in range(2):
        view.rail.verbs.accept()

    view.candidates.show_residual(on=True)
    assert "3 foci have no pattern" in view.hint()
    for focus in foci(view.session.document):
        view.session.do(
            set_attribute(view.session.document, [focus.id], "pattern", "solid"), "Pattern"
        )

    view.candidates.show_residual(on=True)

    assert view.hint().startswith("Nothing is left")


def test_once_all_is_decided_the_next_piece_is_what_was_marked_below_the_rule(
    view: ImageView,
) -> None:
    for _candidate in range(3):
        view.rail.verbs.accept()
    dark = np.array([np.ravel_multi_index((25, 20, 20), SHAPE)])
    view.session.do(mark_focus(view.session.document, dark, "calcification"), "Paint")
    view.candidates.show_residual(on=True)
    assert "1 marked voxel below the rule is violet" in view.hint()

    view.candidates.next_open()

    (focus_id,) = view.selection.ids
    assert view.session.document.annotations[focus_id] == foci(view.session.document)[-1]
    assert view.state is not None
    assert view.state.at == (20, 20, 25)
