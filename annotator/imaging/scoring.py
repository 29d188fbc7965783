"""Calcium scores of a set of voxels, by the rule that is named beside each."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from annotator.i18n import mark
from annotator.imaging.components import Connectivity, connected_parts
from annotator.imaging.rules import CAL_130, CUTS_BY_KV, Cuts, Rule
from annotator.model.layers import Where
from annotator.model.volume import Hu, Series, Volume

PROVENANCE = mark(
    "{rule}; {kv}; ≥ {hu:g} HU; {within}/26-connected; ≥ {mm2:g} mm²; × {mm:g}/3 mm;"
    " each focus by itself"
)
"""By which rule, and how, scores were counted: files say it in these words."""


@dataclass(frozen=True, slots=True)
class ScoreRule:
    """One published way to compute an Agatston score.

    Attributes
    ----------
    cuts_hu
        The threshold and the lowest peaks of weights 2, 3 and 4.
    connectivity
        What a lesion is; 6 takes one peak for the whole of a lesion across slices.
    min_px
        Lesions of fewer pixels are dropped, whatever their area.
    least_peak_hu
        Lesions whose peak is lower weigh nothing.
    by_increment
        Whether areas count by slice increment / 3 mm.
    by_thickness
        Whether it is the slices' thickness / 3 mm instead, where the header tells it.
    rounds_lesions
        Whether each lesion's score is rounded before they are added.
    """

    name: str
    cuts_hu: Cuts
    connectivity: Connectivity = 8
    min_mm2: float = 1.0
    min_px: int = 1
    least_peak_hu: float = -math.inf
    by_increment: bool = True
    by_thickness: bool = False
    rounds_lesions: bool = False


def reference_rule(rule: Rule = CAL_130, kvp: float | None = None) -> ScoreRule:
    """Return Agatston's rule: connected lesions of at least 1 mm², normalised to 3 mm."""
    return ScoreRule(
        "Agatston", rule.cuts(kvp), connectivity=rule.connectivity, min_mm2=rule.flag_below_mm2
    )


def other_rules(kvp: float | None) -> tuple[ScoreRule, ...]:
    """Return what other published programs compute on the same voxels, by their own rules.

    Re-stated from their code; they differ threefold by the slice increment alone.
    """
    lesion_hu = float(round(378 * math.exp(-0.009 * (kvp or 120.0))))
    above = CAL_130.cuts(kvp)
    return (
        ScoreRule(mark("Agatston, increment ignored"), above, by_increment=False),
        ScoreRule(
            mark("Copied script, increment ignored"),
            (math.nextafter(130, math.inf), 200, 300, 400),  # above 130
            min_mm2=0,
            by_increment=False,
        ),
        ScoreRule(
            "CalciumScoring.jl",
            (lesion_hu, *above[1:]),
            least_peak_hu=above[0],
            by_increment=False,
        ),
        ScoreRule("DeepCAC", CUTS_BY_KV[120], min_mm2=0, min_px=4),
        # Its function drops three voxels and fewer, as here; its batch script drops single ones.
        ScoreRule(
            "AI-CAC",
            CUTS_BY_KV[120],
            connectivity=6,
            min_mm2=0,
            min_px=4,
            by_thickness=True,
            rounds_lesions=True,
        ),
    )


def agatston(volume: Volume, where: Where, rule: ScoreRule | None = None) -> float:
    """Return the Agatston score of some voxels.

    S = Σ area · weight(peak) · increment / 3 mm over the lesions of each slice; weight 1 from
    130 HU, 2 from 200, 3 from 300, 4 from 400 (at 120 kV).

    Parameters
    ----------
    where
        Sorted flat indices; those below the rule's threshold count nothing.
    rule
        The reference rule, with the cuts of the series' tube voltage, where none is given.

    References
    ----------
    Agatston 1990; the normalisation to 3 mm is the scanners'.
    """
    rule = rule or reference_rule(CAL_130, volume.series.kvp)
    pixels, weights = _lesions(volume, where, rule)
    pixel_score = volume.series.pixel_mm2 * _share_of_3_mm(volume, rule)
    if rule.rounds_lesions:
        return float(sum(round(p * w * pixel_score) for p, w in zip(pixels, weights, strict=True)))
    # One product at the end: the same digits whatever the order of the lesions.
    return float(np.dot(pixels, weights)) * pixel_score


@dataclass(frozen=True, slots=True)
class Score:
    """A score, and the rule it holds by."""

    rule: str
    value: float


@dataclass(frozen=True, slots=True)
class Scores:
    """What a report says about one scan.

    Attributes
    ----------
    agatston
        By the reference rule; the sum over foci, each scored by itself.
    others
        What other published rules say on the same voxels.
    provenance
        Rule, tube voltage, threshold, increment and connectivity, to be printed with the numbers.
    """

    agatston: float
    volume_mm3: float
    uncalibrated_mass_hu_mm3: float
    others: tuple[Score, ...]
    provenance: str
    threshold_hu: float
    voxels: int = 0
    below: int = 0
    """How many of all marked voxels lie below the rule; no score counts them."""


@dataclass(frozen=True, slots=True)
class FocusScores:
    """What one focus adds to its scan's scores; kept, so that a total costs nothing.

    Attributes
    ----------
    hu_sum
        Of the voxels that reach the rule.
    others
        Agatston scores by `other_rules`, in their order.
    """

    voxels: int
    hu_sum: float
    agatston: float
    others: tuple[float, ...]
    below: int = 0
    """How many of the voxels lie below the rule."""


def score_focus(volume: Volume, where: Where, rule: Rule = CAL_130) -> FocusScores:
    """Score one focus by itself."""
    kvp, values = volume.series.kvp, volume.hu.ravel()[where]
    reaching = values[values >= rule.threshold_hu(kvp)]
    return FocusScores(
        voxels=len(where),
        hu_sum=_sum(reaching),
        agatston=agatston(volume, where, reference_rule(rule, kvp)),
        others=tuple(agatston(volume, where, other) for other in other_rules(kvp)),
        below=len(where) - len(reaching),
    )


def scores(volume: Volume, foci: Iterable[Where], rule: Rule = CAL_130) -> Scores:
    """Return the scores of a scan's foci; each focus is scored by itself."""
    return total(volume, [score_focus(volume, where, rule) for where in foci], rule)


def total(volume: Volume, foci: Sequence[FocusScores], rule: Rule = CAL_130) -> Scores:
    """Return the scores of a scan from those of its foci."""
    reference = reference_rule(rule, volume.series.kvp)
    voxel_mm3 = volume.series.voxel_mm3
    return Scores(
        agatston=sum(one.agatston for one in foci),
        volume_mm3=sum(one.voxels - one.below for one in foci) * voxel_mm3,
        uncalibrated_mass_hu_mm3=sum(one.hu_sum for one in foci) * voxel_mm3,
        others=tuple(
            Score(other.name, sum(one.others[n] for one in foci))
            for n, other in enumerate(other_rules(volume.series.kvp))
        ),
        threshold_hu=reference.cuts_hu[0],
        voxels=sum(one.voxels for one in foci),
        below=sum(one.below for one in foci),
        provenance=provenance(rule, volume.series),
    )


def provenance(rule: Rule, series: Series, words: str = PROVENANCE) -> str:
    """Return by which rule, and how, scores were counted, in a file's words or in others."""
    return words.format(
        rule=rule.title(),
        kv=_kv(series.kvp),
        hu=reference_rule(rule, series.kvp).cuts_hu[0],
        within=rule.connectivity,
        mm2=rule.flag_below_mm2,
        mm=series.spacing_mm[0],
    )


def _share_of_3_mm(volume: Volume, rule: ScoreRule) -> float:
    series = volume.series
    if rule.by_thickness and series.thickness_mm:
        return series.thickness_mm / 3.0
    return series.spacing_mm[0] / 3.0 if rule.by_increment else 1.0


def _sum(hu: Hu) -> float:
    return float(hu.sum(dtype=np.float64))


def _kv(kvp: float | None) -> str:
    return "kV ?" if kvp is None else f"{kvp:g} kV"


def _lesions(
    volume: Volume, where: Where, rule: ScoreRule
) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Return pixels and weight of each lesion that counts."""
    values = volume.hu.ravel()[where].astype(np.float64)  # a bound may lie between two float32
    kept = values >= rule.cuts_hu[0]
    where, values = where[kept], values[kept]
    if not len(where):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    parts = connected_parts(where, volume.series.shape, connectivity=rule.connectivity)
    pixels = np.bincount(parts)
    peaks = np.full(len(pixels), -np.inf)
    np.maximum.at(peaks, parts, values)
    weights = 1 + sum((peaks >= cut).astype(np.int64) for cut in rule.cuts_hu[1:])
    weights = np.where(peaks >= rule.least_peak_hu, weights, 0)
    # The smallest count whose area is enough; a hair of tolerance for 3.9999… of 4 pixels.
    least = max(rule.min_px, math.ceil(rule.min_mm2 / volume.series.pixel_mm2 - 1e-9))
    counts = pixels >= least
    return pixels[counts].astype(np.int64), np.asarray(weights)[counts]
