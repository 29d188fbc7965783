"""What panels around the view take or give away must not move the picture on the screen."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDockWidget, QLabel, QMainWindow
from pytestqt.qtbot import QtBot

from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.formats.format import Context
from annotator.model.cloud import PointCloud
from annotator.model.document import Document
from annotator.model.labels import GARAGE
from annotator.views.cloud.cloud_view import CloudView
from annotator.views.cloud.cloud_workbench import CloudWorkbench

PLACES_M = np.random.default_rng(1).uniform((-6, -6, 0), (6, 6, 2), (50, 3))


class Bench(QMainWindow):
    """A window with a panel on the left, as the program's own."""

    def __init__(self) -> None:
        super().__init__()
        random = np.random.default_rng(0)
        scan = PointCloud(random.uniform((-8, -8, 0), (8, 8, 2), (30_000, 3)).astype(np.float32))
        session = Session.in_memory(Document(((len(scan),),)), Context(GARAGE, (scan,)))
        self.workbench = CloudWorkbench(session, Selection("car"))
        self.view: CloudView = self.workbench.view
        self.setCentralWidget(self.workbench.widget)
        self.panel = QDockWidget("panel", self)
        self.panel.setWidget(QLabel("a panel that is wide"))
        self.panel.setMinimumWidth(250)
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self.panel)
        self.resize(1000, 800)

    def on_window_px(self) -> npt.NDArray[np.float64]:
        """Return where places of the world are on the window, by the camera in use."""
        corner = self.view.mapTo(self, QPoint(0, 0))
        at_px, _depth = self.view.camera.project(PLACES_M, self.view.size_px())
        placed: npt.NDArray[np.float64] = at_px + np.array((corner.x(), corner.y()))
        return placed


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    made = Bench()
    qtbot.addWidget(made)
    made.show()
    settle(qtbot, made)
    yield made
    made.workbench.close()


def settle(qtbot: QtBot, bench: Bench) -> None:
    view = bench.view
    qtbot.waitUntil(
        lambda: (
            view.picture is not None
            and view.picture.is_whole
            and view.picture.camera == view.camera
            and view.picture.size_px == view.size_px()
        ),
        timeout=20_000,
    )


def test_a_panel_that_closes_or_opens_does_not_move_the_picture(qtbot: QtBot, bench: Bench) -> None:
    before, width = bench.on_window_px(), bench.view.width()

    bench.panel.hide()
    qtbot.waitUntil(lambda: bench.view.width() > width)
    settle(qtbot, bench)
    alone = bench.on_window_px()
    bench.panel.show()
    qtbot.waitUntil(lambda: bench.view.width() == width)

    np.testing.assert_allclose(alone, before, atol=1e-6)
    np.testing.assert_allclose(bench.on_window_px(), before, atol=1e-6)


def test_the_panes_below_do_not_move_the_picture(qtbot: QtBot, bench: Bench) -> None:
    before, height = bench.on_window_px(), bench.view.height()

    bench.workbench.does["view.panes"]()
    qtbot.waitUntil(lambda: bench.view.height() > height)

    np.testing.assert_allclose(bench.on_window_px(), before, atol=1e-6)


def test_until_it_is_drawn_anew_the_old_picture_lies_where_it_lay(
    qtbot: QtBot, bench: Bench
) -> None:
    old = bench.grab().toImage()
    corner = bench.view.mapTo(bench, QPoint(0, 0))
    width = bench.view.width()
    bench.view.drawing.look = lambda *_a, **_k: None  # type: ignore[method-assign]  # drawing takes for ever

    bench.panel.hide()
    qtbot.waitUntil(lambda: bench.view.width() > width)
    new = bench.grab().toImage()

    middle = corner + QPoint(width // 2, 150)
    around = [middle + QPoint(x, y) for x in range(-40, 40, 4) for y in range(-40, 40, 4)]
    same = [old.pixel(at) == new.pixel(at) for at in around]
    assert sum(same) > 0.97 * len(same)


def test_a_window_that_grows_keeps_the_middle_in_the_middle(qtbot: QtBot, bench: Bench) -> None:
    bench.resize(1200, 900)
    settle(qtbot, bench)

    assert bench.view.camera.middle_share == (0.0, 0.0)
