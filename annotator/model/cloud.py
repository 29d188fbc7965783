"""A scan: points in the order of their file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import overload

import numpy as np
import numpy.typing as npt

from annotator.model.shapes import Vec2, Vec3

Points = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class PointCloud:
    """Points of one scan. A point's identity is its row: none is dropped, sorted or thinned.

    Attributes
    ----------
    xyz_m
        Shape (N, 3), float32, metres, relative to ``origin_m``; NaN rows stay in place.
    origin_m
        World position of (0, 0, 0), so that map coordinates keep their millimetres.
    fields
        One array of length N per further field: ``intensity``, ``ring``, ``time``, ``rcs``,
        ``velocity``, ``label``, ``instance``, and any other name that the file has;
        ``rgb`` is (N, 3) uint8.
    layout
        How the file was understood, in words, where it could have been otherwise.
    """

    xyz_m: Points
    fields: Mapping[str, npt.NDArray[np.generic]] = field(default_factory=dict)
    origin_m: Vec3 = (0.0, 0.0, 0.0)
    path: Path | None = None
    layout: str = ""

    def __post_init__(self) -> None:
        if self.xyz_m.ndim != 2 or self.xyz_m.shape[1] != 3 or self.xyz_m.dtype != np.float32:
            raise ValueError(f"points must be (N, 3) float32, got {self.xyz_m.shape}")
        for name, values in self.fields.items():
            if len(values) != len(self.xyz_m):
                raise ValueError(f"field {name} has {len(values)} values for {len(self)} points")

    def __len__(self) -> int:
        return len(self.xyz_m)

    def finite(self) -> npt.NDArray[np.bool_]:
        """Tell which rows have three finite coordinates, shape (N,)."""
        return np.asarray(np.isfinite(self.xyz_m).all(axis=1))

    @overload
    def own_m(self, world_m: Vec2) -> Vec2: ...
    @overload
    def own_m(self, world_m: Vec3) -> Vec3: ...
    def own_m(self, world_m: Vec2 | Vec3) -> Vec2 | Vec3:
        """Return a place of the world, or one seen from above, in the axes of ``xyz_m``."""
        x, y = world_m[0] - self.origin_m[0], world_m[1] - self.origin_m[1]
        return (x, y) if len(world_m) == 2 else (x, y, world_m[2] - self.origin_m[2])

    def bounds_m(self) -> tuple[Vec3, Vec3] | None:
        """Return the lowest and highest world coordinates, or None without a finite point."""
        with np.errstate(invalid="ignore"):
            kept = self.xyz_m[self.finite()]
        if not len(kept):
            return None
        low, high = kept.min(axis=0).tolist(), kept.max(axis=0).tolist()
        x, y, z = self.origin_m
        return (
            (low[0] + x, low[1] + y, low[2] + z),
            (high[0] + x, high[1] + y, high[2] + z),
        )
