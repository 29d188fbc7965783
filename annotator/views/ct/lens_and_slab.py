"""What the planes show besides single slices: thicker slabs, and a lens round the pointer."""

from collections.abc import Callable, Iterator
from functools import partial

from annotator.i18n import gettext as _
from annotator.imaging.slabs import Mix
from annotator.views.ct.image_state import ImageState
from annotator.views.ct.image_view import ImageView

SLABS_MM = (5.0, 10.0, 20.0)
THICKEST_MM = SLABS_MM[-1]


class LensAndSlab:
    """Chooses among slabs of whole axial slices, and what the lens shows."""

    def __init__(self, view: ImageView) -> None:
        self._view = view
        self.does: dict[str, Callable[[], object]] = {
            "view.lens": partial(self._look_through, None),
            "view.lens_mip": partial(self._look_through, Mix.MAXIMUM),
            "view.slab": self._thicken,
            "view.slab_thicker": partial(self._thicken_by, 1),
            "view.slab_thinner": partial(self._thicken_by, -1),
            "view.mix": self._mix_otherwise,
        }
        """Actions of the table, by id."""

    def _look_through(self, mix: Mix | None) -> None:
        """Show the lens with this mix; take it away where it shows that already."""
        if self._view.state is not None:
            is_shown = self._view.plane_view().lens_is_on and self._view.state.lens is mix
            self._view.set_lens(on=not is_shown, mix=None if is_shown else mix)

    def _thicken(self) -> None:
        """Go through the slabs that have more slices each: 5, 10 and 20 mm; then none."""
        state = self._view.state
        if state is not None:
            self._show(next(_thicker(state), 0.0), state.mix)

    def _thicken_by(self, steps: int) -> None:
        """Change the slab by a millimetre; by a slice where slices are thicker than that."""
        state = self._view.state
        if state is not None:
            each_mm = state.series.spacing_mm[0]
            count = state.slices_in(state.slab_mm) + steps * max(1, round(1.0 / each_mm))
            count = min(count, state.slices_in(THICKEST_MM))
            self._show(count * each_mm if count > 1 else 0.0, state.mix)

    def _mix_otherwise(self) -> None:
        """Go through maximum, minimum and mean; of the thinnest slab where there was none."""
        state = self._view.state
        if state is not None:
            mixes = list(Mix)
            after = mixes[(mixes.index(state.mix) + 1) % len(mixes)]
            self._show(state.slab_mm or next(_thicker(state), 0.0), after)

    def _show(self, thickness_mm: float, mix: Mix) -> None:
        state = self._view.state
        assert state is not None
        if state.slices_in(THICKEST_MM) < 2:
            said = _("Slices of {mm:.3g} mm are thicker than any slab: there is nothing to mix")
            self._view.say(said.format(mm=state.series.spacing_mm[0]))
        self._view.set_slab(thickness_mm, mix)


def _thicker(state: ImageState) -> Iterator[float]:
    """Return the slabs that are made of more slices than the one that is shown."""
    now = state.slices_in(state.slab_mm)
    return (mm for mm in SLABS_MM if state.slices_in(mm) > now)
