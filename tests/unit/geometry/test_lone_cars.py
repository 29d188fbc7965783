"""A car that stands alone, seen from its side, does not lie across that side."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from annotator.formats.points.reading import read_cloud
from annotator.geometry.boxes import yaw_error_rad
from annotator.geometry.fit import fit_box
from annotator.geometry.survey import survey
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D

FOLDER = Path(__file__).parents[3] / "sample_data" / "garage"


@pytest.mark.parametrize(("frame", "car"), [(0, 34), (1, 35), (3, 35), (5, 29), (7, 36)])
def test_a_long_side_of_few_points_is_one_cars_and_not_the_fronts_of_several(
    frame: int, car: int
) -> None:
    told = json.loads((FOLDER / "truth.json").read_text("utf-8"))["frames"][frame]
    shape = next(b["shape"] for b in told["boxes"] if b["instance"] == car)
    cloud = read_cloud(FOLDER / told["file"])
    labels = np.fromfile(FOLDER / "labels" / f"{frame:06d}.label", "<u4") >> 16
    rows = np.flatnonzero(labels == car)
    x, y, z = cloud.xyz_m[rows[len(rows) // 2]].astype(float).tolist()
    found = survey(cloud.xyz_m, (0.0, 0.0, 0.0))

    box = fit_box(found.index, found.ground, (x, y, z), GARAGE["car"]).box

    true = Box3D(tuple(shape["center_m"]), tuple(shape["size_m"]), shape["yaw_rad"])
    assert yaw_error_rad(box, true) < math.radians(5)
