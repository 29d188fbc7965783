"""Which window of HU values the planes tell apart."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from annotator.i18n import gettext as _
from annotator.imaging.windows import PRESETS, Window, window_of
from annotator.model.shapes import Vec3
from annotator.model.volume import Hu
from annotator.tools.keys import keyed

if TYPE_CHECKING:
    from annotator.views.ct.image_view import ImageView


class Windowing:
    """Sets the window of an image view, by name, by the header, or by what is seen."""

    def __init__(self, view: "ImageView") -> None:
        self._view = view

    @property
    def does(self) -> dict[str, Callable[[], object]]:
        """Windows that a key chooses, by action."""
        return {
            **{f"window.{p.name}": partial(self.use_preset, p.name) for p in PRESETS},
            "window.header": self.use_header,
            "window.auto": self.use_slice,
        }

    def use(self, window: Window) -> None:
        """Tell other values apart, as a person wants, from now on."""
        self._view.selection.window = window
        self._view.change(window=window)

    def use_preset(self, name: str) -> None:
        """Use a window by its name: lung, mediastinum, bone, calcium."""
        self.use(_preset(name))

    def suit_candidates(self) -> None:
        """Tell dense values apart, unless a person chose a window."""
        if self._view.selection.window is None:
            self._view.change(window=_preset("calcium"))

    def use_header(self) -> None:
        """Use the next of the windows that the series came with; say so where there is none."""
        state = self._view.state
        if state is None:
            return
        brought = state.brought_windows()
        if not brought:
            said = _(
                "This series brings no window of its own · {window_auto} fits one to the slice"
            )
            self._view.say(keyed(said))
            return
        windows = list(brought)
        shown = windows.index(state.window) if state.window in brought else -1
        self.use(windows[(shown + 1) % len(windows)])

    def use_slice(self) -> None:
        """Use a window that spans the slice that is seen."""
        state = self._view.state
        if state is not None:
            self.use(window_of(state.hu[state.at[2]]))

    def use_region(self, start: Vec3, end: Vec3) -> None:
        """Use a window that spans the voxels between two corners of a cut."""
        if self._view.state is not None:
            self.use_region_of(self._view.state.hu, start, end)

    def use_region_of(self, hu: Hu, start: Vec3, end: Vec3) -> None:
        """Use a window that spans voxels of a series that need not be the one that is marked."""
        ends = [sorted((round(a), round(b))) for a, b in zip(start, end, strict=True)][::-1]
        framed = hu[tuple(slice(max(0, low), high + 1) for low, high in ends)]
        if framed.size > 1:
            self.use(window_of(framed))

    def drag(self, right_px: float, down_px: float) -> None:
        """Widen the window to the right, raise its level downward; faster where it is wide."""
        if self._view.state is not None:
            was = self._view.state.window
            pace = max(1.0, was.width_hu / 400)
            width = max(1.0, was.width_hu + right_px * pace)
            self.use(Window(was.center_hu + down_px * pace, width))


def _preset(name: str) -> Window:
    return next(preset.window for preset in PRESETS if preset.name == name)
