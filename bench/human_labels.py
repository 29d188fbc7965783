"""Fits what people labelled by hand, from one click each, in whatever real files there are."""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from annotator.errors import AnnotatorError
from annotator.formats.format import Context
from annotator.formats.kitti import Kitti
from annotator.formats.points.reading import read_cloud
from annotator.geometry.boxes import iou_3d, iou_bev, points_in_box, yaw_error_rad
from annotator.geometry.fit import fit_box
from annotator.geometry.survey import survey
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D, Vec3

LEAST_POINTS = 10
SENSOR_M: Vec3 = (0.0, 0.0, 0.0)
"""A KITTI scan is written in the axes of its scanner."""

WITHOUT_CLOUD = {
    "labelcloud": "its cloud is not there",
    "sustechpoints": "its cloud is not there",
    "openlabel": "its clouds are not there",
    "nuscenes_tables_lyft": "its clouds are not there",
    "kitti_raw": "its clouds are 100 random points each",
    "sly_pointcloud": "its clouds are 100 random points each, its boxes 1 cm large",
    "semantic_kitti": "its cloud has 50 points",
}
"""Label files of people that no fit can be compared with, and why."""


@dataclass(frozen=True)
class Compared:
    """One label of a person, and what a click on its middle gave."""

    source: str
    label: str
    points: int
    iou: float
    bev: float
    yaw_deg: float
    said: str = ""


def compared(labels: Path) -> list[Compared]:
    """Fit every labelled object of KITTI's frames that enough points show."""
    found: list[Compared] = []
    folder = labels / "kitti_object"
    for file in sorted((folder / "label_2").glob("*.txt")):
        cloud = folder / "velodyne" / f"{file.stem}.bin"
        if cloud.exists():
            found += _compared_frame(file, cloud)
    return found


def _compared_frame(file: Path, cloud_file: Path) -> list[Compared]:
    cloud = read_cloud(cloud_file)
    known = survey(cloud.xyz_m, SENSOR_M)
    found: list[Compared] = []
    for annotation in Kitti().read(file, Context(GARAGE)).annotations.values():
        true = annotation.shape
        if not isinstance(true, Box3D):
            continue
        inside = cloud.xyz_m[points_in_box(cloud.xyz_m, true)]
        if len(inside) < LEAST_POINTS:
            continue
        name = f"KITTI object {file.stem}"
        try:
            box = fit_box(known.index, known.ground, _clicked(inside), GARAGE[annotation.label]).box
        except AnnotatorError as reason:
            found.append(Compared(name, annotation.label, len(inside), 0, 0, 90, str(reason)))
            continue
        found.append(
            Compared(
                name,
                annotation.label,
                len(inside),
                iou_3d(box, true),
                iou_bev(box, true),
                math.degrees(yaw_error_rad(box, true)),
            )
        )
    return found


def _clicked(inside: np.ndarray) -> Vec3:
    """Return the point nearest to the middle of an object's points, as a person would click."""
    away = np.linalg.norm(inside - np.median(inside, axis=0), axis=1)
    x, y, z = inside[int(away.argmin())].tolist()
    return (x, y, z)
