"""What the File menu does."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox

from annotator.app.action import Workbench
from annotator.app.closing import closed_in_words
from annotator.app.ct_rule import context_by_rule
from annotator.app.exchange import Written, format_named, formats_for
from annotator.app.export_words import losses_in_words, made_in_words
from annotator.app.missing import missing
from annotator.app.sample import sample_folder
from annotator.errors import AnnotatorError
from annotator.formats.points.layouts import known_layouts
from annotator.i18n import gettext as _
from annotator.model.items import ItemId, ItemKind, Status
from annotator.tools.keys import keyed
from annotator.views.cloud.cloud_workbench import CloudWorkbench
from annotator.views.ct.ct_workbench import CtWorkbench
from annotator.views.dialogs.export import ExportDialog
from annotator.views.first_steps import Step

if TYPE_CHECKING:
    from annotator.views.main_window import MainWindow


class FileMenu:
    """Opens, exports, and goes from item to item."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._last_done: ItemId | None = None
        for action_id, does in {
            "file.open": self.ask_file,
            "file.open_folder": self.ask_folder,
            "file.labels": self.ask_labels,
            "file.export": self.export,
            "file.layout": self.ask_layout,
            "file.reopen": self.reopen,
            "file.previous_item": lambda: self.step(-1),
            "file.next_item": lambda: self.step(1),
            "file.done": self.done_and_next,
            "file.close": self.done_and_next,
            "file.not_done": self.take_done_back,
            "file.quit": window.close,
        }.items():
            window.menus.bind(action_id, window.guarded(does))

    def ask_file(self) -> None:
        """Ask for a file and open it."""
        chosen, _filter = QFileDialog.getOpenFileName(self._window, _("Open file"))
        if chosen:
            self._window.open_path(Path(chosen))

    def ask_folder(self) -> None:
        """Ask for a folder and open it."""
        chosen = QFileDialog.getExistingDirectory(self._window, _("Open folder"))
        if chosen:
            self._window.open_path(Path(chosen))

    def open_sample(self) -> None:
        """Open the garage and the chest that came with the program."""
        folder = sample_folder()
        if folder is not None:
            self._window.open_path(folder)

    def ask_labels(self) -> None:
        """Ask for a finished label file and show it over the open item."""
        chosen, _filter = QFileDialog.getOpenFileName(self._window, _("Show label file"))
        if chosen:
            self._window.openings.show_labels(Path(chosen))

    def ask_layout(self) -> None:
        """Ask how the bare numbers of a scan lie, and read it anew; labels keep their rows."""
        session, workspace = self._window.workspace.session, self._window.workspace
        if session is None or session.item is None:
            return
        names = ["", *(layout.name for layout in known_layouts())]
        now = workspace.layout(session.item)
        at = names.index(now) if now in names else 0
        chosen, sure = QInputDialog.getItem(
            self._window,
            _("Read the columns otherwise"),
            _("Name of the layout, or its columns, such as x,y,z,intensity,ring"),
            names,
            at,
            True,  # noqa: FBT003 - Qt's
        )
        if sure:
            workspace.set_layout(session.item, chosen.strip())
            self._window.openings.open_item(session.item)

    def export(self) -> None:
        """Ask for a format and a place, with what the format cannot hold, and write."""
        session = self._window.workspace.session
        if session is None or session.item is None:
            return
        document, context = session.document, context_by_rule(session)
        dialog = ExportDialog(
            formats_for(context),
            lambda name: format_named(name).plan(document, context),
            self._window.workspace.beside_data(),
            lambda losses: losses_in_words(losses, document, context.taxonomy),
            scans=len(context.clouds),
            unfinished=self._unfinished(),
            parent=self._window,
        )
        if dialog.exec() and (not dialog.target.exists() or self._may_replace(dialog.target)):
            self.write(dialog.format_name, dialog.target)

    def _unfinished(self) -> str:
        """Say how many candidates of a CT are open, if they were looked for."""
        bench = self._window.workbench
        decisions = bench.widget.rail.decisions if isinstance(bench, CtWorkbench) else None
        return missing(decisions).in_words() if decisions is not None else ""

    def write(self, name: str, target: Path) -> None:
        """Write the open document beside the window, and say what was made."""
        workspace, window = self._window.workspace, self._window
        beside = workspace.beside_data().parent if window.where is Workbench.CT else None

        def done(written: Written) -> None:
            window.first_steps.finish(Step.EXPORT)
            window.say(made_in_words(written.files, beside=beside))

        window.background.run(
            _("Export"), lambda _job: workspace.export(name, target), done, window.say
        )

    def _may_replace(self, target: Path) -> bool:
        """Ask before something that is there already is written over."""
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setText(_("{name} is there already.").format(name=target.name))
        box.setInformativeText(_("What it holds now is lost when it is replaced."))
        replace = box.addButton(_("Replace it"), QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.exec()
        return box.clickedButton() is replace

    def reopen(self) -> None:
        """Read the open item and its history again, as after somebody else changed it."""
        session = self._window.workspace.session
        if session is not None and session.item is not None:
            self._window.openings.open_item(session.item)

    def step(self, places: int) -> None:
        """Open the next or the previous item."""
        item = self._window.workspace.neighbour(places)
        if item is not None:
            self._window.openings.open_item(item)

    def done_and_next(self) -> None:
        """Say that this item is done, and open the next; a series must be explained first.

        In a sequence it goes on to the next scan, and only the last says that all of it is done.
        """
        workbench = self._window.workbench
        if isinstance(workbench, CtWorkbench):
            guarded = self._window.guarded
            workbench.finish(guarded(self._close_and_next), guarded(self._leave_and_next))
        elif isinstance(workbench, CloudWorkbench) and (said := workbench.goes_on()):
            self._window.say(said)
        else:
            self._close_and_next()

    def name_done(self) -> None:
        """Let the menu say what is done: a scan of a sequence, or the item."""
        workbench = self._window.workbench
        if isinstance(workbench, CloudWorkbench):
            self._window.menus["file.done"].setText(workbench.done_in_words())

    def say_if_closed(self) -> None:
        """Say of a CT that was just opened that it is closed, where it is."""
        workspace = self._window.workspace
        if self._window.where is Workbench.CT and workspace.session and workspace.is_done:
            self._window.say(closed_in_words(workspace.session))

    def take_done_back(self) -> None:
        """Say that the open item is not done after all, or else the one that was done last.

        In a sequence that is not done as a whole it is said of the shown scan.

        Raises
        ------
        AnnotatorError
            If neither is done.
        """
        workspace = self._window.workspace
        done = {item.id: item for item in workspace.items() if item.status is Status.DONE}
        workbench = self._window.workbench
        was_ticked = isinstance(workbench, CloudWorkbench) and workbench.reopens()
        if was_ticked and workspace.current_id not in done:
            self._window.say(self._not_done_in_words())
            return
        wanted = [i for i in (workspace.current_id, self._last_done) if i in done]
        if not wanted:
            raise AnnotatorError(self._not_done_in_words())
        item = done[wanted[0]]
        workspace.set_status(Status.IN_PROGRESS, item.id)
        self._window.say(_("“{name}” is not done").format(name=item.name))

    def _not_done_in_words(self) -> str:
        workbench = self._window.workbench
        if isinstance(workbench, CloudWorkbench):
            return workbench.not_done_in_words()
        return _("This item is not done")

    def _close_and_next(self) -> None:
        workspace = self._window.workspace
        was_done = workspace.is_done
        workspace.set_status(Status.DONE)
        session = workspace.session
        if session is not None and session.item is not None:
            self._last_done = session.item.id
            text = _("“{name}” is done · {file_not_done} takes that back")
            done = keyed(text, name=session.item.name)
            stays = closed_in_words(session, already=was_done)
            is_ct = session.item.kind is ItemKind.CT
            self._open_what_is_left(done, stays if is_ct else done)

    def _leave_and_next(self) -> None:
        """Go on, with this item as far as it is."""
        session = self._window.workspace.session
        item = session.item if session is not None and not session.read_only else None
        if item is not None:
            self._window.workspace.set_status(Status.IN_PROGRESS)
        self.step(1)
        if item is not None:
            self._window.say(_("“{name}” is left open").format(name=item.name))

    def _open_what_is_left(self, done: str, done_and_stays: str) -> None:
        """Open the next item, past those that a softer series of the same study stands for.

        Parameters
        ----------
        done, done_and_stays
            What is said where there is a next item, and where this one stays open.
        """
        passed_over, item = self._window.workspace.next_to_do()
        done = done_and_stays if item is None else done
        if passed_over:
            says = _("Passed over, as a softer kernel of the same study is done: {names}")
            done += "\n" + says.format(names=", ".join(one.name for one in passed_over))
        if item is not None:
            self._window.openings.open_item(item)
        self._window.say(done)  # what was said of the item before goes when the next is opened
