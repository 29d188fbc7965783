"""Gives the classes of a taxonomy colours that are told apart well."""

from dataclasses import replace
from enum import StrEnum

from annotator.model.labels import CHEST, GARAGE, Rgb, Taxonomy


class Palette(StrEnum):
    """Where the colours of classes come from."""

    USUAL = "usual"
    CONTRAST = "contrast"
    COLOUR_BLIND_SAFE = "colour-blind-safe"


# Found by search: the two closest of the first ten are as far apart as can be (CIEDE2000), all are
# light enough for a dark view, and none is close to the grey of what has no class.
COLOURS: dict[Palette, tuple[Rgb, ...]] = {
    Palette.CONTRAST: (
        (255, 219, 0),
        (0, 109, 255),
        (0, 255, 182),
        (255, 0, 255),
        (182, 109, 0),
        (182, 219, 255),
        (219, 36, 73),
        (73, 146, 0),
        (255, 182, 182),
        (0, 146, 146),
    ),
    # The same, but to the eyes of protanopes and deuteranopes as well.
    Palette.COLOUR_BLIND_SAFE: (
        (255, 255, 0),
        (0, 109, 255),
        (146, 255, 255),
        (219, 36, 109),
        (73, 146, 146),
        (219, 219, 182),
        (73, 182, 255),
        (182, 146, 0),
    ),
}
_USUAL: dict[str, Rgb] = {label.name: label.color for known in (GARAGE, CHEST) for label in known}


def recoloured(taxonomy: Taxonomy, palette: Palette) -> Taxonomy:
    """Return a taxonomy whose classes have a palette's colours, in their order.

    More classes than a palette has colours begin it again. The usual colours are known for the
    program's own classes only; others keep what they have.
    """
    colours = COLOURS.get(palette, ())
    return Taxonomy(
        tuple(
            replace(
                label,
                color=colours[number % len(colours)]
                if colours
                else _USUAL.get(label.name, label.color),
            )
            for number, label in enumerate(taxonomy)
        )
    )


def palette_of(taxonomy: Taxonomy) -> Palette | None:
    """Return the palette that a taxonomy has its colours from; None for colours of its own."""
    return next((p for p in Palette if recoloured(taxonomy, p) == taxonomy), None)
