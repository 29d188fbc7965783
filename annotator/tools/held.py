"""What keys that are held with the mouse change in more than one tool, in the same words."""

from typing import TypeVar

from annotator.i18n import mark
from annotator.tools.tool import HeldKeys, Keys, Mouse

Id = TypeVar("Id")

FRONT_ONLY = HeldKeys(Keys.SHIFT, Mouse.DRAG, mark("Only the front surface"))
ERASES = HeldKeys(Keys.CTRL, Mouse.DRAG, mark("Take the class away"))
BY_CORNERS = HeldKeys(Keys.SHIFT, Mouse.CLICK, mark("Draw corner by corner"))
GAP = HeldKeys(Keys.ALT, Mouse.WHEEL, mark("Bridge wider or narrower gaps"))
ADDS_TO_FOCUS = HeldKeys(Keys.CTRL, Mouse.DRAG, mark("Add to the selected focus"))


def toggled(chosen: tuple[Id, ...], one: Id) -> tuple[Id, ...]:
    """Return a selection with one more, or without it where it was selected."""
    return tuple(i for i in chosen if i != one) if one in chosen else (*chosen, one)
