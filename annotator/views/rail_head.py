"""The line over the candidates: how far the scan is, what was decided last, what is listed."""

from collections.abc import Mapping

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from annotator.i18n import gettext as _
from annotator.imaging.candidates import Aside, Order


class RailHead(QWidget):
    """Says and asks; decides nothing, and never takes the keys."""

    rearranged = Signal()
    """Other candidates are wanted, or in another order."""
    wall_asked = Signal()
    """All that lies in the chest wall is to be dismissed."""
    close_anyway = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._last, self._order = QLabel(wordWrap=True), QLabel(), QComboBox()
        self._bones, self._wall = QToolButton(), QToolButton()
        self._close = QPushButton(_("Close anyway"))
        for order, title in (
            (Order.PLACE, _("Far from bone first")),
            (Order.MAX_HU, _("Brightest first")),
            (Order.SIZE, _("Largest first")),
            (Order.MARGIN, _("Nearest to the rule first")),
            (Order.SITE, _("By site")),
            (Order.SLICE, _("By slice")),
        ):
            self._order.addItem(title, order.value)
        self._bones.setCheckable(True)
        self._wall.setToolTip(
            _(
                "Open candidates outside both lungs and what lies between them: noise in muscles,"
                " cartilage, small pieces of ribs. They come last; a click dismisses all of them"
                " with one reason, as one step."
            )
        )
        self._order.activated.connect(self.rearranged)
        self._bones.toggled.connect(self.rearranged)
        self._wall.clicked.connect(self.wall_asked)
        self._close.clicked.connect(self.close_anyway)
        self._arrange()

    def order(self) -> Order:
        """Return by what the candidates are sorted."""
        return Order(self._order.currentData())

    def lists_bones(self) -> bool:
        """Tell whether what was set aside is listed instead of the candidates."""
        return self._bones.isChecked()

    def list_bones(self, *, on: bool) -> None:
        """List what was set aside, or the candidates."""
        self._bones.setChecked(on)

    def is_closing(self) -> bool:
        """Tell whether the scan is being closed, and something is missing."""
        return self._close.isVisibleTo(self)

    def ask_to_close(self, *, on: bool) -> None:
        """Offer to close the scan all the same."""
        self._close.setVisible(on)
        self._last.setVisible(not on)

    def say(self, words: str) -> None:
        """Say how far the scan is."""
        self._words.setText(words)

    def words(self) -> str:
        """Return how far the scan is, as shown."""
        return self._words.text()

    def say_last(self, words: str) -> None:
        """Say what was decided last, or why nothing was."""
        self._last.setText(words)

    def last_words(self) -> str:
        """Return what was decided last, as shown."""
        return self._last.text()

    def show_counts(self, aside: Mapping[Aside, int], in_wall: int) -> None:
        """Say how many components are set aside, and how many lie in the chest wall."""
        self._bones.setText(_("Set aside as bone: {n}").format(n=aside[Aside.BONE]))
        self._bones.setToolTip(
            _("Outside the body or in the skin: {skin} · smaller than 1 mm³: {small}").format(
                skin=aside[Aside.OUTSIDE], small=aside[Aside.SMALL]
            )
        )
        self._wall.setVisible(in_wall > 0 and not self.lists_bones())
        self._wall.setText(_("In the chest wall: {n}…").format(n=in_wall))

    def above_wall(self) -> QPoint:
        """Return where a menu over the chest wall's button ends, on the screen."""
        return self._wall.mapToGlobal(self._wall.rect().topLeft())

    def _arrange(self) -> None:
        self._close.hide()
        self._wall.hide()
        for clicked in (self._order, self._bones, self._wall, self._close):
            clicked.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for label in (self._words, self._last):
            label.setMinimumWidth(1)
        self._words.setProperty("role", "faint")
        self._last.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 2, 10, 0)
        row.setSpacing(12)
        row.addWidget(self._words, 2)
        row.addWidget(self._close)
        row.addWidget(self._last, 3)
        row.addWidget(self._wall)
        row.addWidget(self._bones)
        row.addWidget(self._order)
