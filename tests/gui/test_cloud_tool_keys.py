import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.app.renderers.software import SoftwareRenderer
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.formats.format import Context
from annotator.model.annotations import Annotation
from annotator.model.cloud import PointCloud
from annotator.model.document import Document
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D
from annotator.views.cloud.cloud_view import CloudView


def is_kept_from_the_window(view: CloudView, key: Qt.Key) -> bool:
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier)
    event.ignore()
    QApplication.sendEvent(view, event)
    return event.isAccepted()


def test_enter_is_a_tools_only_while_it_has_something_to_take(qtbot: QtBot) -> None:
    box = Annotation("car", Box3D((0, 0, 0.75), (4, 2, 1.5)))
    scan = PointCloud(np.random.default_rng(0).uniform(-3, 3, (500, 3)).astype(np.float32))
    session = Session.in_memory(Document(((500,),), {box.id: box}), Context(GARAGE, (scan,)))
    selection = Selection("car")
    view = CloudView(session, selection, renderer=SoftwareRenderer(threads=1))
    qtbot.addWidget(view, before_close_func=lambda widget: widget.stop_listening())
    view.choose_tool("inside_box")

    without = is_kept_from_the_window(view, Qt.Key.Key_Return)
    selection.set((box.id,))
    qtbot.waitUntil(lambda: view.scene.selected is not None)
    with_box = is_kept_from_the_window(view, Qt.Key.Key_Return)

    assert (without, with_box) == (False, True)
    assert not is_kept_from_the_window(view, Qt.Key.Key_N)
    view.stop_listening()
