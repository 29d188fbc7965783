"""Opens scans from their files, through the reading process, as the window does."""

import time
from collections.abc import Iterator
from pathlib import Path

from annotator.app.reading import open_cloud, prepare
from annotator.app.selection import Selection
from annotator.formats.format import Context
from annotator.model.items import ItemKind
from annotator.model.labels import GARAGE
from annotator.views.cloud.cloud_view import CloudView
from bench import peers
from bench.orbit import HEIGHT, WIDTH, in_words
from bench.rows import Row
from bench.stage import CAR, app, remove_folders, stored_session, wait_for
from bench.timing import timed
from bench.work_files import pcd_file

FIRST_PICTURE_S = {1_000_000: 0.5, 5_000_000: 1.5, 20_000_000: 4.0}


def rows(*, quick: bool) -> Iterator[Row]:
    app()
    prepare()
    open_cloud(pcd_file(150_000))
    five = pcd_file(5_000_000)
    took = timed(lambda _n: open_cloud(five), 3 if quick else 7)
    opened = Row("open a PCD of 5 M points", took.median_s, "s")
    yield from opened.beside(
        {
            f"{peers.title(peers.OPEN3D)} io": peers.number(
                "open_s", peers.OPEN3D, "open3d_points", "read", five, 3 if quick else 7
            )
        }
    )
    for points, target_s in FIRST_PICTURE_S.items():
        first = timed(lambda _n, n=points: _first_picture(pcd_file(n)), 2 if quick else 3, warm=1)
        row = Row(
            f"open {in_words(points)} points to the first picture", first.median_s, "s", target_s
        )
        yield from row.beside(_peers(points, quick=quick))
    remove_folders()


def _first_picture(path: Path) -> float:
    """From the file to a picture of the view, on a new project."""
    began = time.perf_counter()
    cloud = open_cloud(path)
    view = CloudView(
        stored_session(ItemKind.CLOUD, Context(GARAGE, clouds=(cloud,))), Selection(CAR)
    )
    view.resize(WIDTH, HEIGHT)
    view.show()
    wait_for(lambda: view.picture is not None)
    view.repaint()
    took = time.perf_counter() - began
    view.stop_listening()
    view.deleteLater()
    return took


def _peers(points: int, *, quick: bool) -> dict[str, float | str]:
    if quick and points > 5_000_000:
        return {}
    return peers.segfix_number(points, "open_s")
