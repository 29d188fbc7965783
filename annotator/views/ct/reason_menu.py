"""Why a candidate is no calcification, to choose with the keys of the rail or the pointer."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from annotator.app.decided import REASONS
from annotator.i18n import gettext as _
from annotator.tools.keys import key_word


def ask_reason(
    parent: QWidget, corner: QPoint, choose: Callable[[str], None], *, title: str = ""
) -> QMenu:
    """Open a menu of reasons right above a card; their keys are those of the rail.

    Parameters
    ----------
    corner
        Upper left corner of the card, on the screen.
    title
        What is dismissed, where that is not the chosen card.
    """
    menu = QMenu(parent)
    if title:
        menu.addAction(title).setEnabled(False)
    for reason in REASONS:
        key = key_word(f"rail.{reason.replace(' ', '_')}")
        title = f"&{key}  {_(reason)}" if len(key) == 1 else _(reason)
        menu.addAction(title).triggered.connect(partial(_chosen, choose, reason))
    menu.popup(corner - QPoint(0, menu.sizeHint().height() + 2))
    return menu


def _chosen(choose: Callable[[str], None], reason: str, _on: object = None) -> None:
    choose(reason)
