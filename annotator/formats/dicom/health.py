"""The health card: what a person should know about a series before marking it."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotator.formats.dicom.geometry import Geometry
from annotator.formats.dicom.headers import Header
from annotator.formats.dicom.stacks import Difference
from annotator.i18n import gettext as _
from annotator.i18n import ngettext
from annotator.model.findings import Finding, Severity, worst_first
from annotator.model.volume import ODD_GAP

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

# A gap of a whole number of increments is a hole; positions are rounded, so not exactly whole.
_WHOLE = 0.05
# More wide gaps than one in three are no holes: the increment itself changed.
_MAX_HOLES = 1 / 3
_RUN = 4
# Reconstructing slices that overlap by up to a third is customary and harms no measure.
_CUSTOMARY_OVERLAP = 1.5
_SHARP_TOSHIBA = frozenset([*range(30, 40), *range(50, 60), *range(80, 90)])
_SHARP_SIEMENS = 50
_SHARP_NAMES = ("LUNG", "BONE", "EDGE", "SHARP", "ULTRA")
_SHARP_PHILIPS = frozenset(["L", "D", "E", "YA", "YB", "YC", "YD"])


@dataclass(frozen=True, slots=True)
class Other:
    """Another stack of the same series.

    Attributes
    ----------
    names
        Of its first files.
    """

    what: Difference
    count: int
    kernel: str = ""
    acquisition: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Aside:
    """How many images of a series were kept out of its volume, and why."""

    repeated: int = 0
    twins: int = 0
    localizers: int = 0
    others: tuple[Other, ...] = ()


def health_card(
    headers: Sequence[Header], geometry: Geometry, aside: Aside
) -> tuple[tuple[Finding, ...], bool]:
    """Return the findings, worst first, and whether volumes may be measured straight away.

    They may not where a gap deviates by more than 1 %, where two different images claim one place,
    where one image has another rescale, or where nothing says that all are of one series: each
    makes a volume wrong without being seen.
    """
    gaps = _gaps(geometry)
    rescale = _rescale(headers)
    doubtful = [*gaps, *_twins(aside), *rescale, *_single(headers), *_nameless(headers)]
    others = [
        *_repeated(aside),
        *_tilt(geometry),
        *_split(headers, aside),
        *_thickness(headers, geometry, gaps),
        *_kernel(headers[0]),
        *_marks(headers),
        *_localizers(aside),
    ]
    return tuple(worst_first([*doubtful, *others])), not doubtful


def is_sharp(kernel: str) -> bool:
    """Tell whether a reconstruction kernel is a sharp one, which inflates HU at edges.

    Names are the makers': Siemens ``B70f``, ``Br59d``; GE ``LUNG``, ``BONEPLUS``; Philips ``L``,
    ``YB``; Canon ``FC52``.
    """
    name = kernel.upper().split(" ")[0]
    if name in _SHARP_PHILIPS or any(word in kernel.upper() for word in _SHARP_NAMES):
        return True
    if canon := re.fullmatch(r"FC(\d\d).*", name):
        return int(canon[1]) in _SHARP_TOSHIBA
    siemens = re.fullmatch(r"[A-Z]{1,2}(\d\d)[A-Z]?.*", name)
    return siemens is not None and int(siemens[1]) >= _SHARP_SIEMENS


def with_soft_sibling(finding: Finding, thickness_mm: float) -> Finding:
    """Say beside a sharp kernel that the same study has a softer series."""
    softer = _("this study also has a soft-kernel {thickness:g} mm series").format(
        thickness=thickness_mm
    )
    return Finding(finding.code, f"{finding.text}; {softer}", finding.severity)


def with_refused(finding: Finding, refused: Sequence[tuple[str, str]]) -> Finding:
    """Say beside missing slices which images of the series are no slices, and why."""
    told = [f"{name} ({reason})" for name, reason in refused[:3]]
    left_out = _("left out of this series: {files}").format(
        files=", ".join(told) + (" …" if len(refused) > 3 else "")
    )
    return Finding(finding.code, f"{finding.text}; {left_out}", finding.severity)


def _gaps(geometry: Geometry) -> list[Finding]:
    """Tell holes in a regular stack from a spacing that changes."""
    if len(geometry.along_mm) < 2:
        return []
    ratios = geometry.gaps_mm / geometry.increment_mm
    odd = np.abs(ratios - 1) > ODD_GAP
    if not odd.any():
        return _sideways(geometry)
    if _are_holes(ratios, odd):
        return [_holes(ratios, odd)]
    text = _("the distance between slices varies from {low:.3g} to {high:.3g} mm").format(
        low=geometry.gaps_mm.min(), high=geometry.gaps_mm.max()
    )
    return [Finding("variable-spacing", text, Severity.ERROR)]


def _are_holes(ratios: Floats, odd: Flags) -> bool:
    wide = ratios[odd]
    whole = np.abs(wide - np.round(wide)) <= _WHOLE * np.round(wide)
    if not (whole & (wide > 1.5)).all() or odd.mean() > _MAX_HOLES:
        return False
    return not (_run_at_an_end(ratios, odd) or _run_at_an_end(ratios[::-1], odd[::-1]))


def _run_at_an_end(ratios: Floats, odd: Flags) -> bool:
    """Tell whether the stack begins with several gaps of one other width."""
    run = int(np.argmin(odd)) if not odd.all() else len(odd)
    return run >= _RUN and bool(np.ptp(ratios[:run]) < _WHOLE)


def _holes(ratios: Floats, odd: Flags) -> Finding:
    absent = np.round(ratios[odd]).astype(int) - 1
    count, places = int(absent.sum()), np.flatnonzero(odd) + 1
    if len(places) == 1:
        text = ngettext(
            "{count} slice is missing between slices {first} and {last}",
            "{count} slices are missing between slices {first} and {last}",
            count,
        ).format(count=count, first=places[0], last=places[0] + 1)
        return Finding("missing-slices", text, Severity.ERROR)
    said = [
        _("{count} between slices {first} and {last}").format(count=number, first=at, last=at + 1)
        for at, number in zip(places, absent, strict=True)
    ]
    text = _("{count} slices are missing: {places}").format(
        count=count, places=", ".join(said[:6]) + (" …" if len(said) > 6 else "")
    )
    return Finding("missing-slices", text, Severity.ERROR)


def _sideways(geometry: Geometry) -> list[Finding]:
    if geometry.sideways_mm <= 1.0:
        return []
    text = _("slices are shifted sideways by up to {shift:.1f} mm").format(
        shift=geometry.sideways_mm
    )
    return [Finding("variable-spacing", text, Severity.ERROR)]


def _twins(aside: Aside) -> list[Finding]:
    if not aside.twins:
        return []
    text = ngettext(
        "{count} image lies where another does and was left out",
        "{count} images lie where others do and were left out",
        aside.twins,
    ).format(count=aside.twins)
    return [Finding("duplicate-position", text, Severity.ERROR)]


def _repeated(aside: Aside) -> list[Finding]:
    if not aside.repeated:
        return []
    text = ngettext(
        "{count} file repeats another's image and was left out",
        "{count} files repeat other files' images and were left out",
        aside.repeated,
    ).format(count=aside.repeated)
    return [Finding("duplicate-position", text, Severity.NOTE)]


def _rescale(headers: Sequence[Header]) -> list[Finding]:
    rules = Counter((header.slope, header.intercept) for header in headers)
    if not any(header.has_rescale for header in headers):
        text = _("the files say no rescale, so the values may not be Hounsfield units")
        return [Finding("rescale-differs", text, Severity.ERROR)]
    if len(rules) == 1:
        return []
    usual = rules.most_common(1)[0][0]
    odd = [k + 1 for k, h in enumerate(headers) if (h.slope, h.intercept) != usual]
    text = ngettext(
        "slice {places} is rescaled to HU in another way than the others",
        "slices {places} are rescaled to HU in another way than the others",
        len(odd),
    ).format(places=", ".join(map(str, odd[:6])) + (" …" if len(odd) > 6 else ""))
    return [Finding("rescale-differs", text, Severity.ERROR)]


def _single(headers: Sequence[Header]) -> list[Finding]:
    if len(headers) > 1:
        return []
    return [Finding("single-slice", _("there is one slice only, so no volume can be measured"))]


def _nameless(headers: Sequence[Header]) -> list[Finding]:
    if headers[0].series_uid:
        return []
    text = _("the files do not say which series they are of: two may be mixed, so look at them all")
    return [Finding("no-series-uid", text)]


def _tilt(geometry: Geometry) -> list[Finding]:
    if not geometry.tilt_rad:
        return []
    text = _("the gantry was tilted by {angle:.1f}°; voxels are placed with the tilt").format(
        angle=np.rad2deg(geometry.tilt_rad)
    )
    return [Finding("gantry-tilt", text)]


def _split(headers: Sequence[Header], aside: Aside) -> list[Finding]:
    """Say into what else the series was split, naming the files of what is small."""
    if not aside.others:
        return []
    text = _("the series was split, each part is an item: this one has {here}, others {others}")
    others = ", ".join(map(_other_in_words, aside.others))
    said = text.format(here=_slices_in_words(len(headers)), others=others)
    return [Finding(_code({other.what for other in aside.others}), said)]


def _code(kinds: set[Difference]) -> str:
    if kinds <= {Difference.KERNEL, Difference.ACQUISITION}:
        return "mixed-kernel" if Difference.KERNEL in kinds else "mixed-acquisition"
    return "mixed-orientation"


def _other_in_words(other: Other) -> str:
    texts = {
        Difference.SIZE: _("{slices} of another size"),
        Difference.FRAME: _("{slices} in another frame of reference"),
        Difference.ORIENTATION: _("{slices} of another orientation"),
        Difference.SPACING: _("{slices} of another pixel spacing"),
        Difference.KERNEL: _("{slices} of kernel {kernel}"),
        Difference.ACQUISITION: _("{slices} of acquisition {acquisition}"),
    }
    said = texts[other.what].format(
        slices=_slices_in_words(other.count),
        kernel=other.kernel,
        acquisition=other.acquisition or "–",
    )
    return f"{said} ({', '.join(other.names)})" if len(other.names) == other.count else said


def _slices_in_words(count: int) -> str:
    return ngettext("{count} slice", "{count} slices", count).format(count=count)


def _localizers(aside: Aside) -> list[Finding]:
    if not aside.localizers:
        return []
    text = ngettext(
        "{count} localizer image was set aside",
        "{count} localizer images were set aside",
        aside.localizers,
    ).format(count=aside.localizers)
    return [Finding("localizer", text, Severity.NOTE)]


def _thickness(
    headers: Sequence[Header], geometry: Geometry, gaps: Sequence[Finding]
) -> list[Finding]:
    """Compare thickness and increment; thin slices far apart leave tissue unseen."""
    said = {header.thickness_mm for header in headers if header.thickness_mm}
    changing = any(finding.code == "variable-spacing" for finding in gaps)
    if not said or not geometry.increment_mm or changing:
        return []
    ratio = max(said) / geometry.increment_mm
    facts = {"thickness": max(said), "increment": geometry.increment_mm}
    if min(said) / geometry.increment_mm < 1 - _WHOLE:
        text = _("slices of {thickness:g} mm lie {increment:g} mm apart: tissue between is unseen")
        facts["thickness"] = min(said)
        return [Finding("thickness-differs", text.format(**facts))]
    if ratio <= _CUSTOMARY_OVERLAP:
        return []
    text = _("slices of {thickness:g} mm lie {increment:g} mm apart: they overlap")
    return [Finding("thickness-differs", text.format(**facts), Severity.NOTE)]


def _kernel(header: Header) -> list[Finding]:
    if not is_sharp(header.kernel):
        return []
    text = _(
        "kernel {kernel} is sharp: noise and edges reach above the threshold, so false foci appear"
    ).format(kernel=header.kernel)
    return [Finding("sharp-kernel", text)]


def _marks(headers: Sequence[Header]) -> list[Finding]:
    findings = []
    if any(header.lossy for header in headers):
        text = _("the images were compressed with loss, so HU are not exact")
        findings.append(Finding("lossy", text))
    if any(header.burned_in for header in headers):
        text = _("text is burned into the images; it may name the patient")
        findings.append(Finding("burned-in", text))
    if any(header.has_contrast for header in headers):
        text = _("contrast agent was given, so vessels are as bright as calcium")
        findings.append(Finding("contrast", text))
    return findings
