"""What a person took note of about a series, for all who work on the project."""

from collections.abc import Callable
from typing import Any

from annotator.app.session import Session
from annotator.model.volume import Series


def is_noted(name: str, series: Series | None, setting: Callable[[str], Any]) -> bool:
    """Tell whether a person took note of something about a series.

    Parameters
    ----------
    name
        Of the setting that names each stack of which somebody did.
    setting
        Returns a project's setting by its name.
    """
    return series is not None and series.stack_uid in _named(setting(name))


def take_note(name: str, session: Session) -> None:
    """Keep that a person took note of something about the open series."""
    series = session.context.series
    if series is not None and not is_noted(name, series, session.setting):
        session.change_setting(name, [*_named(session.setting(name)), series.stack_uid])


def _named(kept: Any) -> list[str]:  # noqa: ANN401 - what JSON can hold
    return list(kept) if isinstance(kept, list) else []
