"""Which scans of a sequence a person has said to be done, for the sequence's thumbnails."""

import contextlib
from typing import Any

from annotator.app.session import Session
from annotator.errors import AnnotatorError


def done_scans(session: Session) -> frozenset[int]:
    """Return the scans of the open item that a person has done with."""
    said: Any = session.setting(_name(session))
    scans = said if isinstance(said, list) else []
    return frozenset(n for n in scans if isinstance(n, int))


def tick_scan(session: Session, frame: int, *, done: bool) -> bool:
    """Keep whether a scan is done, and tell whether that is news.

    Where the project cannot be written it is only not kept.
    """
    before = done_scans(session)
    now = before | {frame} if done else before - {frame}
    if now != before:
        with contextlib.suppress(AnnotatorError):
            session.shared.set_setting(_name(session), sorted(now))
    return now != before


def _name(session: Session) -> str:
    return f"done_scans.{session.item.id if session.item is not None else ''}"
