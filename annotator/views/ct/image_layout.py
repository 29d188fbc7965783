"""Where the parts of the image view stand."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from annotator.imaging.slabs import Plane
from annotator.views.ct.plane_view import PlaneView
from annotator.views.ct.slice_slider import SliceSlider


def arrange(
    parent: QWidget,
    planes: Mapping[Plane, PlaneView],
    slider: SliceSlider,
    below: tuple[QLabel, QWidget],
) -> QSplitter:
    """Put the axial plane large, the other two beside it, hint and candidates below.

    Returns
    -------
    QSplitter
        What holds the two smaller planes.
    """
    hint, rail = below
    side = QSplitter(Qt.Orientation.Vertical)
    side.addWidget(planes[Plane.CORONAL])
    side.addWidget(planes[Plane.SAGITTAL])
    axial = QWidget()
    row = QHBoxLayout(axial)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(2)
    row.addWidget(planes[Plane.AXIAL], 1)
    row.addWidget(slider)
    both = QSplitter(Qt.Orientation.Horizontal)
    both.addWidget(axial)
    both.addWidget(side)
    both.setStretchFactor(0, 1)
    for splitter, sizes in ((both, [680, 320]), (side, [1, 1])):
        splitter.setHandleWidth(3)
        splitter.setChildrenCollapsible(False)
        splitter.setSizes(sizes)
    hint.setContentsMargins(10, 3, 10, 4)
    # Two lines, so that planes do not jump under the pointer where one more or less is said.
    hint.setMinimumHeight(2 * hint.fontMetrics().lineSpacing() + 7)
    hint.setAlignment(Qt.AlignmentFlag.AlignTop)
    rail.hide()
    layout = QVBoxLayout(parent)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(both, 1)
    layout.addWidget(hint)
    layout.addWidget(rail)
    return side
