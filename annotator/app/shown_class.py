"""Says how a class looks and what it is called where a person sees it, known or not."""

from annotator.i18n import gettext as _
from annotator.model.labels import Rgb, Taxonomy

UNKNOWN: Rgb = (200, 205, 214)
"""The colour of a class that is not in the list of classes, as one from a label file may be."""


def color_of(label: str, taxonomy: Taxonomy) -> Rgb:
    """Return the colour of a class."""
    return taxonomy[label].color if label in taxonomy else UNKNOWN


def title_of(label: str, taxonomy: Taxonomy) -> str:
    """Return what a class is called; the name itself of one that is not in the list."""
    return _(taxonomy[label].title) if label in taxonomy else label
