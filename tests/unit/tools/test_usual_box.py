import math
from dataclasses import replace

import pytest

from annotator.i18n import set_language
from annotator.model.annotations import Annotation
from annotator.model.edits import Put
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D, Face, Vec3
from annotator.tools.cloud_scene import CloudScene
from annotator.tools.draw_box import DrawBox
from annotator.tools.tool import Button, Keys, Pointer, Ray, Reply
from annotator.tools.usual_box import UsualBox
from tests.unit.tools.scenes import SIZE_PX, hall


def over(scene: CloudScene, place_m: Vec3, keys: Keys = Keys.NONE) -> Pointer:
    """A pointer over a place of the floor where there is no point."""
    x, y = scene.to_px([place_m])[0].tolist()
    return Pointer((x, y), Button.LEFT, keys, Ray(*scene.camera.ray((x, y), SIZE_PX)))


def box_of(reply: Reply) -> Box3D:
    assert isinstance(reply.edit, Put)
    assert isinstance(reply.edit.annotation.shape, Box3D)
    return reply.edit.annotation.shape


@pytest.fixture
def scene() -> CloudScene:
    set_language("en")
    return hall()


def test_a_click_between_points_stands_a_box_of_usual_size_on_the_floor(scene: CloudScene) -> None:
    tool = UsualBox(scene)

    made = box_of(tool.press(over(scene, (12, 4, 0))))

    assert made.size_m == GARAGE["car"].usual_size_m
    assert made.center_m == pytest.approx((12, 4, 0.75), abs=0.05)
    assert made.assumed == frozenset(Face) - {Face.BOTTOM}


def test_what_is_shown_before_the_click_is_what_is_added(scene: CloudScene) -> None:
    tool, pointer = UsualBox(scene), over(scene, (12, 4, 0))

    shown = tool.move(pointer).preview

    assert shown is not None
    assert shown.annotations[0].shape == box_of(tool.press(pointer))


def test_it_heads_as_the_nearest_box_of_its_class_does(scene: CloudScene) -> None:
    known = Annotation("car", Box3D((9, 4, 0.75), (4.4, 1.8, 1.5), 0.4))
    crate = Annotation("movable", Box3D((12, 5, 0.5), (1, 1, 1), 1.1))
    scene.document.annotations.update({known.id: known, crate.id: crate})

    assert box_of(UsualBox(scene).press(over(scene, (12, 4, 0)))).yaw_rad == pytest.approx(0.4)


def test_it_heads_away_from_the_eye_where_it_is_alone(scene: CloudScene) -> None:
    made = box_of(UsualBox(scene).press(over(scene, (12, 4, 0))))

    assert made.yaw_rad == pytest.approx(math.pi / 2)


def test_the_wheel_with_alt_turns_it_before_the_click(scene: CloudScene) -> None:
    tool, pointer = UsualBox(scene), over(scene, (12, 4, 0), Keys.ALT)

    turned = tool.wheel(pointer, 2)

    assert turned is not None
    assert tool.wheel(over(scene, (12, 4, 0)), 1) is None  # zooms
    made = box_of(tool.press(over(scene, (12, 4, 0))))
    assert made.yaw_rad == pytest.approx(math.pi / 2 + math.radians(10))


def test_a_class_without_a_usual_size_and_a_place_beside_the_scan_are_refused(
    scene: CloudScene,
) -> None:
    beside = UsualBox(scene).press(over(scene, (40, 4, 0)))
    scene.label = "wall"
    wall = UsualBox(scene).press(over(scene, (12, 4, 0)))

    assert beside.edit is None
    assert "floor of the scan is not under the pointer" in beside.hint
    assert wall.edit is None
    assert wall.hint == "The class Wall has no usual size"


def test_a_click_from_the_side_says_to_look_from_above(scene: CloudScene) -> None:
    pointer = over(scene, (12, 4, 0))
    level = replace(pointer, ray=Ray((0, 0, 1), (1, 0, 0)))
    scene.camera = replace(scene.camera, elevation_rad=0.0)

    assert "look from above" in UsualBox(scene).press(level).hint


def test_a_box_by_hand_begins_on_the_floor_where_there_is_no_point(scene: CloudScene) -> None:
    tool = DrawBox(scene)

    for place in ((10, 4, 0), (14, 4, 0), (12, 5, 0)):
        reply = tool.press(over(scene, place))

    made = box_of(reply)
    assert made.center_m == pytest.approx((12, 4, 0.75), abs=0.05)
    assert made.size_m[:2] == pytest.approx((4, 2), abs=0.05)
