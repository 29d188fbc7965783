import math

import numpy as np
import numpy.typing as npt

from annotator.imaging.orientation import Sides, layout_of, letters, sides
from annotator.imaging.slabs import Plane


def turned(degrees: float) -> npt.NDArray[np.float64]:
    """The patient turned about the body axis."""
    a = math.radians(degrees)
    affine = np.eye(4)
    affine[:2, :2] = [[math.cos(a), -math.sin(a)], [math.sin(a), math.cos(a)]]
    return affine


def test_a_patient_on_the_back_has_the_right_side_on_the_left_of_the_picture() -> None:
    affine = np.diag((0.7, 0.7, 1.0, 1.0))

    assert sides(layout_of(Plane.AXIAL, affine), affine) == Sides("R", "L", "A", "P")
    assert sides(layout_of(Plane.CORONAL, affine), affine) == Sides("R", "L", "H", "F")
    assert sides(layout_of(Plane.SAGITTAL, affine), affine) == Sides("A", "P", "H", "F")


def test_the_head_is_up_where_slices_run_towards_the_feet() -> None:
    affine = np.diag((0.7, 0.7, -1.0, 1.0))

    assert sides(layout_of(Plane.CORONAL, affine), affine).top == "H"
    assert layout_of(Plane.CORONAL, affine).down_sign == 1


def test_letters_follow_a_patient_on_the_side() -> None:
    affine = turned(90)

    assert sides(layout_of(Plane.AXIAL, affine), affine) == Sides("A", "P", "L", "R")


def test_an_oblique_series_names_both_sides() -> None:
    affine = turned(30)

    assert sides(layout_of(Plane.AXIAL, affine), affine) == Sides("RA", "LP", "AL", "PR")


def test_a_tilt_below_fifteen_degrees_is_not_named() -> None:
    assert letters(np.array((math.cos(0.2), math.sin(0.2), 0))) == "L"


def test_letters_follow_a_flip_and_a_turn() -> None:
    affine = np.eye(4)
    layout = layout_of(Plane.AXIAL, affine)

    assert sides(layout.flipped(), affine) == Sides("L", "R", "A", "P")
    assert sides(layout.turned(), affine) == Sides("P", "A", "R", "L")


def test_four_turns_and_two_flips_change_nothing() -> None:
    layout = layout_of(Plane.CORONAL, np.eye(4))

    assert layout.turned().turned().turned().turned() == layout
    assert layout.flipped().flipped() == layout
    assert layout.depth == 1
    assert layout.turned().is_transposed != layout.is_transposed
