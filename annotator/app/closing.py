"""Whether a closed scan still is as it was closed."""

from collections.abc import Iterable

from annotator.app.ct_rule import rule_of
from annotator.app.focus_table import FocusTable
from annotator.app.session import Session
from annotator.app.unanswered import siteless_in_words
from annotator.i18n import gettext as _
from annotator.i18n import ngettext
from annotator.model.items import Item, ItemKind, Status
from annotator.tools.keys import keyed

_CLOSED_BY = "ct-closed-by"
"""The setting that says by which rule each scan was closed."""


class Closing:
    """Open → (closed) as it was closed ⇄ (changed, undone) changed since.

    A scan is closed by what was said of it then, and by the rule that said what had to be
    explained. Whatever is said later opens it again, and so does another rule, until that is
    taken back or the scan is closed anew.
    """

    def __init__(self, session: Session, item: Item | None) -> None:
        self._session, self._item = session, item
        is_done = item is not None and item.status is Status.DONE
        self._closed_at = session.last_step() if is_done else None
        self._rule = self._closed_by().get(self._key, self._rule_now()) if self._is_ct else ""
        self._status = item.status if item is not None else Status.NEW

    def set_status(self, status: Status) -> None:
        """Take note of what a person said."""
        self._status = status
        self._closed_at = self._session.last_step() if status is Status.DONE else None
        if status is Status.DONE and self._is_ct:
            self._rule = self._rule_now()
            kept = {**self._closed_by(), self._key: self._rule}
            self._session.shared.set_setting(_CLOSED_BY, kept)

    def changed_status(self) -> Status | None:
        """Return the status that a change gave the scan; None if none did."""
        if self._closed_at is None or not self._is_ct:
            return None
        is_as_said = self._session.last_step() == self._closed_at
        is_as_asked = self._rule_now() == self._rule
        status = Status.DONE if is_as_said and is_as_asked else Status.IN_PROGRESS
        if status is self._status:
            return None
        self._status = status
        return status

    @property
    def _is_ct(self) -> bool:
        return self._item is not None and self._item.kind is ItemKind.CT

    @property
    def _key(self) -> str:
        return str(self._item.id) if self._item is not None else ""

    def _rule_now(self) -> str:
        return FocusTable.of(self._session).rule.title()

    def _closed_by(self) -> dict[str, str]:
        kept = self._session.setting(_CLOSED_BY)
        return dict(kept) if isinstance(kept, dict) else {}


def closed_by_another(session: Session, items: Iterable[Item]) -> list[Item]:
    """Return the scans that are closed, but by another rule than the one that holds now."""
    kept = session.setting(_CLOSED_BY)
    closed_by = kept if isinstance(kept, dict) else {}
    rule = rule_of(session).title()
    done = [item for item in items if item.kind is ItemKind.CT and item.status is Status.DONE]
    return [item for item in done if closed_by.get(str(item.id), rule) != rule]


def closed_in_words(session: Session, *, already: bool = False) -> str:
    """Say that a scan is closed, with how many foci, and the key that exports them."""
    count = len(FocusTable.of(session).counted())
    says = ngettext("{count} focus", "{count} foci", count).format(count=count)
    siteless = siteless_in_words(session)
    says = _("{foci}, {siteless}").format(foci=says, siteless=siteless) if siteless else says
    told = _("Closed already: {foci} · {file_export} exports")
    return keyed(told if already else _("Closed: {foci} · {file_export} exports"), foci=says)


def reopened_in_words(status: Status) -> str:
    """Say what a change did to a closed scan."""
    if status is Status.DONE:
        return _("This scan is as it was when it was closed: it is closed again.")
    return _(
        "This scan was closed; it, or the rule, has been changed since: it is open again."
        " Undo the change, or close the scan anew."
    )
