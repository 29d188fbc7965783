"""What can be done with the class in hand: how it is shown, and whether tools may repaint it."""

from collections.abc import Callable
from functools import partial

from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.i18n import gettext as _
from annotator.model.labels import Label
from annotator.views.cloud.cloud_view import CloudView

SHOWN = {"class.hide": "hidden", "class.solo": "solo", "class.fade": "faded"}
"""Actions that change which points are seen, each with its name in the look."""


class ClassVerbs:
    """Protects, hides, singles out and fades the class in hand. View state: never undone."""

    def __init__(self, session: Session, selection: Selection, view: CloudView) -> None:
        self._session, self._selection, self._view = session, selection, view

    @property
    def does(self) -> dict[str, Callable[[], object]]:
        """Actions of the table that are about the class in hand, by id."""
        shown = {key: partial(self._switch_shown, name) for key, name in SHOWN.items()}
        return {"class.protect": self._switch_protected, **shown}

    @property
    def is_on(self) -> dict[str, bool]:
        """Whether each is on for the class in hand."""
        look, label = self._view.settings.look, self._label
        shown = {
            key: label is not None and label.value in getattr(look, name)
            for key, name in SHOWN.items()
        }
        return {"class.protect": label is not None and label.name in look.protected, **shown}

    @property
    def _label(self) -> Label | None:
        name = self._selection.label
        return next((label for label in self._session.taxonomy if label.name == name), None)

    def _switch_protected(self) -> None:
        label, settings = self._label, self._view.settings
        if label is None:
            return
        settings.set(protected=settings.look.protected ^ {label.name})
        is_on = label.name in settings.look.protected
        text = _("{name} is protected: no tool gives its points another class")
        text = text if is_on else _("{name} is protected no longer")
        self._view.say(text.format(name=_(label.title)), warning=False)

    def _switch_shown(self, name: str) -> None:
        if self._label is not None:
            now = getattr(self._view.settings.look, name)
            self._view.settings.set(**{name: now ^ {self._label.value}})
