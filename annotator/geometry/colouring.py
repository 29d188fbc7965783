"""Gives points their colours: a number per point, and a table from number to colour."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from annotator.geometry.doppler import SLOWEST_M_S, Motion, motion_told, tells_what_stands
from annotator.i18n import mark
from annotator.model.cloud import PointCloud
from annotator.model.labels import Rgb, Taxonomy

Numbers = npt.NDArray[np.uint16]
Table = npt.NDArray[np.uint32]
Floats = npt.NDArray[np.float64]

STEPS = 256
_UNKNOWN = STEPS
"""The colour number of points whose value is missing or not finite."""
_MOST_LABELS = 1 << 16
AT_ONCE = 1 << 18
"""How many values are looked up in one go: meanwhile no other thread runs Python."""
UNLABELLED: Rgb = (84, 89, 99)
"""Darker than every class, so that what nobody has labelled is never taken for floor."""


class ColourBy(StrEnum):
    """What the colour of a point says."""

    HEIGHT = "height"
    INTENSITY = "intensity"
    RCS = "rcs"
    VELOCITY = "velocity"
    TIME = "time"
    SCAN = "frame"
    LABEL = "label"
    INSTANCE = "instance"
    RGB = "rgb"


class ColourMap(StrEnum):
    """How a number becomes a colour. All stay light enough for a dark view."""

    SPECTRUM = "spectrum"
    DUSK = "dusk"
    COLOUR_BLIND_SAFE = "colour-blind-safe"
    CONTRAST = "contrast"
    GREY = "grey"


# Lightness, chroma and hue (degrees, going on past 360) at the start and the end of each map.
_PATHS: dict[ColourMap, tuple[tuple[float, float, float], tuple[float, float, float]]] = {
    ColourMap.SPECTRUM: ((0.58, 0.16, 285.0), (0.70, 0.18, 25.0)),
    ColourMap.DUSK: ((0.42, 0.13, 310.0), (0.92, 0.16, 105.0)),
    ColourMap.COLOUR_BLIND_SAFE: ((0.403, 0.08, 319.0), (0.951, 0.176, 122.0)),
    ColourMap.CONTRAST: ((0.35, 0.20, 300.0), (0.99, 0.10, -260.0)),
    ColourMap.GREY: ((0.40, 0.0, 0.0), (0.95, 0.0, 0.0)),
}


@dataclass(frozen=True, slots=True, eq=False)
class Legend:
    """What a person needs to read the colours.

    Attributes
    ----------
    low, high, unit
        Ends of a scale; ``entries`` is then empty.
    table
        The scale's colours from low to high.
    entries
        Title and colour of each class, where colours stand for classes.
    begins
        What the values of a scale are counted from; 0 where they are as the scan says them.
    motion
        Which fields of the scan a velocity is from.
    stands
        Whether what stands has none, as far as the scan shows.
    """

    by: ColourBy
    low: float = 0.0
    high: float = 1.0
    unit: str = ""
    table: Table | None = None
    entries: tuple[tuple[str, Rgb], ...] = ()
    begins: float = 0.0
    motion: Motion | None = None
    stands: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Colours:
    """A colour number per row, shape (N,), and the colour of each number, 0xffRRGGBB."""

    numbers: Numbers
    table: Table
    legend: Legend


def available(cloud: PointCloud) -> tuple[ColourBy, ...]:
    """Return what a scan can be coloured by."""
    always = {ColourBy.HEIGHT, ColourBy.LABEL, ColourBy.INSTANCE}
    if motion_told(cloud) is not None:
        always.add(ColourBy.VELOCITY)
    return tuple(by for by in ColourBy if by in always or by.value in cloud.fields)


def colour_map(name: ColourMap) -> Table:
    """Return 256 colours computed along a path in OKLCh, where equal steps look equal.

    References
    ----------
    B. Ottosson, "A perceptual color space for image processing", 2020.
    """
    (l0, c0, h0), (l1, c1, h1) = _PATHS[name]
    t = np.linspace(0.0, 1.0, STEPS)
    lightness = l0 + (l1 - l0) * t
    if name is ColourMap.SPECTRUM:  # lighter in the middle, where green and yellow are
        lightness = lightness + 0.2 * np.sin(math.pi * t)
    return packed(_rgb_of_oklch(lightness, c0 + (c1 - c0) * t, np.radians(h0 + (h1 - h0) * t)))


def by_value(
    values: npt.NDArray[np.generic],
    by: ColourBy,
    colours: Table,
    *,
    own: int | None = None,
    least_m_s: float = 0.0,
) -> Colours:
    """Colour by a number per point, spread between its 1st and 99th percentile.

    Velocity is spread evenly about zero, so that its sign is seen, and as far as what moves goes.
    Times are told from the first on.

    Parameters
    ----------
    own
        How many of the first points the ends of the scale follow from, so that they stay where
        they are when other scans are laid over this one; times and numbers of scans are spread
        over all.
    least_m_s
        How far a scale of velocities goes at least, as in another scan of its sequence.
    """
    low, high = _ends(values, by, own, least_m_s)
    begins = low if by is ColourBy.TIME else 0.0
    unit = _UNITS.get(by, "")
    legend = Legend(by, low - begins, high - begins, unit, colours, begins=begins)
    table = np.append(colours, packed(np.array([UNLABELLED])))
    return Colours(_numbers(values, low, high), table, legend)


def by_label(values: npt.NDArray[np.integer], taxonomy: Taxonomy) -> Colours:
    """Colour by class; a point without one is dark grey."""
    table = np.full(1 + max((x.value for x in taxonomy), default=0), packed_one(UNLABELLED))
    for label in taxonomy:
        table[label.value] = packed_one(label.color)
    classes = ((label.title, label.color) for label in taxonomy)
    entries = ((mark("No class"), UNLABELLED), *classes)
    numbers = np.minimum(values, len(table) - 1).astype(np.uint16)
    return Colours(numbers, table.astype(np.uint32), Legend(ColourBy.LABEL, entries=entries))


def by_instance(values: npt.NDArray[np.integer]) -> Colours:
    """Colour by instance; neighbouring numbers get hues a golden angle apart."""
    number = np.arange(4096, dtype=np.float64)
    turns = number * (math.pi * (3 - math.sqrt(5)))
    lightness = np.asarray(0.68 + 0.12 * np.cos(number * 2.4))
    table = packed(_rgb_of_oklch(lightness, np.full(4096, 0.15), np.asarray(turns)))
    table[0] = packed_one(UNLABELLED)
    entries = ((mark("No instance"), UNLABELLED), (mark("Each its own colour"), _rgb(table[1])))
    return Colours(instance_numbers(values), table, Legend(ColourBy.INSTANCE, entries=entries))


def instance_numbers(values: npt.NDArray[np.integer]) -> Numbers:
    """Return the colour numbers of instances: 0 stays 0, the rest come round after 4095."""
    return np.where(values > 0, (values - 1) % 4095 + 1, 0).astype(np.uint16)


def by_rgb(rgb: npt.NDArray[np.uint8]) -> Colours:
    """Colour as the scanner's camera saw it, in 5, 6 and 5 bits."""
    wide = rgb.astype(np.uint16)
    numbers = (wide[:, 0] >> 3 << 11) | (wide[:, 1] >> 2 << 5) | (wide[:, 2] >> 3)
    every = np.arange(65536)
    bits = np.stack([every >> 11 << 3, (every >> 5 & 63) << 2, (every & 31) << 3], axis=1)
    return Colours(numbers.astype(np.uint16), packed(bits), Legend(ColourBy.RGB))


def colours_of(
    cloud: PointCloud,
    by: ColourBy,
    colours: Table,
    *,
    taxonomy: Taxonomy,
    layer: npt.NDArray[np.integer] | None = None,
    values: npt.NDArray[np.generic] | None = None,
    own: int | None = None,
    least_m_s: float = 0.0,
) -> Colours:
    """Return the colours of a scan; by height where it lacks what was asked for.

    Parameters
    ----------
    layer
        The semantic or instance layer, shape (N,), where colour says that.
    values
        What colour says where that is no field of the scan, shape (N,).
    own
        How many of the first points decide on the ends of a scale; see `by_value`.
    least_m_s
        How far a scale of velocities goes at least.
    """
    if by is ColourBy.LABEL and layer is not None:
        return by_label(layer, taxonomy)
    if by is ColourBy.INSTANCE and layer is not None:
        return by_instance(layer)
    if by is ColourBy.RGB and "rgb" in cloud.fields:
        return by_rgb(np.asarray(cloud.fields["rgb"], np.uint8))
    if values is None:
        values = cloud.fields.get(by.value)
    if values is None:
        return by_value(cloud.xyz_m[:, 2], ColourBy.HEIGHT, colours, own=own)
    told = by_value(values, by, colours, own=own, least_m_s=least_m_s)
    if by is not ColourBy.VELOCITY:
        return told
    stands = tells_what_stands(values[:own])
    return replace(told, legend=replace(told.legend, motion=motion_told(cloud), stands=stands))


def packed(rgb: npt.NDArray[np.generic]) -> Table:
    """Return (N, 3) colours, 0 to 255, as 0xffRRGGBB."""
    wide = np.asarray(rgb).astype(np.uint32)
    return np.asarray(np.uint32(0xFF000000) | wide[:, 0] << 16 | wide[:, 1] << 8 | wide[:, 2])


def packed_one(color: Rgb) -> np.uint32:
    """Return one colour as 0xffRRGGBB."""
    return np.uint32(0xFF000000 | color[0] << 16 | color[1] << 8 | color[2])


def seen_rows(
    values: npt.NDArray[np.integer], hidden: frozenset[int], solo: frozenset[int]
) -> npt.NDArray[np.uint8]:
    """Return one byte per row, 1 where its label is shown; empty where every label is.

    Parameters
    ----------
    solo
        Only these labels are shown, where there are any; ``hidden`` then says nothing.
    """
    if not hidden and not solo:
        return np.zeros(0, np.uint8)
    named = np.fromiter(solo or hidden, np.int64)
    count = max(int(values.max(initial=0)), int(named.max())) + 1
    if count > _MOST_LABELS:
        return np.isin(values, named, invert=not solo).view(np.uint8)
    seen = np.full(count, 0 if solo else 1, np.uint8)
    seen[named] = 1 if solo else 0
    shown = np.empty(len(values), np.uint8)
    for start in range(0, len(values), AT_ONCE):
        shown[start : start + AT_ONCE] = seen[values[start : start + AT_ONCE]]
    return shown


_ROUND_M_S = (1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 30.0, 50.0, 100.0)
_MOVERS_KEPT = 95
_UNITS: Mapping[ColourBy, str] = {
    ColourBy.HEIGHT: "m",
    ColourBy.RCS: "dBsm",
    ColourBy.VELOCITY: "m/s",
    ColourBy.TIME: "s",
}


def _ends(
    values: npt.NDArray[np.generic], by: ColourBy, own: int | None, least_m_s: float
) -> tuple[float, float]:
    match by:
        case ColourBy.VELOCITY:
            most = max(_fastest_m_s(values[:own]), least_m_s)
            return -most, most
        case ColourBy.SCAN:
            low, high = float(np.min(values)), float(np.max(values))
            return low, max(high, low + 1.0)
        case ColourBy.TIME:
            return _spread(values)
        case _:
            return _spread(values[:own])


def _fastest_m_s(values: npt.NDArray[np.generic]) -> float:
    """Return where a scale of velocities ends: a round number that nearly all that moves keeps to.

    Of a radar's points a few in a hundred move, and they are what one looks for: what stands has
    no say, however much of it there is. One stray of 60 m/s does not make a garage's cars, at
    2 m/s, as grey as its walls. A round number is the same one from scan to scan.
    """
    speed = np.abs(np.asarray(values, np.float64))
    moving = speed[np.isfinite(speed) & (speed >= SLOWEST_M_S)]
    most = float(np.percentile(moving, _MOVERS_KEPT)) if len(moving) else 0.0
    return next((end for end in _ROUND_M_S if end >= most), _ROUND_M_S[-1])


def _spread(values: npt.NDArray[np.generic]) -> tuple[float, float]:
    sample = np.asarray(values[:: max(1, len(values) // 50_000)], np.float64)
    sample = sample[np.isfinite(sample)]
    if not len(sample):
        return 0.0, 1.0
    low, high = np.percentile(sample, (1, 99)).tolist()
    return low, (high if high > low else low + 1.0)


def _numbers(values: npt.NDArray[np.generic], low: float, high: float) -> Numbers:
    """Return colour numbers in blocks, so that no wide copy of a large scan is made."""
    numbers = np.empty(len(values), np.uint16)
    scale = (STEPS - 1) / (high - low)
    # Times in seconds since 1970 want all 53 bits; for the rest half the time is enough.
    kind = np.dtype(np.float32 if values.dtype == np.float32 else np.float64)
    first, steps = kind.type(low), kind.type(scale)
    for start in range(0, len(values), AT_ONCE):
        part = (np.asarray(values[start : start + AT_ONCE], kind) - first) * steps
        finite = np.isfinite(part)
        part = np.clip(np.where(finite, part, 0.0), 0, STEPS - 1)
        numbers[start : start + AT_ONCE] = np.where(finite, part.astype(np.uint16), _UNKNOWN)
    return numbers


def _rgb(packed_color: np.uint32) -> Rgb:
    color = int(packed_color)
    return (color >> 16 & 255, color >> 8 & 255, color & 255)


def _rgb_of_oklch(lightness: Floats, chroma: Floats, hue_rad: Floats) -> Floats:
    """Return sRGB, shape (N, 3), 0 to 255; the matrices and steps are Ottosson's (2020)."""
    a, b = chroma * np.cos(hue_rad), chroma * np.sin(hue_rad)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = np.stack(
        [
            4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
            -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
            -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
        ],
        axis=1,
    ).clip(0, 1)
    # IEC 61966-2-1, the sRGB transfer function.
    srgb = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.asarray(np.round(srgb * 255))
