"""What keys do over the planes: slices first, then the rail and the tool."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeyEvent

from annotator.tools.keys import ToolKey
from annotator.views.key_events import is_wanted, meant, tool_key

if TYPE_CHECKING:
    from annotator.views.ct.image_view import ImageView


class ImageKeys:
    """Turns keys into what the image view can do."""

    def __init__(self, view: "ImageView") -> None:
        self._view = view
        self.does: dict[str, Callable[[], object]] = {
            "view.slice_up": partial(self._pass_slices, 1),
            "view.slice_down": partial(self._pass_slices, -1),
            "view.slices_up": partial(self._pass_slices, 10),
            "view.slices_down": partial(self._pass_slices, -10),
            "view.topmost": partial(self._go_to_slice, 1_000_000),
            "view.lowest": partial(self._go_to_slice, 0),
            "view.next_focus": partial(view.walk.step, 1),
            "view.previous_focus": partial(view.walk.step, -1),
        }
        """Actions of the table that only move through the series, by id."""

    def wants(self, event: QKeyEvent) -> bool:
        """Tell whether a key is to be kept from the window's shortcuts."""
        return self._tool_wants(event) or self._leads_to_rail(event)

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key that went down says; tell whether it says anything."""
        verb = meant(event, self.does)
        said = tool_key(event, self._view.runner.tool.id) if self._view.runner else None
        if self._leads_to_rail(event) and not self._tool_wants(event):
            if not event.isAutoRepeat():
                self._view.rail.take_keys()
        elif said is ToolKey.BACK_OUT:
            self._back_out()
        elif verb:
            self.does[verb]()
        else:
            return said is not None and self._ask_tool(said)
        return True

    def _tool_wants(self, event: QKeyEvent) -> bool:
        runner = self._view.runner
        return runner is not None and is_wanted(event, runner.tool.id, runner.tool.keys_wanted())

    def _leads_to_rail(self, event: QKeyEvent) -> bool:
        """Tell whether a key would accept a candidate, had the rail the keys: then it gets them."""
        is_open = self._view.rail.isVisible() and not self._view.session.read_only
        return is_open and bool(meant(event, ("rail.accept",)))

    def _pass_slices(self, by: int) -> None:
        if self._view.state is not None:
            self._go_to_slice(self._view.state.at[2] + by)

    def _go_to_slice(self, index: int) -> None:
        self._view.show_slice(index)
        self._view.point_again()

    def _ask_tool(self, said: ToolKey) -> bool:
        runner = self._view.runner
        return runner is not None and runner.ask_here(lambda tool: tool.key_press(said))

    def _back_out(self) -> None:
        if self._view.runner is not None:
            self._view.runner.back_out()
