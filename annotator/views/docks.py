"""The panels around the view, and where they stand."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.i18n import gettext as _
from annotator.model.labels import Taxonomy
from annotator.views.panels.annotations import AnnotationsPanel
from annotator.views.panels.classes import ClassesPanel
from annotator.views.panels.findings import FindingsPanel
from annotator.views.panels.history import HistoryPanel
from annotator.views.panels.items import ItemsPanel
from annotator.views.panels.panel import Panel
from annotator.views.panels.properties import PropertiesPanel

LEFT, RIGHT = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea


@dataclass(frozen=True, eq=False)
class Docks:
    """The panels of the window."""

    items: ItemsPanel
    classes: ClassesPanel
    annotations: AnnotationsPanel
    properties: PropertiesPanel
    history: HistoryPanel
    findings: FindingsPanel
    frames: tuple[QDockWidget, ...]

    def show_session(self, session: Session | None) -> None:
        """Let every panel show another session."""
        for panel in self._panels():
            panel.show_session(session)

    def refresh(self) -> None:
        """Let every panel look again, as when the classes changed."""
        for panel in self._panels():
            panel.refresh()

    def set_visible(self, visible: bool) -> None:  # noqa: FBT001 - as Qt's toggled says it
        """Show or hide all panels at once."""
        for frame in self.frames:
            frame.setVisible(visible)

    def _panels(self) -> tuple[Panel, ...]:
        return (self.classes, self.annotations, self.properties, self.history, self.findings)


def add_docks(
    window: QMainWindow, selection: Selection, keep_taxonomy: Callable[[Taxonomy], None]
) -> Docks:
    """Make the panels and put them where they belong."""
    items = ItemsPanel()
    classes = ClassesPanel(selection, keep_taxonomy)
    annotations = AnnotationsPanel(selection)
    properties = PropertiesPanel(selection)
    history = HistoryPanel(selection)
    findings = FindingsPanel(selection)
    frames = (
        _frame(window, "items", _("Items"), items, LEFT),
        _frame(window, "classes", _("Classes"), classes, LEFT),
        _frame(window, "annotations", _("Annotations"), annotations, RIGHT),
        _frame(window, "properties", _("Properties"), properties, RIGHT),
        _frame(window, "history", _("History"), history, RIGHT),
        _frame(window, "findings", _("Findings"), findings, RIGHT),
    )
    window.tabifyDockWidget(frames[3], frames[4])
    window.tabifyDockWidget(frames[4], frames[5])
    frames[3].raise_()
    window.resizeDocks([frames[0], frames[2]], [220, 320], Qt.Orientation.Horizontal)
    return Docks(items, classes, annotations, properties, history, findings, frames)


def _frame(
    window: QMainWindow, name: str, title: str, panel: QWidget, area: Qt.DockWidgetArea
) -> QDockWidget:
    frame = QDockWidget(title, window)
    frame.setObjectName(name)  # the layout is restored by these names
    frame.setWidget(panel)
    window.addDockWidget(area, frame)
    return frame
