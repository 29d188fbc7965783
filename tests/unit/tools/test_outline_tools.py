"""Outlines, scissors and measures of the image view."""

import numpy as np
import pytest

from annotator.commands.foci import foci, mark_focus, voxels_of
from annotator.imaging.brush import Brush
from annotator.model.document import Document
from annotator.model.edits import apply
from annotator.model.volume import Series, Slice, Volume
from annotator.tools.image_measures import Angle, EllipseProbe, PointProbe, Ruler
from annotator.tools.image_scene import ImageScene, ImageTool
from annotator.tools.keys import ToolKey
from annotator.tools.outline_focus import EllipseFocus, FreehandFocus, PolygonFocus
from annotator.tools.scissors import Scissors
from annotator.tools.tool import CLEAR, Button, Keys, Pointer, Reply

SHAPE = (6, 40, 40)


@pytest.fixture
def scene() -> ImageScene:
    hu = np.zeros(SHAPE, np.int16)
    hu[2:4, 10:20, 10:20] = 300
    slices = tuple(Slice(f"{k}", f"1.{k}", (0.0, 0.0, 2.0 * k)) for k in range(SHAPE[0]))
    affine = np.diag((0.5, 0.5, 2.0, 1.0))
    series = Series("1", "2", "3", slices, SHAPE, affine, (2.0, 0.5, 0.5))
    return ImageScene(Document(extents=(SHAPE,)), Volume(series, hu), px_per_mm=2.0)


def at(i: float, j: float, k: float = 2, *, keys: Keys = Keys.NONE) -> Pointer:
    return Pointer(at_px=(i * 10, j * 10), button=Button.LEFT, keys=keys, voxel=(i, j, k))


def do(scene: ImageScene, reply: Reply | None) -> None:
    assert reply is not None
    assert reply.edit is not None
    apply(reply.edit, scene.document)


def marked(scene: ImageScene) -> list[int]:
    return sorted(len(voxels_of(scene.document, focus)) for focus in foci(scene.document))


def test_a_polygon_fills_what_is_bright_enough_inside(scene: ImageScene) -> None:
    tool = PolygonFocus(scene)
    for place in ((5, 5), (25, 5), (25, 14.5), (5, 14.5)):
        tool.press(at(*place))

    do(scene, tool.key_press(ToolKey.FINISH))

    (focus,) = foci(scene.document)
    k, j, i = np.unravel_index(voxels_of(scene.document, focus), SHAPE)
    assert set(k.tolist()) == {2}
    assert (int(j.min()), int(j.max())) == (10, 14)
    assert (int(i.min()), int(i.max())) == (10, 19)


def test_a_polygon_without_a_range_fills_everything(scene: ImageScene) -> None:
    scene.marking.brush = Brush()
    scene.px_per_mm = 40.0
    tool = PolygonFocus(scene)
    for place in ((0.5, 0.5), (4.5, 0.5), (4.5, 2.5), (0.5, 2.5)):
        tool.press(at(*place))

    do(scene, tool.press(at(0.6, 0.6)))

    assert marked(scene) == [4 * 2]


def test_a_polygon_takes_its_keys_only_while_it_is_drawn(scene: ImageScene) -> None:
    tool = PolygonFocus(scene)
    assert not tool.keys_wanted()

    tool.press(at(5, 5))
    assert tool.keys_wanted() == {ToolKey.FINISH, ToolKey.TAKE_BACK}
    reply = tool.key_press(ToolKey.TAKE_BACK)

    assert reply is not None
    assert reply.preview is CLEAR
    assert not tool.keys_wanted()


def test_a_freehand_outline_fills_when_the_button_is_let_go(scene: ImageScene) -> None:
    tool = FreehandFocus(scene)
    tool.press(at(9, 9))
    for place in ((21, 9), (21, 21), (9, 21)):
        tool.move(at(*place))

    do(scene, tool.release(at(9, 21)))

    assert marked(scene) == [100]


def test_an_ellipse_adds_to_the_selected_focus(scene: ImageScene) -> None:
    where = np.ravel_multi_index((np.array([3]), np.array([15]), np.array([15])), SHAPE)
    apply(mark_focus(scene.document, where, "calcification"), scene.document)
    (scene.selected,) = foci(scene.document)
    tool = EllipseFocus(scene)
    tool.press(at(10, 10))
    tool.move(at(19, 19))

    do(scene, tool.release(at(19, 19)))

    assert len(foci(scene.document)) == 1
    assert marked(scene)[0] == pytest.approx(np.pi * 4.5**2, rel=0.1)


def test_shift_takes_the_inside_of_an_outline_away(scene: ImageScene) -> None:
    everything = np.flatnonzero(scene.volume.hu == 300)
    apply(mark_focus(scene.document, everything, "calcification"), scene.document)
    tool = FreehandFocus(scene)
    tool.press(at(9, 9))
    for place in ((21, 9), (21, 21), (9, 21)):
        tool.move(at(*place))

    do(scene, tool.release(at(9, 21, keys=Keys.SHIFT)))

    assert marked(scene) == [100]
    (focus,) = foci(scene.document)
    k, _j, _i = np.unravel_index(voxels_of(scene.document, focus), SHAPE)
    assert set(k.tolist()) == {3}


def test_scissors_make_two_foci_that_touch(scene: ImageScene) -> None:
    everything = np.flatnonzero(scene.volume.hu == 300)
    edit = mark_focus(scene.document, everything, "calcification", attributes={"pattern": "solid"})
    apply(edit, scene.document)
    tool = Scissors(scene)
    tool.press(at(13.5, 8))
    told = tool.move(at(13.5, 22))

    do(scene, tool.release(at(13.5, 22)))

    assert "1" in told.hint
    assert marked(scene) == [2 * 10 * 4, 2 * 10 * 6]
    assert [f.attributes["pattern"] for f in foci(scene.document)] == ["solid", "solid"]


def test_a_line_that_crosses_nothing_cuts_nothing(scene: ImageScene) -> None:
    everything = np.flatnonzero(scene.volume.hu == 300)
    apply(mark_focus(scene.document, everything, "calcification"), scene.document)
    tool = Scissors(scene)
    tool.press(at(13.5, 25))
    tool.move(at(13.5, 35))

    reply = tool.release(at(13.5, 35))

    assert reply.edit is None
    assert marked(scene) == [200]


def test_the_ruler_measures_in_millimetres_and_keeps_nothing(scene: ImageScene) -> None:
    tool = Ruler(scene)
    tool.press(at(10, 10))

    reply = tool.press(at(16, 18))

    assert reply.hint == "5.0 mm"
    assert reply.edit is None
    assert tool.cancel().preview is CLEAR


def test_an_angle_is_measured_at_its_corner(scene: ImageScene) -> None:
    tool = Angle(scene)
    tool.press(at(10, 20))
    tool.press(at(10, 10))

    reply = tool.press(at(20, 10))

    assert reply.hint == "90.0°"


def test_a_point_is_probed_with_its_surroundings(scene: ImageScene) -> None:
    reply = PointProbe(scene).press(at(10, 10))

    assert reply.hint == f"300 HU · 3 × 3 mean {4 * 300 / 9:.0f}"


def test_an_ellipse_is_probed_in_hu_and_square_millimetres(scene: ImageScene) -> None:
    tool = EllipseProbe(scene)
    tool.press(at(11, 11))

    reply = tool.press(at(18, 18))

    assert reply.hint.startswith("mean 300 ± 0 HU, 300 to 300 · ")
    assert reply.preview is not None
    assert reply.preview.words


@pytest.mark.parametrize(
    "kind", [PolygonFocus, FreehandFocus, EllipseFocus, Scissors, Ruler, Angle]
)
def test_backing_out_leaves_nothing_behind(scene: ImageScene, kind: type[ImageTool]) -> None:
    tool = kind(scene)
    tool.press(at(5, 5))
    tool.move(at(15, 15))

    assert tool.cancel().preview is CLEAR

    assert tool.release(at(15, 15)).edit is None
    assert not foci(scene.document)
