"""The list of annotations: what each is, and in which scan of a sequence."""

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTableView
from pytestqt.qtbot import QtBot

from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.formats.format import Context
from annotator.i18n import set_language
from annotator.model.annotations import Annotation, Origin
from annotator.model.document import Document
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D
from annotator.views.icons import chip
from annotator.views.panels.annotations import AnnotationsPanel

BOX = Box3D((0, 0, 0.75), (4.5, 1.8, 1.5))


def listed(qtbot: QtBot, scans: int) -> QTableView:
    set_language("en")
    said = [Annotation("car", BOX, id="a", frame=3), Annotation("pillar", BOX, id="b")]
    document = Document(((10,),) * scans, {a.id: a for a in said})
    panel = AnnotationsPanel(Selection())
    qtbot.addWidget(panel)
    panel.show_session(Session.in_memory(document, Context(GARAGE)))
    (table,) = panel.findChildren(QTableView)
    return table


def test_in_a_sequence_it_says_which_scan_or_every_scan(qtbot: QtBot) -> None:
    table = listed(qtbot, scans=5)

    model = table.model()
    assert [model.data(model.index(row, 2)) for row in (0, 1)] == ["every scan", "4"]
    assert not table.isColumnHidden(2)


def test_of_one_scan_it_says_nothing(qtbot: QtBot) -> None:
    assert listed(qtbot, scans=1).isColumnHidden(2)


def test_a_title_stands_where_its_column_does(qtbot: QtBot) -> None:
    model = listed(qtbot, scans=5).model()
    role = Qt.ItemDataRole.TextAlignmentRole

    for column in range(3):
        title = model.headerData(column, Qt.Orientation.Horizontal, role)
        assert title == model.data(model.index(0, column), role)


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_a_class_colour_is_the_same_on_a_selected_row_and_sharp_at_any_scale(
    qtbot: QtBot, ratio: float
) -> None:
    del qtbot
    shown = chip((230, 159, 0))

    colours = set()
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
        pixmap = shown.pixmap(QSize(12, 12), ratio, mode)
        assert pixmap.width() == round(12 * ratio)
        middle = pixmap.width() // 2
        colours.add(pixmap.toImage().pixelColor(middle, middle).name())

    assert colours == {QColor(230, 159, 0).name()}


def clicked_in_scan_2(qtbot: QtBot, row: int) -> Selection:
    """Click the row of a scan that is not shown, and wait until it is no double click."""
    set_language("en")
    said = [
        Annotation("car", BOX, id="one", frame=0, track="7"),
        Annotation("car", BOX, id="two", frame=1, track="7"),
        Annotation("car", BOX, id="other", frame=0, track="8"),
    ]
    selection = Selection()
    selection.look_at(1)
    panel = AnnotationsPanel(selection)
    qtbot.addWidget(panel)
    document = Document(((10,),) * 3, {a.id: a for a in said})
    panel.show_session(Session.in_memory(document, Context(GARAGE)))
    panel.show()
    (table,) = panel.findChildren(QTableView)
    place = table.visualRect(table.model().index(row, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.wait(QApplication.doubleClickInterval() + 50)
    return selection


def test_a_row_of_another_scan_selects_the_objects_box_of_the_shown_one(qtbot: QtBot) -> None:
    assert clicked_in_scan_2(qtbot, 0).ids == ("two",)


def test_an_object_that_is_not_in_the_shown_scan_stays_selected_where_it_is(qtbot: QtBot) -> None:
    assert clicked_in_scan_2(qtbot, 2).ids == ("other",)


def test_the_boxes_of_a_sequence_stand_by_class_object_and_scan(qtbot: QtBot) -> None:
    def car(track: str | None, frame: int | None, origin: Origin = Origin.HAND) -> Annotation:
        return Annotation("car", BOX, track=track, frame=frame, origin=origin)

    made = [
        car("10", 1),
        car("2", 8, Origin.REFITTED),
        car("2", 7, Origin.INTERPOLATED),
        car(None, 0),
        Annotation("pillar", BOX),
    ]
    document = Document(((5,),) * 9, {a.id: a for a in made})
    session = Session.in_memory(document, Context(GARAGE))
    panel = AnnotationsPanel(Selection())
    qtbot.addWidget(panel)

    panel.show_session(session)
    model = panel._table.model()

    rows = [
        [model.index(row, column).data() for column in (0, 2)] for row in range(model.rowCount())
    ]
    assert rows == [
        ["Pillar", "every scan"],
        ["Car 2", "○ 8"],
        ["Car 2", "● 9"],
        ["Car 10", "◆ 2"],
        ["Car", "1"],
    ]


def test_a_range_begins_at_the_row_that_was_clicked_before(qtbot: QtBot) -> None:
    set_language("en")
    said = [Annotation("car", BOX, id=name) for name in "abcdef"]
    selection = Selection()
    panel = AnnotationsPanel(selection)
    qtbot.addWidget(panel)
    panel.resize(400, 400)
    panel.show()
    panel.show_session(
        Session.in_memory(Document(((10,),), {a.id: a for a in said}), Context(GARAGE))
    )
    (table,) = panel.findChildren(QTableView)

    def click(row: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        place = table.visualRect(table.model().index(row, 0)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, keys, place)
        qtbot.wait(10)  # the rows are made anew

    click(2)
    click(4, Qt.KeyboardModifier.ShiftModifier)
    assert selection.ids == ("c", "d", "e")

    selection.set(("d",))
    qtbot.wait(10)
    click(5, Qt.KeyboardModifier.ShiftModifier)
    assert selection.ids == ("d", "e", "f")

    click(0)  # no key is held any more
    assert list(selection.ids) == ["a"]
