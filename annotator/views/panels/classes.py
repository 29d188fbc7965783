"""The taxonomy: classes with colours and number keys."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSignalBlocker,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QColorDialog,
    QHBoxLayout,
    QLabel,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from annotator.app.cloud_settings import CloudSettings
from annotator.app.selection import Selection
from annotator.i18n import gettext as _
from annotator.i18n import listed
from annotator.model.labels import Label, Taxonomy
from annotator.tools.keys import keyed
from annotator.views.fields import Count, Press, Tick
from annotator.views.icons import chip, icon
from annotator.views.panels.panel import Panel
from annotator.views.rows import row, row_list

Keep = Callable[[Taxonomy, str], None]
_MARKS = Qt.ItemDataRole.UserRole + 1
_MARK_PX = 20


class _MarksAtTheEnd(QStyledItemDelegate):
    """Draws a lock at the end of the row of a protected class, an eye struck out if not shown."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().paint(painter, option, index)
        room: QRect = option.rect.adjusted(0, 4, -8, -4)
        color = option.palette.text().color().name()
        for name in index.data(_MARKS) or ():
            icon(name, color).paint(painter, room, Qt.AlignmentFlag.AlignRight)
            room.adjust(0, 0, -_MARK_PX, 0)


class ClassesPanel(Panel):
    """Chooses the class that new annotations get; changes colours, adds classes and attributes."""

    class_wanted = Signal()
    attribute_wanted = Signal()
    menu_asked = Signal(QPoint)
    """A right click on a class, which is the chosen one by now: where on the screen."""

    def __init__(
        self,
        selection: Selection,
        settings: CloudSettings,
        keep: Keep,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(selection, parent)
        self._keep, self._settings = keep, settings
        settings.changed.connect(self._note_look)
        self.destroyed.connect(lambda: settings.changed.disconnect(self._note_look))
        self._list = row_list()
        self._list.itemClicked.connect(self._choose)
        self._list.itemDoubleClicked.connect(self._recolor)
        self._list.setToolTip(
            _("Click to choose, double-click to change the colour, right-click for more")
        )
        self._list.setItemDelegate(_MarksAtTheEnd(self._list))
        self._list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._list.customContextMenuRequested.connect(self._ask_menu)
        self._attributes = QLabel(wordWrap=True)
        self._attributes.setProperty("role", "faint")
        self._least, self._least_row = Count(0, 99_999), QWidget()
        self._least.setKeyboardTracking(False)
        self._least.setToolTip(_("A box of this class with fewer points is marked"))
        self._least.valueChanged.connect(self.ask_for)
        self._one_size = Tick(_("One size in all scans"))
        self._one_size.setToolTip(
            _("A size given in one scan holds in all; not for what changes its shape")
        )
        self._one_size.toggled.connect(self._keep_size)
        self._arrange()

    def least_points(self) -> int:
        """Return how many points a box of the active class must hold, as it is shown."""
        return self._least.value()

    def ask_for(self, points: int) -> None:
        """Let a box of the active class need so many points from now on."""
        label = self._active()
        if label is not None:
            self._replace(replace(label, minimum_points=points), _("Points in a box, at least"))

    def refresh(self) -> None:
        """Show the session's classes, the active one marked."""
        self._list.clear()
        if self.session is None:
            return
        for number, label in enumerate(self.session.taxonomy, start=1):
            key = f"{number}  " if number <= 9 else "    "
            shown = row(key + _(label.title), label.name)
            shown.setIcon(chip(label.color))
            marks = self._marks(label)
            shown.setData(_MARKS, tuple(marks))
            shown.setToolTip("\n".join(marks.values()))
            self._list.addItem(shown)
            if label.name == self.selection.label:
                self._list.setCurrentItem(shown)
        self._attributes.setText(self._asked())
        self._show_least()
        self._show_one_size()

    def _arrange(self) -> None:
        least = QHBoxLayout(self._least_row)
        least.setContentsMargins(0, 0, 0, 0)
        least.addWidget(QLabel(_("Points in a box, at least")), 1)
        least.addWidget(self._least)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.setSpacing(4)
        layout.addWidget(self._list, 1)
        for below in (self._attributes, self._least_row, self._one_size):
            layout.addWidget(below)
        layout.addLayout(self._adding())

    def _adding(self) -> QHBoxLayout:
        buttons = QHBoxLayout()
        for text, wanted in (
            (_("Add class…"), self.class_wanted),
            (_("Add attribute…"), self.attribute_wanted),
        ):
            button = Press(text)
            button.clicked.connect(lambda _on=False, signal=wanted: signal.emit())
            buttons.addWidget(button)
        return buttons

    def _show_least(self) -> None:
        """Show how many points a box of the class must hold; a series has no boxes."""
        label = self._active()
        has_scans = self.session is not None and len(self.session.context.clouds) > 0
        self._least_row.setVisible(label is not None and has_scans)
        if label is not None and label.minimum_points != self._least.value():
            with QSignalBlocker(self._least):
                self._least.setValue(label.minimum_points)

    def _show_one_size(self) -> None:
        """Show whether objects of the class keep their size; one scan has no other."""
        label = self._active()
        has_scans = self.session is not None and len(self.session.context.clouds) > 1
        self._one_size.setVisible(label is not None and has_scans)
        if label is not None:
            with QSignalBlocker(self._one_size):
                self._one_size.setChecked(label.keeps_size)

    def _keep_size(self, keeps: bool) -> None:  # noqa: FBT001 - Qt's
        label = self._active()
        if label is not None:
            self._replace(replace(label, keeps_size=keeps), _("One size in all scans"))

    def _asked(self) -> str:
        label = self._active()
        if label is None or not label.attributes:
            return _("This class has no attributes")
        return _("Attributes: {names}").format(
            names=listed(_(attribute.title) for attribute in label.attributes)
        )

    def _marks(self, label: Label) -> dict[str, str]:
        """Return what marks a class of points, and what each mark means."""
        look = self._settings.look
        marks: dict[str, str] = {}
        if self.session is None or not self.session.context.clouds:
            return marks
        if label.name in look.protected:
            marks["lock"] = _("Protected: no tool gives its points another class")
        if not look.shows(label.value):
            marks["unseen"] = keyed(_("Not shown · {view_all_classes} shows all classes"))
        return marks

    def _active(self) -> Label | None:
        if self.session is None or self.selection.label not in self.session.taxonomy:
            return None
        return self.session.taxonomy[self.selection.label]

    def _choose(self, shown: QListWidgetItem) -> None:
        self.selection.choose(shown.data(Qt.ItemDataRole.UserRole))

    def _ask_menu(self, at: QPoint) -> None:
        shown = self._list.itemAt(at)
        if shown is not None:
            self._choose(shown)
            self.menu_asked.emit(self._list.viewport().mapToGlobal(at))

    def _note_look(self, _before: object) -> None:
        self._note()

    def _recolor(self, shown: QListWidgetItem) -> None:
        assert self.session is not None
        label = self.session.taxonomy[shown.data(Qt.ItemDataRole.UserRole)]
        color = QColorDialog.getColor(QColor(*label.color), self, _(label.title))
        if color.isValid():
            rgb = (color.red(), color.green(), color.blue())
            self._replace(
                replace(label, color=rgb), _("Colour of {name}").format(name=_(label.title))
            )

    def _replace(self, label: Label, text: str) -> None:
        assert self.session is not None
        self._keep(self.session.taxonomy.with_label(label), text)
