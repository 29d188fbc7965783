"""What every tool of the cloud view keeps to."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt
import pytest

from annotator.geometry.projection import Camera
from annotator.geometry.survey import survey
from annotator.i18n import set_language
from annotator.model.annotations import Annotation
from annotator.model.cloud import PointCloud
from annotator.model.document import Document
from annotator.model.edits import Put, apply, parts
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D, Vec2
from annotator.project.codec import edit_as_bytes, edit_from_bytes
from annotator.tools.cloud_scene import CloudScene, CloudTool
from annotator.tools.cloud_tools import CLOUD_TOOLS
from annotator.tools.keys import ToolKey
from annotator.tools.one_click_box import OneClickBox
from annotator.tools.pillar import FitPillar
from annotator.tools.tool import NOTHING, Button, Keys, Pointer, Ray, Reply
from annotator.tools.wall import GrowWall

SIZE = (800, 600)
CAR = Annotation("car", Box3D((0, 0, 0.75), (4.4, 1.8, 1.5)))
every_tool = pytest.mark.parametrize("kind", CLOUD_TOOLS, ids=lambda kind: kind.id)
NEEDS_ANOTHER_SCENE = {"edit_vertices", "row", "split_instance"}
NEVER_EDITS = {"measure"}


def garage() -> PointCloud:
    random = np.random.default_rng(0)
    floor = np.column_stack([random.uniform(-15, 15, (20_000, 2)), random.normal(0, 0.01, 20_000)])
    side = random.uniform((-2.2, -0.9, 0.2), (2.2, -0.9, 1.5), (2000, 3))
    rear = random.uniform((-2.2, -0.9, 0.2), (-2.2, 0.9, 1.5), (1000, 3))
    top = random.uniform((-2.2, -0.9, 1.5), (2.2, 0.9, 1.5), (2000, 3))
    return PointCloud(np.concatenate([side, rear, top, floor]).astype(np.float32))


CLOUD = garage()


def rows_found(
    _outline_px: Sequence[Vec2], /, *, front_only: bool
) -> Callable[[], npt.NDArray[np.int64]]:
    return partial(np.arange, 100 if front_only else 200)


def scene() -> CloudScene:
    camera = Camera(distance_m=14)
    document = Document(((len(CLOUD),),), {CAR.id: CAR})
    return CloudScene(
        document,
        CLOUD,
        GARAGE,
        rows_found,
        label="car",
        selected=CAR,
        camera=camera,
        size_px=SIZE,
        survey=survey(CLOUD.xyz_m),
    )


def at(scene: CloudScene, row: int, *, keys: Keys = Keys.NONE, off_px: float = 0.0) -> Pointer:
    place = CLOUD.xyz_m[row].astype(float)
    x, y = scene.to_px([place])[0].tolist()
    at_px = (x + off_px, y + off_px / 2)
    ray = Ray(*scene.camera.ray(at_px, SIZE))
    return Pointer(at_px, Button.LEFT, keys, ray, row, (place[0], place[1], place[2]))


def gesture(tool: CloudTool) -> list[Reply]:
    """Press, drag and let go three times, far enough apart for any tool."""
    replies: list[Reply] = []
    if tool.id == OneClickBox.id:
        del tool.scene.document.annotations[CAR.id]  # what is boxed is selected, not fitted
    for row, off in ((3500, 0.0), (3600, 40.0), (3700, 80.0)):
        replies.append(tool.press(at(tool.scene, row, off_px=off)).settled())
        replies += [tool.move(at(tool.scene, row, off_px=off + 15 * i)) for i in range(1, 5)]
        replies.append(tool.release(at(tool.scene, row, off_px=off + 60)).settled())
    replies.append(tool.key_press(ToolKey.FINISH) or NOTHING)
    return replies


@every_tool
def test_a_tool_says_in_words_what_a_click_will_do(kind: type[CloudTool]) -> None:
    set_language("en")

    hint = kind(scene()).hint()

    assert len(hint) > 10
    assert kind.title
    assert kind.key


def test_no_two_tools_share_a_key_or_an_id() -> None:
    assert len({t.key for t in CLOUD_TOOLS}) == len({t.id for t in CLOUD_TOOLS}) == len(CLOUD_TOOLS)


@every_tool
def test_a_preview_never_edits(kind: type[CloudTool]) -> None:
    tool = kind(scene())
    before = dict(tool.scene.document.annotations)

    replies = [tool.press(at(tool.scene, 3500))]
    replies += [tool.move(at(tool.scene, 3500 + i, off_px=8.0 * i)) for i in range(8)]

    assert all(reply.edit is None for reply in replies[1:])
    assert tool.scene.document.annotations == before
    assert tool.scene.document.semantic().counts() == {}


@every_tool
def test_backing_out_leaves_nothing(kind: type[CloudTool]) -> None:
    tool = kind(scene())
    tool.press(at(tool.scene, 3500))
    tool.move(at(tool.scene, 3500, off_px=40))

    for _ in range(3):
        reply = tool.cancel()
        assert reply.edit is None
        assert reply.preview is None or not reply.preview.annotations

    assert tool.release(at(tool.scene, 3500, off_px=40)).edit is None
    assert tool.hint() == kind(tool.scene).hint()


@every_tool
def test_a_gesture_ends_in_one_edit_that_has_a_name_and_can_be_taken_back(
    kind: type[CloudTool],
) -> None:
    tool = kind(scene())

    replies = gesture(tool)

    made = [reply for reply in replies if reply.edit is not None]
    if kind.id in NEVER_EDITS | NEEDS_ANOTHER_SCENE:
        assert not made
        return
    assert 1 <= len(made) <= 4
    assert all(reply.text for reply in made)
    assert all(list(parts(reply.edit)) for reply in made if reply.edit is not None)
    document = tool.scene.document
    before = dict(document.annotations)
    assert made[0].edit is not None
    for reply in made:
        assert reply.edit is not None
        edit_from_bytes(edit_as_bytes(reply.edit))  # the store takes it
    apply(apply(made[0].edit, document), document)
    assert document.annotations == before


@every_tool
def test_a_click_on_nothing_is_answered_without_an_edit(kind: type[CloudTool]) -> None:
    tool = kind(scene())
    tool.scene.rows_found = lambda *_outline_px, **_how: partial(np.arange, 0)
    nothing = Pointer((5.0, 5.0), Button.LEFT, Keys.NONE, Ray((0, 0, 5), (0, 0, 1)))

    replies = [tool.press(nothing), tool.move(nothing), tool.release(nothing)]

    assert all(reply.edit is None for reply in replies)


@every_tool
def test_the_right_button_never_changes_anything(kind: type[CloudTool]) -> None:
    tool = kind(scene())
    pointer = at(tool.scene, 3500)
    right = Pointer(pointer.at_px, Button.RIGHT, Keys.NONE, pointer.ray, pointer.row, pointer.at_m)

    assert tool.press(right) is NOTHING
    assert tool.release(right).edit is None


def test_resting_on_an_object_previews_the_box_that_a_click_would_fit() -> None:
    tool = OneClickBox(scene())
    del tool.scene.document.annotations[CAR.id]
    pointer = at(tool.scene, 3500)

    preview = tool.rest(pointer).settled().preview
    pressed = tool.press(pointer)

    assert preview is not None
    assert isinstance(pressed.edit, Put)
    assert preview.annotations[0].shape == pressed.edit.annotation.shape


def test_a_click_on_what_is_boxed_already_selects_it_and_adds_nothing() -> None:
    tool = OneClickBox(scene())
    pointer = at(tool.scene, 3500)

    rested, pressed = tool.rest(pointer), tool.press(pointer)

    assert rested.preview is None
    assert "Labelled already" in rested.hint
    assert pressed.edit is None
    assert pressed.select == (CAR.id,)
    assert "labelled already" in pressed.hint


def test_a_second_click_while_the_first_is_fitted_does_nothing() -> None:
    tool = OneClickBox(scene())
    del tool.scene.document.annotations[CAR.id]
    pointer = at(tool.scene, 3500)
    first = tool.press(pointer)

    second = tool.press(pointer)

    assert second is NOTHING
    assert first.preview is not None
    assert first.preview.beside == (pointer.at_px, "Fitting…")
    assert isinstance(first.settled().edit, Put)
    assert tool.press(pointer) is not NOTHING


@every_tool
def test_a_tool_that_has_begun_nothing_leaves_backing_out_to_the_selection(
    kind: type[CloudTool],
) -> None:
    assert kind(scene()).cancel() is NOTHING


def test_resting_where_nothing_fits_leaves_the_selection() -> None:
    tool = OneClickBox(scene())
    del tool.scene.document.annotations[CAR.id]

    rested = tool.rest(at(tool.scene, 15_000)).settled()

    assert rested.select is None


@pytest.mark.parametrize(("kind", "title"), [(FitPillar, "Pillar"), (GrowWall, "Wall")])
def test_a_tool_with_a_class_of_its_own_says_which(kind: type[CloudTool], title: str) -> None:
    set_language("en")
    about = scene()
    about.label, about.selected = "car", None

    assert kind(about).hint().endswith(f"its class is {title}")
