"""Knows on which pixels a series was labelled, so that no other ones carry the labels silently."""

from itertools import zip_longest
from typing import NamedTuple

from annotator.app.session import Session
from annotator.i18n import ngettext
from annotator.model.findings import Finding, Severity, places_in_words
from annotator.model.items import Status
from annotator.model.volume import Volume

_PIXELS, _DIGITS = "ct-pixels", 16


class _Pixels(NamedTuple):
    """A slice as it was labelled: its SOP instance UID, and the beginning of its hash.

    The hash is empty of a slice that could not be read, which then may be anything.
    """

    sop_uid: str
    digits: str


def changed_slices(session: Session) -> tuple[int, ...]:
    """Return the slices of a labelled volume whose pixels are not those that were labelled there.

    They may be another picture under the same SOP instance UID (blacked out, flipped), another
    instance in its place, or one that lies elsewhere in the stack than it did.
    """
    volume = session.context.volume
    if volume is None or not _is_begun(session):
        return ()
    kept = _kept(session)
    if not kept:
        return ()
    pairs = enumerate(zip_longest(kept, _of(volume), fillvalue=_Pixels("", "")))
    return tuple(k for k, (before, now) in pairs if _differ(before, now))


def keep_pixels(session: Session) -> None:
    """Let the labels be those of the pixels at hand from now on."""
    volume = session.context.volume
    if volume is None:
        return
    kept, now = _kept(session), _of(volume)
    if len(kept) == len(now):  # what cannot be read today still is what was read before
        now = [new if new.digits else old for old, new in zip(kept, now, strict=True)]
    if now != kept:
        session.shared.set_setting(_name(session), now)


def changed_slices_in_words(session: Session) -> tuple[Finding, ...]:
    """Say which slices changed since they were labelled, and what to do; else nothing."""
    slices = session.changed_slices
    if not slices:
        return ()
    text = ngettext(
        "The pixels of {count} slice are not those that were labelled ({places}), so labels may"
        " lie wrong: put the original files back, or go on with Edit > Edit this file",
        "The pixels of {count} slices are not those that were labelled ({places}), so labels may"
        " lie wrong: put the original files back, or go on with Edit > Edit this file",
        len(slices),
    ).format(count=len(slices), places=places_in_words(slices))
    return (Finding("pixels-changed", text, Severity.ERROR),)


def _is_begun(session: Session) -> bool:
    """Tell whether anybody said anything of a series, be it that there is nothing to mark."""
    is_new = session.item is None or session.item.status is Status.NEW
    return bool(session.document.annotations) or not is_new


def _differ(before: _Pixels, now: _Pixels) -> bool:
    if before.sop_uid != now.sop_uid:
        return True
    return bool(before.digits and now.digits) and before.digits != now.digits


def _of(volume: Volume) -> list[_Pixels]:
    hashes = volume.slice_hashes or ("",) * len(volume.series.slices)
    pairs = zip(volume.series.slices, hashes, strict=True)
    return [_Pixels(one.sop_uid, said[:_DIGITS]) for one, said in pairs]


def _kept(session: Session) -> list[_Pixels]:
    kept = session.setting(_name(session))
    return [_Pixels(*one) for one in kept] if isinstance(kept, list) else []


def _name(session: Session) -> str:
    """Return the name of the setting: the item's own, as another slice may be the first by now."""
    item, series = session.item, session.context.series
    own = item.id if item is not None else series.stack_uid if series is not None else ""
    return f"{_PIXELS}.{own}"
