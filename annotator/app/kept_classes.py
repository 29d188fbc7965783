"""Which classes a project protects and does not show as usual: after a restart, for everybody."""

import contextlib
from typing import Any

from annotator.app.cloud_settings import UNLABELLED, CloudSettings, Look
from annotator.app.session import Session
from annotator.errors import AnnotatorError

_KEPT = {
    "protected": "protected_classes",
    "hidden": "hidden_classes",
    "solo": "solo_classes",
    "faded": "faded_classes",
}
"""What is kept of the look, each with its name among the project's settings."""


class KeptClasses:
    """Shows an item with its project's classes as they were left, and keeps how they are."""

    def __init__(self, session: Session, settings: CloudSettings) -> None:
        self._session, self._settings = session, settings
        settings.set(**{name: _kept(session, name) for name in _KEPT})
        settings.changed.connect(self._keep)

    def stop_listening(self) -> None:
        """Let go of the settings."""
        self._settings.changed.disconnect(self._keep)

    def _keep(self, before: Look) -> None:
        """Keep them at once; where the project cannot be written they are only not kept."""
        for name, setting in _KEPT.items():
            now = getattr(self._settings.look, name)
            if now != getattr(before, name):
                with contextlib.suppress(AnnotatorError):
                    self._session.shared.set_setting(setting, sorted(now))


def _kept(session: Session, name: str) -> frozenset[str | int]:
    """Return what is kept under a name; a class that was removed since is not missed."""
    said: Any = session.setting(_KEPT[name])
    known = [one for label in session.taxonomy for one in (label.name, label.value)]
    return frozenset(one for one in [UNLABELLED, *known] if isinstance(said, list) and one in said)
