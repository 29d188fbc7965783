"""Open3D's scene in a process of its own: a graphics driver may take a process down."""

import subprocess
import sys
from pathlib import Path

import pytest

from annotator.app.renderers.choosing import Wanted, find_quicker, renderer_for
from annotator.app.renderers.renderer import PointRenderer

_COMPARE = """
import os, sys
import numpy as np
from annotator.app.renderers.open3d_scene import Open3DRenderer
from annotator.app.renderers.renderer import ShownPoints
from annotator.geometry.drawing import NOTHING
from annotator.geometry.projection import Camera, Projection

size = (320, 240)
t = np.linspace(-1, 1, 300)
a, b = np.meshgrid(t, t)
xyz = np.stack([2 * a, b, 0.5 * a * b], axis=-1).reshape(-1, 3).astype(np.float32)
renderer = Open3DRenderer(size)
renderer.show(ShownPoints(xyz, np.zeros(len(xyz), np.uint16), np.array([0xFFFFFFFF], np.uint32)))
for projection, middle in ((p, m) for p in Projection for m in ((0.0, 0.0), (0.25, -0.1))):
    camera = Camera(distance_m=6, projection=projection, middle_share=middle)
    picture = renderer.draw(camera, size)
    ours = picture.entries != NOTHING
    theirs = (picture.pixels & 255) > 120
    print("shared", (ours & theirs).sum() / (ours | theirs).sum())
renderer.recolour(np.array([0xFFFF0000], np.uint32))
again = renderer.shaded_again(picture)
print("blue", (again.pixels & 255)[ours & theirs].mean())
sys.stdout.flush()
os._exit(0)  # Filament may abort while an interpreter is torn down
"""


def test_open3d_and_our_own_kernel_draw_the_same_silhouette() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _COMPARE], capture_output=True, text=True, timeout=120, check=False
    )
    if "shared" not in done.stdout and "vulkan" in (done.stdout + done.stderr).lower():
        pytest.skip("NO VULKAN HERE: Open3D's scene cannot be drawn")

    said = [line.split() for line in done.stdout.splitlines() if line.startswith(("sh", "bl"))]

    assert [name for name, _value in said] == ["shared"] * 4 + ["blue"], done.stderr
    assert min(float(share) for _name, share in said[:4]) > 0.9
    assert float(said[4][1]) < 60


def crashed() -> PointRenderer:
    raise AssertionError("a renderer that crashed was tried again")


def refused() -> PointRenderer:
    raise RuntimeError("Failed to load vulkan library!")


def test_a_renderer_that_cannot_start_leaves_the_software_one(tmp_path: Path) -> None:
    chosen = renderer_for(Wanted.AUTO, tmp_path, open3d=refused)

    assert chosen.name == "software"
    chosen.close()


def test_a_crash_at_start_is_not_repeated(tmp_path: Path) -> None:
    (tmp_path / "renderer-trying").touch()

    for wanted in (Wanted.AUTO, Wanted.OPEN3D):
        chosen = renderer_for(wanted, tmp_path, open3d=crashed)
        assert chosen.name == "software"
        chosen.close()


def test_until_both_were_timed_the_software_one_draws(tmp_path: Path) -> None:
    chosen = renderer_for(Wanted.AUTO, tmp_path, open3d=crashed)

    assert chosen.name == "software"
    chosen.close()


@pytest.mark.parametrize(
    ("times", "quicker"),
    [
        ({"software": 0.02, "open3d": 0.004}, Wanted.OPEN3D),
        ({"software": 0.02, "open3d": 0.4}, Wanted.SOFTWARE),
        ({}, Wanted.SOFTWARE),
    ],
)
def test_the_quicker_one_is_kept_and_both_are_timed_only_once(
    tmp_path: Path, times: dict[str, float], quicker: Wanted
) -> None:
    def never() -> dict[str, float]:
        raise AssertionError("both were timed again")

    first = find_quicker(tmp_path, lambda: times)
    second = find_quicker(tmp_path, never)

    assert first == second == quicker
