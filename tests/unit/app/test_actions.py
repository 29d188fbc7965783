"""The table of actions: no two listen to one key, and a person's keys take over."""

from annotator.app.actions import ACTIONS, MENUS, conflicts, in_menu, with_keys


def test_no_two_actions_of_a_workbench_listen_to_one_key() -> None:
    assert conflicts() == []


def test_every_action_is_in_a_menu_under_one_id() -> None:
    listed = [action.id for menu in MENUS for action in in_menu(menu)]

    assert sorted(listed) == sorted({action.id for action in ACTIONS})


def test_a_persons_own_keys_replace_the_usual_ones() -> None:
    changed = with_keys({"edit.undo": ("U",)})

    assert next(a.keys for a in changed if a.id == "edit.undo") == ("U",)


def test_a_conflict_of_own_keys_is_found() -> None:
    changed = with_keys({"edit.undo": ("F",)})

    assert [key for key, _one, _other in conflicts(changed)] == ["F"]
