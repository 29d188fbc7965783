"""A small chest with candidates, and its view."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.commands.foci import foci
from annotator.formats.format import Context
from annotator.model.document import Document
from annotator.model.labels import CHEST
from annotator.model.volume import Series, Slice, Volume
from annotator.views.ct.image_view import ImageView

SHAPE = (30, 100, 100)


def chest() -> Volume:
    hu = np.full(SHAPE, -1000, np.int16)
    hu[:, 10:80, 10:90] = 30
    hu[:, 60:72, 45:57] = 400
    hu[10:12, 30:33, 30:33] = 300
    hu[20, 40:43, 60:62] = 700
    hu[15, 30:32, 70:72] = 160
    slices = tuple(Slice(f"{k}", f"1.{k}", (0.0, 0.0, 2.0 * k)) for k in range(SHAPE[0]))
    affine = np.diag((1.5, 1.5, 2.0, 1.0))
    return Volume(Series("1", "2", "3", slices, SHAPE, affine, (2.0, 1.5, 1.5), kvp=120), hu)


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[ImageView]:
    shown = opened_view(qtbot, chest())
    shown.candidates.show(on=True)
    qtbot.waitUntil(lambda: shown.rail.cards.total() == 3)
    yield shown
    shown.stop_listening()


def texts(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel)]


def said(view: ImageView) -> list[tuple[str, str, str]]:
    return [
        (a.origin, str(a.attributes.get("pattern", "")), a.dismissed)
        for a in foci(view.session.document)
    ]


def opened_view(qtbot: QtBot, volume: Volume) -> ImageView:
    context = Context(CHEST, series=volume.series, volume=volume)
    view = ImageView(
        Session.in_memory(Document(extents=(SHAPE,)), context), Selection("calcification")
    )
    qtbot.addWidget(view)
    view.resize(1000, 800)
    with qtbot.waitExposed(view):
        view.show()
    return view
