"""The line over the candidates: how far the scan is, what was decided last, what is listed."""

from collections.abc import Mapping
from enum import StrEnum
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from annotator.i18n import gettext as _
from annotator.imaging.candidates import Aside, Order
from annotator.views.fields import Choice
from annotator.views.text_roles import set_role


class Listed(StrEnum):
    """Which components of the scan the rail lists."""

    CANDIDATES = "candidates"
    ASIDE = "aside"
    """What was set aside by its size or place."""
    BELOW = "below"
    """What is smaller than the rule's least area."""


class RailHead(QWidget):
    """Says and asks; decides nothing, and never takes the keys."""

    rearranged = Signal()
    """Other candidates are wanted, or in another order."""
    wall_asked = Signal()
    """All that lies in the chest wall is to be dismissed."""
    leave_asked = Signal()
    """The scan is to be left as it is, not closed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._last, self._order = QLabel(wordWrap=True), QLabel(), Choice()
        self._lists = {Listed.ASIDE: QToolButton(), Listed.BELOW: QToolButton()}
        self._wall, self._leave = QToolButton(), QPushButton(_("Leave it open, go on"))
        for order, title in (
            (Order.PLACE, _("Far from bone first")),
            (Order.MAX_HU, _("Brightest first")),
            (Order.SIZE, _("Largest first")),
            (Order.MARGIN, _("Nearest to the rule first")),
            (Order.SITE, _("By site")),
            (Order.SLICE, _("By slice")),
        ):
            self._order.addItem(title, order.value)
        for listed, button in self._lists.items():
            button.setCheckable(True)
            button.clicked.connect(partial(self._toggle, listed))
        self._leave.setToolTip(
            _("The next of the list is opened; this scan stays in progress: not proven, not done")
        )
        self._wall.setToolTip(
            _(
                "Open candidates outside both lungs and what lies between them: noise in muscles,"
                " cartilage, small pieces of ribs. They come last; a click dismisses all of them"
                " with one reason, as one step."
            )
        )
        self._order.activated.connect(self.rearranged)
        self._wall.clicked.connect(self.wall_asked)
        self._leave.clicked.connect(self.leave_asked)
        self._arrange()

    def order(self) -> Order:
        """Return by what the candidates are sorted."""
        return Order(self._order.currentData())

    def listed(self) -> Listed:
        """Return what is listed."""
        checked = (listed for listed, button in self._lists.items() if button.isChecked())
        return next(checked, Listed.CANDIDATES)

    def list_only(self, wanted: Listed) -> None:
        """List the candidates, or others instead of them."""
        if wanted is not self.listed():
            for listed, button in self._lists.items():
                button.setChecked(listed is wanted)
            self.rearranged.emit()

    def is_closing(self) -> bool:
        """Tell whether the scan is being closed, and something is missing."""
        return self._leave.isVisibleTo(self)

    def offer_to_leave(self, *, on: bool) -> None:
        """Offer to leave the scan as it is, where something is missing."""
        self._leave.setVisible(on)
        self._last.setVisible(not on)

    def say(self, words: str, *, warning: bool = False) -> None:
        """Say how far the scan is; with a warning, why it is not closed."""
        self._words.setText(words)
        set_role(self._words, "warning" if warning else "faint")

    def words(self) -> str:
        """Return how far the scan is, as shown."""
        return self._words.text()

    def say_last(self, words: str) -> None:
        """Say what was decided last, or why nothing was."""
        self._last.setText(words)

    def show_aside(self, aside: Mapping[Aside, int]) -> None:
        """Say how many components are set aside, by the reason."""
        told = [_("Bone or contrast: {n}").format(n=aside[Aside.BONE])]
        if aside[Aside.OUTSIDE]:
            told.append(_("skin, outside: {n}").format(n=aside[Aside.OUTSIDE]))
        button = self._lists[Listed.ASIDE]
        button.setText(" · ".join(told))
        button.setToolTip(
            _("Set aside by size or place, without a person; a click lists them to bring any back")
        )

    def show_below(self, below: int, least_mm2: float) -> None:
        """Say how many components are smaller than the rule's least area."""
        button = self._lists[Listed.BELOW]
        button.setText(_("Below {mm2:g} mm²: {n}").format(mm2=least_mm2, n=below))
        button.setToolTip(
            _(
                "Smaller than the rule's least area on their largest slice. Nobody has to decide"
                " them; a click lists them, and they can be accepted like any other."
            )
        )
        button.setVisible(below > 0)

    def show_wall(self, in_wall: int) -> None:
        """Say how many open candidates lie in the chest wall."""
        self._wall.setVisible(in_wall > 0 and self.listed() is Listed.CANDIDATES)
        self._wall.setText(_("In the chest wall: {n}…").format(n=in_wall))

    def above_wall(self) -> QPoint:
        """Return where a menu over the chest wall's button ends, on the screen."""
        return self._wall.mapToGlobal(self._wall.rect().topLeft())

    def _toggle(self, listed: Listed) -> None:
        """List what a button stands for, or the candidates again; never two at once."""
        for other, button in self._lists.items():
            button.setChecked(button.isChecked() and other is listed)
        self.rearranged.emit()

    def _arrange(self) -> None:
        self._leave.hide()
        self._wall.hide()
        for clicked in (self._order, *self._lists.values(), self._wall, self._leave):
            clicked.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for label in (self._words, self._last):
            label.setMinimumWidth(1)
        self._words.setProperty("role", "faint")
        self._last.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        said, listed = QHBoxLayout(), QHBoxLayout()
        for row in (said, listed):
            row.setSpacing(12)
        said.addWidget(self._words, 3)
        said.addWidget(self._leave)
        said.addWidget(self._last, 2)
        for button in (self._wall, *self._lists.values()):
            listed.addWidget(button)
        listed.addStretch(1)
        listed.addWidget(self._order)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(10, 2, 10, 0)
        rows.setSpacing(2)
        rows.addLayout(said)
        rows.addLayout(listed)
