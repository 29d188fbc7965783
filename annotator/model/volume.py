"""A CT series: what its headers say, and its voxels."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from annotator.i18n import in_one
from annotator.model.findings import Finding, Severity
from annotator.model.shapes import Vec3

Affine = npt.NDArray[np.float64]
Hu = npt.NDArray[np.int16] | npt.NDArray[np.float32]
ODD_GAP = 0.01
"""A gap may differ by one in a hundred before volumes are off by as much."""
AIR_HU = -1024
"""What stands where there is no value: outside the scanned circle, or in a slice not read."""


@dataclass(frozen=True, slots=True)
class Slice:
    """One image of a series.

    Attributes
    ----------
    path
        The file; inside a zip, ``archive.zip!member``.
    frame
        Index within a multi-frame file, else 0.
    position_mm
        ImagePositionPatient, LPS.
    slope, intercept
        Rescale to HU of this very image.
    """

    path: str
    sop_uid: str
    position_mm: Vec3
    frame: int = 0
    slope: float = 1.0
    intercept: float = 0.0


@dataclass(frozen=True, slots=True)
class HeaderWindow:
    """A window that a file brings: WindowCenter, WindowWidth, WindowCenterWidthExplanation."""

    center_hu: float
    width_hu: float
    name: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """A CT series in the order of its geometry. It holds no name of a patient.

    Attributes
    ----------
    slices
        Ordered by the projection of their position on the slice normal.
    shape
        (slices, rows, columns): (k, j, i).
    lps_from_voxel
        (4, 4): ``lps_mm = lps_from_voxel @ (i, j, k, 1)``. Sheared where the gantry was tilted.
        It steps evenly: above a gap `lps_of` alone says where a voxel lies.
    spacing_mm
        (z, y, x). z is the median projected increment, never SliceThickness.
    findings
        The health card.
    measurable
        Whether volumes may be measured before a person has acknowledged the findings.
    """

    series_uid: str
    study_uid: str
    frame_of_reference_uid: str
    slices: tuple[Slice, ...]
    shape: tuple[int, int, int]
    lps_from_voxel: Affine
    spacing_mm: Vec3
    description: str = ""
    kernel: str = ""
    kvp: float | None = None
    thickness_mm: float | None = None
    windows: tuple[HeaderWindow, ...] = ()
    patient_key: str = ""
    """The same for all examinations of one patient; says nothing else. Empty where nobody knows."""
    study_date: str = ""
    """DICOM's DA: YYYYMMDD, or empty."""
    findings: tuple[Finding, ...] = ()
    measurable: bool = True

    @property
    def study_day(self) -> str:
        """The date of the study as 2026-01-05; empty where the headers say none."""
        said = self.study_date
        is_date = len(said) == 8 and said.isascii() and said.isdecimal()
        return f"{said[:4]}-{said[4:6]}-{said[6:]}" if is_date else ""

    @property
    def stack_uid(self) -> str:
        """What tells it from the others that one series was split into, also when read again."""
        return self.slices[0].sop_uid or self.series_uid

    @property
    def pixel_mm2(self) -> float:
        """Area of a pixel of a slice, in square millimetres."""
        _, y, x = self.spacing_mm
        return y * x

    @property
    def voxel_mm3(self) -> float:
        """Volume of one voxel; a tilted gantry shears it, which changes no volume."""
        z, y, x = self.spacing_mm
        return z * y * x

    def lps_of(self, voxel: Vec3) -> Vec3:
        """Return the LPS mm of a continuous voxel (i, j, k), by the positions of its slices.

        Between two slices it lies between their positions, beyond the outer ones as the affine
        steps.
        """
        i, j, k = voxel
        within = min(max(k, 0.0), len(self.slices) - 1.0)
        below, above = math.floor(within), math.ceil(within)
        low, high = (np.array(self.slices[n].position_mm) for n in (below, above))
        aside = self.lps_from_voxel[:3, :3] @ (i, j, k - within)
        x, y, z = (float(n) for n in low + (within - below) * (high - low) + aside)
        return (x, y, z)

    def voxel_of(self, lps_mm: Vec3) -> Vec3:
        """Return the continuous voxel (i, j, k) at an LPS place; the inverse of `lps_of`."""
        column, row = self.lps_from_voxel[:3, 0], self.lps_from_voxel[:3, 1]
        along, at = self._along_mm(), float(self._normal() @ lps_mm)
        beyond = (at - min(max(at, along[0]), along[-1])) / self.spacing_mm[0]
        k = float(np.interp(at, along, np.arange(len(along)))) + beyond
        away = np.array(lps_mm) - self.lps_of((0.0, 0.0, k))
        return (float(away @ column / (column @ column)), float(away @ row / (row @ row)), k)

    def odd_gaps(self) -> tuple[int, ...]:
        """Return the slices from which the next one is not as far as one increment."""
        ratios = np.diff(self._along_mm()) / self.spacing_mm[0]
        return tuple(np.flatnonzero(np.abs(ratios - 1) > ODD_GAP).tolist())

    def _along_mm(self) -> npt.NDArray[np.float64]:
        """Return where each slice lies on the normal, rising."""
        return np.array([one.position_mm for one in self.slices]) @ self._normal()

    def _normal(self) -> npt.NDArray[np.float64]:
        normal = np.cross(self.lps_from_voxel[:3, 0], self.lps_from_voxel[:3, 1])
        return np.asarray(normal / np.linalg.norm(normal))

    def has_finding(self, code: str) -> bool:
        """Tell whether something was found about the series, by its code."""
        return any(finding.code == code for finding in self.findings)

    def doubts(self) -> str:
        """Return why volumes are doubtful, in the findings' own sentences."""
        worst = [f.text for f in self.findings if f.severity is not Severity.NOTE]
        return in_one(worst or [f.text for f in self.findings])


@dataclass(frozen=True, slots=True, eq=False)
class Volume:
    """A series with its voxels.

    Attributes
    ----------
    hu
        Shape (slices, rows, columns), Hounsfield units; int16 where every rescale is whole,
        float32 where one is not, so that no voxel changes sides of a threshold by rounding.
    slice_hashes
        SHA-256 of the stored values of each slice, in hexadecimal digits; empty for a slice that
        was not read. No names and no geometry: the same for a re-sorted or anonymised copy.
    """

    series: Series
    hu: Hu
    slice_hashes: tuple[str, ...] = ()
    missing: frozenset[int] = field(default_factory=frozenset)
    """Slices that could not be decoded; their voxels are the lowest value."""

    def __post_init__(self) -> None:
        if self.hu.shape != self.series.shape:
            raise ValueError(f"voxels {self.hu.shape} do not fit series {self.series.shape}")

    def pixel_hash_of(self, order: Sequence[int]) -> str:
        """Return the hash of a volume that has these slices in another order."""
        if not all(self.slice_hashes) or not self.slice_hashes:
            return ""
        whole = hashlib.sha256(repr(self.series.shape).encode())
        whole.update(b"".join(bytes.fromhex(self.slice_hashes[k]) for k in order))
        return whole.hexdigest()
