"""A tilted gantry: cuts across the slices show what is straight as straight."""

import math

import numpy as np
import numpy.typing as npt
import pytest

from annotator.imaging.cameras import PlaneCamera
from annotator.imaging.orientation import layout_of, sides
from annotator.imaging.shear import Shear, shear_of, straightened
from annotator.imaging.slabs import Plane

SHAPE = (20, 40, 30)


def tilted(degrees: float) -> npt.NDArray[np.float64]:
    """Slices 2 mm apart that are each shifted along the rows, as a tilted gantry leaves them."""
    affine = np.diag((0.5, 0.5, 2.0, 1.0))
    affine[1, 2] = 2.0 * math.tan(math.radians(degrees))
    return affine


def upright_rod(shear: Shear) -> npt.NDArray[np.int16]:
    """A rod that stands straight in the patient, at row 20 and column 10 of the middle slice."""
    hu = np.full(SHAPE, -1000, np.int16)
    along_j, along_i = shear.shifts(SHAPE[0])
    for k in range(SHAPE[0]):
        if 0 <= 20 - along_j[k] < SHAPE[1]:
            hu[k, 20 - along_j[k], 10 - along_i[k]] = 500
    return hu


def sheared(degrees: float) -> Shear:
    found = shear_of(tilted(degrees), SHAPE[0])
    assert found is not None
    return found


def test_straight_series_have_no_shear() -> None:
    assert shear_of(np.diag((0.5, 0.5, 2.0, 1.0)), 20) is None


def test_the_shear_is_read_off_the_affine() -> None:
    found = sheared(15)

    assert found.i_per_slice == 0
    assert found.j_per_slice == pytest.approx(2.0 * math.tan(math.radians(15)) / 0.5)


@pytest.mark.parametrize("degrees", [15, -10])
def test_an_upright_rod_is_upright_in_a_sagittal_cut(degrees: float) -> None:
    shear = sheared(degrees)
    hu = upright_rod(shear)

    cut = shear.cut(enumerate(hu), SHAPE, Plane.SAGITTAL, 10, np.asarray(np.int16(-1024)))

    columns = {int(c) for c in np.nonzero(cut == 500)[1]}
    assert columns == {20 - shear.first(Plane.SAGITTAL, SHAPE[0])}


def test_an_upright_rod_stays_on_one_coronal_cut() -> None:
    shear = sheared(8)
    hu = upright_rod(shear)

    cut = shear.cut(enumerate(hu), SHAPE, Plane.CORONAL, 20, np.asarray(np.int16(-1024)))

    assert (cut[:, 10] == 500).all()


@pytest.mark.parametrize("plane", [Plane.CORONAL, Plane.SAGITTAL])
def test_marked_voxels_lie_where_their_values_are(plane: Plane) -> None:
    shear = sheared(12)
    hu = upright_rod(shear)
    index = 20 if plane is Plane.CORONAL else 10

    rows, columns = shear.on_cut(np.flatnonzero(hu == 500), SHAPE, plane, index)

    cut = shear.cut(enumerate(hu), SHAPE, plane, index, np.asarray(np.int16(-1024)))
    assert len(rows) == np.count_nonzero(hu == 500)
    assert (cut[rows, columns] == 500).all()


@pytest.mark.parametrize("plane", [Plane.CORONAL, Plane.SAGITTAL])
def test_what_is_seen_is_what_is_clicked(plane: Plane) -> None:
    affine = tilted(15)
    camera = PlaneCamera(
        layout_of(plane, affine),
        (15.0, 20.0, 10.0),
        4.0,
        (300.0, 300.0),
        (2.0, 0.5, 0.5),
        sheared(15),
    )

    for voxel in ((10.0, 5.0, 3.0), (12.0, 30.0, 17.0)):
        looked = camera.moved_to(camera.cut_of(voxel))
        assert looked.voxel_at(looked.px_of(voxel)) == pytest.approx(voxel)


def test_letters_of_straightened_cuts_name_one_side_each() -> None:
    layout = layout_of(Plane.SAGITTAL, tilted(20))

    letters = sides(layout, straightened(tilted(20)))

    assert (letters.top, letters.bottom) == ("H", "F")
