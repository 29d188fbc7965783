"""The pointer says which tool is in hand."""

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from annotator.tools.cloud_tools import CLOUD_TOOLS
from annotator.tools.image_tools import IMAGE_TOOLS
from annotator.tools.tool import Cursor, Tool
from annotator.views.cursors import cursor_of

AIMING = [tool for tool in (*CLOUD_TOOLS, *IMAGE_TOOLS) if tool.cursor is Cursor.CROSS]


@pytest.mark.parametrize("tools", [CLOUD_TOOLS, IMAGE_TOOLS])
def test_no_two_tools_that_aim_look_alike(qtbot: QtBot, tools: tuple[type[Tool], ...]) -> None:
    aiming = [tool for tool in tools if tool.cursor is Cursor.CROSS]
    pictures = [cursor_of(tool).pixmap().toImage() for tool in aiming]

    assert len(pictures) > 8
    assert all(a != b for i, a in enumerate(pictures) for b in pictures[:i])


@pytest.mark.parametrize("tool", AIMING, ids=lambda tool: tool.id)
def test_what_is_aimed_at_stays_free_under_the_cross(qtbot: QtBot, tool: type[Tool]) -> None:
    cursor = cursor_of(tool)
    picture, ratio = cursor.pixmap().toImage(), cursor.pixmap().devicePixelRatio()

    assert picture.pixelColor(cursor.hotSpot() * ratio).alpha() == 0
    beside = cursor.hotSpot() + QPoint(5, 0)
    assert picture.pixelColor(beside * ratio).alpha() > 0


def test_a_tool_that_selects_has_the_arrow(qtbot: QtBot) -> None:
    assert cursor_of(CLOUD_TOOLS[0]).shape() is Qt.CursorShape.ArrowCursor
