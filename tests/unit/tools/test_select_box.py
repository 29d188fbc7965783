"""What a click of the select tool takes where it hits neither a point nor a line of anything."""

import math

import numpy as np
import pytest

from annotator.geometry.projection import Camera
from annotator.model.annotations import Annotation
from annotator.model.cloud import PointCloud
from annotator.model.edits import Put, apply
from annotator.model.shapes import Box3D, Cylinder3D, Polygon3D, Polyline3D, Shape, Vec2, Vec3
from annotator.tools.cloud_scene import CloudScene
from annotator.tools.select_box import SelectBox
from annotator.tools.tool import Button, Keys, Pointer, Ray
from tests.unit.tools.scenes import SIZE_PX, scene_of

CAR = Annotation("car", Box3D((5, 0, 0.75), (4.4, 1.8, 1.5)))
ABOVE = Camera((0, 0, 0), distance_m=18, azimuth_rad=math.pi, elevation_rad=math.pi / 2)
ASLANT = Camera((4, 0, 0), distance_m=12, azimuth_rad=math.pi, elevation_rad=math.radians(35))


def looking(camera: Camera, *shown: Annotation) -> CloudScene:
    """A scan with one point far away, so that boxes are empty."""
    cloud = PointCloud(np.array([[90, 90, 0]], np.float32))
    scene = scene_of(cloud, survey=None, camera=camera)
    for annotation in shown:
        apply(Put(annotation), scene.document)
    return scene


def pointing(
    scene: CloudScene, place_m: Vec3, *, at_m: Vec3 | None = None, keys: Keys = Keys.NONE
) -> Pointer:
    at_px: Vec2 = tuple(scene.to_px([place_m])[0].tolist())
    return Pointer(at_px, Button.LEFT, keys, Ray(*scene.camera.ray(at_px, SIZE_PX)), at_m=at_m)


@pytest.mark.parametrize("camera", [ABOVE, ASLANT], ids=["from above", "aslant"])
@pytest.mark.parametrize(
    ("shape", "inside_m"),
    [
        (CAR.shape, (5.6, 0.3, 0.8)),
        (Cylinder3D((3, 2, 1.5), 0.6, 3.0), (3.1, 2.1, 1.4)),
        (Polygon3D(((2, -2, 0), (6, -2, 0), (6, 4, 0), (5, -1, 0))), (5.3, -1.2, 0)),
    ],
    ids=["a box", "a pillar", "a contour"],
)
def test_a_click_inside_what_is_drawn_selects_it(
    camera: Camera, shape: Shape, inside_m: Vec3
) -> None:
    made = Annotation("car", shape)
    scene = looking(camera, made)

    pressed = SelectBox(scene).press(pointing(scene, inside_m))

    assert pressed.select == (made.id,)


def test_a_click_within_the_bend_of_a_wall_or_beside_a_box_lets_go() -> None:
    wall = Annotation("wall", Polyline3D(((-6, 5, 0), (6, 5, 0), (6, -5, 0)), 0.5, 0.2))
    scene = looking(ABOVE, CAR, wall)

    pressed = SelectBox(scene).press(pointing(scene, (-2, 3, 0)))

    assert pressed.select == ()


def test_of_nested_things_the_smallest_in_the_picture_is_selected() -> None:
    wall = Annotation("wall", Polyline3D(((0, 9, 0), (0, -9, 0)), 5.0, 0.2))
    scene = looking(ASLANT, wall, CAR)

    over_both = SelectBox(scene).press(pointing(scene, (5, 0.2, 0.8)))
    beside = SelectBox(scene).press(pointing(scene, (0, 6, 2.5)))

    assert over_both.select == (CAR.id,)
    assert beside.select == (wall.id,)


def test_what_lies_all_behind_the_point_that_was_clicked_is_not_selected() -> None:
    scene = looking(ASLANT, CAR)
    near_m = tuple((np.array((5, 0.2, 0.8)) * 0.5 + np.array(ASLANT.eye_m) * 0.5).tolist())

    pressed = SelectBox(scene).press(pointing(scene, (5, 0.2, 0.8), at_m=near_m))

    assert pressed.select == ()


def test_what_is_hidden_or_dismissed_is_not_selected() -> None:
    scene = looking(ABOVE, CAR)
    scene.shows = lambda annotation: annotation.label != "car"
    on_edge, inside = (pointing(scene, at_m) for at_m in ((5, 0.9, 1.5), (5, 0.3, 0.8)))

    assert SelectBox(scene).press(inside).select == ()
    assert SelectBox(scene).press(on_edge).select == ()


def test_shift_adds_what_is_clicked_inside() -> None:
    scene = looking(ABOVE, CAR)
    scene.chosen = ("another",)

    pressed = SelectBox(scene).press(pointing(scene, (5.6, 0.3, 0.8), keys=Keys.SHIFT))

    assert set(pressed.select or ()) == {"another", CAR.id}


def test_a_drag_from_inside_a_box_still_turns_the_view() -> None:
    scene = looking(ABOVE, CAR)

    assert SelectBox(scene).leaves_drags(pointing(scene, (5.6, 0.3, 0.8)))
