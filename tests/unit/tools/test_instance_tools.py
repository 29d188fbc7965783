import numpy as np
import numpy.typing as npt
import pytest

from annotator.model.annotations import Annotation
from annotator.model.edits import Batch, Paint, Put, apply, parts
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D, Vec2, Vec3
from annotator.tools.cloud_scene import CloudScene
from annotator.tools.grow_cluster import GrowCluster
from annotator.tools.inside_box import InsideBox
from annotator.tools.keys import ToolKey
from annotator.tools.lasso_label import LassoLabel
from annotator.tools.outlined import Outlined
from annotator.tools.plane_slab import PlaneSlab
from annotator.tools.rectangle_label import RectangleLabel
from annotator.tools.select_box import SelectBox
from annotator.tools.split_instance import SplitInstance
from annotator.tools.tool import CLEAR, NOTHING, Keys, Pointer, Reply
from tests.unit.tools.scenes import at, do, hall, settled

CAR, WALL = GARAGE["car"].value, GARAGE["wall"].value
CRATE: tuple[Vec3, ...] = ((14.2, 4.2, 0.5), (15.8, 4.2, 0.5), (15.8, 5.8, 0.5), (14.2, 5.8, 0.5))
CAR_AROUND: tuple[Vec3, ...] = (
    (5.5, 2.8, 0.7),
    (10.5, 2.8, 0.7),
    (10.5, 5.3, 0.7),
    (5.5, 5.3, 0.7),
)


def around(
    scene: CloudScene, tool: Outlined, corners: tuple[Vec3, ...], keys: Keys = Keys.NONE
) -> Reply:
    tool.press(at(scene, corners[0], keys=keys, on_point=False))
    for corner in corners[1:]:
        tool.move(at(scene, corner, keys=keys, on_point=False))
    return tool.release(at(scene, corners[-1], keys=keys, on_point=False)).settled()


def counts(scene: CloudScene) -> dict[int, int]:
    return scene.document.instances().counts()


def semantic(scene: CloudScene, value: int) -> npt.NDArray[np.int64]:
    return scene.document.semantic().where(value)


def on(scene: CloudScene, row: int, keys: Keys = Keys.NONE) -> Pointer:
    x, y, z = scene.cloud.xyz_m[row].astype(float).tolist()
    return at(scene, (x, y, z), keys=keys)


def test_a_lasso_gives_a_class_and_no_instance() -> None:
    scene = hall()

    do(scene, around(scene, LassoLabel(scene), CRATE))

    assert len(semantic(scene, CAR)) > 500
    assert counts(scene) == {}


def test_painting_another_class_takes_points_out_of_their_instance() -> None:
    scene = hall()
    scene.makes_instances = True
    do(scene, around(scene, LassoLabel(scene), CRATE))
    scene.instances, scene.makes_instances, scene.label = (), False, "wall"

    do(scene, around(scene, LassoLabel(scene), CRATE))

    assert counts(scene) == {}
    assert len(semantic(scene, CAR)) == 0


def test_with_instances_on_each_outline_is_one_and_what_follows_joins_it() -> None:
    scene = hall()
    scene.makes_instances = True
    tool = LassoLabel(scene)

    do(scene, around(scene, tool, CRATE))
    first = counts(scene)[1]
    do(scene, around(scene, tool, CAR_AROUND))
    joined = counts(scene)
    scene.instances = tool.cancel().instances or ()
    do(scene, around(scene, tool, ((1, 8, 1), (3, 8, 1), (3, 10, 1), (1, 10, 1))))

    assert joined[1] > first
    assert set(counts(scene)) == {1, 2}


def test_ctrl_takes_away_from_the_selected_instance_alone() -> None:
    scene = hall()
    scene.makes_instances = True
    do(scene, around(scene, LassoLabel(scene), CRATE))
    scene.instances = ()
    do(scene, around(scene, LassoLabel(scene), CAR_AROUND))

    reply = around(scene, LassoLabel(scene), CRATE, Keys.CTRL)

    assert set(scene.instances) == {2}
    assert reply.edit is None
    assert "selected instance" in reply.hint


@pytest.mark.parametrize("kind", [LassoLabel, RectangleLabel, SplitInstance])
def test_an_empty_outline_says_so_and_changes_nothing(kind: type[Outlined]) -> None:
    scene = hall()
    nowhere = ((30, 30, 0), (31, 30, 0), (31, 31, 0), (30, 31, 0))

    reply = around(scene, kind(scene), nowhere)

    assert reply.edit is None
    assert "point" in reply.hint


def test_an_outline_without_area_says_so() -> None:
    scene = hall()
    tool = LassoLabel(scene)
    tool.press(Pointer((100, 100), at(scene, CRATE[0]).button))
    tool.move(Pointer((200, 100)))

    reply = tool.release(Pointer((300, 100)))

    assert reply.edit is None
    assert "no area" in reply.hint


def test_a_click_with_the_lasso_selects_an_instance_and_one_on_nothing_lets_go() -> None:
    scene = hall()
    scene.makes_instances = True
    tool = LassoLabel(scene)
    do(scene, around(scene, tool, CRATE))
    row, scene.instances = int(semantic(scene, CAR)[0]), ()

    tool.press(on(scene, row))
    picked = tool.release(on(scene, row))
    nothing: Vec2 = (5.0, 5.0)
    tool.press(Pointer(nothing, on(scene, row).button))
    let_go = tool.release(Pointer(nothing))

    assert picked.instances == (1,)
    assert picked.edit is None
    assert let_go.instances == ()


def test_shift_says_at_the_pointer_and_in_the_hint_that_only_the_front_is_taken() -> None:
    scene = hall()
    tool = LassoLabel(scene)
    hovering = tool.move(at(scene, CRATE[0], keys=Keys.SHIFT))
    tool.press(at(scene, CRATE[0], keys=Keys.SHIFT))

    dragging = tool.move(at(scene, CRATE[2], keys=Keys.SHIFT))

    for reply in (hovering, dragging):
        assert reply.preview is not None
        assert reply.preview.beside is not None
        assert "front only" in reply.preview.beside[1]
        assert reply.hint.startswith("Front surface only")
    plain = tool.move(at(scene, CRATE[1]))
    assert plain.preview is not None
    assert plain.preview.beside is None


def test_what_was_said_last_stays_while_the_pointer_goes_on() -> None:
    tool = LassoLabel(hall())
    held = tool.move(at(hall(), CRATE[0], keys=Keys.CTRL))

    let_go, going_on = (tool.move(at(hall(), corner)) for corner in CRATE[:2])

    assert "labels away" in held.hint
    assert held.preview is not CLEAR
    assert let_go.preview is CLEAR
    assert going_on is NOTHING


def test_resting_in_a_drag_shows_the_points_and_their_number_before_letting_go() -> None:
    scene = hall()
    tool = LassoLabel(scene)
    tool.press(at(scene, CRATE[0], on_point=False))
    for corner in CRATE[1:]:
        tool.move(at(scene, corner, on_point=False))

    preview = tool.rest(at(scene, CRATE[-1], on_point=False)).preview
    do(scene, tool.release(at(scene, CRATE[-1], on_point=False)))

    assert preview is not None
    assert preview.rows is not None
    assert preview.rows.tolist() == semantic(scene, CAR).tolist()
    assert preview.beside is not None
    assert f"{len(preview.rows):,} points" in preview.beside[1]


def two_in_one(scene: CloudScene) -> None:
    """Make one instance of the car and the crate, which 4 m separate."""
    scene.makes_instances = True
    do(scene, around(scene, LassoLabel(scene), CRATE))
    do(scene, around(scene, LassoLabel(scene), CAR_AROUND))


def test_an_instance_is_split_by_its_gaps_after_a_look_at_the_parts() -> None:
    scene = hall()
    two_in_one(scene)
    before = counts(scene)
    tool = SplitInstance(scene)
    place = on(scene, int(semantic(scene, CAR)[0]))
    settled(tool.press(place))

    shown = settled(tool.release(place))
    wide = settled(tool.wheel(at(scene, CRATE[0], keys=Keys.ALT), 20))
    narrow = settled(tool.wheel(at(scene, CRATE[0], keys=Keys.ALT), -8))
    do(scene, tool.key_press(ToolKey.FINISH))

    assert shown.preview is not None
    assert shown.preview.beside is not None
    assert wide is not None
    assert wide.preview is not None
    assert wide.preview.beside is not None
    assert "300 cm" in wide.preview.beside[1]
    assert narrow is not None
    assert len(before) == 1
    assert len(counts(scene)) > 1
    assert sum(counts(scene).values()) == sum(before.values())


def test_an_outline_cuts_a_part_off_as_an_instance_of_its_own() -> None:
    scene = hall()
    two_in_one(scene)
    whole = counts(scene)[1]

    reply = around(scene, SplitInstance(scene), CRATE)
    do(scene, reply)

    assert reply.edit is not None
    assert [type(part) for part in parts(reply.edit)] == [Paint]
    assert counts(scene)[1] + counts(scene)[2] == whole
    assert abs(scene.cloud.xyz_m[scene.document.instances().where(2), 0] - 15).max() < 2


def test_what_is_one_part_is_not_split() -> None:
    scene = hall()
    scene.makes_instances = True
    do(scene, around(scene, LassoLabel(scene), CRATE))
    tool = SplitInstance(scene)
    settled(tool.rest(at(scene, CRATE[0])))
    settled(tool.wheel(at(scene, CRATE[0], keys=Keys.ALT), 20))

    reply = tool.key_press(ToolKey.FINISH)

    assert reply is not None
    assert reply.edit is None
    assert "one part" in reply.hint


def test_selecting_prefers_a_box_and_ctrl_the_points() -> None:
    scene = hall()
    box = Annotation("car", Box3D((15, 5, 0.5), (1.2, 1.2, 1.2)))
    apply(Put(box), scene.document)
    scene.makes_instances = True
    do(scene, around(scene, LassoLabel(scene), CRATE))
    row = int(semantic(scene, CAR)[0])

    plain = SelectBox(scene).press(on(scene, row))
    with_ctrl = SelectBox(scene).press(on(scene, row, Keys.CTRL))

    assert plain.select == (box.id,)
    assert with_ctrl.instances == (1,)


def test_shift_adds_an_instance_to_the_selected_ones_and_lets_it_go_again() -> None:
    scene = hall()
    scene.makes_instances = True
    do(scene, around(scene, LassoLabel(scene), CRATE))
    row, scene.instances = int(semantic(scene, CAR)[0]), (7,)

    added = SelectBox(scene).press(on(scene, row, Keys.SHIFT))
    scene.instances = added.instances or ()
    removed = SelectBox(scene).press(on(scene, row, Keys.SHIFT))

    assert added.instances == (7, 1)
    assert removed.instances == (7,)


def test_a_click_in_a_box_gives_box_and_points_one_instance_in_one_step() -> None:
    scene = hall()
    box = Annotation("car", Box3D((8, 4, 0.75), (4.4, 1.8, 1.5)))
    apply(Put(box), scene.document)

    reply = InsideBox(scene).press(at(scene, (8, 3.1, 1)))
    do(scene, reply)

    assert isinstance(reply.edit, Batch)
    assert scene.document.annotations[box.id].attributes["instance"] == 1
    assert set(counts(scene)) == {1}


def test_a_failed_click_keeps_what_was_grown() -> None:
    scene = hall()
    tool = GrowCluster(scene)
    settled(tool.press(at(scene, (8, 3.1, 1))))

    missed = settled(tool.press(Pointer((5, 5), at(scene, (8, 3.1, 1)).button)))

    assert missed.preview is None
    assert "no point" in missed.hint
    assert tool.key_press(ToolKey.FINISH) is not None


def test_the_gap_stands_at_the_pointer_and_ctrl_click_tightens_it() -> None:
    scene = hall()
    tool = GrowCluster(scene)

    first = settled(tool.press(at(scene, (8, 3.1, 1))))
    tighter = settled(tool.press(at(scene, (8, 3.1, 1), keys=Keys.CTRL)))

    for reply in (first, tighter):
        assert reply.preview is not None
        assert reply.preview.beside is not None
        assert reply.preview.beside[1].startswith("gap ")
    assert first.preview is not None
    assert tighter.preview is not None
    assert first.preview.beside != tighter.preview.beside


def test_a_plane_joins_the_selected_instance() -> None:
    scene = hall()
    scene.label, scene.makes_instances = "wall", True
    place = at(scene, (10, 0, 1.5))
    tool = PlaneSlab(scene)
    tool.press(place)

    do(scene, tool.release(place))

    assert counts(scene)[1] == len(semantic(scene, WALL)) > 4000


def test_an_instance_is_taken_apart_at_the_gap_that_it_was_grown_with() -> None:
    scene = hall()
    grown = GrowCluster(scene)
    crate = at(scene, (15, 4.5, 0.6))
    grown.press(crate).settled()
    grown.wheel(at(scene, (15, 4.5, 0.6), keys=Keys.ALT), 3)
    do(scene, settled(grown.key_press(ToolKey.FINISH)))

    gap_m = scene.gap_m
    split = SplitInstance(scene).part(1, (0, 0)).settled()

    assert gap_m is not None
    assert split.preview is not None
    assert split.preview.beside is not None
    assert split.preview.beside[1].endswith(f"gap {100 * gap_m:.0f} cm")
    assert split.preview.hides_marks
