from dataclasses import replace

import pytest

from annotator.commands.vertices import (
    TooFewVerticesError,
    add_vertex,
    move_vertex,
    remove_vertex,
)
from annotator.model.annotations import Annotation
from annotator.model.edits import Put, apply
from annotator.model.shapes import Box3D, Opening, Polygon3D, Polyline3D, Vec3
from annotator.tools.cloud_scene import CloudScene
from annotator.tools.edit_vertices import EditVertices
from annotator.tools.tool import CLEAR, Keys
from tests.unit.tools.scenes import at, do, hall

SQUARE = Annotation("movable", Polygon3D(((4, 5, 0), (6, 5, 0), (6, 7, 0), (4, 7, 0))))
DOOR = Opening(2, 3, 0, 2.1)
WALL = Annotation("wall", Polyline3D(((10, 5, 0), (16, 5, 0), (16, 9, 0)), 3, 0.2, (DOOR,)))


def scene_with(selected: Annotation | None) -> CloudScene:
    scene = hall()
    for annotation in (SQUARE, WALL):
        apply(Put(annotation), scene.document)
    scene.selected = selected
    return scene


def vertices(annotation: Annotation) -> tuple[Vec3, ...]:
    assert isinstance(annotation.shape, Polygon3D | Polyline3D)
    return annotation.shape.vertices_m


def openings(put: Put) -> tuple[Opening, ...]:
    assert isinstance(put.annotation.shape, Polyline3D)
    return put.annotation.shape.openings


def test_a_dragged_vertex_moves_in_its_own_level_as_one_edit() -> None:
    scene = scene_with(SQUARE)
    tool = EditVertices(scene)
    tool.press(at(scene, (6, 7, 0), on_point=False))
    tool.move(at(scene, (7, 8, 0), on_point=False))

    (made,) = do(scene, tool.release(at(scene, (7, 8, 0), on_point=False)))

    assert made.id == SQUARE.id
    assert vertices(made)[2] == pytest.approx((7, 8, 0), abs=1e-6)
    assert vertices(made)[:2] == vertices(SQUARE)[:2]


def test_a_click_on_an_edge_adds_a_vertex_there() -> None:
    scene = scene_with(SQUARE)
    tool = EditVertices(scene)
    place = at(scene, (5, 5, 0), on_point=False)
    tool.press(place)

    (made,) = do(scene, tool.release(place))

    assert len(vertices(made)) == 5
    assert vertices(made)[1] == pytest.approx((5, 5, 0), abs=0.05)


def test_a_closed_outline_can_be_bent_on_its_last_edge_too() -> None:
    scene = scene_with(SQUARE)
    tool = EditVertices(scene)
    tool.press(at(scene, (4, 6, 0), on_point=False))
    tool.move(at(scene, (3, 6, 0), on_point=False))

    (made,) = do(scene, tool.release(at(scene, (3, 6, 0), on_point=False)))

    assert vertices(made)[4] == pytest.approx((3, 6, 0), abs=0.05)


def test_ctrl_click_removes_a_vertex_but_never_the_last_three() -> None:
    scene = scene_with(SQUARE)
    tool = EditVertices(scene)
    (made,) = do(scene, tool.press(at(scene, (6, 7, 0), keys=Keys.CTRL, on_point=False)))
    scene.selected = made

    refused = tool.press(at(scene, (4, 5, 0), keys=Keys.CTRL, on_point=False))

    assert len(vertices(made)) == 3
    assert refused.edit is None
    assert "3 vertices" in refused.hint


def test_a_click_on_an_outline_selects_it_and_a_click_beside_it_nothing() -> None:
    scene = scene_with(None)
    tool = EditVertices(scene)

    wall = tool.press(at(scene, (13, 5, 3), on_point=False))
    nothing = tool.press(at(scene, (1, 1, 0), on_point=False))

    assert wall.select == (WALL.id,)
    assert nothing.select == ()


def test_escape_puts_a_held_vertex_back() -> None:
    scene = scene_with(SQUARE)
    tool = EditVertices(scene)
    tool.press(at(scene, (6, 7, 0), on_point=False))
    tool.move(at(scene, (7, 8, 0), on_point=False))

    assert tool.cancel().preview is CLEAR

    assert tool.release(at(scene, (7, 8, 0), on_point=False)).edit is None


def half_seen(*assumed: int) -> Annotation:
    return replace(SQUARE, shape=Polygon3D(vertices(SQUARE), frozenset(assumed)))


def assumed(put: Put) -> frozenset[int]:
    assert isinstance(put.annotation.shape, Polygon3D)
    return put.annotation.shape.assumed


def test_the_edges_of_a_vertex_that_a_person_put_elsewhere_are_assumed_no_longer() -> None:
    assert assumed(move_vertex(half_seen(1, 2, 3), 2, (7, 8, 0))) == {3}
    assert assumed(move_vertex(half_seen(0, 1, 3), 0, (3, 4, 0))) == {1}


def test_both_halves_of_a_bent_edge_are_as_assumed_as_it_was() -> None:
    assert assumed(add_vertex(half_seen(1, 3), 1, (6, 6, 0))) == {1, 2, 4}
    assert assumed(add_vertex(half_seen(1, 3), 2, (5, 7, 0))) == {1, 4}
    assert assumed(add_vertex(half_seen(1, 3), 3, (4, 6, 0))) == {1, 3, 4}


def test_an_edge_in_place_of_two_is_assumed_only_if_both_were() -> None:
    assert assumed(remove_vertex(half_seen(1, 2, 3), 2)) == {1, 2}
    assert assumed(remove_vertex(half_seen(1, 3), 2)) == {2}
    assert assumed(remove_vertex(half_seen(0, 3), 0)) == {2}


def test_a_door_stays_where_it_stood_when_a_wall_is_bent() -> None:
    longer = openings(move_vertex(WALL, 0, (9, 5, 0)))
    far_end = openings(move_vertex(WALL, 2, (16, 12, 0)))
    bent = openings(add_vertex(WALL, 0, (14, 5, 0)))

    assert longer == (Opening(3, 4, 0, 2.1),)
    assert far_end == bent == (DOOR,)


def test_a_door_beyond_the_new_end_of_a_wall_goes() -> None:
    short = Annotation("wall", Polyline3D(((0, 0, 0), (5, 0, 0)), 3, 0.2, (Opening(4, 5, 0, 2),)))

    assert openings(move_vertex(short, 1, (3, 0, 0))) == ()


def test_a_box_has_no_vertices_to_remove() -> None:
    with pytest.raises(TooFewVerticesError):
        remove_vertex(Annotation("car", Box3D((0, 0, 0), (1, 1, 1))), 0)
