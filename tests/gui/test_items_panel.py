"""The list of items also says what cannot be opened, and why."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget
from pytestqt.qtbot import QtBot

from annotator.views.panels.items import ItemsPanel


def test_images_that_cannot_be_opened_stay_in_the_list_with_the_reason(qtbot: QtBot) -> None:
    panel = ItemsPanel()
    qtbot.addWidget(panel)
    chosen: list[int] = []
    panel.chosen.connect(chosen.append)

    panel.show_items((), None, {}, {("odd", "no geometry"): 12})

    (shown,) = panel.findChildren(QListWidget)
    row = shown.item(0)
    assert row.text() == "✗  odd · 12 images, cannot be opened"
    assert row.toolTip().endswith("no geometry")
    assert row.flags() == Qt.ItemFlag.NoItemFlags
    shown.itemClicked.emit(row)
    assert chosen == []
