"""What buttons and wheel do, in words: no menu lists it."""

from annotator.app.action import Workbench
from annotator.i18n import gettext as _
from annotator.tools.cloud_tools import CLOUD_TOOLS
from annotator.tools.image_tools import IMAGE_TOOLS
from annotator.tools.tool import HeldKeys, Keys, Mouse

_KEY_NAMES = ((Keys.CTRL, "Ctrl"), (Keys.ALT, "Alt"), (Keys.SHIFT, "Shift"))


def over_a_scan() -> list[tuple[str, str]]:
    """Return what buttons and wheel do over a scan, whichever tool is in hand."""
    return [
        (_("Left click"), _("Use the tool; select")),
        (_("Left drag beside objects"), _("Turn the view")),
        (_("Middle drag, or Alt+left"), _("Turn the view, with any tool")),
        (_("Right drag"), _("Move the view")),
        (_("Right click"), _("Menu of the object")),
        (_("Wheel"), _("Zoom to the pointer")),
        (_("Ctrl+wheel"), _("Cut what lies higher")),
        (_("Ctrl+Shift+wheel"), _("Cut what lies lower")),
    ]


def over_a_ct() -> list[tuple[str, str]]:
    """Return what buttons and wheel do over the planes of a CT, whichever tool is in hand."""
    return [
        (_("Left click"), _("Use the tool; the other planes go there")),
        (_("Double click"), _("Show this plane alone, or all again")),
        (_("Wheel"), _("Go through the slices")),
        (_("Ctrl+wheel"), _("Zoom to the pointer")),
        (_("Right drag"), _("Window: wider to the right, level up and down")),
        (_("Shift+right drag"), _("Window that fits a region")),
        (_("Middle drag"), _("Move the picture")),
        (_("Shift+move"), _("Show the place in all planes")),
    ]


def with_keys_held(where: Workbench) -> list[tuple[str, str]]:
    """Return what keys that are held with the mouse change, and in which tools."""
    tools: dict[HeldKeys, list[str]] = {}
    for bench, kinds in ((Workbench.CLOUD, CLOUD_TOOLS), (Workbench.CT, IMAGE_TOOLS)):
        for tool in kinds if where & bench else ():
            for held in tool.held:
                tools.setdefault(held, []).append(_(tool.title))
    return [
        (_held_in_words(held), f"{_(held.does)} ({', '.join(titles)})")
        for held, titles in tools.items()
    ]


def _held_in_words(held: HeldKeys) -> str:
    keys = [name for key, name in _KEY_NAMES if key in held.keys]
    mouse = {Mouse.CLICK: _("click"), Mouse.DRAG: _("drag"), Mouse.WHEEL: _("wheel")}
    return "+".join([*keys, mouse[held.mouse]])
