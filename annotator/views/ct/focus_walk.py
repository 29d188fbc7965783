"""Going from focus to focus."""

from typing import TYPE_CHECKING

import numpy as np

from annotator.app.focus_table import FocusTable
from annotator.model.annotations import AnnotationId

if TYPE_CHECKING:
    from annotator.views.ct.image_view import ImageView


class FocusWalk:
    """Brings foci into an image view, one after the other in the order of slices."""

    def __init__(self, view: "ImageView", foci: FocusTable) -> None:
        self._view, self._foci = view, foci

    def look_for(self, annotation_id: AnnotationId) -> None:
        """Bring a focus into view, on the slice where it is largest."""
        state = self._view.state
        focus = self._view.session.document.annotations.get(annotation_id)
        where = self._foci.where(focus) if focus is not None else ()
        if focus is None or not len(where) or state is None:
            return
        largest = self._foci.largest_slice(focus)
        k, j, i = np.unravel_index(where, state.hu.shape)
        voxel = (round(i[k == largest].mean()), round(j[k == largest].mean()), largest)
        self._view.go_to(voxel)
        self._view.bring_into_view()

    def step(self, by: int) -> None:
        """Select the focus that many places on, from the last to the first, and show it."""
        self._step_among([focus.id for focus in self._foci.annotations()], by)

    def step_below(self) -> None:
        """Select the next focus that has voxels below the rule, and show it."""
        rows = self._foci.rows()
        below = [r.annotation.id for r in rows if r.measures is not None and r.measures.below]
        self._step_among(below, 1)

    def _step_among(self, ids: list[AnnotationId], by: int) -> None:
        if not ids:
            return
        selection = self._view.selection
        here = selection.ids[0] if selection.ids else ""
        at = (ids.index(here) + by) % len(ids) if here in ids else (0 if by > 0 else -1)
        selection.set((ids[at],))
        self.look_for(ids[at])
