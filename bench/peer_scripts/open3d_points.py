"""Measures Open3D: its legacy window, its offscreen renderer, or its reader of PCD files.

Arguments: "legacy" or "offscreen", points as .npy, width, height, frames; or "read", a PCD, runs.
"""

import json
import statistics
import sys
import time

import numpy as np
import open3d as o3d


def legacy(path: str, width: int, height: int, frames: int) -> dict[str, float]:
    window = o3d.visualization.Visualizer()
    if not window.create_window(width=width, height=height):
        raise RuntimeError("no window")
    window.add_geometry(_cloud(path))
    window.get_render_option().point_size = 2.0
    view = window.get_view_control()

    def draw(_n: int) -> None:
        view.rotate(10.0, 0.0)
        window.update_renderer()
        window.poll_events()

    return {"frame_ms": _median(draw, frames)}


def offscreen(path: str, width: int, height: int, frames: int) -> dict[str, float]:
    """Draw without lights, shadows and post-processing: its quickest way."""
    rendering = o3d.visualization.rendering
    renderer = rendering.OffscreenRenderer(width, height)
    scene = renderer.scene
    scene.view.set_post_processing(False)
    scene.view.set_shadowing(False)
    scene.scene.enable_sun_light(enable=False)
    material = rendering.MaterialRecord()
    material.shader = "defaultUnlit"
    material.point_size = 2.0
    cloud = _cloud(path)
    scene.add_geometry("points", cloud, material)
    middle = np.asarray(cloud.points).mean(axis=0)

    def draw(n: int) -> None:
        angle = 0.05 * n
        eye = middle + 45 * np.array([np.cos(angle), np.sin(angle), 0.7])
        renderer.setup_camera(50.0, middle, eye, [0, 0, 1])
        renderer.render_to_image()

    return {"frame_ms": _median(draw, frames)}


def read(path: str, runs: int) -> dict[str, float]:
    return {"open_s": _median(lambda _n: _read(path), runs) / 1000}


def _read(path: str) -> None:
    cloud = o3d.io.read_point_cloud(path)
    if cloud.is_empty():
        raise RuntimeError("no points")


def _cloud(path: str) -> o3d.geometry.PointCloud:
    xyz = np.load(path).astype(np.float64)
    cloud = o3d.geometry.PointCloud(o3d.utility.Vector3dVector(xyz))
    share = (xyz[:, 2] - xyz[:, 2].min()) / np.ptp(xyz[:, 2])
    color = np.stack([share, 1 - share, np.full_like(share, 0.5)], axis=1)
    cloud.colors = o3d.utility.Vector3dVector(color)
    return cloud


def _median(do, runs: int) -> float:  # noqa: ANN001
    do(0)
    each = []
    for n in range(1, runs + 1):
        began = time.perf_counter()
        do(n)
        each.append((time.perf_counter() - began) * 1000)
    return statistics.median(each)


if __name__ == "__main__":
    what, file, *rest = sys.argv[1:]
    does = {"legacy": legacy, "offscreen": offscreen, "read": read}[what]
    print(json.dumps(does(file, *map(int, rest))))
