from dataclasses import replace

import numpy as np
import pytest

from annotator.commands.foci import dismiss, foci, is_counted, suggest_foci, voxels_of
from annotator.imaging.brush import Brush
from annotator.imaging.slabs import Plane
from annotator.model.document import Document
from annotator.model.edits import apply
from annotator.model.layers import Where
from annotator.model.volume import Series, Slice, Volume
from annotator.tools.brush import EraseFocus, PaintFocus
from annotator.tools.click_focus import ClickFocus
from annotator.tools.image_measures import Angle, EllipseProbe, Ruler
from annotator.tools.image_scene import ImageScene, ImageTool
from annotator.tools.image_tools import IMAGE_TOOLS
from annotator.tools.keys import ToolKey
from annotator.tools.scissors import Scissors
from annotator.tools.select_focus import RemoveFocus, SelectFocus
from annotator.tools.tool import CLEAR, NOTHING, Button, Keys, Pointer, Reply

SHAPE = (6, 40, 40)


@pytest.fixture
def scene() -> ImageScene:
    hu = np.zeros(SHAPE, np.int16)
    hu[2:4, 10:13, 10:14] = 300
    hu[3, 11, 11] = 900
    hu[2:5, 20:24, 20:22] = 160
    hu[:, 30:, 30:] = 500
    slices = tuple(Slice(f"{k}", f"1.{k}", (0.0, 0.0, 2.0 * k)) for k in range(SHAPE[0]))
    series = Series("1", "2", "3", slices, SHAPE, np.diag((2.0, 2.0, 2.0, 1.0)), (2.0, 2.0, 2.0))
    return ImageScene(Document(extents=(SHAPE,)), Volume(series, hu), px_per_mm=2.0)


def at(
    i: float, j: float, k: float, *, keys: Keys = Keys.NONE, button: Button = Button.LEFT
) -> Pointer:
    return Pointer(at_px=(i * 10, j * 10), button=button, keys=keys, voxel=(i, j, k))


def voxel_index(i: int, j: int, k: int) -> int:
    return int(np.ravel_multi_index((k, j, i), SHAPE))


def painted(scene: ImageScene, reply: Reply) -> Where:
    do(scene, reply)
    (focus,) = foci(scene.document)
    return voxels_of(scene.document, focus)


OUTSIDE = Pointer(at_px=(0, 0), button=Button.LEFT)


def do(scene: ImageScene, reply: Reply) -> Reply:
    assert reply.edit is not None
    apply(reply.edit, scene.document)
    return reply


def test_hovering_shows_in_hu_what_a_click_would_take(scene: ImageScene) -> None:
    reply = ClickFocus(scene).move(at(11, 11, 2))

    assert reply.preview is not None
    np.testing.assert_array_equal(
        reply.preview.voxels, np.flatnonzero(np.isin(scene.volume.hu, (300, 900)))
    )
    assert not reply.preview.warning
    assert "24 voxels" in reply.hint
    assert "max 900 HU" in reply.hint


def test_hovering_over_soft_tissue_says_how_bright_it_is(scene: ImageScene) -> None:
    reply = ClickFocus(scene).move(at(5, 5, 2))

    assert reply.preview is CLEAR
    assert "0 HU, below the threshold" in reply.hint


def test_one_click_marks_the_focus_in_three_dimensions_and_selects_it(scene: ImageScene) -> None:
    reply = do(scene, ClickFocus(scene).press(at(11.4, 10.6, 3)))

    (focus,) = foci(scene.document)
    assert reply.select == (focus.id,)
    assert len(voxels_of(scene.document, focus)) == 24


def test_a_click_that_would_run_into_bone_is_amber_and_takes_nothing(scene: ImageScene) -> None:
    tool = ClickFocus(scene)

    reply = tool.move(at(35, 35, 2))
    clicked = tool.press(at(35, 35, 2))

    assert reply.preview is not None
    assert reply.preview.warning
    assert "bone" in reply.hint
    assert clicked.edit is None


def test_a_radius_caps_what_a_click_takes_from_bone(scene: ImageScene) -> None:
    tool = ClickFocus(scene)
    for _ in range(4):
        tool.wheel(at(35, 35, 2, keys=Keys.SHIFT), -1)

    assert scene.marking.radius_mm == 8.0
    do(scene, tool.press(at(35, 35, 2)))

    (focus,) = foci(scene.document)
    assert 1 < len(voxels_of(scene.document, focus)) < 600


def test_alt_and_wheel_move_the_threshold_and_escape_brings_it_back(scene: ImageScene) -> None:
    tool = ClickFocus(scene)

    reply = tool.wheel(at(20, 20, 2, keys=Keys.ALT), 4)

    assert scene.marking.at_least_hu == 170
    assert reply is not None
    assert "below the threshold" in reply.hint
    tool.cancel()
    assert scene.marking.at_least_hu == 130


@pytest.mark.parametrize("kind", IMAGE_TOOLS)
@pytest.mark.parametrize("keys", [Keys.NONE, Keys.CTRL])
def test_the_wheel_scrolls_and_zooms_whatever_the_tool(
    kind: type, keys: Keys, scene: ImageScene
) -> None:
    assert kind(scene).wheel(at(11, 11, 2, keys=keys), 1) is None


@pytest.mark.parametrize("kind", IMAGE_TOOLS)
def test_a_press_outside_the_volume_changes_nothing(kind: type, scene: ImageScene) -> None:
    tool = kind(scene)

    tool.move(OUTSIDE)
    replies = (tool.press(OUTSIDE), tool.release(OUTSIDE))

    assert all(reply.edit is None for reply in replies)


@pytest.mark.parametrize("kind", IMAGE_TOOLS)
def test_every_tool_says_what_it_will_do(kind: type, scene: ImageScene) -> None:
    assert kind(scene).hint()


def test_a_click_on_a_marked_focus_selects_it(scene: ImageScene) -> None:
    tool = ClickFocus(scene)
    do(scene, tool.press(at(11, 11, 3)))

    reply = tool.press(at(12, 11, 3))

    assert reply.edit is None
    assert reply.select == (foci(scene.document)[0].id,)


def test_a_click_at_a_lower_threshold_extends_the_focus_it_hits(scene: ImageScene) -> None:
    tool = ClickFocus(scene)
    scene.marking.at_least_hu = 600
    do(scene, tool.press(at(11, 11, 3)))
    scene.marking.at_least_hu = 130

    reply = do(scene, tool.press(at(11, 11, 3)))

    (focus,) = foci(scene.document)
    assert reply.text == "Extend focus"
    assert len(voxels_of(scene.document, focus)) == 24


def test_a_preview_inside_the_same_set_is_not_computed_again(scene: ImageScene) -> None:
    tool = ClickFocus(scene)

    first, second = tool.move(at(11, 11, 3)).preview, tool.move(at(12, 12, 3)).preview

    assert first is not None
    assert second is not None
    assert first.voxels is second.voxels


def test_a_stroke_is_one_edit_of_one_focus(scene: ImageScene) -> None:
    scene.marking.brush = Brush(2.4, low_hu=130)
    tool = PaintFocus(scene)

    tool.press(at(10, 11, 3))
    for step in range(11, 14):
        assert tool.move(at(step, 11, 3)).edit is None
    do(scene, tool.release(at(13, 11, 3)))

    (focus,) = foci(scene.document)
    taken = voxels_of(scene.document, focus)
    assert len(taken) == 12
    assert (scene.volume.hu.flat[taken] >= 130).all()


def test_a_stroke_that_begins_in_a_focus_adds_to_it(scene: ImageScene) -> None:
    do(scene, ClickFocus(scene).press(at(11, 11, 3)))
    scene.marking.brush = Brush(2.4)
    tool = PaintFocus(scene)

    tool.press(at(11, 11, 3))
    tool.move(at(17, 11, 3))
    do(scene, tool.release(at(17, 11, 3)))

    (focus,) = foci(scene.document)
    assert len(voxels_of(scene.document, focus)) > 24


def stroke(scene: ImageScene, *voxels: tuple[float, float, float], keys: Keys = Keys.NONE) -> Reply:
    tool = PaintFocus(scene)
    tool.press(at(*voxels[0], keys=keys))
    for voxel in voxels:
        tool.move(at(*voxel, keys=keys))
    reply = do(scene, tool.release(at(*voxels[-1], keys=keys)))
    assert reply.select is not None
    scene.selected = scene.document.annotations[reply.select[0]]
    return reply


def sizes(scene: ImageScene) -> list[int]:
    return sorted(len(voxels_of(scene.document, focus)) for focus in foci(scene.document))


def test_strokes_at_two_places_are_two_foci_though_the_first_is_selected(scene: ImageScene) -> None:
    scene.marking.brush = Brush(0.5, low_hu=130)

    stroke(scene, (11, 11, 3))
    stroke(scene, (20, 21, 3))

    assert sizes(scene) == [1, 1]


def test_a_stroke_that_touches_the_selected_focus_adds_to_it(scene: ImageScene) -> None:
    scene.marking.brush = Brush(0.5, low_hu=130)

    stroke(scene, (11, 11, 3))
    stroke(scene, (12, 12, 2))

    assert sizes(scene) == [2]


def test_with_ctrl_a_stroke_adds_to_the_selected_focus_wherever_it_is(scene: ImageScene) -> None:
    scene.marking.brush = Brush(0.5, low_hu=130)

    stroke(scene, (20, 21, 2))
    stroke(scene, (20, 21, 4), keys=Keys.CTRL)

    assert sizes(scene) == [2]


def test_a_brush_paints_from_the_rules_threshold_on(scene: ImageScene) -> None:
    scene.marking.follow(200.0)

    tool = PaintFocus(scene)
    tool.press(at(20, 21, 3))

    assert tool.release(at(20, 21, 3)).edit is None
    assert "≥ 200 HU" in tool.hint()


def test_alt_shift_and_wheel_set_the_greatest_value_that_is_painted(scene: ImageScene) -> None:
    tool = PaintFocus(scene)

    tool.wheel(at(11, 11, 3, keys=Keys.ALT | Keys.SHIFT), -1)
    tool.wheel(at(11, 11, 3, keys=Keys.ALT | Keys.SHIFT), -4)

    assert (scene.marking.brush.low_hu, scene.marking.brush.high_hu) == (130, 800)
    assert "130 to 800 HU" in tool.hint()
    tool.press(at(11, 11, 3))
    assert not np.isin(voxel_index(11, 11, 3), painted(scene, tool.release(at(11, 11, 3))))


def test_the_eraser_has_a_range_of_its_own(scene: ImageScene) -> None:
    do(scene, ClickFocus(scene).press(at(11, 11, 3)))
    scene.marking.brush = Brush(60.0, is_ball=True, low_hu=130)
    tool = EraseFocus(scene)
    tool.wheel(at(11, 11, 3, keys=Keys.ALT | Keys.SHIFT), -1)
    tool.wheel(at(11, 11, 3, keys=Keys.ALT | Keys.SHIFT), -10)

    tool.press(at(11, 11, 3))
    do(scene, tool.release(at(11, 11, 3)))

    assert scene.marking.brush.high_hu == np.inf
    (focus,) = foci(scene.document)
    assert voxels_of(scene.document, focus).tolist() == [voxel_index(11, 11, 3)]


def test_a_click_on_what_was_dismissed_marks_it_and_says_so_before(scene: ImageScene) -> None:
    tool = ClickFocus(scene)
    do(scene, tool.press(at(11, 11, 3)))
    (focus,) = foci(scene.document)
    apply(dismiss(scene.document, (focus.id,), "artefact"), scene.document)

    hint = tool.move(at(11, 11, 3)).hint
    reply = do(scene, tool.press(at(11, 11, 3)))

    assert "Dismissed as artefact" in hint
    assert reply.select == (focus.id,)
    assert is_counted(foci(scene.document)[0])


def test_what_is_painted_onto_a_suggestion_makes_it_a_persons_own(scene: ImageScene) -> None:
    where = np.flatnonzero(scene.volume.hu == 900)
    apply(suggest_foci(scene.document, [where], "calcification", ["node"]), scene.document)
    scene.marking.brush = Brush(2.4, low_hu=130)

    stroke(scene, (11, 11, 3))

    (focus,) = foci(scene.document)
    assert is_counted(focus)
    assert "site" not in focus.attributes


def test_a_threshold_off_the_rule_is_said_to_be_off_it(scene: ImageScene) -> None:
    tool = ClickFocus(scene)

    reply = tool.wheel(at(11, 11, 3, keys=Keys.ALT), -2)

    assert reply is not None
    assert "≥ 110 HU, not 130 as the rule says" in reply.hint


def test_over_bone_the_hint_still_says_threshold_and_radius(scene: ImageScene) -> None:
    hint = ClickFocus(scene).move(at(35, 35, 2)).hint

    assert "a click takes nothing" in hint
    assert "≥ 130 HU" in hint
    assert "no radius" in hint


@pytest.mark.parametrize("kind", IMAGE_TOOLS)
def test_a_tool_that_has_begun_nothing_leaves_backing_out_to_the_selection(
    kind: type[ImageTool], scene: ImageScene
) -> None:
    assert kind(scene).cancel() is NOTHING


def test_a_click_that_marked_says_how_to_go_on(scene: ImageScene) -> None:
    reply = do(scene, ClickFocus(scene).press(at(11, 11, 3)))

    assert reply.hint.startswith("Marked · click selects it")
    assert "≥ 130 HU" in reply.hint


def test_an_abandoned_stroke_leaves_nothing(scene: ImageScene) -> None:
    tool = PaintFocus(scene)
    tool.press(at(11, 11, 3))

    tool.cancel()

    assert tool.release(at(12, 11, 3)).edit is None


def test_the_eraser_takes_voxels_whatever_their_value(scene: ImageScene) -> None:
    do(scene, ClickFocus(scene).press(at(11, 11, 3)))
    scene.marking.brush = Brush(60.0, is_ball=True, low_hu=2000)
    tool = EraseFocus(scene)

    tool.press(at(11, 11, 3))
    do(scene, tool.release(at(11, 11, 3)))

    assert foci(scene.document) == []


def test_shift_and_wheel_change_the_brush_and_d_its_shape(scene: ImageScene) -> None:
    tool = PaintFocus(scene)
    before = scene.marking.brush

    reply = tool.wheel(at(11, 11, 3, keys=Keys.SHIFT), 2)
    tool.key_press(ToolKey.SHAPE)

    assert scene.marking.brush.radius_mm == pytest.approx(before.radius_mm * 1.15**2)
    assert scene.marking.brush.is_ball
    assert reply is not None
    assert reply.preview is not None
    assert reply.preview.circle_px is not None
    assert reply.preview.circle_px[1] == pytest.approx(2 * scene.marking.brush.radius_mm)
    assert tool.key_press(ToolKey.TAKE_BACK) is None


def test_the_focus_under_the_pointer_is_shown_in_amber_and_then_removed(scene: ImageScene) -> None:
    do(scene, ClickFocus(scene).press(at(11, 11, 3)))
    tool = RemoveFocus(scene)

    hover = tool.move(at(11, 11, 3))
    do(scene, tool.press(at(11, 11, 3)))

    assert hover.preview is not None
    assert hover.preview.warning
    assert scene.document.is_empty()


def test_a_click_beside_all_foci_selects_none(scene: ImageScene) -> None:
    do(scene, ClickFocus(scene).press(at(11, 11, 3)))
    tool = SelectFocus(scene)

    assert tool.press(at(11, 11, 3)).select == (foci(scene.document)[0].id,)
    assert tool.press(at(2, 2, 0)).select == ()


def test_a_click_in_a_doubtful_series_promises_voxels_and_no_volume(scene: ImageScene) -> None:
    scene.is_measured = False

    hint = ClickFocus(scene).move(at(11, 11, 3)).hint

    assert hint.startswith("Click takes 24 voxels, – mm³, max 900 HU")


def test_an_ellipse_of_a_doubtful_series_is_measured_within_a_slice_alone(
    scene: ImageScene,
) -> None:
    scene.is_measured = False
    probe = EllipseProbe(scene)
    probe.press(at(10, 10, 3))
    assert not probe.move(at(14, 14, 3)).hint.endswith("– mm²")

    scene.plane = Plane.CORONAL
    probe = EllipseProbe(scene)
    probe.press(at(10, 11, 2))

    assert probe.move(at(14, 11, 5)).hint.endswith("– mm²")


def test_the_ruler_between_slices_measures_by_where_they_are(scene: ImageScene) -> None:
    slices = scene.volume.series.slices
    above = tuple(
        replace(one, position_mm=(0.0, 0.0, one.position_mm[2] + 10.0 * (k > 3)))
        for k, one in enumerate(slices)
    )
    scene.volume = replace(scene.volume, series=replace(scene.volume.series, slices=above))
    ruler = Ruler(scene)
    ruler.press(at(10, 10, 3))

    assert ruler.move(at(10, 10, 4)).hint == "12.0 mm"


def test_a_drag_of_the_ruler_sets_both_places(scene: ImageScene) -> None:
    ruler = Ruler(scene)
    ruler.press(at(10, 10, 3))

    assert ruler.release(at(15, 10, 3)).hint == "10.0 mm"
    assert ruler.move(at(20, 10, 3)) is NOTHING


def test_a_click_that_slips_leaves_the_ruler_at_its_first_place(scene: ImageScene) -> None:
    ruler = Ruler(scene)
    ruler.press(at(10, 10, 3))

    assert ruler.release(at(10.1, 10, 3)) is NOTHING
    assert ruler.press(at(15, 10, 3)).hint == "10.0 mm"


def test_a_drag_is_the_first_leg_of_an_angle(scene: ImageScene) -> None:
    angle = Angle(scene)
    angle.press(at(10, 10, 3))
    angle.release(at(15, 10, 3))

    assert angle.press(at(15, 15, 3)).hint == "90.0°"


def test_ctrl_adds_a_focus_to_the_selection_or_lets_it_go(scene: ImageScene) -> None:
    for place in ((11, 11, 3), (20, 21, 3)):
        do(scene, ClickFocus(scene).press(at(*place)))
    first, second = (focus.id for focus in foci(scene.document))
    tool = SelectFocus(scene)
    scene.chosen = (first,)

    assert tool.press(at(20, 21, 3, keys=Keys.CTRL)).select == (first, second)
    assert tool.press(at(11, 11, 3, keys=Keys.CTRL)).select == ()
    assert tool.press(at(2, 2, 0, keys=Keys.CTRL)) is NOTHING


def test_a_stroke_that_takes_nothing_says_why_until_the_next(scene: ImageScene) -> None:
    brush, eraser = PaintFocus(scene), EraseFocus(scene)
    told = []
    for tool in (brush, eraser):
        tool.press(at(5, 5, 1))
        told += [tool.release(at(5, 5, 1)).hint, tool.move(at(6, 5, 1)).hint]
        tool.press(at(5, 5, 1))
        assert tool.move(at(6, 5, 1)).hint == ""

    nothing = "Nothing to paint: nothing here is in the range ≥ 130 HU · Alt+wheel changes it"
    assert told == [nothing] * 2 + ["Nothing to erase: no focus is here"] * 2


def test_scissors_beside_all_foci_say_that_nothing_is_cut(scene: ImageScene) -> None:
    tool = Scissors(scene)
    tool.press(at(2, 2, 1))
    tool.move(at(5, 5, 1))

    assert tool.release(at(5, 5, 1)).hint.startswith("Nothing is cut")
