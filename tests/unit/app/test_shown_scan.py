"""The scan that is worked on is picked out of those that are laid over it."""

import numpy as np

from annotator.app.shown_scan import ShownScan
from annotator.geometry.accumulating import accumulated
from annotator.geometry.colouring import ColourBy, Colours, Legend, by_rgb
from annotator.model.cloud import PointCloud
from annotator.model.document import Document
from annotator.model.edits import Paint, apply
from annotator.model.layers import SEMANTIC, LayerKey


def cloud_of(count: int) -> PointCloud:
    return PointCloud(np.zeros((count, 3), np.float32))


def over_each_other() -> ShownScan:
    clouds = {0: cloud_of(2), 1: cloud_of(3), 2: cloud_of(1)}
    return ShownScan(clouds[1], 1, accumulated(clouds, 1))


def test_a_scan_alone_is_what_is_drawn() -> None:
    shown = ShownScan(cloud_of(3), 4)

    assert shown.cloud is shown.own
    assert [shown.start_of(n) for n in (3, 4)] == [None, 0]


def test_each_scan_has_its_place_among_those_laid_over() -> None:
    shown = over_each_other()

    assert [shown.start_of(n) for n in range(4)] == [3, 0, 5, None]
    assert len(shown.cloud) == 6


def test_labels_come_in_the_order_of_the_points() -> None:
    document = Document(((2,), (3,), (1,)))
    for frame, value in enumerate((7, 8, 9)):
        where = np.arange(document.extents[frame][0])
        apply(Paint(LayerKey(SEMANTIC, frame), where, np.array([value], np.uint32)), document)

    assert over_each_other().layer(document, SEMANTIC).tolist() == [8, 8, 8, 7, 7, 9]


def test_points_of_other_scans_are_fainter() -> None:
    table = np.array([0xFFFFFFFF, 0xFF00FF00], np.uint32)
    colours = Colours(np.array([0, 1, 0, 0, 1, 1], np.uint16), table, Legend(ColourBy.LABEL))

    shown = over_each_other().picked_out(colours)

    assert shown.numbers.tolist() == [0, 1, 0, 2, 3, 3]
    assert shown.table[:2].tolist() == table.tolist()
    green = [(int(c) >> 8) & 255 for c in shown.table]
    assert green[2] < green[0]
    assert green[3] < green[1]
    assert all(int(c) >> 24 == 0xFF for c in shown.table)


def test_a_cameras_own_colours_leave_no_room_for_fainter_ones() -> None:
    colours = by_rgb(np.zeros((6, 3), np.uint8))

    assert over_each_other().picked_out(colours) is colours
