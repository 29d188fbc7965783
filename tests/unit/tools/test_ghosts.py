"""Reflections of a radar or of a wet floor: they lie anywhere, below the floor as well."""

import numpy as np
import pytest

from annotator.commands.fitting import refit_object
from annotator.errors import AnnotatorError
from annotator.geometry.boxes import points_in_box
from annotator.geometry.fit_within import fit_within
from annotator.geometry.survey import survey
from annotator.i18n import set_language
from annotator.model.annotations import Annotation
from annotator.model.cloud import PointCloud
from annotator.model.labels import GHOST
from annotator.model.shapes import Box3D, Vec3
from annotator.tools.cloud_scene import CloudScene
from annotator.tools.grow_cluster import GrowCluster
from annotator.tools.one_click_box import OneClickBox
from annotator.tools.other_scans import to_others_in_words
from annotator.tools.tool import Keys
from tests.unit.tools.scenes import FROM_ABOVE, at, do, hall_points, scene_of

MIRRORED: Vec3 = (8.0, 10.5, -1.2)
ALONE: Vec3 = (4.0, 6.0, 1.4)


@pytest.fixture(autouse=True)
def _english() -> None:
    set_language("en")


@pytest.fixture
def mirrored() -> CloudScene:
    """Return a hall with a heap of 40 points below its floor, and a single one in the air."""
    rng = np.random.default_rng(4)
    heap = np.array(MIRRORED) + rng.uniform(-0.4, 0.4, (40, 3))
    cloud = PointCloud(np.concatenate([hall_points(), heap, [ALONE]]).astype(np.float32))
    return scene_of(cloud, survey=survey(cloud.xyz_m), camera=FROM_ABOVE)


def boxed(scene: CloudScene, place_m: Vec3) -> Box3D:
    reply = OneClickBox(scene).press(at(scene, place_m)).settled()
    assert reply.edit is not None, reply.hint
    (made,) = do(scene, reply)
    assert isinstance(made.shape, Box3D)
    return made.shape


@pytest.mark.parametrize("label", [GHOST, "car", "pillar", "wall"])
def test_a_click_on_a_point_below_the_floor_boxes_the_points_around_it(
    mirrored: CloudScene, label: str
) -> None:
    mirrored.label = label

    box = boxed(mirrored, MIRRORED)

    heap = mirrored.cloud.xyz_m[-41:-1]
    assert points_in_box(heap.astype(np.float64), box).all()
    assert max(box.size_m) < 1.2
    assert box.center_m[2] + box.size_m[2] / 2 < -0.6


def test_a_ghost_of_one_point_gets_a_box_that_can_be_seen(mirrored: CloudScene) -> None:
    mirrored.label = GHOST

    box = boxed(mirrored, ALONE)

    assert min(box.size_m) == pytest.approx(0.3)
    assert box.center_m == pytest.approx(ALONE, abs=0.01)


def test_a_rectangle_around_ghosts_below_the_floor_boxes_them(mirrored: CloudScene) -> None:
    mirrored.label, tool = GHOST, OneClickBox(mirrored)
    x, y, z = MIRRORED

    tool.press(at(mirrored, (x - 1, y - 1, z), keys=Keys.CTRL))
    reply = tool.release(at(mirrored, (x + 1, y + 1, z), keys=Keys.CTRL)).settled()

    (made,) = do(mirrored, reply)
    assert isinstance(made.shape, Box3D)
    assert made.shape.center_m == pytest.approx(MIRRORED, abs=0.2)


def test_a_rectangle_around_nothing_but_what_hangs_high_boxes_it_as_a_ghost_alone(
    mirrored: CloudScene,
) -> None:
    high = mirrored.cloud.xyz_m[:30].copy() * 0.01 + np.array((4, 2, 2.3), np.float32)
    cloud = PointCloud(np.concatenate([hall_points(), high]))
    scene = scene_of(cloud, survey=survey(cloud.xyz_m), camera=FROM_ABOVE)
    rows = np.arange(len(cloud) - 30, len(cloud))
    known = scene.survey
    assert known is not None

    with pytest.raises(AnnotatorError, match="nothing in this rectangle"):
        fit_within(known.index, known.ground, rows, scene.taxonomy["car"])

    box = fit_within(known.index, known.ground, rows, scene.taxonomy[GHOST]).box
    assert box.center_m[2] == pytest.approx(2.3, abs=0.1)


def test_a_box_below_the_floor_is_fitted_anew_where_it_is(mirrored: CloudScene) -> None:
    mirrored.label = GHOST
    reply = OneClickBox(mirrored).press(at(mirrored, MIRRORED)).settled()
    (made,) = do(mirrored, reply)
    known = mirrored.survey
    assert known is not None

    again = refit_object(
        made, mirrored.cloud, known.index, known.ground, mirrored.taxonomy[made.label]
    )

    assert again.annotation.shape == made.shape


def test_a_cluster_grows_below_the_floor_as_above(mirrored: CloudScene) -> None:
    tool = GrowCluster(mirrored)

    tool.press(at(mirrored, MIRRORED)).settled()

    assert tool.hint().startswith("40 points")


def test_where_no_floor_was_seen_a_ghost_is_boxed_at_any_height() -> None:
    few = np.random.default_rng(1).uniform((0, 0, -1), (40, 40, 3), (60, 3)).astype(np.float32)
    few[0] = (20, 60, 0.05)
    scene = scene_of(PointCloud(few), survey=survey(few), camera=FROM_ABOVE)
    scene.label = GHOST

    assert boxed(scene, (20, 60, 0.05)).center_m == pytest.approx((20, 60, 0.05), abs=0.01)


def test_nobody_is_told_to_carry_a_ghost_on() -> None:
    one = Box3D((0.0, 0.0, 1.0), (1.0, 1.0, 1.0))

    assert not to_others_in_words([Annotation(GHOST, one, frame=0)])
    assert to_others_in_words([Annotation("car", one, frame=0)])
