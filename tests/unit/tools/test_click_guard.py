"""What a click says before it takes a vessel, a bone or a part for a focus."""

import pytest

from annotator.commands.foci import dismiss, foci, voxels_of
from annotator.imaging.candidates import find_candidates
from annotator.model.document import Document
from annotator.model.edits import apply
from annotator.tools.click_focus import ClickFocus
from annotator.tools.image_scene import ImageScene
from annotator.tools.tool import NOTHING, Button, Keys, Pointer, Reply
from tests.unit.imaging.contrast_chest import (
    AORTA,
    BLOOD_HU,
    BRANCH,
    CHIP,
    CLOT,
    NODULE,
    SHAPE,
    SPINE,
    VESSEL,
    contrast_chest,
)

Part = tuple[slice, ...]


@pytest.fixture
def scene() -> ImageScene:
    volume = contrast_chest()
    scene = ImageScene(Document(extents=(SHAPE,)), volume, px_per_mm=2.0)
    scene.candidates = find_candidates(volume)
    return scene


def middle(part: Part, *, keys: Keys = Keys.NONE) -> Pointer:
    """Point at the middle of a box, in a voxel that its middle slice holds."""
    sides = zip(part, SHAPE, strict=True)
    k, j, i = ((s.start or 0) + ((s.stop or n) - (s.start or 0)) // 2 for s, n in sides)
    return Pointer((0.0, 0.0), Button.LEFT, keys=keys, voxel=(float(i), float(j), float(k)))


def hover(scene: ImageScene, part: Part) -> Reply:
    return ClickFocus(scene).move(middle(part))


def is_amber(reply: Reply) -> bool:
    assert reply.preview is not None
    return reply.preview.warning


def test_a_small_vessel_is_amber_and_says_how_bright_blood_is(scene: ImageScene) -> None:
    reply = hover(scene, VESSEL)

    assert is_amber(reply)
    assert reply.hint.startswith("May be a vessel with contrast: blood here reaches 3")
    assert "Click takes 72 voxels" in reply.hint


def test_a_click_takes_what_is_only_doubtful_all_the_same(scene: ImageScene) -> None:
    edit = ClickFocus(scene).press(middle(VESSEL)).edit

    assert edit is not None
    apply(edit, scene.document)
    assert len(voxels_of(scene.document, foci(scene.document)[0])) == 72


def test_what_a_person_marked_is_not_doubted_again(scene: ImageScene) -> None:
    edit = ClickFocus(scene).press(middle(VESSEL)).edit
    assert edit is not None
    apply(edit, scene.document)

    reply = hover(scene, VESSEL)

    assert not is_amber(reply)
    assert reply.hint.startswith("Marked")


def test_what_is_clearly_brighter_than_blood_is_not_amber(scene: ImageScene) -> None:
    reply = hover(scene, NODULE)

    assert not is_amber(reply)
    assert reply.hint.startswith("Click takes")


def test_a_calcification_with_lumen_says_which_gesture_leaves_the_lumen_out(
    scene: ImageScene,
) -> None:
    reply = hover(scene, CLOT)

    assert is_amber(reply)
    assert reply.hint.startswith(
        "Runs into a vessel: part is as bright as blood; a threshold over 3"
    )
    assert "≥ 130 HU (Alt+wheel)" in reply.hint


def test_with_the_threshold_above_blood_the_calcification_alone_is_taken(
    scene: ImageScene,
) -> None:
    scene.marking.at_least_hu = BLOOD_HU + 100

    reply = hover(scene, CLOT)

    assert not is_amber(reply)
    assert "Click takes 16 voxels" in reply.hint


def test_an_aorta_is_told_from_bone_and_is_not_taken(scene: ImageScene) -> None:
    reply = hover(scene, AORTA)

    assert is_amber(reply)
    assert reply.hint.startswith("Runs into a vessel: part")
    assert "a click takes nothing" in reply.hint


def test_a_chip_beside_bone_is_amber_once_bones_are_known(scene: ImageScene) -> None:
    known, scene.candidates = scene.candidates, None
    tool = ClickFocus(scene)
    assert not is_amber(tool.move(middle(CHIP)))

    scene.candidates = known
    reply = tool.move(middle(CHIP))

    assert is_amber(reply)
    assert reply.hint.startswith("May be a piece of bone: bone is within 3 mm")


def test_what_is_shown_is_doubted_as_soon_as_more_is_known(scene: ImageScene) -> None:
    known, scene.candidates = scene.candidates, None
    tool = ClickFocus(scene)
    assert tool.look_again() is NOTHING
    assert not is_amber(tool.move(middle(VESSEL)))

    scene.candidates = known

    assert is_amber(tool.look_again())


def test_a_radius_does_not_hide_the_bone_beyond(scene: ImageScene) -> None:
    scene.marking.radius_mm = 3.0
    for known in (scene.candidates, None):
        scene.candidates = known

        reply = hover(scene, SPINE)

        assert is_amber(reply)
        assert reply.hint.startswith("Cut at 3 mm, goes on beyond · Runs into bone or a vessel")
        assert "Click takes" in reply.hint


def test_a_radius_does_not_hide_the_vessel_beyond(scene: ImageScene) -> None:
    scene.marking.radius_mm = 3.0

    reply = hover(scene, BRANCH)

    assert is_amber(reply)
    assert "goes on beyond · Runs into a vessel: part" in reply.hint


def test_a_radius_that_nothing_leaves_says_nothing(scene: ImageScene) -> None:
    scene.marking.radius_mm = 30.0

    assert not is_amber(hover(scene, NODULE))


def test_a_raised_threshold_does_not_hide_bone(scene: ImageScene) -> None:
    scene.marking.at_least_hu = 600
    cortex = (SPINE[0], slice(90, 92), SPINE[2])
    scene.marking.radius_mm = 5.0

    reply = hover(scene, cortex)

    assert is_amber(reply)
    assert "bone" in reply.hint


def test_what_is_suggested_says_that_it_may_be_a_vessel(scene: ImageScene) -> None:
    tool = ClickFocus(scene)
    edit = tool.press(middle(VESSEL)).edit
    assert edit is not None
    apply(edit, scene.document)
    apply(dismiss(scene.document, (foci(scene.document)[0].id,), "contrast"), scene.document)

    reply = tool.move(middle(VESSEL))

    assert reply.hint.startswith("May be a vessel with contrast")
    assert "Dismissed as contrast" in reply.hint
