"""The panels around the view, and where they stand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import (
    QDockWidget,
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from annotator.app.box_counts import BoxCounts
from annotator.app.cloud_settings import CloudSettings
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.i18n import gettext as _
from annotator.model.labels import Taxonomy
from annotator.views.cloud.camera_dock import CameraDock
from annotator.views.ct.foci_list import FociList
from annotator.views.ct.rule_card import RuleCard
from annotator.views.ct.scores_panel import ScoresPanel
from annotator.views.panels.annotations import AnnotationsPanel
from annotator.views.panels.classes import ClassesPanel
from annotator.views.panels.display import DisplayPanel
from annotator.views.panels.findings import FindingsPanel
from annotator.views.panels.history import HistoryPanel
from annotator.views.panels.items import ItemsPanel
from annotator.views.panels.labelled_points import LabelledPointsPanel
from annotator.views.panels.panel import Panel
from annotator.views.panels.properties import PropertiesPanel
from annotator.views.sequences.scan_check import ScanCheck

LAYOUT_VERSION = 2
"""Raised when panels change so that an older layout cannot be restored."""

_SHARES = ((0.18, 220, 264), (0.25, 300, 396))
"""Share of the window's width, least and most px, of the panels left and right."""

_GROUPS = (("classes", "display"), ("properties", "history", "findings", "scores"))
"""Panels that share a place, by their names; the first one is on top."""

LEFT, RIGHT = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea


@dataclass(frozen=True, eq=False)
class Docks:
    """The panels of the window."""

    items: ItemsPanel
    classes: ClassesPanel
    annotations: AnnotationsPanel
    points: LabelledPointsPanel
    properties: PropertiesPanel
    history: HistoryPanel
    findings: FindingsPanel
    foci: FociList
    rule_card: RuleCard
    display: DisplayPanel
    scores: ScoresPanel
    lists: QStackedWidget
    camera: CameraDock
    frames: tuple[QDockWidget, ...]
    _lay: list[QByteArray] = field(default_factory=list)
    _put_away: list[QDockWidget] = field(default_factory=list)
    """What a person wants to see, but has no use beside a series."""

    def show_session(self, session: Session | None) -> None:
        """Let every panel show another session; a series has foci instead of annotations."""
        is_ct = session is not None and session.context.series is not None
        self.lists.setCurrentIndex(1 if is_ct else 0)
        self.rule_card.setVisible(is_ct)
        self.classes.setEnabled(session is not None)
        self._offer()
        at_rest = self._panels_of_scans() if is_ct else self._panels_of_series()
        for panel in self._panels():
            panel.show_session(None if panel in at_rest else session)

    def show_counts(self, counts: BoxCounts | None) -> None:
        """Let panels say how many points are in the boxes of the shown scan."""
        self.properties.show_counts(counts)
        self.findings.show_counts(counts)

    def show_check(self, check: ScanCheck | None) -> None:
        """Let what was found in other scans of a sequence be told as well."""
        self.findings.show_check(check)

    def refresh(self) -> None:
        """Let every panel look again, as when the classes changed."""
        for panel in self._panels():
            panel.refresh()

    def show_properties(self) -> None:
        """Bring the properties to the front, also where they were hidden."""
        frame = next(one for one in self.frames if one.widget().isAncestorOf(self.properties))
        frame.show()
        frame.raise_()

    def set_visible(self, visible: bool) -> None:  # noqa: FBT001 - as Qt's toggled says it
        """Show or hide all panels at once; what comes back lies as it lay."""
        window = self._window()
        if not visible:
            self._lay[:] = [self.layout()]
            for frame in self.frames:
                frame.hide()
        elif self._lay:
            window.restoreState(self._lay.pop(), LAYOUT_VERSION)
            self._offer()
            self.camera.appear()

    def take_usual_widths(self) -> None:
        """Leave most of the window to the view; lists get what they need where there is room."""
        window, by_name = self._window(), {frame.objectName(): frame for frame in self.frames}
        widths = [
            min(max(int(share * window.width()), least), most) for share, least, most in _SHARES
        ]
        sides = [by_name["items"], by_name["annotations"]]
        window.resizeDocks(sides, widths, Qt.Orientation.Horizontal)

    def layout(self) -> QByteArray:
        """Return how the panels lie, or lay before all were hidden."""
        if self._lay:
            return self._lay[0]
        for frame in self._put_away:
            frame.show()
        lay = self._window().saveState(LAYOUT_VERSION)
        for frame in self._put_away:
            frame.hide()
        return lay

    def _window(self) -> QMainWindow:
        window = self.frames[0].window()
        assert isinstance(window, QMainWindow)
        return window

    def _offer(self) -> None:
        """Show scores beside a series, and how points are drawn beside points, if panels are."""
        if self._lay:
            return
        is_ct = self.lists.currentWidget() is self.foci
        by_name = {frame.objectName(): frame for frame in self.frames}
        display = by_name["display"]
        by_name["scores"].setVisible(is_ct)
        by_name["scores"].toggleViewAction().setVisible(is_ct)
        display.toggleViewAction().setVisible(not is_ct)
        if is_ct and not display.isHidden():
            self._put_away[:] = [display]
            display.hide()
        elif not is_ct and self._put_away:
            self._put_away.pop().show()

    def _panels(self) -> tuple[Panel, ...]:
        return (
            self.classes,
            *self._panels_of_scans(),
            self.properties,
            self.history,
            self.findings,
            self.display,
            *self._panels_of_series(),
        )

    def _panels_of_scans(self) -> tuple[Panel, ...]:
        return (self.annotations, self.points)

    def _panels_of_series(self) -> tuple[Panel, ...]:
        return (self.foci, self.rule_card, self.scores)


def add_docks(
    window: QMainWindow,
    selection: Selection,
    look: CloudSettings,
    keep_taxonomy: Callable[[Taxonomy, str], None],
) -> Docks:
    """Make the panels and put them where they belong."""
    items = ItemsPanel()
    classes = ClassesPanel(selection, look, keep_taxonomy)
    annotations, points = AnnotationsPanel(selection), LabelledPointsPanel(selection)
    properties = PropertiesPanel(selection)
    history = HistoryPanel(selection)
    findings = FindingsPanel(selection)
    display = DisplayPanel(selection, look)
    camera = CameraDock(window)
    foci, rule_card, scores = FociList(selection), RuleCard(selection), ScoresPanel(selection)
    lists = QStackedWidget()
    lists.addWidget(_halved(annotations, points))
    lists.addWidget(foci)
    frames = [
        _frame(window, "items", _("Items"), items, LEFT),
        _frame(window, "classes", _("Classes"), classes, LEFT),
        _frame(window, "annotations", _("Annotations"), lists, RIGHT),
        _frame(window, "properties", _("Properties"), _stacked(rule_card, properties), RIGHT),
        _frame(window, "history", _("History"), history, RIGHT),
        _frame(window, "findings", _("Findings"), findings, RIGHT),
        _frame(window, "display", _("Display"), display, LEFT),
        _frame(window, "scores", _("Scores"), scores, RIGHT),
    ]
    _group(window, {frame.objectName(): frame for frame in frames})
    return Docks(
        items=items,
        classes=classes,
        annotations=annotations,
        points=points,
        properties=properties,
        history=history,
        findings=findings,
        foci=foci,
        rule_card=rule_card,
        display=display,
        scores=scores,
        lists=lists,
        camera=camera,
        frames=(*frames[:-1], camera, frames[-1]),
    )


def _group(window: QMainWindow, frames: Mapping[str, QDockWidget]) -> None:
    """Lay panels that share a place over each other."""
    for names in _GROUPS:
        for before, after in pairwise(names):
            window.tabifyDockWidget(frames[before], frames[after])
        frames[names[0]].raise_()
    for bar in window.findChildren(QTabBar):
        bar.hide()  # Qt shows again what it uses; of two groups it leaves one bar to nobody


def _halved(upper: QWidget, lower: QWidget) -> QSplitter:
    halves = QSplitter(Qt.Orientation.Vertical)
    for half in (upper, lower):
        halves.addWidget(half)
    halves.setChildrenCollapsible(False)
    return halves


def _stacked(upper: QWidget, lower: QWidget) -> QWidget:
    both = QWidget()
    layout = QVBoxLayout(both)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(upper)
    layout.addWidget(lower, 1)
    return both


def _frame(
    window: QMainWindow, name: str, title: str, panel: QWidget, area: Qt.DockWidgetArea
) -> QDockWidget:
    frame = QDockWidget(title, window)
    frame.setObjectName(name)  # the layout is restored by these names
    frame.setWidget(panel)
    panel.windowTitleChanged.connect(frame.setWindowTitle)
    window.addDockWidget(area, frame)
    return frame
