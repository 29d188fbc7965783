"""Which classes a project protects, so that it holds after a restart and for everybody."""

import contextlib
from typing import Any

from annotator.app.cloud_settings import CloudSettings, Look
from annotator.app.session import Session
from annotator.errors import AnnotatorError

_PROTECTED = "protected_classes"


class Protection:
    """Shows an item with its project's protected classes, and keeps which those are."""

    def __init__(self, session: Session, settings: CloudSettings) -> None:
        self._session, self._settings = session, settings
        settings.set(protected=_kept(session))
        settings.changed.connect(self._keep)

    def stop_listening(self) -> None:
        """Let go of the settings."""
        self._settings.changed.disconnect(self._keep)

    def _keep(self, before: Look) -> None:
        """Keep them at once; where the project cannot be written they are only not kept."""
        now = self._settings.look.protected
        if now != before.protected:
            with contextlib.suppress(AnnotatorError):
                self._session.shared.set_setting(_PROTECTED, sorted(now))


def _kept(session: Session) -> frozenset[str]:
    said: Any = session.setting(_PROTECTED)
    names = said if isinstance(said, list) else []
    return frozenset(name for name in names if isinstance(name, str))
