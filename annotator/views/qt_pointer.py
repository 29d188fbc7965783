"""Says what Qt tells of the mouse and the keys in the words of the tools."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from annotator.model.shapes import Vec2
from annotator.tools.tool import Button, Keys

_NOBODY = QObject()
_BUTTONS = {
    Qt.MouseButton.LeftButton: Button.LEFT,
    Qt.MouseButton.RightButton: Button.RIGHT,
    Qt.MouseButton.MiddleButton: Button.MIDDLE,
}


def place_px(event: QMouseEvent | QWheelEvent) -> Vec2:
    """Return where in the widget something happened."""
    return event.position().x(), event.position().y()


def button_of(event: QMouseEvent) -> Button:
    """Return the button that went down or up."""
    return _BUTTONS.get(event.button(), Button.NONE)


def keep_alt_from_the_menu_bar(event: QWheelEvent) -> None:
    """Let Alt that was held for the wheel go without a menu taking the keyboard.

    The menu bar forgets that Alt went down once anything is activated: `QMenuBar.eventFilter`.
    """
    if event.modifiers() & Qt.KeyboardModifier.AltModifier:
        QApplication.sendEvent(_NOBODY, QEvent(QEvent.Type.ActivationChange))


def keys_of(held: Qt.KeyboardModifier) -> Keys:
    """Return which modifier keys are held."""
    keys = Keys.NONE
    for qt_key, key in (
        (Qt.KeyboardModifier.ShiftModifier, Keys.SHIFT),
        (Qt.KeyboardModifier.ControlModifier, Keys.CTRL),
        (Qt.KeyboardModifier.AltModifier, Keys.ALT),
    ):
        if held & qt_key:
            keys |= key
    return keys
