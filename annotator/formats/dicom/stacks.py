"""Parts the images of one series into stacks, of which each can be one volume."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from annotator.formats.dicom import geometry
from annotator.formats.dicom.headers import Header
from annotator.model.volume import ODD_GAP

_LIKE = 1e-3
# A scan has a frontal and a lateral scout; three images of one orientation are a stack.
_MAX_SCOUTS = 2
_SCOUT_SHARE = 0.25
# A gantry tilts by 30° at most; a scout lies across the slices.
_ACROSS = np.cos(np.deg2rad(45))
# Acquisitions of one stretch cover it both; those that follow one another share an edge.
_SAME_STRETCH = 0.5


class Difference(StrEnum):
    """Why two images of one series cannot lie in one volume."""

    SIZE = "size"
    FRAME = "frame-of-reference"
    ORIENTATION = "orientation"
    SPACING = "spacing"
    KERNEL = "kernel"
    ACQUISITION = "acquisition"


def stacks_of(headers: Iterable[Header]) -> list[list[Header]]:
    """Part images by size, frame, orientation, spacing, kernel and acquisition; longest first."""
    stacks = [part for group in _alike(headers) for part in _by_acquisition(group)]
    return sorted(stacks, key=len, reverse=True)


def difference(one: Header, other: Header) -> Difference | None:
    """Return what keeps two images apart; what a header does not say keeps nothing apart."""
    for what, differs in (
        (Difference.SIZE, _size(one) != _size(other)),
        (Difference.FRAME, _differ(one.frame_of_reference_uid, other.frame_of_reference_uid)),
        (Difference.ORIENTATION, not _near(one.orientation, other.orientation)),
        (Difference.SPACING, not _near(one.spacing_mm, other.spacing_mm)),
        (Difference.KERNEL, _differ(one.kernel, other.kernel)),
    ):
        if differs:
            return what
    return None


def is_scout(stack: Sequence[Header], longest: Sequence[Header]) -> bool:
    """Tell whether a few images that lie across a scan are its scout, though they say nothing."""
    few = len(stack) <= _MAX_SCOUTS and len(stack) <= _SCOUT_SHARE * len(longest)
    along = float(geometry.normal_of(stack[0]) @ geometry.normal_of(longest[0]))
    return few and abs(along) < _ACROSS


def _alike(headers: Iterable[Header]) -> list[list[Header]]:
    """Group images; those that say less come last, so that they join what says more."""
    groups: list[list[Header]] = []
    for header in sorted(headers, key=lambda h: (not h.frame_of_reference_uid, not h.kernel)):
        group = next((group for group in groups if difference(group[0], header) is None), None)
        if group is None:
            groups.append([header])
        else:
            group.append(header)
    return groups


def _by_acquisition(stack: list[Header]) -> list[list[Header]]:
    """Part acquisitions of the same stretch, where together they are no even volume."""
    parts: dict[str, list[Header]] = defaultdict(list)
    for header in stack:
        parts[header.acquisition].append(header)
    along = _along_mm(stack)
    if len(parts) < 2 or _is_even(along):
        return [stack]
    least_mm = _SAME_STRETCH * float(np.ptp(along))
    is_same = all(np.ptp(_along_mm(part)) > least_mm for part in parts.values())
    return list(parts.values()) if is_same else [stack]


def _is_even(along_mm: npt.NDArray[np.float64]) -> bool:
    gaps = np.diff(along_mm)
    return not len(gaps) or bool((np.abs(gaps - np.median(gaps)) <= ODD_GAP * gaps.max()).all())


def _along_mm(stack: Sequence[Header]) -> npt.NDArray[np.float64]:
    """Return where images lie on their normal, sorted."""
    positions = np.array([header.position_mm for header in stack])
    return np.sort(positions @ geometry.normal_of(stack[0]))


def _size(header: Header) -> tuple[int, int]:
    return header.layout.rows, header.layout.columns


def _differ(one: str, other: str) -> bool:
    return bool(one) and bool(other) and one != other


def _near(one: Sequence[float], other: Sequence[float]) -> bool:
    return one == other or all(abs(a - b) <= _LIKE for a, b in zip(one, other, strict=True))
