"""The one door through which a document changes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from psygnal import Signal

from annotator.app.class_steps import ClassStep, ClassSteps
from annotator.app.kept_beside import Keep, KeptBeside, Told
from annotator.app.shared_settings import HeldSettings, SharedSettings
from annotator.commands.refilling import refilled
from annotator.commands.whole_objects import of_whole_objects
from annotator.errors import ReadOnlyError
from annotator.formats.format import Context
from annotator.i18n import gettext as _
from annotator.model.document import Document
from annotator.model.edits import Edit, changes_anything
from annotator.model.items import Item
from annotator.model.labels import Taxonomy
from annotator.project.history import Act, Ahead, History, Memory, Step
from annotator.project.project import Project

LARGE = 2_500_000
"""Of so many points the window would be seen to stop while their labels are kept."""


class Session:
    """One open item: its document, its data, and its history.

    ``changed`` is emitted once per edit, after the document is whole and kept. Listeners look the
    document up; they are told what to look at, never what it says.

    Parameters
    ----------
    history
        Changes the document and keeps the changes.
    context
        The data that the document is about, with the taxonomy.
    keep_taxonomy
        Keeps a grown taxonomy; None where there is no project.
    read_only
        Whether changes are refused until a person says otherwise.
    shared
        Where the project's settings are; held in memory where there is no project.
    """

    changed = Signal(object)
    begun = Signal()
    """A change is kept beside from now on."""
    taxonomy_changed = Signal()
    settings_changed = Signal()

    def __init__(
        self,
        history: History,
        context: Context,
        *,
        item: Item | None = None,
        keep_taxonomy: Callable[[Taxonomy], None] | None = None,
        read_only: bool = False,
        shared: SharedSettings | None = None,
    ) -> None:
        self.item = item
        self.context = context
        self.read_only = read_only
        self.changed_slices: tuple[int, ...] = ()
        """Slices of other pixels than those that were labelled: nothing is measured on them."""
        self._history = history
        self._keep_taxonomy = keep_taxonomy
        self.shared: SharedSettings = shared or HeldSettings()
        self._set_at: datetime | None = None
        self._class_steps = ClassSteps()
        self._beside = KeptBeside()

    @classmethod
    def in_memory(
        cls,
        document: Document,
        context: Context,
        *,
        item: Item | None = None,
        read_only: bool = False,
        shared: SharedSettings | None = None,
    ) -> "Session":
        """Open a document that no project keeps."""
        history = History(document, Memory())
        return cls(history, context, item=item, read_only=read_only, shared=shared)

    @classmethod
    def of(cls, project: Project, item: Item, context: Context) -> "Session":
        """Open an item of a project, as it was left and with all its steps.

        Raises
        ------
        WrongDataError
            If the item was labelled over data of another size.
        FileError
            If the project cannot be read.
        """
        return cls(
            project.open_history(item.id, context.extents()),
            context,
            item=item,
            keep_taxonomy=lambda taxonomy: project.set_taxonomy(item.kind, taxonomy),
            shared=project,
        )

    @property
    def document(self) -> Document:
        """All that has been said about the item; to look at, never to write to."""
        return self._history.document

    @property
    def taxonomy(self) -> Taxonomy:
        """The classes there are."""
        return self.context.taxonomy

    @property
    def saved_at(self) -> datetime | None:
        """When the last change was kept, in UTC, settings changed here included; None before."""
        kept = [when for when in (self._history.saved_at, self._set_at) if when is not None]
        return max(kept, default=None)

    @property
    def is_large(self) -> bool:
        """Whether a step may change so many points that it is better gone beside."""
        return sum(extent[0] for extent in self.document.extents if len(extent) == 1) >= LARGE

    @property
    def is_keeping(self) -> bool:
        """Whether a change is kept beside that the document does not show yet."""
        return self._beside.is_busy

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back, or a change of the classes."""
        step = self._history.to_undo() or self._class_steps.to_undo(self.last_step())
        return not self.read_only and (step is not None or self.is_keeping)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to bring back, or a change of the classes."""
        step = self._history.to_redo() or self._class_steps.to_redo(self.last_step())
        return not self.read_only and step is not None

    @property
    def last_act(self) -> Act | None:
        """What the last change was: something new, or one of what is done; None before any."""
        return self._history.last_act

    def last_step(self) -> int:
        """Return the number of the last step that is done; 0 where none is."""
        step = self._history.to_undo()
        return step.seq if step is not None else 0

    def steps(self) -> tuple[Step, ...]:
        """Return the history, oldest first; undone steps come last."""
        return self._history.steps()

    def do(self, edit: Edit, text: str) -> None:
        """Apply an edit, keep it, and let it be undone under the name ``text``.

        What a person says of one box of an object holds for all of its boxes, and those that were
        interpolated go with their key frames, in the same step.

        Raises
        ------
        ReadOnlyError
            If the document is open for reading only.
        AnnotatorError
            If the edit could not be kept; the document is then as it was before.
        """
        self.finish()
        self.take_over(of_whole_objects(self.document, edit, self.taxonomy), text)

    def do_beside(self, edit: Edit, text: str, told: Told) -> None:
        """Do an edit as `do` does, but apply and keep it on another thread: millions take a while.

        The document shows it, and listeners are told, in `finish`. Whatever else changes the
        document finishes it first, so that nothing overtakes it.
        """
        self._require_writable()
        self.finish()
        whole = refilled(self.document, of_whole_objects(self.document, edit, self.taxonomy))
        self._begin(lambda: self._history.keep_edit(whole, text), told)

    def undo_beside(self, told: Told) -> None:
        """Take back the last step as `undo` does, on another thread as `do_beside` does."""
        self._require_writable()
        self.finish()
        self._begin(self._history.keep_undo, told)

    def redo_beside(self, told: Told) -> None:
        """Bring back the last undone step as `redo` does, on another thread as `do_beside` does."""
        self._require_writable()
        self.finish()
        self._begin(self._history.keep_redo, told)

    def finish(self) -> None:
        """Wait for the change that is kept beside, if there is one, and show it."""
        while self._beside.is_busy:  # what waited for it may have begun another one
            self._beside.finish(self._take)

    def take_over(self, edit: Edit, text: str) -> None:
        """Apply an edit as `do` does, but say nothing of boxes that it does not speak of itself.

        A file is believed box by box, even where it says of one object different things.
        """
        self._require_writable()
        self.finish()
        if changes_anything(edit, self.document):
            whole = refilled(self.document, edit)
            self._history.do(whole, text)
            self._class_steps.forget_undone()
            self.changed.emit(whole)

    def undo(self) -> Edit | None:
        """Take back the last step, and return the edit that did it; None where there is none."""
        self._require_writable()
        self.finish()
        return self._told(self._history.undo())

    def redo(self) -> Edit | None:
        """Bring back the last undone step, and return the edit; None where there is none."""
        self._require_writable()
        self.finish()
        return self._told(self._history.redo())

    def withdraw(self) -> Edit | None:
        """Take back what was just done as if it had never been; None where the last act was other.

        It is no step to redo, and what could be redone before it can be again.
        """
        self._require_writable()
        self.finish()
        return self._told(self._history.withdraw())

    def change_taxonomy(self, taxonomy: Taxonomy, text: str = "") -> None:
        """Use these classes from now on, here and in the project.

        Parameters
        ----------
        text
            Under which name it can be taken back; empty where it goes with a step of the history.
        """
        if taxonomy == self.taxonomy:
            return
        self.finish()
        if text:
            self._class_steps.add(ClassStep(self.last_step(), text, self.taxonomy, taxonomy))
        self._use_classes(taxonomy)

    def undo_classes(self) -> str:
        """Take back what was done with the classes since the last step, and say what that was.

        Empty where nothing was: then the last step itself was the last thing done.
        """
        self._require_writable()
        self.finish()
        step = self._class_steps.to_undo(self.last_step())
        if step is None:
            return ""
        self._class_steps.undo()
        self._use_classes(step.before)
        return step.text

    def redo_classes(self) -> str:
        """Bring back what `undo_classes` took, and say what that was; empty where that is none."""
        self._require_writable()
        self.finish()
        step = self._class_steps.to_redo(self.last_step())
        if step is None:
            return ""
        self._class_steps.redo()
        self._use_classes(step.after)
        return step.text

    def _use_classes(self, taxonomy: Taxonomy) -> None:
        if self._keep_taxonomy is not None:
            self._keep_taxonomy(taxonomy)
        self.context = replace(self.context, taxonomy=taxonomy)
        self.taxonomy_changed.emit()

    def setting(self, name: str) -> Any:  # noqa: ANN401 - what JSON can hold
        """Return a setting of the project, or None."""
        return self.shared.setting(name)

    def change_setting(self, name: str, value: object) -> None:
        """Keep a setting for the whole project."""
        self.shared.set_setting(name, value)
        self._set_at = datetime.now(UTC)
        self.settings_changed.emit()

    def _begin(self, keep: Keep, told: Told) -> None:
        self._beside.begin(keep, told)
        self.begun.emit()

    def _take(self, ahead: Ahead) -> Edit:
        edit = self._history.take(ahead)
        if ahead.entry.act is Act.DO:
            self._class_steps.forget_undone()
        self.changed.emit(edit)
        return edit

    def _told(self, edit: Edit | None) -> Edit | None:
        if edit is not None:
            self.changed.emit(edit)
        return edit

    def _require_writable(self) -> None:
        if self.read_only:
            raise ReadOnlyError(_("this item is open for reading only; choose Edit this file"))
