"""Says in words what of a scan is not shown, and what cannot be done with it just now."""

from collections.abc import Collection

from annotator.app.cloud_settings import Look
from annotator.i18n import gettext as _
from annotator.i18n import ngettext
from annotator.model.labels import Label
from annotator.tools.keys import keyed


def state_in_words(*, is_read_only: bool, is_surveyed: bool) -> tuple[str, ...]:
    """Return a sentence for each thing that cannot be done with a scan just now."""
    said: list[str] = []
    if is_read_only:
        said.append(keyed(_("Read-only · {edit_unlock} lets you change it")))
    if not is_surveyed:
        said.append(_("Floor and ceiling are still being found"))
    return tuple(said)


def hidden_in_words(
    look: Look, labels: Collection[Label], *, is_isolated: bool, is_clipped: bool
) -> tuple[str, ...]:
    """Return a sentence for each thing that keeps a part of a scan from being shown."""
    said: list[str] = []
    if is_isolated:
        said.append(keyed(_("Only the selection · {view_isolate} shows all")))
    if is_clipped:
        said.append(keyed(_("Cut to the clipping box · {view_clip} shows all")))
    if look.slab_m != (None, None):
        said.append(_heights(look))
    hidden = [label for label in labels if not look.shows(label.value)]
    if hidden:
        count = len(hidden)
        said.append(
            ngettext("{n} class is hidden", "{n} classes are hidden", count).format(n=count)
        )
    return tuple(said)


def _heights(look: Look) -> str:
    low, high = look.slab_m
    if low is None:
        return _("Cut above {high:.2f} m").format(high=high)
    if high is None:
        return _("Cut below {low:.2f} m").format(low=low)
    return _("Cut to {low:.2f} to {high:.2f} m").format(low=low, high=high)
