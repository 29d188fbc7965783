"""The list of annotations: what each is, and in which scan of a sequence."""

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTableView
from pytestqt.qtbot import QtBot

from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.commands.removing import drop_all
from annotator.formats.format import Context
from annotator.i18n import set_language
from annotator.model.annotations import Annotation, Origin
from annotator.model.document import Document
from annotator.model.edits import Put
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
    assert [model.data(model.index(row, 2)) for row in (0, 1)] == ["every scan", "scan 4"]
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


def panel_of(qtbot: QtBot, *said: Annotation, scans: int = 9, shown: int = 0) -> AnnotationsPanel:
    set_language("en")
    selection = Selection()
    selection.look_at(shown)
    panel = AnnotationsPanel(selection)
    qtbot.addWidget(panel)
    document = Document(((10,),) * scans, {a.id: a for a in said})
    panel.show_session(Session.in_memory(document, Context(GARAGE)))
    panel.show()
    return panel


def rows_of(panel: AnnotationsPanel) -> list[list[str]]:
    model = panel._table.model()
    return [
        [model.index(row, column).data() for column in (0, 2)] for row in range(model.rowCount())
    ]


def click(panel: AnnotationsPanel, row: int) -> None:
    table = panel._table
    place = table.visualRect(table.model().index(row, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)


def car(
    name: str, frame: int | None, track: str | None = None, origin: Origin = Origin.HAND
) -> Annotation:
    return Annotation("car", BOX, id=name, track=track, frame=frame, origin=origin)


def test_a_row_selects_the_objects_box_of_the_shown_scan_or_else_of_the_nearest(
    qtbot: QtBot,
) -> None:
    said = (car("one", 0, "7"), car("two", 1, "7"), car("far", 6, "8"), car("near", 3, "8"))
    panel = panel_of(qtbot, *said, shown=1)

    click(panel, 0)
    assert panel.selection.ids == ("two",)
    click(panel, 1)
    assert panel.selection.ids == ("near",)


def test_an_object_has_one_row_that_says_in_how_many_scans_it_is(qtbot: QtBot) -> None:
    panel = panel_of(
        qtbot,
        car("a", 1, "10"),
        car("b", 8, "2", Origin.REFITTED),
        car("c", 7, "2", Origin.INTERPOLATED),
        car("d", 0),
        Annotation("pillar", BOX),
        shown=8,
    )

    assert rows_of(panel) == [
        ["Pillar #2", "every scan"],
        ["Car 2", "● 2 scans"],
        ["Car 10", "◆ scan 2"],
        ["Car #1", "scan 1"],
    ]
    assert panel._count.text() == "4 objects"
    told = panel._table.model().index(1, 2).data(Qt.ItemDataRole.ToolTipRole)
    assert told == "○ interpolated: scans 8\n● refitted: scans 9"


def test_a_step_to_another_scan_keeps_the_rows_and_shows_them_as_they_are_there(
    qtbot: QtBot,
) -> None:
    panel = panel_of(qtbot, car("a", 0, "1"), car("b", 1, "1", Origin.REFITTED), car("c", 0))
    panel.selection.set(("a",))
    qtbot.wait(10)
    made_anew = []
    panel._table.model().modelReset.connect(lambda: made_anew.append(True))

    panel.selection.look_at(1)
    panel.selection.set(("b",))
    qtbot.waitUntil(lambda: rows_of(panel)[0] == ["Car 1", "● 2 scans"])

    assert not made_anew
    assert [row.row() for row in panel._table.selectionModel().selectedRows()] == [0]


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

    def press(row: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        place = table.visualRect(table.model().index(row, 0)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, keys, place)
        qtbot.wait(10)  # the rows are made anew

    press(2)
    press(4, Qt.KeyboardModifier.ShiftModifier)
    assert selection.ids == ("c", "d", "e")

    selection.set(("d",))
    qtbot.wait(10)
    press(5, Qt.KeyboardModifier.ShiftModifier)
    assert selection.ids == ("d", "e", "f")

    press(0)  # no key is held any more
    assert list(selection.ids) == ["a"]


def test_objects_are_told_apart_by_a_number_but_what_moves_by_its_track(qtbot: QtBot) -> None:
    set_language("en")
    said = [
        Annotation("car", BOX, id="first", frame=3),
        Annotation("pillar", BOX, id="alone"),
        Annotation("car", BOX, id="moves", frame=0, track="7"),
        Annotation("car", BOX, id="second"),
    ]
    panel = AnnotationsPanel(Selection())
    qtbot.addWidget(panel)
    document = Document(((10,),) * 5, {a.id: a for a in said})
    panel.show_session(Session.in_memory(document, Context(GARAGE)))

    (table,) = panel.findChildren(QTableView)
    model = table.model()
    names = [model.data(model.index(row, 0)) for row in range(model.rowCount())]
    assert sorted(names) == ["Car #1", "Car #3", "Car 7", "Pillar #2"]


def test_an_object_keeps_its_number_when_others_are_deleted(qtbot: QtBot) -> None:
    set_language("en")
    said = {name: Annotation("car", BOX, id=name) for name in "abc"}
    session = Session.in_memory(Document(((10,),), said), Context(GARAGE))
    panel = AnnotationsPanel(Selection())
    qtbot.addWidget(panel)
    panel.show_session(session)

    session.do(drop_all(session.document, ("a",)), "Delete")
    session.do(Put(Annotation("wall", BOX, id="d")), "Draw box")
    panel.refresh()

    (table,) = panel.findChildren(QTableView)
    model = table.model()
    names = [model.data(model.index(row, 0)) for row in range(model.rowCount())]
    assert names == ["Wall #4", "Car #2", "Car #3"]
