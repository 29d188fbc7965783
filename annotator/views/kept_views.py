"""Keeps ways to look at an item under numbers, and goes back to them."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from annotator.app.kept_view import KeptView, keep_views, last_view, numbered_views
from annotator.app.session import Session
from annotator.errors import AnnotatorError
from annotator.i18n import gettext as _
from annotator.tools.keys import key_word
from annotator.views.cloud.cloud_view import CloudView

KEPT = (1, 2, 3)


class KeptViews:
    """The views that a person keeps of an item: camera, heights, storey and clipping box."""

    def __init__(self, session: Session, view: CloudView) -> None:
        self._session, self._view = session, view
        # where panels lay at that time says nothing of where the view's middle is now
        self._numbered = {
            number: replace(kept, camera=kept.camera.centred())
            for number, kept in numbered_views(session).items()
        }

    @property
    def does(self) -> dict[str, Callable[[], object]]:
        """What keeps a view and what goes back to it, by action."""
        return {
            **{f"view.store_{n}": partial(self.keep, n) for n in KEPT},
            **{f"view.recall_{n}": partial(self.go_to, n) for n in KEPT},
        }

    def has(self, number: int) -> bool:
        """Tell whether a view is kept under a number."""
        return number in self._numbered

    def keep(self, number: int) -> None:
        """Keep the present view."""
        self._numbered[number] = self._now()
        self.write()
        self._view.say(_("This view is kept as {n}").format(n=number), warning=False)
        self._view.update()

    def go_to(self, number: int) -> None:
        """Look as one looked when a view was kept.

        Raises
        ------
        AnnotatorError
            If no view was kept under that number.
        """
        if number not in self._numbered:
            raise AnnotatorError(
                _("No view is kept as {n}; {key} keeps this one").format(
                    n=number, key=key_word(f"view.store_{number}")
                )
            )
        kept = self._numbered[number]
        self._view.settings.set(slab_m=kept.slab_m, storey=kept.storey)
        self._view.clipping.show(kept.clip)
        self._view.steering.look(kept.camera)
        self._view.say(_("This is view {n}").format(n=number), warning=False)
        self._view.update()

    def look_as_before(self) -> None:
        """Look from where the item was looked at last, at the same heights and storey."""
        before = last_view(self._session)
        if before is not None:
            self._view.settings.set(slab_m=before.slab_m, storey=before.storey)
            self._view.steering.look(before.camera.centred())

    def write(self) -> None:
        """Keep them, and the present view, for when the item is opened again."""
        keep_views(self._session, self._now(), self._numbered)

    def _now(self) -> KeptView:
        view, look = self._view, self._view.settings.look
        return KeptView(view.camera, look.slab_m, view.clipping.box, look.storey)
