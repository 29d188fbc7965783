"""Every action there is: menus, shortcuts, the palette and the key sheet are drawn from it."""

from collections.abc import Iterable

from annotator.app.action import Action, Listens, Workbench
from annotator.app.cloud_actions import CLOUD_ACTIONS
from annotator.app.ct_actions import CT_ACTIONS, RAIL_ACTIONS
from annotator.app.menu_titles import EDIT, FILE, HELP, IN_HAND, REVIEW, VIEW
from annotator.i18n import mark as _
from annotator.tools.keys import TOOL_KEYS, ToolKey

_CLOUD, _CT, _BOTH = Workbench.CLOUD, Workbench.CT, Workbench.BOTH
_IN_ONE = {
    **dict.fromkeys((ToolKey.LARGER, ToolKey.SMALLER, ToolKey.ERASE), _CLOUD),
    **dict.fromkeys((ToolKey.TAKE_BACK, ToolKey.SHAPE), _CT),
}
"""What only tools of one workbench listen to."""

_CLASSES = (
    _("Class 1"),
    _("Class 2"),
    _("Class 3"),
    _("Class 4"),
    _("Class 5"),
    _("Class 6"),
    _("Class 7"),
    _("Class 8"),
    _("Class 9"),
)

ACTIONS: tuple[Action, ...] = (
    Action("file.open", _("Open file…"), FILE, ("Ctrl+O",)),
    Action("file.open_folder", _("Open folder…"), FILE, ("Ctrl+Shift+O",)),
    Action("file.labels", _("Show label file…"), FILE, ("Ctrl+L",), where=_BOTH),
    Action("file.export", _("Export…"), FILE, ("Ctrl+E",), where=_BOTH),
    Action("file.layout", _("Read the columns otherwise…"), FILE, where=_CLOUD),
    Action("file.reopen", _("Open this item again"), FILE, ("F5",), where=_BOTH),
    Action("file.previous_item", _("Previous item"), FILE, ("PgUp",), where=_BOTH),
    Action("file.next_item", _("Next item"), FILE, ("PgDown",), where=_BOTH),
    Action("file.done", _("Done and next"), FILE, ("Space", "Ctrl+Return"), where=_CLOUD),
    Action("file.not_done", _("Not done after all"), FILE, ("Ctrl+Shift+Return",), where=_BOTH),
    Action("file.close", _("Close the scan and go on"), FILE, ("Ctrl+Return",), where=_CT),
    Action("file.quit", _("Quit"), FILE, ("Ctrl+Q",)),
    Action("edit.undo", _("Undo"), EDIT, ("Ctrl+Z",), where=_BOTH),
    Action("edit.redo", _("Redo"), EDIT, ("Ctrl+Shift+Z", "Ctrl+Y"), where=_BOTH),
    Action("edit.delete", _("Delete selected"), EDIT, ("Del",), where=_BOTH),
    Action("edit.select_all", _("Select all"), EDIT, ("Ctrl+A",), where=_BOTH),
    Action("edit.answer", _("Answer what its class asks"), EDIT, ("F4",), where=_BOTH),
    *(
        Action(f"class.{number}", title, EDIT, (str(number),), where=Workbench.CLOUD)
        for number, title in enumerate(_CLASSES, start=1)
    ),
    Action("edit.keys", _("Keys of your own…"), EDIT),
    Action("edit.unlock", _("Edit this file"), EDIT, ("Ctrl+Shift+E",), where=_BOTH),
    Action("view.fit", _("Fit the selection, or all, to the view"), VIEW, ("F",), where=_BOTH),
    *CLOUD_ACTIONS,
    Action("view.panels", _("Show panels"), VIEW, ("Tab",), checkable=True),
    Action("view.dark", _("Dark theme"), VIEW, (), checkable=True),
    *CT_ACTIONS,
    Action("review.right", _("Mark as right"), REVIEW, ("Return",), where=_BOTH),
    Action("review.wrong", _("Mark as wrong…"), REVIEW, ("Backspace",), where=_BOTH),
    Action("review.next", _("Next without a mark"), REVIEW, ("N",), where=_BOTH),
    *(
        Action(key, title, IN_HAND, keys, where=_IN_ONE.get(key, _BOTH), listens=Listens.TOOL)
        for key, title, keys in TOOL_KEYS
    ),
    *RAIL_ACTIONS,
    Action("help.keys", _("Keys"), HELP, ("F1",)),
    Action("help.palette", _("Find an action…"), HELP, ("Ctrl+K",)),
    Action("help.plugins", _("Plugins…"), HELP),
    Action("help.language", _("中文 / English"), HELP),
    Action("help.about", _("About Annotator"), HELP),
)


def in_menu(menu: str, actions: Iterable[Action] = ACTIONS) -> list[Action]:
    """Return one menu's actions, in order."""
    return [action for action in actions if action.menu == menu]
