"""Keys: no two actions listen to one key, presets cover everything, files carry them."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.app.action import Action, Listens, Workbench
from annotator.app.keymap import TABLE, Conflict, Keymap, conflicts, read_keymap, write_keymap
from annotator.app.presets import PRESETS, Preset
from annotator.errors import FileError

BY_ID = {row.id: row for row in TABLE}
LEFT_HAND = set("QWERTASDFGZXCVB123456`") | {"Space", "Tab", "Esc"}


def test_every_row_has_an_id_of_its_own() -> None:
    assert len(BY_ID) == len(TABLE)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.id)
def test_a_preset_is_free_of_conflicts_and_covers_every_action(preset: Preset) -> None:
    keymap = Keymap(preset.id)

    assert conflicts(keymap.rows) == []
    assert set(keymap.keys) == set(BY_ID)
    assert set(preset.keys) <= set(BY_ID)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.id)
def test_a_preset_leaves_no_action_without_the_key_it_had(preset: Preset) -> None:
    bare = [i for i, keys in Keymap(preset.id).keys.items() if BY_ID[i].keys and not keys]

    assert bare == []


def test_the_left_hand_reaches_what_is_done_all_day() -> None:
    all_day = (
        *("select_box", "one_click_box", "row", "pillar", "wall", "contour", "grow_cluster"),
        *("lasso_label", "rectangle_label", "brush_points", "edit_vertices", "draw_box"),
    )
    ids = [f"tool.{tool}" for tool in all_day]
    ids += ["file.done", "view.fit", "view.isolate", "box.forward", "box.turn_left", "box.flip"]
    ids += ["sequence.next", "sequence.previous", "sequence.carry_on", "class.1", "class.5"]

    far = [i for i in ids if BY_ID[i].keys[0].split("+")[-1] not in LEFT_HAND]

    assert far == []


def test_space_is_done_and_next_over_a_scan_and_hides_the_mask_over_a_series() -> None:
    assert "Space" in BY_ID["file.done"].keys
    assert BY_ID["file.done"].where is Workbench.CLOUD
    assert BY_ID["view.hide_mask"].keys == ("Space",)
    assert BY_ID["view.hide_mask"].where is Workbench.CT


def test_the_two_workbenches_may_share_a_key() -> None:
    assert BY_ID["tool.one_click_box"].keys == BY_ID["tool.brush"].keys


@settings(max_examples=60)
@given(st.sampled_from(TABLE), st.sampled_from([row for row in TABLE if row.keys]))
def test_a_key_given_twice_is_found_exactly_where_both_could_mean_it(
    one: Action, other: Action
) -> None:
    rows = [replace(row, keys=("F12",)) if row.id in {one.id, other.id} else row for row in TABLE]

    found = [c for c in conflicts(rows) if c.key == "F12"]

    everywhere = {Listens.WINDOW, Listens.VIEW}
    meet = one.where & other.where and (
        one.listens is other.listens or {one.listens, other.listens} <= everywhere
    )
    assert bool(found) == bool(meet and one.id != other.id)


def test_own_keys_replace_the_presets_and_go_back_one_by_one() -> None:
    changed = Keymap("blender").with_keys("edit.undo", ("U",)).with_keys("edit.redo", ())

    assert changed.keys["edit.undo"] == ("U",)
    assert changed.keys["edit.redo"] == ()
    assert changed.without("edit.undo").keys["edit.undo"] == Keymap("blender").keys["edit.undo"]


def test_a_key_can_be_taken_from_the_other_action() -> None:
    changed = Keymap().with_keys("edit.undo", ("F",))
    (found,) = conflicts(changed.rows)

    solved = changed.taken_from(found, keeper="edit.undo")

    assert (solved.keys["edit.undo"], solved.keys["view.fit"]) == (("F",), ())
    assert conflicts(solved.rows) == []


def test_own_keys_win_when_a_later_version_wants_them() -> None:
    settled = Keymap(own={"edit.undo": ("F",)}).settled()

    assert settled.keys["edit.undo"] == ("F",)
    assert conflicts(settled.rows) == []


def test_keys_of_actions_that_are_gone_are_forgotten() -> None:
    assert Keymap(own={"edit.gone": ("U",)}) == Keymap()


def test_an_unknown_preset_is_ours() -> None:
    assert Keymap("gone").keys == Keymap().keys


def test_a_file_carries_every_key_to_another_person(tmp_path: Path) -> None:
    keymap = Keymap("cvat").with_keys("edit.undo", ("U", "Ctrl+Z"))
    write_keymap(keymap, tmp_path / "keys.json")

    read, unknown = read_keymap(tmp_path / "keys.json")

    assert (read.keys, unknown) == (keymap.keys, [])


def test_actions_that_only_the_file_knows_are_named(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.write_text('{"annotator_keys": 1, "preset": "cvat", "keys": {"later.verb": ["F7"]}}')

    assert read_keymap(file) == (Keymap("cvat"), ["later.verb"])


@pytest.mark.parametrize("content", ["", "[]", '{"keys": {}}', '{"annotator_keys": 1}', "\x00"])
def test_another_file_is_refused_with_a_sentence(tmp_path: Path, content: str) -> None:
    file = tmp_path / "keys.json"
    file.write_text(content)

    with pytest.raises(FileError, match="keys"):
        read_keymap(file)


def test_a_conflict_names_both() -> None:
    changed = Keymap().with_keys("edit.undo", ("F",))

    assert conflicts(changed.rows) == [Conflict("F", "edit.undo", "view.fit")]
