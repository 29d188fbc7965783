"""Whether a closed scan still is as it was closed."""

from annotator.app.session import Session
from annotator.i18n import gettext as _
from annotator.model.items import Item, ItemKind, Status


class Closing:
    """Open → (closed) as it was closed ⇄ (changed, undone) changed since.

    A scan is closed by what was said of it then. Whatever is said later opens it again, until
    that is taken back or the scan is closed anew.
    """

    def __init__(self, session: Session, item: Item | None) -> None:
        self._session = session
        self._is_ct = item is not None and item.kind is ItemKind.CT
        is_done = item is not None and item.status is Status.DONE
        self._closed_at = session.last_step() if is_done else None
        self._status = item.status if item is not None else Status.NEW

    def set_status(self, status: Status) -> None:
        """Take note of what a person said."""
        self._status = status
        self._closed_at = self._session.last_step() if status is Status.DONE else None

    def changed_status(self) -> Status | None:
        """Return the status that a change of the document gave the scan; None if none did."""
        if self._closed_at is None or not self._is_ct:
            return None
        is_as_closed = self._session.last_step() == self._closed_at
        status = Status.DONE if is_as_closed else Status.IN_PROGRESS
        if status is self._status:
            return None
        self._status = status
        return status


def reopened_in_words(status: Status) -> str:
    """Say what a change did to a closed scan."""
    if status is Status.DONE:
        return _("This scan is as it was when it was closed: it is closed again.")
    return _(
        "This scan was closed, and has been changed: it is open again."
        " Undo the change, or close the scan anew."
    )
