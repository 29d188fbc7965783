"""Says what a key that went down means, by the keys in use."""

from collections.abc import Iterable
from typing import TypeGuard

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from annotator.app import keymap
from annotator.tools.keys import ToolKey, speak_of_keys

_NO_KEY = "–"
_ONLY_HELD = {
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_Meta,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_unknown,
}


# What Shift makes of the keys beside the letters, on the keyboards that are used in China and the
# United States: the table says Shift+1, Qt says what is typed.
_TYPED = dict(zip('!@#$%^&*()_+{}|:"<>?~', "1234567890-=[]\\;',./`", strict=True))


def use_keys(chosen: keymap.Keymap) -> None:
    """Listen to these keys from now on, and call them so in hints."""
    keymap.use(chosen)
    speak_of_keys({i: key_words(keys[:1]) or _NO_KEY for i, keys in chosen.keys.items()})


def key_names(event: QKeyEvent) -> tuple[str, ...]:
    """Return how the table of keys may write what went down; empty for Shift and its like.

    A key of the number pad is known by its own name, and as the same key elsewhere.
    """
    key, held = event.key(), event.modifiers()
    if key in _ONLY_HELD:
        return ()
    if key == Qt.Key.Key_Backtab:
        key = Qt.Key.Key_Tab.value
    elsewhere = held & ~Qt.KeyboardModifier.KeypadModifier
    said = ((one, how) for one in (*_below_shift(key, held), key) for how in (held, elsewhere))
    return tuple(dict.fromkeys(_as_the_table_says(one, how) for one, how in said))


def _below_shift(key: int, held: Qt.KeyboardModifier) -> list[int]:
    is_typed = held & Qt.KeyboardModifier.ShiftModifier and 0 < key < 0x80
    plain = _TYPED.get(chr(key)) if is_typed else None
    return [ord(plain)] if plain else []


def _as_the_table_says(key: int, held: Qt.KeyboardModifier) -> str:
    # not every key of every keyboard is in Qt's list, so its number says more than its name
    portable = QKeySequence.SequenceFormat.PortableText
    return QKeySequence(key | held.value).toString(portable)


def meant(event: QKeyEvent, action_ids: Iterable[str]) -> str:
    """Return which of some actions a key means; empty if none."""
    names, keys = key_names(event), keymap.in_use().keys
    return next((i for i in action_ids if any(name in keys[i] for name in names)), "")


class HeldKey:
    """Tells a key that is held down from one that goes down again.

    X11 repeats a key as pairs of release and press at one instant, and Qt takes those it has not
    read together for strokes of their own; a finger needs longer.
    """

    LEAST_MS = 30

    def __init__(self) -> None:
        self._up: tuple[int, int] | None = None

    def note_release(self, event: QKeyEvent) -> None:
        """Take note that a key went up."""
        self._up = (event.key(), event.timestamp())

    def is_held(self, event: QKeyEvent) -> bool:
        """Tell whether a key that goes down had not really gone up."""
        if event.isAutoRepeat():
            return True
        when = event.timestamp()  # 0 where nobody knows
        if self._up is None or self._up[0] != event.key() or not when:
            return False
        return when - self._up[1] < self.LEAST_MS


def tool_key(event: QKeyEvent, tool_id: str) -> ToolKey | None:
    """Return what a key says to the tool in hand, if anything."""
    said = meant(event, (key for key in ToolKey if key is not ToolKey.AGAIN))
    if said:
        return ToolKey(said)
    return ToolKey.AGAIN if meant(event, (f"tool.{tool_id}",)) else None


def is_wanted(event: QKeyEvent, tool_id: str, wanted: frozenset[ToolKey]) -> bool:
    """Tell whether a key says something that the tool in hand has a use for now."""
    said = tool_key(event, tool_id)
    return said is not None and said in wanted


def is_override(event: QEvent) -> TypeGuard[QKeyEvent]:
    """Tell whether Qt asks if a key is to be kept from the window's shortcuts."""
    return event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)


def key_words(keys: Iterable[str]) -> str:
    """Return keys as this system writes them."""
    return "  ".join(dict.fromkeys(map(_in_words, keys)))


def _in_words(key: str) -> str:
    native = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    # what Qt calls Return is written Enter on most keyboards
    return native.replace("Return", "Enter")
