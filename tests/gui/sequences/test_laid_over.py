"""Scans are laid over each other, and one click is fitted to all of them."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from annotator.app.data import context_of, only_candidate
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.formats.format import Context
from annotator.geometry.boxes import iou_3d
from annotator.geometry.colouring import ColourBy
from annotator.model.annotations import Annotation, Origin
from annotator.model.document import Document
from annotator.model.edits import Batch, Put
from annotator.model.shapes import Box3D
from annotator.tools.tool import Button, Pointer
from annotator.views.cloud.box_keys import BoxKeys
from annotator.views.cloud.cloud_workbench import CloudWorkbench
from tests.gui.sequences.conftest import (
    CAR,
    FOLDER,
    do,
    lay_over,
    session_of,
    steering_of,
    true_box,
    truth,
)

SQUARE_PILLAR = 20


def pointer_on(bench: CloudWorkbench, instance: int, frame: int) -> Pointer:
    """Point at the middle one of an object's points in a scan that is shown."""
    labels = np.fromfile(FOLDER / "labels" / f"{frame:06d}.label", "<u4") >> 16
    rows = np.flatnonzero(labels == instance)
    places = bench.view.shown.own.xyz_m[rows]
    nearest = int(np.linalg.norm(places - np.median(places, axis=0), axis=1).argmin())
    x, y, z = places[nearest].astype(float).tolist()
    place = (x, y, z)
    return Pointer((0, 0), Button.LEFT, row=int(rows[nearest]), at_m=place, over_m=place)


def click_with_box_tool(
    bench: CloudWorkbench, qtbot: QtBot, instance: int, frame: int
) -> Annotation:
    before = set(session_of(bench).document.annotations)
    qtbot.waitUntil(lambda: bench.view.scene.survey is not None, timeout=10_000)
    bench.view.choose_tool("one_click_box")
    bench.view.take(bench.view.tool.press(pointer_on(bench, instance, frame)))
    document = session_of(bench).document
    qtbot.waitUntil(lambda: len(document.annotations) > len(before), timeout=10_000)
    (made,) = (a for i, a in document.annotations.items() if i not in before)
    return made


def iou(made: Annotation, truth_box: Box3D) -> float:
    assert isinstance(made.shape, Box3D)
    return iou_3d(made.shape, truth_box)


def test_scans_are_laid_over_each_other_with_the_current_one_first(
    bench: CloudWorkbench, qtbot: QtBot
) -> None:
    own = len(bench.view.shown.own)

    do(bench, "more")

    qtbot.waitUntil(lambda: bench.view.shown.around is not None, timeout=10_000)
    assert len(bench.view.cloud) > own
    np.testing.assert_array_equal(bench.view.cloud.xyz_m[:own], bench.view.shown.own.xyz_m)
    colours = bench.view.drawing.colours.now
    assert colours.numbers[:own].max() < len(colours.table) // 2 <= colours.numbers[own:].min()
    do(bench, "fewer")
    qtbot.waitUntil(lambda: bench.view.shown.around is None)


def test_a_radars_arrows_are_drawn_where_it_is_coloured_by_velocity(qtbot: QtBot) -> None:
    context = context_of(only_candidate(FOLDER / "scans_radar"))
    session = Session.in_memory(Document(context.extents()), context)
    bench = CloudWorkbench(session, Selection("car"))
    qtbot.addWidget(bench.widget)
    painting = bench.view.painting
    assert not len(painting.arrows().rows)

    bench.view.settings.set(colour_by=ColourBy.VELOCITY)

    assert len(painting.arrows().rows) > 3
    bench.view.settings.set(arrows=False)
    assert not len(painting.arrows().rows)
    bench.view.settings.set(colour_by=ColourBy.HEIGHT, arrows=True)
    assert len(painting.arrows().rows) > 3
    bench.view.settings.set(hidden=frozenset({0}))
    assert not len(painting.arrows().rows)
    bench.view.settings.set(hidden=frozenset(), slab_m=(90.0, None))
    assert not len(painting.arrows().rows)
    bench.close()


def test_points_of_scans_laid_over_have_arrows_too_and_are_told_apart_by_scan(
    qtbot: QtBot,
) -> None:
    context = context_of(only_candidate(FOLDER / "scans_radar"))
    session = Session.in_memory(Document(context.extents()), context)
    bench = CloudWorkbench(session, Selection("car"))
    qtbot.addWidget(bench.widget)
    bench.view.settings.set(colour_by=ColourBy.VELOCITY)
    alone = bench.view.drawing.colours.now.legend

    do(bench, "more")
    qtbot.waitUntil(lambda: bench.view.shown.around is not None)

    own = len(bench.view.shown.own)
    assert (bench.view.painting.arrows().rows >= own).sum() > 3
    assert bench.view.drawing.colours.now.legend.high == alone.high
    bench.view.settings.set(colour_by=ColourBy.SCAN)
    legend = bench.view.drawing.colours.now.legend
    assert (legend.by, legend.low, legend.high) == (ColourBy.SCAN, 1, 2)
    bench.close()


def test_the_scale_of_velocities_stays_the_same_from_scan_to_scan(qtbot: QtBot) -> None:
    context = context_of(only_candidate(FOLDER / "scans_radar"))
    session = Session.in_memory(Document(context.extents()), context)
    bench = CloudWorkbench(session, Selection("car"))
    qtbot.addWidget(bench.widget)
    bench.view.settings.set(colour_by=ColourBy.VELOCITY)
    ends = set()
    for frame in range(12):
        steering_of(bench).current.go(frame)
        QTest.qWait(20)
        assert bench.view.scene.frame == frame
        ends.add(bench.view.drawing.colours.now.legend.high)

    assert len(ends) == 1
    bench.close()


def test_accumulating_says_what_it_counts_and_by_which_keys(bench: CloudWorkbench) -> None:
    reach = steering_of(bench).timeline._reach

    reach.setValue(2)

    assert reach.text() == "± 2 scans"
    assert steering_of(bench).current.reach == 2
    assert "Ctrl+]" in reach.toolTip()


def test_a_parked_car_is_fitted_to_all_scans_and_holds_in_every_one(
    bench: CloudWorkbench, qtbot: QtBot
) -> None:
    frame = 4
    parked = [o["instance"] for o in truth()["objects"] if o["label"] == "car" and not o["moving"]]
    labels = np.fromfile(FOLDER / "labels" / f"{frame:06d}.label", "<u4") >> 16
    shown = [n for n in parked if 15 <= (labels == n).sum() < 120][:4]
    steering_of(bench).current.go(frame)
    qtbot.waitUntil(lambda: bench.view.scene.frame == frame)
    alone = [click_with_box_tool(bench, qtbot, n, frame) for n in shown]
    for _each in alone:
        session_of(bench).undo()

    lay_over(bench, qtbot, frame, 3)
    together = [click_with_box_tool(bench, qtbot, n, frame) for n in shown]

    assert len(shown) >= 3
    assert [a.frame for a in alone] == [frame] * len(shown)
    assert [a.frame for a in together] == [None] * len(shown)
    gained = [
        iou(b, true_box(frame, n)) - iou(a, true_box(frame, n))
        for a, b, n in zip(alone, together, shown, strict=True)
    ]
    assert np.mean(gained) > 0
    assert "all 7 scans" in bench.view.hint()


def test_what_stands_is_fitted_anew_to_all_scans_that_are_laid_over_each_other(
    bench: CloudWorkbench, qtbot: QtBot
) -> None:
    frame, session = 4, session_of(bench)
    parked = [o["instance"] for o in truth()["objects"] if o["label"] == "car" and not o["moving"]]
    labels = np.fromfile(FOLDER / "labels" / f"{frame:06d}.label", "<u4") >> 16
    shown = [n for n in parked if 15 <= (labels == n).sum() < 120][:4]
    known = [Annotation("car", true_box(frame, n)) for n in shown]
    session.do(Batch(tuple(Put(a) for a in known)), "Put")
    steering_of(bench)._selection.set(tuple(a.id for a in known))
    keys = BoxKeys(session, bench.view)

    def fitted_anew() -> list[float]:
        keys.refit()
        qtbot.waitUntil(lambda: not bench.view.hand.is_working, timeout=20_000)
        return [
            iou(session.document.annotations[a.id], true_box(frame, n))
            for a, n in zip(known, shown, strict=True)
        ]

    steering_of(bench).current.go(frame)
    qtbot.waitUntil(lambda: bench.view.scene.frame == frame)
    qtbot.waitUntil(lambda: bench.view.scene.survey is not None, timeout=10_000)
    alone = fitted_anew()
    session.undo()
    lay_over(bench, qtbot, frame, 3)
    together = fitted_anew()

    assert np.mean(together) > np.mean(alone) + 0.01


def test_a_pillar_is_fitted_to_the_scan_whose_rays_are_known_and_holds_in_every_one(
    bench: CloudWorkbench, qtbot: QtBot
) -> None:
    frame = 5
    steering_of(bench)._selection.choose("pillar")
    lay_over(bench, qtbot, frame, 3)

    made = click_with_box_tool(bench, qtbot, SQUARE_PILLAR, frame)

    assert made.frame is None
    assert iou(made, true_box(frame, SQUARE_PILLAR)) > 0.85


@pytest.mark.parametrize(
    ("label", "says"),
    [
        ("car", "in all 7 scans · what stands still holds in every scan"),
        ("wall", "in all 7 scans · what stands still holds in every scan"),
        ("pillar", "in this scan · what stands still holds in every scan"),
        ("ghost", "in this scan · it holds in this alone"),
    ],
)
def test_the_hint_says_to_the_points_of_which_scans_a_class_is_fitted(
    bench: CloudWorkbench, qtbot: QtBot, label: str, says: str
) -> None:
    lay_over(bench, qtbot, 5, 3)
    bench.view.choose_tool("one_click_box")

    steering_of(bench)._selection.choose(label)

    qtbot.waitUntil(lambda: bench.view.hint().endswith(says))


def test_a_square_pillar_stays_square_when_it_is_fitted_anew_among_scans_laid_over(
    bench: CloudWorkbench, qtbot: QtBot
) -> None:
    frame, session = 5, session_of(bench)
    known = Annotation("pillar", true_box(frame, SQUARE_PILLAR), origin=Origin.FIT)
    session.do(Put(known), "Put")
    lay_over(bench, qtbot, frame, 3)
    steering_of(bench)._selection.set((known.id,))

    BoxKeys(session, bench.view).refit()
    qtbot.waitUntil(lambda: not bench.view.hand.is_working, timeout=20_000)

    after = session.document.annotations[known.id].shape
    assert isinstance(after, Box3D)
    assert after.size_m[:2] == pytest.approx((0.6, 0.6), abs=0.07)
    assert after.size_m[2] > 2.9


def test_many_boxes_are_fitted_anew_beside_the_window_in_one_step_that_can_be_dropped(
    bench: CloudWorkbench, qtbot: QtBot
) -> None:
    session, view = session_of(bench), bench.view
    parked = [o["instance"] for o in truth()["objects"] if o["label"] == "car" and not o["moving"]]
    known = [Annotation("car", true_box(0, n), frame=0) for n in parked for _again in range(4)]
    session.do(Batch(tuple(Put(a) for a in known)), "Put")
    qtbot.waitUntil(lambda: view.scene.survey is not None, timeout=10_000)
    steering_of(bench)._selection.set(tuple(a.id for a in known))
    steps, keys = len(session.steps()), BoxKeys(session, view)

    keys.refit()
    qtbot.waitUntil(lambda: f"of {len(known)} objects" in view.hint(), timeout=10_000)
    said = view.hint()
    QTest.keyClick(view, Qt.Key.Key_Escape)
    after_esc = len(session.steps())
    keys.refit()
    qtbot.waitUntil(lambda: not view.hand.is_working, timeout=60_000)

    assert "Esc drops it" in said
    assert after_esc == steps
    assert len(session.steps()) == steps + 1
    assert {session.document.annotations[a.id].origin for a in known} >= {Origin.FIT}


def test_a_moving_car_is_fitted_to_the_scan_in_front(bench: CloudWorkbench, qtbot: QtBot) -> None:
    frame = 4
    lay_over(bench, qtbot, frame, 3)

    made = click_with_box_tool(bench, qtbot, CAR, frame)

    assert made.frame == frame
    assert iou(made, true_box(frame)) > 0.7


def test_the_next_scan_alone_is_fitted_alone(bench: CloudWorkbench, qtbot: QtBot) -> None:
    lay_over(bench, qtbot, 4, 2)

    steering_of(bench).current.accumulate(0)

    qtbot.waitUntil(lambda: bench.view.scene.laid is None)
    assert "all" not in bench.view.hint()


def test_closing_while_scans_are_laid_over_each_other_is_quiet(
    qtbot: QtBot, context: Context
) -> None:
    bench = CloudWorkbench(
        Session.in_memory(Document(context.extents()), context), Selection("car")
    )
    qtbot.addWidget(bench.widget)
    steering_of(bench).current.accumulate(5)
    steering_of(bench)._show()

    bench.close()

    qtbot.wait(50)
    assert bench.view.scene.laid is None


def test_what_a_click_on_all_scans_would_do_is_shown_beforehand(
    bench: CloudWorkbench, qtbot: QtBot
) -> None:
    lay_over(bench, qtbot, 4, 2)
    bench.view.choose_tool("one_click_box")
    pointer = pointer_on(bench, CAR, 4)

    bench.view.take(bench.view.tool.rest(pointer))

    qtbot.waitUntil(lambda: bench.view.preview is not None and bool(bench.view.preview.annotations))
    assert not session_of(bench).document.annotations
    bench.view.take(bench.view.tool.move(replace(pointer, row=1, at_m=(0, 0, 0), over_m=(0, 0, 0))))
    assert bench.view.preview is None


def test_a_class_that_is_chosen_after_the_preview_is_the_one_that_counts(
    bench: CloudWorkbench, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: bench.view.scene.survey is not None, timeout=10_000)
    bench.view.choose_tool("one_click_box")
    document, pointer = session_of(bench).document, pointer_on(bench, CAR, 0)
    bench.view.take(bench.view.tool.rest(pointer))
    qtbot.waitUntil(lambda: bench.view.preview is not None, timeout=10_000)

    bench.view.scene.label = "movable"
    bench.view.take(bench.view.tool.press(pointer))

    qtbot.waitUntil(lambda: len(document.annotations) == 1, timeout=10_000)
    assert next(iter(document.annotations.values())).label == "movable"
