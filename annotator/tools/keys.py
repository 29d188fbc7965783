"""The keys a tool listens to while it works, and what hints call them and every other key."""

from collections.abc import Mapping
from enum import StrEnum

from annotator.i18n import gettext
from annotator.i18n import mark as _


class ToolKey(StrEnum):
    """What a key says to the tool in hand; which key says it is a person's choice."""

    FINISH = "gesture.finish"
    BACK_OUT = "gesture.back_out"
    TAKE_BACK = "gesture.take_back"
    LARGER = "gesture.larger"
    SMALLER = "gesture.smaller"
    ERASE = "gesture.erase"
    SHAPE = "gesture.shape"
    AGAIN = "gesture.again"
    """The key that chose the tool, pressed once more; it is no row of the table."""


TOOL_KEYS: tuple[tuple[ToolKey, str, tuple[str, ...]], ...] = (
    (ToolKey.FINISH, _("Finish or take what is shown"), ("Return", "Enter")),
    (ToolKey.BACK_OUT, _("Back out one step"), ("Esc",)),
    (ToolKey.TAKE_BACK, _("Take the last corner back"), ("Backspace",)),
    (ToolKey.LARGER, _("Larger brush, or one ring more"), ("]",)),
    (ToolKey.SMALLER, _("Smaller brush, or one ring less"), ("[",)),
    (ToolKey.ERASE, _("Take the class from what is shown"), ("Del",)),
    (ToolKey.SHAPE, _("Brush as disc or ball"), ("D",)),
)
"""What a tool may listen to, in words, and the usual keys."""


class _Words(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return "?"


_words = _Words({key.replace(".", "_"): keys[0] for key, _title, keys in TOOL_KEYS})


def speak_of_keys(words: Mapping[str, str]) -> None:
    """Let hints call keys so from now on.

    Parameters
    ----------
    words
        What the first key of an action is called, by the action's id.
    """
    _words.clear()
    _words.update({name.replace(".", "_"): word for name, word in words.items()})


def key_word(action_id: str) -> str:
    """Return what the first key of an action is called."""
    return str(_words[action_id.replace(".", "_")])


def class_keys(count: int) -> str:
    """Return the keys that choose a class of so many; only nine have one."""
    last = min(count, 9)
    text = gettext("{class_1} to {last}") if last > 1 else "{class_1}"
    return keyed(text, last=key_word(f"class.{last}"))


def keyed(text: str, **values: object) -> str:
    """Fill a hint in: ``{edit_undo}`` with the key of ``edit.undo``, other names with values."""
    return text.format_map(_Words({**_words, **values}))
