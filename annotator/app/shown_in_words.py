"""Says in words what of a scan is not shown, and what cannot be done with it just now."""

from collections.abc import Collection

from annotator.app.cloud_settings import UNLABELLED, Look
from annotator.i18n import gettext as _
from annotator.i18n import listed, ngettext
from annotator.model.labels import Label
from annotator.tools.keys import keyed

_MOST_NAMED = 3


def state_in_words(
    *,
    is_read_only: bool,
    is_surveyed: bool,
    unread: Collection[int] = (),
    is_grey: bool = False,
) -> tuple[str, ...]:
    """Return a sentence for each thing that cannot be done with a scan just now.

    Parameters
    ----------
    unread
        Scans that should lie over it and could not be read.
    is_grey
        Whether points are coloured by class and none has one, though there are boxes.
    """
    said: list[str] = []
    if is_read_only:
        said.append(keyed(_("Read-only · {edit_unlock} lets you change it")))
    if not is_surveyed:
        said.append(_("Floor and ceiling are still being found"))
    if unread:
        words = ngettext("Scan {n} could not be read", "Scans {n} could not be read", len(unread))
        said.append(words.format(n=", ".join(str(frame + 1) for frame in sorted(unread))))
    if is_grey:
        words = _(
            "No point has a class yet, and boxes give them none"
            " · {edit_select_all}, then {points_inside} labels the points in boxes"
        )
        said.append(keyed(words))
    return tuple(said)


def hidden_in_words(
    look: Look,
    labels: Collection[Label],
    *,
    is_isolated: bool,
    is_clipped: bool,
    has_ceiling: bool,
    storeys: int = 1,
) -> tuple[str, ...]:
    """Return a sentence for each thing that keeps a part of a scan from being shown.

    Parameters
    ----------
    storeys
        How many the scan has.
    """
    said: list[str] = []
    if is_isolated:
        said.append(keyed(_("Only the selection · {view_isolate} shows all")))
    if is_clipped:
        said.append(keyed(_("Cut to the clipping box · {view_clip} shows all")))
    if look.hides_ceiling and has_ceiling:
        said.append(keyed(_("Ceiling hidden · {view_ceiling} shows it")))
    said += _of_storeys(look, storeys)
    if look.slab_m != (None, None):
        said.append(keyed(_("{heights} · {view_all_heights} shows all"), heights=_heights(look)))
    if look.solo:
        words = _("Only {classes} · {view_all_classes} shows all")
        said.append(keyed(words, classes=_named(look.solo, labels)))
    elif look.hidden:
        words = _("Hidden are {classes} · {view_all_classes} shows all")
        said.append(keyed(words, classes=_named(look.hidden, labels)))
    if look.faded:
        words = _("Faded are {classes} · {view_all_classes} shows all")
        said.append(keyed(words, classes=_named(look.faded, labels)))
    return tuple(said)


def _of_storeys(look: Look, count: int) -> list[str]:
    """Say which storey is alone; who looks in from above is told how to look into a lower one."""
    if count > 1 and look.storey is not None and look.storey < count:
        words = _(
            "Storey {n} of {count} · {view_storey} shows the next · {view_all_heights} shows all"
        )
        return [keyed(words, n=look.storey + 1, count=count)]
    if count > 1 and look.hides_ceiling:
        return [keyed(_("{count} storeys · {view_storey} shows one alone"), count=count)]
    return []


def _heights(look: Look) -> str:
    low, high = look.slab_m
    if low is None:
        return _("Cut above {high:.2f} m").format(high=high)
    if high is None:
        return _("Cut below {low:.2f} m").format(low=low)
    return _("Cut to {low:.2f} to {high:.2f} m").format(low=low, high=high)


def _named(values: Collection[int], labels: Collection[Label]) -> str:
    """Return what classes are called, and how many more there are than can be read at a glance."""
    titles = {label.value: _(label.title) for label in labels}
    titles[UNLABELLED] = _("points without a class")
    names = [titles.get(value, str(value)) for value in sorted(values)]
    more = len(names) - _MOST_NAMED
    joined = listed(names[:_MOST_NAMED])
    if more <= 0:
        return joined
    return ngettext("{classes} and {n} more", "{classes} and {n} more", more).format(
        classes=joined, n=more
    )
