"""Knows where on its window a widget is, so that what it shows can stay there."""

from dataclasses import dataclass

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from annotator.geometry.projection import Size
from annotator.model.shapes import Vec2


@dataclass(frozen=True, slots=True)
class Place:
    """A widget's top left corner on its window, and both sizes; not on show it has no place."""

    at_px: Vec2
    size_px: Size
    window_px: Size
    is_on_show: bool

    def has_same_window(self, other: "Place") -> bool:
        """Tell whether only what is inside the window moved since, before somebody's eyes."""
        return self.is_on_show and other.is_on_show and self.window_px == other.window_px

    def from_px(self, before: "Place") -> Vec2:
        """Return how far the corner moved."""
        return self.at_px[0] - before.at_px[0], self.at_px[1] - before.at_px[1]


def place_of(widget: QWidget) -> Place:
    """Return where a widget is now."""
    window = widget.window()
    at = widget.mapTo(window, QPoint(0, 0))
    size = (max(widget.width(), 1), max(widget.height(), 1))
    is_on_show = widget.isVisible() and window is not widget
    return Place((at.x(), at.y()), size, (window.width(), window.height()), is_on_show)
