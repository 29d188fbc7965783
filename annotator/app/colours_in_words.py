"""What the values, the scales and the palettes that points are coloured by are called."""

from annotator.app.palettes import Palette
from annotator.geometry.colouring import ColourBy, ColourMap
from annotator.i18n import gettext as _


def colour_in_words(choice: ColourBy | ColourMap | Palette) -> str:
    """Return what a person reads for a choice of colours."""
    match choice:
        case ColourBy():
            return _value_in_words(choice)
        case ColourMap():
            return _scale_in_words(choice)
        case Palette():
            return _palette_in_words(choice)


def _value_in_words(value: ColourBy) -> str:
    words = {
        ColourBy.HEIGHT: _("Height"),
        ColourBy.INTENSITY: _("Intensity"),
        ColourBy.RCS: _("RCS"),
        ColourBy.VELOCITY: _("Velocity"),
        ColourBy.TIME: _("Time"),
        ColourBy.LABEL: _("Class"),
        ColourBy.INSTANCE: _("Instance"),
        ColourBy.RGB: _("Colour"),
    }
    return words[value]


def _scale_in_words(scale: ColourMap) -> str:
    words = {
        ColourMap.SPECTRUM: _("Spectrum"),
        ColourMap.DUSK: _("Dusk"),
        ColourMap.COLOUR_BLIND_SAFE: _("Colour-blind safe"),
        ColourMap.CONTRAST: _("Contrast"),
        ColourMap.GREY: _("Grey"),
    }
    return words[scale]


def _palette_in_words(palette: Palette) -> str:
    words = {
        Palette.USUAL: _("Usual colours"),
        Palette.CONTRAST: _("Greatest contrast"),
        Palette.COLOUR_BLIND_SAFE: _("Colour-blind safe"),
    }
    return words[palette]
