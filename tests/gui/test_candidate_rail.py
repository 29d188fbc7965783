from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QModelIndex, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from annotator.app.ct_rule import acknowledge, change_rule, rule_of
from annotator.app.decided import Decision
from annotator.app.keymap import Keymap
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.commands.foci import erase, foci, mark_focus, set_attribute
from annotator.errors import AnnotatorError
from annotator.formats.format import Context
from annotator.imaging.candidates import Order
from annotator.imaging.slabs import Plane
from annotator.imaging.windows import Window
from annotator.model.annotations import Origin
from annotator.model.document import Document
from annotator.model.findings import Finding
from annotator.model.labels import CHEST
from annotator.model.volume import Hu, Series, Slice, Volume
from annotator.views.candidate_numbers import CandidateNumbers
from annotator.views.focus_mask import OPEN, PREVIEW
from annotator.views.focus_verbs import FocusVerbs
from annotator.views.image_view import ImageView
from annotator.views.key_events import use_keys
from annotator.views.rail_head import Listed
from annotator.views.rule_card import RuleCard
from annotator.views.thumbnails import SIDE_PX, explained, in_words, thumbnail

SHAPE = (30, 100, 100)


def chest() -> Volume:
    hu = np.full(SHAPE, -1000, np.int16)
    hu[:, 10:80, 10:90] = 30
    hu[:, 60:72, 45:57] = 400
    hu[10:12, 30:33, 30:33] = 300
    hu[20, 40:43, 60:62] = 700
    hu[15, 30:32, 70:72] = 160
    slices = tuple(Slice(f"{k}", f"1.{k}", (0.0, 0.0, 2.0 * k)) for k in range(SHAPE[0]))
    affine = np.diag((1.5, 1.5, 2.0, 1.0))
    return Volume(Series("1", "2", "3", slices, SHAPE, affine, (2.0, 1.5, 1.5), kvp=120), hu)


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[ImageView]:
    shown = opened_view(qtbot, chest())
    shown.candidates.show(on=True)
    qtbot.waitUntil(lambda: shown.rail.cards.total() == 3)
    yield shown
    shown.stop_listening()


def texts(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel)]


def said(view: ImageView) -> list[tuple[str, str, str]]:
    return [
        (a.origin, str(a.attributes.get("pattern", "")), a.dismissed)
        for a in foci(view.session.document)
    ]


def test_the_brightest_candidate_far_from_bone_is_offered_first(view: ImageView) -> None:
    assert view.state is not None
    assert view.state.at[2] == 20
    assert view.rail.head.words() == "0 of 3 decided"


def test_the_chosen_candidate_is_offered_until_it_is_decided(view: ImageView) -> None:
    offered = view.rail.offered()
    assert view.session.context.volume is not None
    hu = view.session.context.volume.hu
    assert offered is not None
    np.testing.assert_array_equal(offered, np.flatnonzero(hu == 700))
    before = view.plane_view().grab().toImage()

    view.candidates.show(on=False)
    view.hide_mask(hidden=True)

    assert view.rail.offered() is None
    assert view.plane_view().grab().toImage() != before


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


def test_a_scan_is_closed_when_every_candidate_is_decided(view: ImageView) -> None:
    view.rail.verbs.accept()
    view.rail.verbs.dismiss("artefact")
    assert view.rail.decisions is not None
    assert not view.rail.decisions.residual().is_finished

    view.rail.verbs.accept()

    assert view.rail.decisions.residual().is_finished
    assert view.rail.head.words().startswith("All 3 are decided, but 2 foci have no pattern")
    assert view.rail.decisions.next_open(Order.PLACE, None) is None


def test_undo_opens_a_candidate_again(view: ImageView, qtbot: QtBot) -> None:
    view.rail.verbs.accept()

    view.session.undo()

    qtbot.waitUntil(lambda: view.rail.head.words() == "0 of 3 decided")


def test_the_residual_view_shows_what_nobody_has_explained(view: ImageView) -> None:
    plane = view.plane_view()

    def pink() -> int:
        image = plane.grab().toImage()
        seen = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
        return sum((c.red(), c.green(), c.blue()) == (255, 64, 200) for c in seen)

    view.show_slice(15)
    assert pink() == 0
    view.candidates.show_residual(on=True)
    assert pink() > 0

    for _candidate in range(3):
        view.rail.verbs.accept()
    view.show_slice(15)
    assert pink() == 0


@pytest.mark.parametrize("plane", list(Plane))
def test_a_thumbnail_shows_the_candidate_in_its_middle(plane: Plane) -> None:
    volume = chest()
    where = np.flatnonzero(volume.hu == 300)

    drawn = thumbnail(volume, plane, (31, 31, 10), where)

    assert drawn.shape == (SIDE_PX, SIDE_PX)
    middle = drawn[SIDE_PX // 2 - 8 : SIDE_PX // 2 + 8, SIDE_PX // 2 - 8 : SIDE_PX // 2 + 8]
    assert (middle == 0xFFFFB000).any()


def test_the_rails_keys_are_its_own_while_it_has_them(view: ImageView, qtbot: QtBot) -> None:
    window_key = QShortcut(QKeySequence("3"), view)
    fired: list[bool] = []
    window_key.activated.connect(lambda: fired.append(True))
    view.activateWindow()
    view.rail.setFocus()
    qtbot.waitUntil(view.rail.hasFocus)

    QTest.keyClick(view.rail, Qt.Key.Key_3)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_3)

    assert said(view) == [(Origin.HAND, "solid", "")]
    assert fired == [True]


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


def test_bone_is_listed_on_request_and_enter_brings_it_back(view: ImageView) -> None:
    view.rail.head.list_only(Listed.ASIDE)
    assert view.rail.cards.total() == 1

    QTest.keyClick(view.rail, Qt.Key.Key_Return)

    assert view.rail.cards.total() == 4
    assert view.rail.head.words() == "0 of 4 decided"
    number = view.rail.current()
    assert number is not None
    assert view.rail.decisions is not None
    assert view.rail.decisions.candidates.bone[number]


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


def test_over_a_closed_scan_keys_of_the_rail_are_the_windows_but_one_that_opens_it_again(
    view: ImageView,
) -> None:
    QTest.keyClick(view.rail, Qt.Key.Key_3)
    QTest.keyClick(view.rail, Qt.Key.Key_Backspace)
    view.rail.is_closed = True
    view.rail.recount()
    view.activateWindow()
    view.rail.setFocus()
    letters = "BVCAOXS156"
    fired: list[str] = []
    for letter in letters:
        key = QShortcut(QKeySequence(letter), view)
        key.activated.connect(lambda letter=letter: fired.append(letter))

    for letter in letters:
        QTest.keyClick(view.rail, Qt.Key(ord(letter)))
    QTest.keyClick(view.rail, Qt.Key.Key_Return)

    assert said(view) == [(Origin.HAND, "solid", "")]
    assert "".join(fired) == letters
    assert view.rail.hint().startswith("This scan is closed: no key decides")
    QTest.keyClick(view.rail, Qt.Key.Key_Delete)
    assert said(view) == []


def test_a_box_over_the_window_changes_nothing_about_where_keys_go(
    view: ImageView, qtbot: QtBot
) -> None:
    view.activateWindow()
    view.rail.take_keys()
    qtbot.waitUntil(view.rail.hasFocus)
    box = QDialog(view)
    qtbot.addWidget(box)

    box.open()
    qtbot.waitUntil(lambda: not view.rail.hasFocus())

    assert not view.rail.hint().startswith("Keys go to the picture")
    box.reject()
    view.activateWindow()
    qtbot.waitUntil(view.rail.hasFocus)
    assert not view.rail.hint().startswith("Keys go to the picture")


def test_what_was_decided_last_is_said_no_longer_once_it_is_undone(view: ImageView) -> None:
    QTest.keyClick(view.rail, Qt.Key.Key_V)
    view.rail.head.list_only(Listed.ASIDE)
    assert "Dismissed: vessel wall, slice 21" in texts(view.rail.head)

    view.session.undo()

    assert "Dismissed: vessel wall, slice 21" not in texts(view.rail.head)


def test_what_is_looked_at_is_always_the_chosen_candidate(view: ImageView) -> None:
    for _candidate in range(2):
        offer = view.selection.offer
        assert offer is not None
        assert offer.number == view.rail.current()
        assert view.selection.ids == ()
        QTest.keyClick(view.rail, Qt.Key.Key_Return)

    view.rail.verbs.choose_last()
    (focus_id,) = view.selection.ids
    assert view.rail.decisions is not None
    number = view.rail.current()
    assert number is not None
    focus = view.rail.decisions.focus(number)
    assert focus is not None
    assert focus.id == focus_id


def test_a_key_decides_nothing_while_something_else_is_looked_at(view: ImageView) -> None:
    here = view.rail.current()
    view.selection.set(())

    QTest.keyClick(view.rail, Qt.Key.Key_Return)
    assert said(view) == []
    assert view.selection.offer is not None
    assert view.rail.current() == here
    QTest.keyClick(view.rail, Qt.Key.Key_Return)

    assert len(said(view)) == 1


def test_selecting_a_focus_elsewhere_chooses_its_card(view: ImageView) -> None:
    first = view.rail.current()
    view.rail.verbs.accept("solid")
    (focus,) = foci(view.session.document)

    view.selection.set((focus.id,))

    assert view.rail.current() == first


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


def test_it_says_when_keys_go_to_the_picture(view: ImageView, qtbot: QtBot) -> None:
    use_keys(Keymap())
    view.rail.name_keys()
    view.activateWindow()
    view.rail.take_keys()
    qtbot.waitUntil(view.rail.hasFocus)
    assert view.rail.hint().startswith("First S if its site is node  Accept  Enter")

    view.setFocus()

    assert view.rail.hint().startswith("Keys go to the picture now. Press K")


def test_a_candidate_is_seen_closely_until_a_person_zooms(view: ImageView) -> None:
    plane = view.plane_view()
    seen_mm = min(plane.camera.size_px) / plane.camera.px_per_mm
    assert seen_mm == pytest.approx(60.0, rel=0.02)

    plane.zoom(0.5, (10.0, 10.0))
    view.rail.choose_next()

    assert min(plane.camera.size_px) / plane.camera.px_per_mm == pytest.approx(120.0, rel=0.02)


def test_a_candidate_is_seen_through_the_calcium_window_until_a_person_chooses_one(
    view: ImageView, qtbot: QtBot
) -> None:
    assert view.state is not None
    assert view.state.window == Window(300, 600)

    view.windowing.use_preset("lung")
    view.rail.choose_next()
    assert view.state.window == Window(-600, 1500)

    context = view.session.context
    document = Document(extents=(SHAPE,))
    following = ImageView(Session.in_memory(document, context), view.selection)
    qtbot.addWidget(following)
    assert following.state is not None
    assert following.state.window == Window(-600, 1500)
    following.stop_listening()


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


def test_a_long_list_is_given_page_by_page() -> None:
    numbers = CandidateNumbers()
    numbers.show_numbers(list(range(100_000)))
    assert numbers.rowCount() < 1000

    row = numbers.row_of(50_000)

    assert row == 50_000
    assert 50_000 < numbers.rowCount() < 51_000
    assert numbers.total() == 100_000
    assert numbers.canFetchMore(QModelIndex())


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


def test_the_key_that_accepts_leads_from_the_picture_to_the_rail_and_decides_nothing(
    view: ImageView, qtbot: QtBot
) -> None:
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)

    QTest.keyClick(view, Qt.Key.Key_Return)

    assert said(view) == []
    assert view.rail.has_keys()
    QTest.keyClick(view.rail, Qt.Key.Key_Return)
    assert len(said(view)) == 1


def test_the_key_that_accepts_leads_to_the_rail_though_a_focus_is_selected(
    view: ImageView, qtbot: QtBot
) -> None:
    view.rail.verbs.accept("solid")
    (focus,) = foci(view.session.document)
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    view.selection.set((focus.id,))

    QTest.keyClick(view, Qt.Key.Key_Return)

    assert view.rail.has_keys()
    assert said(view) == [(Origin.HAND, "solid", "")]


def test_hidden_candidates_are_not_looked_at(view: ImageView) -> None:
    view.candidates.show(on=False)

    assert view.selection.offer is None


def test_dismissing_what_lies_in_the_chest_wall_leaves_the_chosen_candidate(
    view: ImageView,
) -> None:
    assert view.rail.decisions is not None
    first = view.rail.current()
    others = [n for n in view.rail.decisions.in_order(Order.PLACE).tolist() if n != first]
    view.rail.decisions.candidates.wall[others] = True

    view.rail.verbs.dismiss_wall("bone")

    assert view.rail.current() == first
    assert view.rail.head.words() == "2 of 3 decided"
    assert "Dismissed: bone, 2 in the chest wall" in texts(view.rail.head)


def test_properties_tell_of_the_open_candidate_and_call_its_site_a_guess(
    view: ImageView, qtbot: QtBot
) -> None:
    card = RuleCard(view.selection)
    qtbot.addWidget(card)
    card.show_session(view.session)
    told = dict(card.said)
    assert told["Candidate"] == "open: nobody has decided it"
    assert told["Max"] == "700 HU, 570 above"
    assert told["Site"] == "node? (guessed)"

    QTest.keyClick(view.rail, Qt.Key.Key_S)
    card.refresh()

    assert dict(card.said)["Site"] == "node"


def test_dragging_the_window_of_grey_values_leaves_the_keys_to_the_rail(
    view: ImageView, qtbot: QtBot
) -> None:
    view.activateWindow()
    view.rail.take_keys()
    qtbot.waitUntil(view.rail.hasFocus)

    QTest.mouseClick(view.plane_view(), Qt.MouseButton.RightButton)
    assert view.rail.has_keys()
    QTest.mouseClick(view.plane_view(), Qt.MouseButton.LeftButton)

    assert not view.rail.has_keys()


@pytest.mark.parametrize("plane", [Plane.CORONAL, Plane.SAGITTAL])
def test_a_thumbnail_of_a_tilted_series_is_straight(plane: Plane) -> None:
    upright = chest()
    tilt = np.diag((1.5, 1.5, 2.0, 1.0))
    tilt[:2, 2] = (1.5, 1.5)  # each slice lies a voxel farther, to the left and to the back
    aslant = Volume(replace(upright.series, lps_from_voxel=tilt), sheared(upright.hu))
    i, j, k = 32, 32, 12

    straight = thumbnail(upright, plane, (i, j, k), np.flatnonzero(upright.hu == 300))
    where = np.flatnonzero(aslant.hu == 300)
    shown = thumbnail(aslant, plane, (i - (k - 15), j - (k - 15), k), where)

    np.testing.assert_array_equal(shown, straight)


def sheared(hu: Hu) -> Hu:
    """Store each slice of a chest as a tilted gantry would, the middle one as it is."""
    stored = [np.roll(cut, (15 - k, 15 - k), axis=(0, 1)) for k, cut in enumerate(hu)]
    return np.stack(stored).astype(np.int16)


@pytest.mark.parametrize("key", [Qt.Key.Key_N, Qt.Key.Key_Period])
def test_the_list_of_bone_is_stepped_through_and_told_as_bone(view: ImageView, key: Qt.Key) -> None:
    view.rail.head.list_only(Listed.ASIDE)
    first = view.rail.current()

    for _step in range(view.rail.cards.total()):
        if key is Qt.Key.Key_N:
            QTest.keyClick(view.rail, key)
        else:
            view.candidates.next_open()
        assert view.rail.head.listed() is Listed.ASIDE

    assert view.rail.current() == first
    assert view.selection.offer is not None
    assert view.selection.offer.why_unasked == "set aside as bone or contrast"


def test_the_selected_focus_is_fitted_to_the_view_or_all_of_the_scan(view: ImageView) -> None:
    number = view.rail.current()
    assert number is not None
    view.rail.verbs.accept("solid")
    assert view.rail.decisions is not None
    focus = view.rail.decisions.focus(number)
    assert focus is not None
    view.selection.set(())
    view.candidates.fit()
    whole = view.plane_view().camera.px_per_mm

    view.selection.set((focus.id,))
    view.candidates.fit()

    assert view.plane_view().camera.px_per_mm > whole
    assert view.state is not None
    assert view.state.at[2] + 1 == view.rail.decisions.place(number)


def test_cards_of_a_doubtful_series_say_no_volume_and_why(view: ImageView) -> None:
    assert view.rail.decisions is not None
    session, first = view.session, view.rail.cards.number()
    assert first is not None
    series = session.context.series
    assert series is not None
    gap = Finding("missing-slices", "1 slice is missing")
    doubtful = replace(series, findings=(gap,), measurable=False)
    session.context = replace(session.context, series=doubtful)

    assert "– mm³" in in_words(view.rail.decisions, first)[1]
    assert "Not measured: 1 slice is missing." in explained(view.rail.decisions, first)

    acknowledge(session)

    assert "– mm³" not in in_words(view.rail.decisions, first)[1]
    assert "Not measured" not in explained(view.rail.decisions, first)


def test_what_is_below_the_rules_area_is_listed_apart_stepped_through_and_accepted(
    qtbot: QtBot,
) -> None:
    volume = chest()
    volume.hu[12, 40, 70] = volume.hu[14, 40, 70] = 300
    view = opened_view(qtbot, volume)
    change_rule(view.session, replace(rule_of(view.session), flag_below_mm2=3.0))
    view.candidates.show(on=True)
    qtbot.waitUntil(lambda: view.rail.cards.total() == 3)
    buttons = {b.text(): b for b in view.rail.head.findChildren(QToolButton)}

    buttons["Below 3 mm²: 2"].click()
    first = view.rail.current()
    QTest.keyClick(view.rail, Qt.Key.Key_3)

    assert said(view) == [(Origin.HAND, "solid", "")]
    assert view.rail.head.listed() is Listed.BELOW
    assert view.rail.cards.total() == 2
    assert view.rail.current() != first
    assert view.rail.head.words() == "0 of 3 decided"
    view.stop_listening()


def test_contrast_is_said_until_a_person_took_note(qtbot: QtBot) -> None:
    volume = chest()
    told = replace(volume.series, findings=(Finding("contrast", "contrast was given"),))
    view = opened_view(qtbot, Volume(told, volume.hu))
    view.candidates.show(on=True)
    qtbot.waitUntil(lambda: view.rail.cards.total() == 3)
    for _candidate in range(3):
        view.rail.verbs.accept("solid")
    assert not view.rail.ask_to_finish()
    assert view.rail.head.words() == "Not closed: what contrast hides is not noted"

    (noted,) = (b for b in view.rail.findChildren(QPushButton) if b.text() == "Noted")
    noted.click()

    assert not noted.isVisible()
    assert view.rail.ask_to_finish()
    view.stop_listening()


def opened_view(qtbot: QtBot, volume: Volume) -> ImageView:
    context = Context(CHEST, series=volume.series, volume=volume)
    view = ImageView(
        Session.in_memory(Document(extents=(SHAPE,)), context), Selection("calcification")
    )
    qtbot.addWidget(view)
    view.resize(1000, 800)
    with qtbot.waitExposed(view):
        view.show()
    return view


def test_what_is_fitted_to_the_view_gives_way_to_the_whole_slice_and_comes_back(
    view: ImageView,
) -> None:
    plane, scales = view.plane_view(), []

    for _press in range(3):
        view.candidates.fit()
        scales.append(plane.camera.px_per_mm)

    large = min(plane.camera.size_px) / 60.0
    assert scales[1] == pytest.approx(large)
    assert scales[0] == scales[2] < large


def test_the_chosen_piece_is_magenta_as_well_while_what_is_unexplained_is_shown(
    view: ImageView,
) -> None:
    plane = view.plane_view()

    def shows(color: tuple[int, int, int]) -> bool:
        image = plane.grab().toImage()
        seen = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
        return any((c.red(), c.green(), c.blue()) == color for c in seen)

    assert shows(PREVIEW)
    assert not shows(OPEN)

    view.candidates.show_residual(on=True)

    assert shows(OPEN)
    assert not shows(PREVIEW)


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


def test_arrows_go_from_card_to_card_whatever_was_decided(view: ImageView) -> None:
    first = view.rail.current()
    view.rail.verbs.accept("solid")
    second = view.rail.current()

    QTest.keyClick(view.rail, Qt.Key.Key_Left)
    assert view.rail.current() == first
    QTest.keyClick(view.rail, Qt.Key.Key_Left)
    assert view.rail.current() == first
    QTest.keyClick(view.rail, Qt.Key.Key_Right)

    assert view.rail.current() == second
    assert len(foci(view.session.document)) == 1
