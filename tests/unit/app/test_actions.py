"""The table of actions: every row is in one place."""

from annotator.app.actions import ACTIONS, in_menu
from annotator.app.menu_titles import GROUPS, MENUS


def test_every_action_is_in_one_group_under_one_id() -> None:
    listed = [action.id for title in GROUPS for action in in_menu(title)]

    assert sorted(listed) == sorted({action.id for action in ACTIONS})


def test_what_a_menu_lists_is_in_a_menu() -> None:
    assert {action.menu for action in ACTIONS if action.is_in_menu} <= set(MENUS)
