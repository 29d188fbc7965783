"""What in a scan may be a calcification, and what of it nobody has decided yet."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

from annotator.imaging.blood import Blood, blood_of
from annotator.imaging.bone import Mask, body_of, depth_mm, distance_to_bone_mm, is_bone
from annotator.imaging.chest_wall import between_lungs_mm3, is_in_wall
from annotator.imaging.components import Components, Floats, Ints, components
from annotator.imaging.rules import CAL_130, Rule
from annotator.imaging.sites import sites_of
from annotator.model.layers import Where
from annotator.model.volume import Volume

SKIN_MM = 8.0
BESIDE_BONE_MM = 7.5
_ENOUGH_VOXELS = 10_000
CONTRAST_MM3 = 5000.0
"""More than that is set aside deep between the lungs: a heart full of contrast agent."""


class Aside(StrEnum):
    """Why a component is not put to a person."""

    BONE = "bone"
    OUTSIDE = "outside"
    """In the skin, or outside the body."""


class Order(StrEnum):
    """By what a list of candidates is sorted."""

    PLACE = "place"
    """Far from bone first, in the chest wall last."""
    MAX_HU = "max-hu"
    SIZE = "size"
    MARGIN = "margin"
    """Closest to the threshold first: what is most easily doubted."""
    SLICE = "slice"
    SITE = "site"


@dataclass(frozen=True, eq=False)
class Candidates:
    """Every component of a scan, and which of them a person has to decide.

    Attributes
    ----------
    found
        All components at or above the rule's threshold.
    set_aside
        Those that are bone or contrast by their size, or lie in the skin or outside; shape (n,).
    below
        Others whose largest slice is smaller than the rule's least area: flagged, and last of all;
        shape (n,).
    may_be_contrast
        Whether vessels full of contrast agent may be among what is set aside by its size.
    blood
        How bright contrast agent makes the blood; None without any, and where it cannot be told.
    to_bone_mm, depth_mm
        Distance of each from the nearest bone, and below the skin.
    """

    found: Components
    set_aside: Mask
    below: Mask
    bone: Mask
    wall: Mask
    """Those that lie in the chest wall, by the hull of the lungs; put to a person last of all.

    A plaque of the pleura may bulge as far out as a rib lies, so none is set aside.
    """
    to_bone_mm: Floats
    depth_mm: Floats
    sites: npt.NDArray[np.str_]
    """The likeliest site of each, a default for a person to correct."""
    voxel_mm3: float
    rule: Rule = CAL_130
    may_be_contrast: bool = False
    blood: Blood | None = None

    @cached_property
    def skeleton(self) -> Mask:
        """What is set aside by its size and is no great vessel full of contrast, shape (n,)."""
        if self.blood is None:
            return self.bone
        return self.bone & ~self.blood.fills(self.found, self.bone)

    @property
    def asked(self) -> Mask:
        """Those that a person has to decide, shape (n,)."""
        return ~(self.set_aside | self.below)

    def in_order(self, order: Order = Order.PLACE, also: Ints | None = None) -> Ints:
        """Return the numbers of the components to decide, sorted.

        Parameters
        ----------
        also
            Numbers that were set aside, and are to be decided all the same.
        """
        asked = self.asked
        if also is not None:
            asked[also] = True
        return self._sorted(asked, order)

    def below_in_order(self, order: Order = Order.PLACE) -> Ints:
        """Return the numbers of the components below the rule's least area, sorted."""
        return self._sorted(self.below, order)

    def _sorted(self, chosen: Mask, order: Order) -> Ints:
        numbers = np.flatnonzero(chosen)
        return np.asarray(numbers[np.argsort(self._keys(order)[numbers], kind="stable")])

    def aside(self) -> dict[Aside, int]:
        """Return how many components are set aside, by the reason."""
        everything = int(np.count_nonzero(self.set_aside))
        bones = int(np.count_nonzero(self.bone))
        return {Aside.BONE: bones, Aside.OUTSIDE: everything - bones}

    def aside_in_order(self) -> Ints:
        """Return the numbers of what is set aside: bone and contrast before what lies outside.

        The smallest come first: they are the likeliest to be something else.
        """
        numbers = np.flatnonzero(self.set_aside)
        return np.asarray(numbers[np.lexsort((self.found.voxels[numbers], ~self.bone[numbers]))])

    def volume_mm3(self, number: int) -> float:
        """Return a component's volume."""
        return float(self.found.voxels[number]) * self.voxel_mm3

    def center(self, number: int) -> tuple[int, int, int]:
        """Return the voxel (i, j, k) nearest to its middle on the slice where it is largest.

        Of a spine, with its million voxels, about as near as can be.
        """
        where = self.found.where(number)
        some = where[:: max(1, len(where) // _ENOUGH_VOXELS)]
        at = np.stack(np.unravel_index(some, self.found.shape), axis=1)
        at = at[at[:, 0] == np.bincount(at[:, 0]).argmax()]
        nearest = ((at - at.mean(axis=0)) ** 2).sum(axis=1).argmin()
        k, j, i = at[nearest].tolist()
        return (i, j, k)

    def _keys(self, order: Order) -> Floats:
        match order:
            case Order.PLACE:
                beside = (self.to_bone_mm < BESIDE_BONE_MM).astype(np.float64)
                return np.asarray(self.wall * 2e6 + beside * 1e6 - self.found.max_hu)
            case Order.MAX_HU:
                return -self.found.max_hu
            case Order.SIZE:
                return np.asarray(-self.found.voxels, np.float64)
            case Order.MARGIN:
                return self.found.max_hu
            case Order.SLICE:
                return self.found.centroid[:, 0]
            case Order.SITE:
                _names, number = np.unique(self.sites, return_inverse=True)
                return np.asarray(number * 1e6 - self.found.max_hu)


def find_candidates(volume: Volume, rule: Rule = CAL_130) -> Candidates:
    """List what in a scan may be a calcification.

    Notes
    -----
    64 slices of 512 × 512 take about a tenth of a second on two cores.
    """
    series = volume.series
    found = components(volume.hu, at_least_hu=rule.threshold_hu(series.kvp))
    body = body_of(volume.hu, series.spacing_mm)
    deep = depth_mm(found, body, series.spacing_mm)
    # What is as large outside the body is a table or a wire.
    bone = is_bone(found, series.spacing_mm) & (deep > 0)
    aside = bone | (deep < SKIN_MM)
    below = ~aside & (found.largest_px * series.pixel_mm2 < rule.enough_mm2)
    wall = is_in_wall(found, volume.hu, series.spacing_mm, body, ~(aside | below))
    to_bone = distance_to_bone_mm(found, bone, series.spacing_mm)
    sites = sites_of(found, volume.hu, series.spacing_mm, to_bone)
    has_contrast = _has_contrast(volume, found, bone, body)
    return Candidates(
        found=found,
        set_aside=aside,
        below=below,
        bone=bone,
        wall=wall,
        to_bone_mm=to_bone,
        depth_mm=deep,
        sites=np.where(wall & (sites != "pleura"), "bone", sites),
        voxel_mm3=series.voxel_mm3,
        rule=rule,
        may_be_contrast=has_contrast and bool(bone.any()),
        blood=_blood(volume, found, body) if has_contrast else None,
    )


def _has_contrast(volume: Volume, found: Components, bone: Mask, body: Mask) -> bool:
    """Tell whether header or place speak of contrast agent."""
    series = volume.series
    if series.has_finding("contrast") or not bone.any():
        return series.has_finding("contrast")
    deep_mm3 = between_lungs_mm3(found, volume.hu, series.spacing_mm, body, bone)
    return deep_mm3 >= CONTRAST_MM3


def _blood(volume: Volume, found: Components, body: Mask) -> Blood | None:
    spacing_mm = volume.series.spacing_mm
    return blood_of(volume.hu, spacing_mm, body, at_least_hu=found.threshold_hu)


@dataclass(frozen=True, eq=False)
class Residual:
    """What keeps a scan from being finished; its voxels are looked up when they are asked for.

    Attributes
    ----------
    open
        Numbers of the components with voxels that no focus holds, in the order of slices.
    """

    open: Ints
    _found: Components
    _explained: Where
    _marked: Where

    @cached_property
    def where(self) -> Where:
        """Voxels of open components that no focus holds, sorted flat indices."""
        chosen = np.zeros(len(self._found), np.bool_)
        chosen[self.open] = True
        bright = self._found.where_all(chosen)
        return bright[~np.isin(bright, self._explained, assume_unique=True)]

    @cached_property
    def below(self) -> Where:
        """Voxels of foci that lie below the threshold, sorted flat indices."""
        return self._marked[self._found.of(self._marked) < 0]

    @property
    def is_finished(self) -> bool:
        """Whether every component is marked, dismissed, below the rule's area or set aside."""
        return not len(self.open)


def residual(
    candidates: Candidates, explained: Where, marked: Where, also: Ints | None = None
) -> Residual:
    """Return what nobody has explained.

    Parameters
    ----------
    explained
        Sorted flat indices of all voxels that a focus holds, dismissed ones included.
    marked
        Those of foci that count.
    also
        Numbers of components that were set aside, and are to be decided all the same.
    """
    found = candidates.found
    of = found.of(explained)
    held = np.bincount(of[of >= 0], minlength=len(found))
    asked = candidates.asked
    if also is not None:
        asked[also] = True
    open_ = (held < found.voxels) & asked
    return Residual(np.flatnonzero(open_), found, explained, marked)
