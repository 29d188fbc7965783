"""Says how a class looks where a person sees it, known or not."""

from annotator.model.labels import Rgb, Taxonomy

UNKNOWN: Rgb = (200, 205, 214)
"""The colour of a class that is not in the list of classes, as one from a label file may be."""


def color_of(label: str, taxonomy: Taxonomy) -> Rgb:
    """Return the colour of a class."""
    return taxonomy[label].color if label in taxonomy else UNKNOWN
