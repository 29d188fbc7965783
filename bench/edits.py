"""Does edits on a stored project, until each is on the disk."""

from collections.abc import Iterator

import numpy as np

from annotator.formats.format import Context
from annotator.model.annotations import Annotation
from annotator.model.cloud import PointCloud
from annotator.model.edits import Paint, Put
from annotator.model.items import ItemKind
from annotator.model.labels import GARAGE
from annotator.model.layers import SEMANTIC, LayerKey
from annotator.model.shapes import Box3D
from bench.rows import Row
from bench.stage import CAR, remove_folders, stored_session
from bench.timing import timed

COMMIT_MS = 10.0
POINTS = 1_000_000


def rows(*, quick: bool) -> Iterator[Row]:
    runs = 40 if quick else 300
    cloud = PointCloud(np.zeros((POINTS, 3), np.float32))
    session = stored_session(ItemKind.CLOUD, Context(GARAGE, clouds=(cloud,)))

    def put(n: int) -> None:
        box = Annotation(CAR, Box3D((n, 0.0, 0.8), (4.5, 1.8, 1.5), 0.1))
        session.do(Put(box), "Add box")

    def stroke(n: int) -> None:
        where = np.arange(2_000, dtype=np.int64) * 3 + 1_000 * n
        value = np.array([1 + n % 3], np.uint32)
        session.do(Paint(LayerKey(SEMANTIC, 0), where, value), "Label points")

    for name, do in (("a box", put), ("a stroke over 2 000 points", stroke)):
        took = timed(do, runs, warm=5)
        note = f"99 % within {took.share_ms(0.99):.1f} ms; SQLite, WAL, synchronous FULL"
        yield Row(f"edit kept: {name}", took.median_ms, "ms", COMMIT_MS, note=note)
    undone = timed(lambda _n: session.undo(), runs // 2)
    yield Row("undo kept", undone.median_ms, "ms", COMMIT_MS)
    remove_folders()
