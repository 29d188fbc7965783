"""Knows on which pixels a series was labelled, so that no other ones carry the labels silently."""

from annotator.app.session import Session
from annotator.i18n import ngettext
from annotator.model.findings import Finding, Severity
from annotator.model.volume import Volume

_PIXELS, _DIGITS, _MOST_NAMED = "ct-pixels", 16, 6


def changed_slices(session: Session) -> tuple[int, ...]:
    """Return the slices of a labelled volume whose pixels are not those that were labelled.

    They may be another picture under the same SOP instance UID (blacked out, flipped), or another
    instance in its place. A slice that could not be read then may be anything.
    """
    volume = session.context.volume
    if volume is None or not session.document.annotations:
        return ()
    kept = _kept(session)
    if not kept:
        return ()
    hashes = enumerate(_hashes(volume))
    return tuple(k for k, (uid, now) in hashes if now and kept.get(uid) not in {"", now})


def keep_pixels(session: Session) -> None:
    """Let the labels be those of the pixels at hand from now on."""
    volume = session.context.volume
    if volume is None:
        return
    kept = _kept(session)
    now = kept | {uid: said for uid, said in _hashes(volume) if said or uid not in kept}
    if now != kept:
        session.shared.set_setting(_name(session), now)


def changed_in_words(session: Session) -> tuple[Finding, ...]:
    """Say which slices changed since they were labelled, and what to do; else nothing."""
    slices = changed_slices(session)
    if not slices:
        return ()
    places = ", ".join(str(k + 1) for k in slices[:_MOST_NAMED])
    text = ngettext(
        "The pixels of {count} slice are not those that were labelled ({places}), so labels may"
        " lie wrong: put the original files back, or go on with Edit > Edit this file",
        "The pixels of {count} slices are not those that were labelled ({places}), so labels may"
        " lie wrong: put the original files back, or go on with Edit > Edit this file",
        len(slices),
    ).format(count=len(slices), places=places + (" …" if len(slices) > _MOST_NAMED else ""))
    return (Finding("pixels-changed", text, Severity.ERROR),)


def _hashes(volume: Volume) -> list[tuple[str, str]]:
    """Return each slice's SOP instance UID and the beginning of its hash, empty if unknown."""
    hashes = volume.slice_hashes or ("",) * len(volume.series.slices)
    pairs = zip(volume.series.slices, hashes, strict=True)
    return [(one.sop_uid, said[:_DIGITS]) for one, said in pairs]


def _kept(session: Session) -> dict[str, str]:
    kept = session.setting(_name(session))
    return dict(kept) if isinstance(kept, dict) else {}


def _name(session: Session) -> str:
    series = session.context.series
    return f"{_PIXELS}.{series.stack_uid if series is not None else ''}"
