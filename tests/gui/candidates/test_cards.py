"""Cards and lists of candidates: thumbnails, numbers, what is set aside."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from annotator.app.ct_rule import acknowledge, change_rule, rule_of
from annotator.commands.foci import foci
from annotator.imaging.candidates import Order
from annotator.imaging.slabs import Plane
from annotator.model.annotations import Origin
from annotator.model.findings import Finding
from annotator.model.volume import Hu, Volume
from annotator.views.ct.candidate_numbers import CandidateNumbers
from annotator.views.ct.image_view import ImageView
from annotator.views.ct.rail_head import Listed
from annotator.views.ct.rule_card import RuleCard
from annotator.views.ct.thumbnails import SIDE_PX, explained, in_words, thumbnail
from tests.gui.candidates.conftest import chest, opened_view, said, texts


@pytest.mark.parametrize("plane", list(Plane))
def test_a_thumbnail_shows_the_candidate_in_its_middle(plane: Plane) -> None:
    volume = chest()
    where = np.flatnonzero(volume.hu == 300)

    drawn = thumbnail(volume, plane, (31, 31, 10), where)

    assert drawn.shape == (SIDE_PX, SIDE_PX)
    middle = drawn[SIDE_PX // 2 - 8 : SIDE_PX // 2 + 8, SIDE_PX // 2 - 8 : SIDE_PX // 2 + 8]
    assert (middle == 0xFFFFB000).any()


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


def test_a_long_list_is_given_page_by_page() -> None:
    numbers = CandidateNumbers()
    numbers.show_numbers(list(range(100_000)))
    assert numbers.rowCount() < 1000

    row = numbers.row_of(50_000)

    assert row == 50_000
    assert 50_000 < numbers.rowCount() < 51_000
    assert numbers.total() == 100_000
    assert numbers.canFetchMore(QModelIndex())


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


def sheared(hu: Hu) -> Hu:
    """Store each slice of a chest as a tilted gantry would, the middle one as it is."""
    stored = [np.roll(cut, (15 - k, 15 - k), axis=(0, 1)) for k, cut in enumerate(hu)]
    return np.stack(stored).astype(np.int16)
