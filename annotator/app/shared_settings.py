"""What all who work on a project agree on, as a session sees it."""

from typing import Any, Protocol


class SharedSettings(Protocol):
    """Keeps settings by name; a project does."""

    def setting(self, name: str) -> Any:  # noqa: ANN401 - what JSON can hold
        """Return a setting, or None."""

    def set_setting(self, name: str, value: object) -> None:
        """Keep a setting that JSON can hold."""


class HeldSettings:
    """Keeps settings as long as the program runs, where there is no project."""

    def __init__(self) -> None:
        self._held: dict[str, Any] = {}

    def setting(self, name: str) -> Any:  # noqa: ANN401 - as above
        """Return a setting, or None."""
        return self._held.get(name)

    def set_setting(self, name: str, value: object) -> None:
        """Hold a setting."""
        self._held[name] = value
