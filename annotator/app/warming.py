"""Compiles the kernels of clouds before somebody waits for them."""

import contextlib
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from annotator.app.renderers.renderer import ShownPoints
from annotator.app.renderers.software import SoftwareRenderer
from annotator.app.scan_pictures import Window, box_pictures, plan_picture
from annotator.errors import AnnotatorError
from annotator.geometry import drawing
from annotator.geometry.accumulating import placed
from annotator.geometry.cluster import grow_cluster
from annotator.geometry.fit import fit_box
from annotator.geometry.following import follow_box
from annotator.geometry.ground import Ground, find_ground
from annotator.geometry.lasso import inside, rows_inside
from annotator.geometry.nearby import mask_around, rows_around
from annotator.geometry.neighbours import PointIndex, index_points
from annotator.geometry.parts import parts_by_gap
from annotator.geometry.picking import marked, pick, ringed, tinted
from annotator.geometry.pillar import fit_pillar
from annotator.geometry.projection import Camera, Projection
from annotator.geometry.row import fit_row
from annotator.geometry.wall import fit_wall
from annotator.model.cloud import PointCloud
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D

_SIZE = (64, 48)
_SENSOR_M = (-6.0, -3.0, 1.5)
_CAR = Box3D((0, 0, 0.75), (4.4, 1.8, 1.5))


def warm_up() -> None:
    """Run each kernel of clouds once on a small garage; compiled code is kept in the user's cache.

    What is seen first comes first: drawing, picking, outlines; then floors and fits.
    """
    xyz_m = _garage()
    _draw(xyz_m)
    _lay_out(PointCloud(xyz_m))
    index = index_points(xyz_m, seen_from_m=_SENSOR_M)
    ground = find_ground(xyz_m, index)
    for fit in _fits(index, ground):
        with contextlib.suppress(AnnotatorError):  # compiled, whatever it found
            fit()


def _draw(xyz_m: drawing.Points) -> None:
    renderer = SoftwareRenderer(threads=1)
    renderer.show(ShownPoints(xyz_m, np.zeros(len(xyz_m), np.uint16), np.ones(1, np.uint32)))
    for projection in Projection:
        camera = Camera(projection=projection)
        renderer.sketch(camera, _SIZE, budget_s=0.01)
        entries = renderer.draw(camera, _SIZE).entries
        pick(entries, (32, 24))
        mask = inside([(5, 5), (50, 5), (30, 40)], _SIZE)
        lens = drawing.lens(camera, _SIZE, (0.0, 0.0, 0.0))
        for surface in (None, entries):
            rows = rows_inside(xyz_m, lens, mask, surface=surface)
    for laid in (tinted, ringed):
        laid(entries, marked(rows, len(xyz_m)), np.uint32(0xFFFFFFFF))
    rows_around(xyz_m, _CAR)
    mask_around(xyz_m, _CAR)
    renderer.close()


def _lay_out(cloud: PointCloud) -> None:
    """Do what a sequence needs: scans in the world, their thumbnails, and pictures of a box."""
    placed(cloud, np.eye(4))
    plan_picture(cloud, Window((0.0, 0.0), 16.0, _SIZE))
    box_pictures(cloud, _CAR, room_m=0.5, side_px=48)


def _fits(index: PointIndex, ground: Ground) -> list[Callable[[], object]]:
    car = GARAGE["car"]
    return [
        lambda: fit_box(index, ground, (0.0, -0.9, 0.8), car),
        lambda: grow_cluster(index, ground, (0.0, -0.9, 0.8)),
        lambda: parts_by_gap(index.xyz_m[:100], 0.3),
        lambda: fit_pillar(index, ground, (5.0, 4.8, 1.0)),
        lambda: fit_pillar(replace(index, seen_from_m=None), ground, (5.0, 4.8, 1.0)),
        lambda: fit_wall(index, ground, (0.0, 6.0, 1.0)),
        lambda: fit_row(index, ground, _CAR, (0.0, -6.0), car),
        lambda: follow_box(index, ground, _CAR, sensor_m=_SENSOR_M[:2]),
    ]


def _garage() -> drawing.Points:
    """Return a floor, a ceiling, two cars, two pillars and a wall: enough to reach every kernel."""
    random = np.random.default_rng(1)
    parts = [
        random.uniform((-8, -8, -0.01), (8, 8, 0.01), (8000, 3)),
        random.uniform((-8, -8, 3.0), (8, 8, 3.02), (4000, 3)),
        random.uniform((-8, 6, 0), (8, 6.02, 3.0), (3000, 3)),
        random.uniform((4.8, 4.8, 0), (5.2, 4.81, 3.0), (600, 3)),
        random.uniform((4.8, 4.8, 0), (4.81, 5.2, 3.0), (600, 3)),
        random.uniform((3.6, 1.4, 0), (3.9, 1.41, 3.0), (600, 3)),
    ]
    for y in (0.0, -2.6):
        parts.append(random.uniform((-2.2, y - 0.9, 0.2), (2.2, y - 0.9, 1.5), (800, 3)))
        parts.append(random.uniform((-2.2, y - 0.9, 0.2), (-2.2, y + 0.9, 1.5), (400, 3)))
        parts.append(random.uniform((-2.2, y - 0.9, 1.5), (2.2, y + 0.9, 1.5), (400, 3)))
    return np.concatenate(parts).astype(np.float32)
