"""Which scans of a sequence a person has said to be done, for the sequence's thumbnails."""

import contextlib
from typing import Any

from annotator.app.session import Session
from annotator.errors import AnnotatorError
from annotator.i18n import gettext as _
from annotator.tools.keys import keyed


def done_scans(session: Session) -> frozenset[int]:
    """Return the scans of the open item that a person has done with."""
    said: Any = session.setting(_name(session))
    scans = said if isinstance(said, list) else []
    return frozenset(n for n in scans if isinstance(n, int))


def first_not_done(session: Session) -> int:
    """Return the scan to begin with: the first that is not done, or else the first."""
    done, count = done_scans(session), len(session.document.extents)
    return next((n for n in range(count) if n not in done), 0)


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


def not_done_in_words(session: Session, frame: int) -> str:
    """Say that a scan is not done, and how to come to the nearest one that is."""
    others = done_scans(session) - {frame}
    if not others:
        return _("Scan {n} is not done").format(n=frame + 1)
    done = min(others, key=lambda other: (abs(other - frame), other))
    back = _(
        "Scan {n} is not done; {sequence_previous} goes back to scan {done} to take it back there"
    )
    on = _("Scan {n} is not done; {sequence_next} goes on to scan {done} to take it back there")
    return keyed(back if done < frame else on, n=frame + 1, done=done + 1)


def _name(session: Session) -> str:
    return f"done_scans.{session.item.id if session.item is not None else ''}"
