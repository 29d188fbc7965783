"""What the values, the scales and the palettes that points are coloured by are called."""

import math

from annotator.app.palettes import Palette
from annotator.geometry.colouring import ColourBy, ColourMap, Legend
from annotator.geometry.doppler import Motion
from annotator.i18n import gettext as _

_MOST_DIGITS = 6


def colour_in_words(choice: ColourBy | ColourMap | Palette) -> str:
    """Return what a person reads for a choice of colours."""
    match choice:
        case ColourBy():
            return _value_in_words(choice)
        case ColourMap():
            return _scale_in_words(choice)
        case Palette():
            return _palette_in_words(choice)


def field_in_words(name: str) -> str:
    """Return what a person reads for a value that a file gives each point; its own name else."""
    words = {
        "intensity": _("intensity"),
        "ring": _("ring"),
        "time": _("time"),
        "frame": _("scan"),
        "rcs": _("RCS"),
        "velocity": _("velocity"),
        "label": _("class"),
        "instance": _("instance"),
    }
    return words.get(name, name)


def scale_numbers(legend: Legend) -> dict[float, str]:
    """Return what is written at a scale, by share of its length."""
    span = max(legend.high - legend.low, 1e-9)
    digits = min(max(2 - math.floor(math.log10(span)), 0), _MOST_DIGITS)
    numbers = {share: legend.low + share * (legend.high - legend.low) for share in (0.0, 0.5, 1.0)}
    if legend.by is ColourBy.SCAN:
        return {share: f"{n:.0f}" for share, n in numbers.items() if n == round(n)}
    return {share: f"{n:.{digits}f}".replace("-", "\N{MINUS SIGN}") for share, n in numbers.items()}


def notes_of(legend: Legend) -> tuple[str, ...]:
    """Return what is to be known beside the numbers of a scale, a line each."""
    if legend.by is ColourBy.TIME and round(legend.begins, 2):
        return (_("0 is {start} s").format(start=f"{legend.begins:.2f}"),)
    return () if legend.motion is None else _motion_in_words(legend.motion, stands=legend.stands)


def _motion_in_words(motion: Motion, *, stands: bool) -> tuple[str, ...]:
    """Say whether the sensor's own motion is in it, which a field alone often does not tell."""
    if motion.is_over_ground:
        over = _("own motion taken out")
    else:
        over = _("what stands has 0") if stands else _("with own motion")
    field = _("field {names}").format(names=", ".join(motion.names))
    return _("+ away, − toward"), over, field


def _value_in_words(value: ColourBy) -> str:
    words = {
        ColourBy.HEIGHT: _("Height"),
        ColourBy.INTENSITY: _("Intensity"),
        ColourBy.RCS: _("RCS"),
        ColourBy.VELOCITY: _("Velocity"),
        ColourBy.TIME: _("Time"),
        ColourBy.SCAN: _("Scan"),
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
