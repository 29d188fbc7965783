"""What can be taken hold of over a view before the tool in hand gets the press."""

from typing import Protocol

from annotator.model.shapes import Vec2
from annotator.tools.tool import Pointer


class ViewGrips(Protocol):
    """Grips that come before the tool: of what is seen, or of what is selected."""

    def hint_at(self, at_px: Vec2) -> str:
        """Say what dragging the grip under the pointer does; empty where there is none."""

    def press(self, pointer: Pointer) -> bool:
        """Take hold of the grip under the pointer; tell whether there is one."""

    def move(self, pointer: Pointer) -> None:
        """Drag it."""

    def release(self) -> None:
        """Let go of it."""

    def back_out(self) -> bool:
        """Leave all as it was before the drag; tell whether there was one."""
