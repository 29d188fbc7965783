"""The one window: items on the left, the view in the middle, what was said about it right."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QTimer
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QToolBar, QVBoxLayout, QWidget

from annotator.app.action import Workbench
from annotator.app.closing import reopened_in_words
from annotator.app.cloud_settings import CloudSettings, Look
from annotator.app.exchange import is_label_file
from annotator.app.keymap import Keymap, in_use
from annotator.app.menu_titles import TOOLS, VIEW
from annotator.app.recent import Recent
from annotator.app.renderers.choosing import wanted_named
from annotator.app.sample import sample_folder
from annotator.app.session import Session
from annotator.app.settings import Settings
from annotator.app.workspace import Workspace
from annotator.errors import AnnotatorError, FileError
from annotator.i18n import gettext as _
from annotator.model.annotations import AnnotationId
from annotator.model.items import Item, ItemKind
from annotator.model.labels import Taxonomy
from annotator.model.volume import Hu
from annotator.views.background import Background
from annotator.views.class_menu import ClassMenu
from annotator.views.cleaning import clean_soon
from annotator.views.cloud.cloud_workbench import CloudWorkbench
from annotator.views.cloud.object_menu import ObjectMenu
from annotator.views.ct.comparing import Comparing
from annotator.views.ct.ct_workbench import CtWorkbench
from annotator.views.docks import add_docks
from annotator.views.drops import local_paths, sorted_out
from annotator.views.field_keys import FieldKeys
from annotator.views.first_steps import FirstSteps
from annotator.views.key_events import use_keys
from annotator.views.menu_edit import EditMenu, ReviewMenu
from annotator.views.menu_file import FileMenu
from annotator.views.menu_help import HelpMenu
from annotator.views.menu_keys import KeysMenu
from annotator.views.menu_renderer import RendererMenu
from annotator.views.menus import Menus
from annotator.views.opening import Openings
from annotator.views.pages import Pages
from annotator.views.sequences.track_grid import LISTENS_TO
from annotator.views.status import Status
from annotator.views.telling import Telling
from annotator.views.theme import apply_theme, theme_named
from annotator.views.toast import Toast
from annotator.views.tool_bar import ToolBar
from annotator.views.window_layout import WindowLayout
from annotator.views.workbenches import WorkbenchView, workbench_for


class MainWindow(QMainWindow):
    """Shows a workspace and passes on what the person asks. Holds no truth."""

    def __init__(self, workspace: Workspace, settings: Settings) -> None:
        super().__init__()
        self.workspace, self.settings = workspace, settings
        self.background = Background(self)
        self.openings = Openings(workspace, self.background, self)
        self.workbench: WorkbenchView | None = None
        self._asked_for: Path | None = None
        use_keys(Keymap(settings.preset, settings.keys).settled())
        self.menus = Menus(self, in_use().rows)
        self.fields = FieldKeys(self, lambda: self.workbench.widget if self.workbench else None)
        look = Look.from_kept(settings.look)
        self.look = CloudSettings(look, wanted_named(settings.renderer))
        self.docks = add_docks(self, workspace.selection, self.look, self._keep_taxonomy)
        self._layout = WindowLayout(self, self.docks, settings)
        self.status = Status(self.background, self)
        self.setStatusBar(self.status)
        self._pages = Pages()
        self._tools = ToolBar(self, self.menus.menus[TOOLS], self._hint_of)
        self._tools.chosen.connect(self._use_tool)
        self.first_steps = FirstSteps(settings)
        self.setCentralWidget(_central(self._tools, self.first_steps, self._pages))
        self._toast = Toast(self, self._picture_room)
        self._settled = QTimer(self, singleShot=True, interval=0)
        self.setAcceptDrops(True)
        self.file_menu, self.edit_menu = FileMenu(self), EditMenu(self)
        self.comparing = Comparing(self)
        self.review_menu, self.help_menu = ReviewMenu(self), HelpMenu(self)
        self.renderer_menu, self.object_menu = RendererMenu(self), ObjectMenu(self)
        self.keys_menu, self.class_menu = KeysMenu(self), ClassMenu(self)
        self.telling = Telling(self)
        self._bind_the_rest()
        self._listen()
        self._restore()
        self._show_session()

    def open_path(self, path: Path, labels: Path | None = None) -> None:
        """Open whatever is at a path, and show a label file over its first item."""
        self._toast.hide()  # why another place was refused would be read as said of this one
        self._asked_for = path.resolve()
        self.openings.open_path(self._asked_for, labels)

    def say(self, sentence: str, *, stays: bool = False) -> None:
        """Show a sentence in the corner, without asking anything, perhaps until it is clicked."""
        self._toast.say(sentence, stays=stays)

    def _say_last(self, sentence: str) -> None:
        """Say something after what the step says of itself, or nobody would read it."""
        QTimer.singleShot(0, self, lambda: self.say(sentence))

    def _picture_room(self) -> QRect:
        """Return where the picture is, without what stands below it."""
        below_px = self.workbench.below_px if self.workbench else 0
        corner = self._pages.mapTo(self, QPoint(0, 0))
        return QRect(corner, self._pages.size()).adjusted(0, 0, 0, -below_px)

    def guarded(self, does: Callable[[], object]) -> Callable[[], None]:
        """Return a deed whose refusal is shown as its sentence."""

        def do() -> None:
            try:
                does()
            except AnnotatorError as error:
                self.say(str(error))

        return do

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's
        """Keep the layout; there is nothing to save, every step was."""
        self._layout.keep()
        self.settings.look = self.look.look.kept()
        self.settings.save()
        self.background.close()
        if isinstance(self.workbench, CloudWorkbench):
            self.workbench.view.hand.settle()
        self.workspace.close()
        super().closeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's
        """Take files and folders."""
        if local_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's
        """Open what is dropped."""
        event.acceptProposedAction()
        self.drop(*local_paths(event.mimeData()))

    def drop(self, *paths: Path) -> None:
        """Open data anew, with labels that came along; labels alone lie over the open item."""
        is_open = self.workspace.session is not None
        found = sorted_out(paths, is_label_file, may_overlay=is_open)
        if found.data is not None:
            self.open_path(found.data, found.labels)
        elif found.labels is not None:
            self.openings.show_labels(found.labels)

    @property
    def where(self) -> Workbench:
        """Which workbench is open."""
        session = self.workspace.session
        if session is None or session.item is None:
            return Workbench.NONE
        return Workbench.CT if session.item.kind is ItemKind.CT else Workbench.CLOUD

    @property
    def tool_in_hand(self) -> str:
        """The id of the tool in use; empty where there is none."""
        return self._tools.in_hand

    @property
    def tool_actions(self) -> list[tuple[QAction, str]]:
        """The tools of the open workbench, each with its English name."""
        return self._tools.offered

    def name_keys(self) -> None:
        """Call keys everywhere as they are now."""
        self._pages.name_keys()
        self.first_steps.name_keys()
        self._show_tools()
        if self.workbench is not None:
            self.workbench.name_keys()

    def choose_tool(self, tool_id: str) -> None:
        """Use another tool."""
        self._tools.choose(tool_id)

    def _bind_the_rest(self) -> None:
        """Leave to the workbench what the window itself does not do."""
        self.menus.bind_checked("view.panels", self.docks.set_visible, on=True)
        panels = self.menus.menus[VIEW].addMenu(_("Panels"))
        panels.addActions([frame.toggleViewAction() for frame in self.docks.frames])
        self.menus.bind_checked("view.dark", self._set_dark, on=self.settings.theme != "light")
        self.menus.bind("view.camera", self.docks.camera.switch)
        self.docks.camera.toggleViewAction().toggled.connect(self.menus["view.camera"].setChecked)
        for action_id in self.menus.unbound():
            self.menus[action_id].triggered.connect(
                lambda _on=False, i=action_id: self._ask_workbench(i)
            )

    def _listen(self) -> None:
        self.workspace.session_changed.connect(self._show_session)
        self.workspace.items_changed.connect(self.telling.soon)
        self.workspace.remarks_changed.connect(self.telling.soon)
        self.workspace.selection.changed.connect(self.telling.after_the_picture)
        self.workspace.data_completed.connect(self._complete)
        self.workspace.closing_changed.connect(lambda s: self._say_last(reopened_in_words(s)))
        self.openings.sliced.connect(self._show_slice)
        self.openings.started.connect(self._pages.show_opening)
        self.openings.started.connect(self._toast.let_go)
        self.openings.failed.connect(self._show_failure)
        self.openings.passed_over.connect(lambda why: self.say(why, stays=True))
        self.openings.opened.connect(self._remember)
        self.openings.opened.connect(self.file_menu.say_if_closed)
        self.openings.progressed.connect(self._pages.show_work)
        self._settled.timeout.connect(self.docks.refresh)
        self._pages.stop.connect(self.openings.stop)
        self._pages.open_file.connect(self.file_menu.ask_file)
        self._pages.open_folder.connect(self.file_menu.ask_folder)
        self._pages.open_sample.connect(self.file_menu.open_sample)
        self._pages.open_recent.connect(self._open_recent)
        self.docks.items.chosen.connect(self._open_item)
        self.docks.annotations.looked_for.connect(self._look_for)
        self.docks.foci.looked_for.connect(self._look_for)
        self.docks.points.looked_for.connect(self._look_for_instance)
        self.docks.findings.looked_for.connect(self._look_for)

    def _restore(self) -> None:
        self._layout.restore()
        self._pages.offer(self.settings.recent, sample=sample_folder() is not None)
        self.status.show_who(self.workspace.who)

    def _show_session(self) -> None:
        session = self.workspace.session
        self._drop_workbench()
        if session is not None:
            self._follow(session)
            self._show_workbench(workbench_for(session, self.workspace.selection, self.look))
        else:
            self._pages.show_welcome()
        bench = self.workbench
        cloud = bench if isinstance(bench, CloudWorkbench) else None
        self.docks.show_counts(cloud.view.counts if cloud else None)
        self.docks.show_check(cloud.steering.check if cloud and cloud.steering else None)
        self.docks.show_session(session)
        self.docks.camera.offer(self.workbench.camera if self.workbench else None)
        self._show_tools()
        self.telling.tell()
        if session is not None:
            self._layout.begin()

    def _follow(self, session: Session) -> None:
        session.changed.connect(self.telling.soon)
        session.begun.connect(self.telling.soon)
        session.taxonomy_changed.connect(self._look_again)
        session.taxonomy_changed.connect(self.telling.soon)
        session.settings_changed.connect(self._look_again)
        session.settings_changed.connect(self.telling.soon)

    def _look_again(self) -> None:
        """Let panels look after everybody has taken the settings, as what counts foci has to.

        The field that changed them is in the middle of telling so, too.
        """
        self._settled.start()

    def _show_workbench(self, bench: WorkbenchView) -> None:
        self.workbench = bench
        self._pages.show_workbench(bench.widget)
        self.menus.listen_in(bench.widget)
        if isinstance(bench, CloudWorkbench) and bench.steering is not None:
            bench.steering.grid.addActions([self.menus[key] for key in LISTENS_TO])
        bench.offer_menu(self.object_menu.show_at)
        bench.pointed.connect(self.status.show_pointer)
        bench.drawn.connect(self.status.show_frame)
        bench.drawn.connect(self.telling.tell_size)  # scans laid over it come later
        if isinstance(bench, CtWorkbench):
            bench.widget.told.connect(self.say)

    def _show_slice(self, item: Item, index: int, hu: Hu) -> None:
        if self.workspace.current_id != item.id or self.workspace.shown_file is not None:
            self._begin(item)
        if isinstance(self.workbench, CtWorkbench):
            self.workbench.feed(index, hu)

    def _begin(self, item: Item) -> None:
        """Show an item of which a slice is there; what is wrong with it is said once."""
        try:
            self.workspace.begin(item)
        except AnnotatorError as refused:
            self.openings.stop(str(refused))

    def _complete(self) -> None:
        if isinstance(self.workbench, CtWorkbench):
            self.workbench.complete()
        self.docks.refresh()
        self._show_tools()
        self.telling.soon()

    def _drop_workbench(self) -> None:
        if self.workbench is not None:
            self._pages.drop_workbench()
            self.workbench.close()
            self.docks.camera.offer(None)
            self.workbench.widget.deleteLater()
            self.workbench = None
            clean_soon()

    def _show_failure(self, sentence: str) -> None:
        self.status.end_job()
        self.workspace.abandon()
        if not self._pages.show_failure(sentence):
            self.say(sentence, stays=True)

    def _remember(self) -> None:
        self.status.end_job()
        if self._asked_for is not None:
            self.settings.remember(self._asked_for, words=self.workspace.place_in_words())
            self._asked_for = None

    def _open_recent(self, recent: Recent) -> None:
        place = recent.place()
        if place is not None:
            self.open_path(place)
            return
        problem, remedy = _("it is no longer where it was"), _("open its folder again")
        self._show_failure(str(FileError(recent.name, problem, remedy)))

    def _open_item(self, item_id: int) -> None:
        for item in self.workspace.items():
            if item.id == item_id != self.workspace.current_id:
                self.openings.open_item(item)

    def _look_for(self, annotation_id: AnnotationId) -> None:
        if self.workbench is not None:
            self.workbench.look_for(annotation_id)

    def _look_for_instance(self, number: int) -> None:
        if isinstance(self.workbench, CloudWorkbench):
            self.workbench.look_for_instance(number)

    def _ask_workbench(self, action_id: str) -> None:
        does = self.workbench.does.get(action_id) if self.workbench else None
        if does is not None:
            self.guarded(does)()
        self.telling.tell_states()

    def _show_tools(self) -> None:
        tools = self.workbench.tools if self.workbench else ()
        self._tools.offer(tools, theme_named(self.settings.theme).text)

    def _use_tool(self, tool_id: str) -> None:
        if self.workbench is not None:
            self.workbench.choose_tool(tool_id)

    def _hint_of(self, tool_id: str) -> str:
        return self.workbench.hint_of(tool_id) if self.workbench is not None else ""

    def _keep_taxonomy(self, taxonomy: Taxonomy, text: str) -> None:
        if self.workspace.session is not None:
            self.workspace.session.change_taxonomy(taxonomy, text)

    def _set_dark(self, dark: bool) -> None:  # noqa: FBT001 - as Qt's toggled says it
        self.settings.theme = "dark" if dark else "light"
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        apply_theme(application, theme_named(self.settings.theme))
        self._show_tools()


def _central(tools: QToolBar, above: QWidget, pages: QWidget) -> QWidget:
    widget, column = QWidget(), QVBoxLayout()
    column.setSpacing(0)
    column.addWidget(above)
    column.addWidget(pages, 1)
    layout = QHBoxLayout(widget)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(tools)
    layout.addLayout(column, 1)
    return widget
