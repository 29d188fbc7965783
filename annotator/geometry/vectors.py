"""Makes the plain triples that shapes hold of the arrays that they are reckoned with."""

import math

import numpy as np
import numpy.typing as npt

from annotator.model.shapes import Vec3


def vec3(values: npt.NDArray[np.floating]) -> Vec3:
    """Return an array of shape (3,) as a tuple of Python's numbers."""
    x, y, z = values.tolist()
    return (x, y, z)


def heading_rad(a_m: Vec3, b_m: Vec3) -> float:
    """Return where one heads who goes from one place to another, counter-clockwise from +x."""
    return math.atan2(b_m[1] - a_m[1], b_m[0] - a_m[0])
