"""The nuScenes development kit, written by others, finds our KITTI boxes where they are.

It needs NumPy 1, so it lives in an environment of its own:
``python3 -m venv .venvs/nuscenes && .venvs/nuscenes/bin/pip install nuscenes-devkit==1.2.0``.
"""

import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from annotator.formats.format import Calibration, Context
from annotator.formats.kitti import Kitti
from annotator.model.annotations import Annotation
from annotator.model.document import Document
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D

BIN = "Scripts/python.exe" if sys.platform == "win32" else "bin/python"
DEVKIT = Path(__file__).resolve().parents[2] / ".venvs" / "nuscenes" / BIN
READ = """
import json, sys
from nuscenes.utils.kitti import KittiDB
db = KittiDB(sys.argv[1], splits=("train",))
out = []
for box in db.get_boxes("train_000000"):
    box.rotate(db.kitti_to_nu_lidar.inverse)
    ahead = box.orientation.rotate([1, 0, 0])
    out.append([box.name, *box.center, *box.wlh, *ahead])
print(json.dumps(out))
"""
BOXES = {
    "car": Box3D((10.0, 3.0, -0.8), (4.5, 1.8, 1.6), 0.5),
    "pillar": Box3D((-7.25, 2.5, 0.4), (0.6, 0.7, 2.8), -3.0),
    "pedestrian": Box3D((15.0, -20.0, 0.1), (0.5, 0.6, 1.75), math.pi),
}


def tilted_camera() -> Calibration:
    """A camera as KITTI's: 0.3 m from the lidar and off by a degree or two."""
    rough = [[0.007, -0.9999, -0.003], [0.03, 0.003, -0.9995], [0.9995, 0.007, 0.03]]
    turn, _, back = np.linalg.svd(np.array(rough))
    pose = np.eye(4)
    pose[:3, :3], pose[:3, 3] = turn @ back, (-0.025, -0.061, -0.332)
    p2 = np.array([[707.0, 0, 604, 45.7], [0, 707, 180, -0.3], [0, 0, 1, 0.005]])
    return Calibration(p2, np.eye(3), pose)


@pytest.mark.skipif(
    not DEVKIT.exists(),
    reason=f"THE NUSCENES DEVELOPMENT KIT IS ABSENT: see the first lines of {Path(__file__).name}",
)
@pytest.mark.parametrize(
    ("calibration", "bound_m", "bound_rad"),
    [(None, 1e-3, 1e-3), (tilted_camera(), 0.03, 0.003)],
    ids=["no camera", "tilted camera"],
)
def test_the_development_kit_finds_each_box_where_it_is(
    tmp_path: Path, calibration: Calibration | None, bound_m: float, bound_rad: float
) -> None:
    made = [Annotation(label, box) for label, box in BOXES.items()]
    context = Context(GARAGE, calibration=calibration)
    target = tmp_path / "train" / "label_2" / "000000.txt"
    (tmp_path / "train" / "image_2").mkdir(parents=True)
    (tmp_path / "train" / "image_2" / "000000.png").touch()
    Kitti().write(Document(((0,),), {a.id: a for a in made}), context, target)

    run = subprocess.run([DEVKIT, "-c", READ, tmp_path], capture_output=True, text=True, check=True)

    found = {row[0].lower(): row[1:] for row in json.loads(run.stdout)}
    assert found.keys() == BOXES.keys()
    for label, box in BOXES.items():
        x, y, z, width, length, height, ahead_x, ahead_y, _up = found[label]
        assert (x, y, z) == pytest.approx(box.center_m, abs=bound_m)
        assert (length, width, height) == pytest.approx(box.size_m, abs=1e-3)
        turn_rad = math.remainder(math.atan2(ahead_y, ahead_x) - box.yaw_rad, math.tau)
        assert turn_rad == pytest.approx(0, abs=bound_rad)
