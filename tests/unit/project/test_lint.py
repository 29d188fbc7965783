from dataclasses import replace

import numpy as np
import pytest

from annotator.app import box_counts
from annotator.app.box_counts import BoxCounts
from annotator.geometry.survey import Survey, survey
from annotator.model.annotations import Annotation, Origin
from annotator.model.cloud import PointCloud
from annotator.model.document import Document
from annotator.model.labels import GARAGE, Taxonomy
from annotator.model.shapes import Box3D, Polygon3D
from annotator.project.lint import LintedScan, lint_scans, unseen_boxes

FULL = Annotation("car", Box3D((0, 0, 0.75), (4, 2, 1.5)))
BARE = Annotation("car", Box3D((8, 0, 0.75), (4, 2, 1.5)))


@pytest.fixture(scope="module")
def cloud() -> PointCloud:
    """A floor of 12 m, a car's 300 points at its middle, and 7 points at x = 8."""
    random = np.random.default_rng(0)
    floor = np.column_stack([random.uniform(-6, 12, (9000, 2)), random.normal(0, 0.01, 9000)])
    car = random.uniform((-1.9, -0.9, 0.2), (1.9, 0.9, 1.4), (300, 3))
    few = random.uniform((7, -0.5, 0.3), (9, 0.5, 1), (7, 3))
    return PointCloud(np.concatenate([floor, car, few]).astype(np.float32))


@pytest.fixture(scope="module")
def known(cloud: PointCloud) -> Survey:
    return survey(cloud.xyz_m)


def document(*annotations: Annotation, scans: int = 1) -> Document:
    return Document(((9307,),) * scans, {a.id: a for a in annotations})


def test_a_box_with_fewer_points_than_its_class_asks_for_is_pointed_at(
    cloud: PointCloud, known: Survey
) -> None:
    scans = [LintedScan(0, cloud, known)]

    (finding,) = lint_scans(document(FULL, BARE), scans, GARAGE)

    assert finding.code == "too-few-points"
    assert finding.annotation_id == BARE.id
    assert "7 points; at least 10" in finding.text


def test_an_outline_that_crosses_itself_is_pointed_at_where_it_does(
    cloud: PointCloud, known: Survey
) -> None:
    square = ((0.0, 0.0, 0.0), (2.0, 0.0, 0.0), (2.0, 2.0, 0.0), (0.0, 2.0, 0.0))
    tied = (square[0], square[2], square[1], square[3])
    whole, crossing = Annotation("wall", Polygon3D(square)), Annotation("wall", Polygon3D(tied))

    (finding,) = lint_scans(document(whole, crossing), [LintedScan(0, cloud, known)], GARAGE)

    assert finding.code == "crosses-itself"
    assert finding.annotation_id == crossing.id
    assert "crosses itself at x 1.00, y 1.00 m" in finding.text


def test_an_object_that_is_labelled_twice_is_pointed_at_and_a_neighbour_is_not(
    cloud: PointCloud, known: Survey
) -> None:
    again = Annotation("movable", Box3D((0.3, 0.1, 0.8), (4.2, 2.1, 1.6), 0.05))
    beside = Annotation("car", Box3D((0, 1.9, 0.75), (4, 2, 1.5)))
    lenient = Taxonomy(tuple(replace(one, minimum_points=0) for one in GARAGE))
    scans = [LintedScan(n, cloud, known) for n in range(2)]

    (finding,) = lint_scans(document(FULL, again, beside, scans=2), scans, lenient)

    assert (finding.code, finding.annotation_id) == ("labelled-twice", again.id)
    assert finding.text == "Movable object: labelled twice? Car is here as well"


def test_boxes_that_nobody_saw_are_worth_a_look_in_their_scan() -> None:
    guess = replace(FULL, origin=Origin.INTERPOLATED, frame=1, track="4")

    ((one, finding),) = unseen_boxes([guess, BARE], GARAGE)

    assert (one, finding.annotation_id) == (guess, guess.id)
    assert finding.text == "Car 4: where it is expected; nobody saw it in this scan"


def test_another_minimum_asks_for_more_or_less(cloud: PointCloud, known: Survey) -> None:
    scans = [LintedScan(0, cloud, known)]
    lenient = Taxonomy((replace(GARAGE["car"], minimum_points=5),))
    strict = Taxonomy((replace(GARAGE["car"], minimum_points=400),))

    assert not list(lint_scans(document(FULL, BARE), scans, lenient))
    assert len(list(lint_scans(document(FULL, BARE), scans, strict))) == 2


def test_suggestions_outlines_and_unknown_classes_need_no_points(
    cloud: PointCloud, known: Survey
) -> None:
    outline = Annotation("wall", Polygon3D(((8, 0, 0), (9, 0, 0), (9, 1, 0))))
    others = (replace(BARE, origin=Origin.SUGGESTION), replace(BARE, label="ufo", id="1"), outline)

    assert not list(lint_scans(document(*others), [LintedScan(0, cloud, known)], GARAGE))


def test_a_box_that_holds_in_every_scan_is_judged_by_the_scan_that_shows_most(
    cloud: PointCloud, known: Survey
) -> None:
    hidden = PointCloud(cloud.xyz_m[:9000])
    scans = [LintedScan(0, hidden, survey(hidden.xyz_m)), LintedScan(1, cloud, known)]

    assert not list(lint_scans(document(FULL, scans=2), scans, GARAGE))


def test_boxes_are_counted_a_few_at_a_time_and_only_once(cloud: PointCloud, known: Survey) -> None:
    counts = BoxCounts()
    told: list[bool] = []
    counts.changed.connect(lambda: told.append(True))
    counts.see(cloud, known)

    first = counts.count((FULL, BARE), GARAGE, budget_s=0)
    between = (counts.of(FULL), counts.of(BARE))
    second = counts.count((FULL, BARE), GARAGE, budget_s=0)
    last = counts.count((FULL, BARE), GARAGE, budget_s=0)

    assert (first, second, last) == (False, False, True)
    assert between == (300, None)
    assert [a.id for a, _finding in counts.few(GARAGE)] == [BARE.id]
    assert told


def test_a_carried_box_that_its_points_reach_out_of_is_worth_a_look(
    cloud: PointCloud, known: Survey
) -> None:
    low = replace(FULL, shape=Box3D((0, 0, 0.6), (4, 2, 1.2)), origin=Origin.REFITTED, track="4")
    drawn = replace(low, id="by hand", origin=Origin.HAND)
    counts = BoxCounts()
    counts.see(cloud, known)

    counts.count((low, drawn), GARAGE, budget_s=1)

    ((one, finding),) = counts.outgrown(GARAGE)
    assert (one, finding.annotation_id) == (low, low.id)
    assert finding.text.startswith("Car 4: its points reach ")
    assert finding.text.endswith(" cm above its box")


def test_a_box_that_holds_in_every_scan_is_worth_a_look_where_one_shows_more_of_it(
    cloud: PointCloud, known: Survey
) -> None:
    low = replace(FULL, shape=Box3D((0, 0, 0.6), (4, 2, 1.2)))
    block = replace(low, id="does not move", label="pillar")
    here = replace(low, id="seen here alone", frame=0)
    counts = BoxCounts(scans=2)
    counts.see(cloud, known)

    counts.count((low, block, here), GARAGE, budget_s=1)

    assert [one.id for one, _finding in counts.outgrown(GARAGE)] == [low.id]


def test_of_what_never_moves_nobody_looks_how_far_its_points_reach(
    cloud: PointCloud, known: Survey, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[Annotation] = []
    monkeypatch.setattr(box_counts, "outgrown", lambda made, _cloud: looked_at.append(made))
    car = replace(FULL, id="may move")
    pillar = replace(FULL, id="stays", label="pillar", shape=BARE.shape)
    counts = BoxCounts(scans=2)
    counts.see(cloud, known)

    counts.count((car, pillar), GARAGE, budget_s=1)

    assert looked_at == [car]
    assert counts.of(pillar) == 7


def test_nothing_is_counted_while_the_floor_is_unknown(cloud: PointCloud) -> None:
    counts = BoxCounts()
    counts.see(cloud, None)

    assert counts.count((FULL,), GARAGE)
    assert counts.of(FULL) is None
    assert not list(counts.few(GARAGE))
