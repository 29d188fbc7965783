"""Draws a whole scan at 1280 × 800, beside what else draws points from Python."""

from collections.abc import Iterator

from annotator.app.renderers.software import SoftwareRenderer
from bench import peers
from bench.rows import Row
from bench.shown import camera_at, shown
from bench.timing import timed
from bench.work_files import CLOUDS, garage_m

WIDTH, HEIGHT = 1280, 800


def rows(*, quick: bool) -> Iterator[Row]:
    for points in (1_000_000, 10_000_000):
        name = f"draw {points // 1_000_000} M points, {WIDTH} × {HEIGHT}"
        ours = Row(name, _ours(points, runs=5 if quick else 15), "ms")
        yield from ours.beside(_peers(points, frames=2 if quick or points > 5_000_000 else 5))


def _ours(points: int, runs: int) -> float:
    xyz_m = garage_m(points)
    renderer = SoftwareRenderer()
    renderer.show(shown(xyz_m))
    took = timed(lambda n: renderer.draw(camera_at(n, xyz_m), (WIDTH, HEIGHT)), runs, warm=3)
    renderer.close()
    return took.median_ms


def _peers(points: int, frames: int) -> dict[str, float | str]:
    file = CLOUDS / f"drive_{points}.npy"
    scatter = (peers.GLSCATTER, "glscatter", file, WIDTH, HEIGHT, frames)
    legacy = (peers.OPEN3D, "open3d_points", "legacy", file, WIDTH, HEIGHT, frames)
    offscreen = (peers.OPEN3D, "open3d_points", "offscreen", file, WIDTH, HEIGHT, frames)
    return {
        peers.title(peers.GLSCATTER): peers.number("frame_ms", *scatter, screen=True),
        f"{peers.title(peers.OPEN3D)} legacy window": peers.number(
            "frame_ms", *legacy, screen=True
        ),
        f"{peers.title(peers.OPEN3D)} OffscreenRenderer": peers.number("frame_ms", *offscreen),
    }
