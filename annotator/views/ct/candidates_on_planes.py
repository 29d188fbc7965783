"""What the planes show of all that is still to be decided in a scan."""

from typing import TYPE_CHECKING

from annotator.i18n import gettext as _
from annotator.imaging.slabs import Plane
from annotator.model.shapes import Vec3
from annotator.views.ct.focus_mask import FocusMask
from annotator.views.ct.rail_head import Listed
from annotator.views.ct.rail_hint import residual_in_words

if TYPE_CHECKING:
    from annotator.views.ct.image_view import ImageView

CLOSE_MM = 60.0
"""As much of a plane is seen of a candidate, until a person zooms: a focus may be 3 mm."""


class CandidatesOnPlanes:
    """Shows the rail's candidate in the planes and, if wanted, what nobody has explained.

    Parameters
    ----------
    mask
        What colours the planes of the view.
    """

    def __init__(self, view: "ImageView", mask: FocusMask) -> None:
        self.is_residual_shown = False
        self._view, self._rail, self._mask = view, view.rail, mask
        self._rail.looked_at.connect(self._look_at)
        self._rail.decided.connect(self._color)
        self._rail.decided.connect(self._say_found)
        self._rail.ready.connect(self._say_found)

    def show(self, *, on: bool, with_keys: bool = True) -> None:
        """Show the candidates of the scan under the planes, and give them the keys."""
        selection = self._view.selection
        selection.wants_candidates = on
        self._rail.setVisible(on)
        if on:
            self._rail.look()
        if on and with_keys:
            self._rail.take_keys()
        if not on and selection.offer is not None:
            selection.set(())
        self._color()

    def show_residual(self, *, on: bool) -> None:
        """Show what nobody has explained; it needs the candidates."""
        self.is_residual_shown = on
        self._rail.look()
        self._color()
        if on:
            self._say_residual()
        elif self._view.runner is not None:
            self._view.say(self._view.runner.tool.hint())

    def next_open(self) -> None:
        """Go to the next candidate that nobody has decided; then to marked voxels below the rule.

        The latter only while they are shown. Where nothing is left, it is said.
        """
        decisions, listed = self._rail.decisions, self._rail.head.listed()
        is_other = listed is not Listed.CANDIDATES
        if decisions is None or is_other or not decisions.residual().is_finished:
            self._rail.verbs.go_to_next()
            return
        if self.is_residual_shown:
            self._view.walk.step_below()
        self._say_residual()

    def fit(self) -> None:
        """Show the one selected focus, or the candidate that is looked at, large; else all.

        What is seen large already gives way to all of the scan.
        """
        before = self._looks()
        self._view.fit()
        self._fit_chosen()
        if self._looks() == before:
            self._view.fit()

    def _fit_chosen(self) -> None:
        selection = self._view.selection
        if selection.offer is not None:
            self._rail.choose(selection.offer.number)
        elif len(selection.ids) == 1 and self._view.state is not None:
            self._view.walk.look_for(selection.ids[0])
            self._look_closely()

    def _looks(self) -> list[tuple[Vec3, float]]:
        """Return where each plane looks, and how near."""
        cameras = [self._view.plane_view(plane).camera for plane in Plane]
        return [(camera.center, camera.px_per_mm) for camera in cameras]

    def _look_closely(self) -> None:
        if self._view.state is not None:
            for plane in Plane:
                self._view.plane_view(plane).look_closely(self._view.state.at, CLOSE_MM)

    def _look_at(self, i: int, j: int, k: int) -> None:
        self._mask.offer(self._rail.offered())
        self._view.windowing.suit_candidates()
        self._view.go_to((i, j, k))
        self._look_closely()
        self._view.refresh()

    def _say_found(self) -> None:
        if self.is_residual_shown:
            self._say_residual()

    def _say_residual(self) -> None:
        """Say how much nobody has explained, and the key to the next piece."""
        decisions = self._rail.decisions
        if decisions is not None:
            self._view.say(residual_in_words(decisions, is_closed=self._rail.is_closed))
        elif self.is_residual_shown:
            self._view.say(_("Looking for what nobody has explained…"))

    def _color(self) -> None:
        """Colour the candidate that is offered and, if wanted, what nobody has explained."""
        self._mask.offer(self._rail.offered())
        self._mask.hide_residual()
        if self.is_residual_shown and self._rail.decisions is not None:
            left = self._rail.decisions.residual()
            self._mask.show_residual(left.where, left.below)
        self._view.refresh()
