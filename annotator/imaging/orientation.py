"""Which way a cut lies on the screen, and where the patient's sides are."""

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from annotator.imaging.slabs import Plane
from annotator.model.volume import Affine

# LPS: +x is the patient's left, +y posterior, +z towards the head (DICOM PS3.3 C.7.6.1.1.1).
_LETTERS = (("L", "R"), ("P", "A"), ("H", "F"))


@dataclass(frozen=True, slots=True)
class Layout:
    """How a plane's cuts lie on the screen.

    Attributes
    ----------
    right, down
        Which voxel axis, 0 = column i, 1 = row j, 2 = slice k, runs that way on the screen.
    right_sign, down_sign
        +1 where its index grows that way, −1 where it falls.
    """

    plane: Plane
    right: int
    down: int
    right_sign: int = 1
    down_sign: int = 1

    @property
    def depth(self) -> int:
        """The voxel axis that the cuts are stacked along."""
        return 3 - self.right - self.down

    def flipped(self) -> "Layout":
        """Return the mirror image, left for right."""
        return replace(self, right_sign=-self.right_sign)

    def turned(self) -> "Layout":
        """Return the layout turned clockwise by a quarter."""
        return replace(
            self,
            right=self.down,
            down=self.right,
            right_sign=-self.down_sign,
            down_sign=self.right_sign,
        )

    @property
    def is_transposed(self) -> bool:
        """Whether the cut's rows run down the screen as columns."""
        return self.right > self.down


def layout_of(plane: Plane, lps_from_voxel: Affine) -> Layout:
    """Return the usual layout: axial as stored, coronal and sagittal with the head up."""
    if plane is Plane.AXIAL:
        return Layout(plane, right=0, down=1)
    head_up = -1 if lps_from_voxel[2, 2] >= 0 else 1
    return Layout(plane, right=0 if plane is Plane.CORONAL else 1, down=2, down_sign=head_up)


@dataclass(frozen=True, slots=True)
class Sides:
    """Letters at the edges of a picture, such as R, L, A, P, H, F or AL on an oblique series."""

    left: str
    right: str
    top: str
    bottom: str


def sides(layout: Layout, lps_from_voxel: Affine) -> Sides:
    """Return the letters at the edges of a picture, from the affine alone."""
    rightward = lps_from_voxel[:3, layout.right] * layout.right_sign
    downward = lps_from_voxel[:3, layout.down] * layout.down_sign
    return Sides(
        left=letters(-rightward),
        right=letters(rightward),
        top=letters(-downward),
        bottom=letters(downward),
    )


def letters(direction: npt.NDArray[np.float64]) -> str:
    """Return the patient's side or sides that an LPS direction points to, the main one first.

    A side is named where the direction has at least a quarter of its length along it: 15°.
    """
    along: list[float] = direction.tolist()  # three numbers: arrays would take ten times as long
    least = 0.25 * math.hypot(*along)
    order = sorted(range(3), key=lambda axis: -abs(along[axis]))
    return "".join(_LETTERS[a][0 if along[a] > 0 else 1] for a in order if abs(along[a]) >= least)
