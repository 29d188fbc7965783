"""What helps to read a scan stands side by side, in large views and in small ones."""

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetrics, QImage, QPainter

from annotator.geometry.projection import Camera
from annotator.views.cloud.cloud_marks import bar_frame, hint_frame, in_lines

LONG = "Click an object to fit a box · Ctrl+drag a rectangle to fit what is inside · " * 3


@pytest.mark.parametrize("width_px", [360, 400, 430, 700, 1600])
@pytest.mark.parametrize("distance_m", [3.0, 11.0, 40.0])
@pytest.mark.usefixtures("qtbot")
def test_no_hint_covers_the_scale_bar(width_px: int, distance_m: float) -> None:
    area, image = QRectF(0, 0, width_px, 400), QImage(width_px, 400, QImage.Format.Format_RGB32)
    bar = bar_frame(area, Camera(distance_m=distance_m))
    painter = QPainter(image)

    hint = hint_frame(painter, area, LONG)

    painter.end()
    assert area.contains(bar)
    assert not hint.intersects(bar)


@pytest.mark.usefixtures("qtbot")
def test_a_hint_breaks_between_the_things_that_it_says() -> None:
    metrics = QFontMetrics(QFont())
    said = ["Alt+wheel bridges gaps", "then click the wall again", "Esc goes back"]
    width_px = metrics.horizontalAdvance(" · ".join(said[:2])) + 4

    assert in_lines(" · ".join(said), metrics, width_px).split("\n") == [
        " · ".join(said[:2]),
        said[2],
    ]
    assert in_lines(" · ".join(said), metrics, 5).split("\n") == said
