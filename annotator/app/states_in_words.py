"""Says in words, and by a sign, how an annotation came about."""

from annotator.commands.tracks import State, state_of
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation, Origin
from annotator.model.labels import Taxonomy

_SIGNS = {State.KEY: "◆", State.REFITTED: "●", State.INTERPOLATED: "○"}


def came_about(origin: Origin) -> str:
    """Return how an annotation came about, as a part of a sentence."""
    words = {
        Origin.HAND: _("by hand"),
        Origin.FIT: _("fitted"),
        Origin.SUGGESTION: _("suggested"),
        Origin.IMPORT: _("imported"),
        Origin.INTERPOLATED: _("interpolated"),
        Origin.REFITTED: _("refitted"),
    }
    return words[origin]


def state_in_words(state: State) -> str:
    """Return how the box of a moving object came about, where no more is known."""
    words = {
        State.KEY: _("by a person"),
        State.REFITTED: _("refitted"),
        State.INTERPOLATED: _("interpolated"),
    }
    return words[state]


def sign_of(annotation: Annotation) -> str:
    """Return the sign of a moving object's box; nothing for what holds in every scan."""
    if annotation.track is None or annotation.frame is None:
        return ""
    return "?" if annotation.origin is Origin.SUGGESTION else _SIGNS[state_of(annotation)]


def sign_in_words(annotation: Annotation) -> str:
    """Return the sign of a moving object's box with what it means, for the list and the grid."""
    sign = sign_of(annotation)
    is_told = sign and annotation.origin is not Origin.SUGGESTION
    words = state_in_words(state_of(annotation)) if is_told else came_about(annotation.origin)
    return f"{sign} {words}".strip()


def name_of(annotation: Annotation, taxonomy: Taxonomy) -> str:
    """Return what a person reads beside an object: how it came about, its class, its number."""
    words = [sign_of(annotation), taxonomy.title_of(annotation.label), annotation.track or ""]
    name = " ".join(filter(None, words))
    match annotation.origin:
        case Origin.SUGGESTION:
            return _("{title} (suggestion)").format(title=name)
        case Origin.INTERPOLATED:
            return _("{title} (interpolated)").format(title=name)
        case _:
            return name
