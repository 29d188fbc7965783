"""What the Edit and Review menus do."""

from functools import partial
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from PySide6.QtWidgets import QInputDialog

from annotator.app.changed_in_words import deleted_in_words, erased_in_words, relabelled_in_words
from annotator.app.reviewing import is_under_review, next_unmarked
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.app.taking_back import BACK, FORTH, Way
from annotator.commands.instances import class_of, members, relabel_instances
from annotator.commands.points import NO_EDIT, paint_class
from annotator.commands.relabelling import relabelled
from annotator.commands.removing import drop_all
from annotator.errors import AnnotatorError
from annotator.i18n import gettext as _
from annotator.model.annotations import AnnotationId, Origin, Verdict
from annotator.model.labels import Label
from annotator.views.cloud.cloud_workbench import CloudWorkbench
from annotator.views.cloud.large_edits import LargeEdits

if TYPE_CHECKING:
    from annotator.views.main_window import MainWindow

SELECTING = "select_box"


class EditMenu:
    """Undoes, removes and gives another class."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._let_go: WeakKeyDictionary[Session, tuple[int, ...]] = WeakKeyDictionary()
        for action_id, does in {
            "edit.undo": self.undo,
            "edit.redo": self.redo,
            "edit.delete": self.delete,
            "edit.answer": self.answer,
            "edit.unlock": window.workspace.unlock,
        }.items():
            window.menus.bind(action_id, window.guarded(does))
        for number in range(1, 10):
            does = partial(self.choose_class, number)
            window.menus.bind(f"class.{number}", window.guarded(does))

    def choose_class(self, number: int) -> None:
        """Choose a class by its number key.

        What is selected becomes one of it while the selecting tool is in hand. A drawing tool
        leaves what it just made selected, and there the key speaks of what comes next.
        """
        session, selection = self._window.workspace.session, self._window.workspace.selection
        labels = list(session.taxonomy) if session is not None else []
        if session is None or number > len(labels):
            return
        label, instances = labels[number - 1], selection.instances
        selection.choose(label.name)
        if self._window.tool_in_hand != SELECTING:
            return
        others = [a for a in selection.annotations(session.document) if a.label != label.name]
        session.do(relabelled(session.document, selection.ids, label), _("Set class"))
        if others:
            self._window.say(relabelled_in_words(others, label, session.taxonomy))
        if instances:
            self._relabel_instances(session, instances, label)

    def name_classes(self) -> None:
        """Let the menu and the sheet of keys say which class each number stands for."""
        session = self._window.workspace.session
        labels = list(session.taxonomy) if session is not None else []
        for number in range(1, 10):
            action = self._window.menus[f"class.{number}"]
            action.setVisible(number <= len(labels) and action.isEnabled())
            if number <= len(labels):
                action.setText(_(labels[number - 1].title))

    def answer(self) -> None:
        """Let the keyboard answer what the class of the selected annotation asks."""
        docks = self._window.docks
        docks.show_properties()
        if not docks.properties.begin_answering():
            self._window.say(_("Select one thing whose class asks something"))

    def undo(self) -> None:
        """Take back the last step, and say which that was."""
        self._step(BACK)

    def redo(self) -> None:
        """Bring back the last undone step, and say which that was."""
        self._step(FORTH)

    def delete(self) -> None:
        """Remove what is selected, as one step."""
        session, selection = self._window.workspace.session, self._window.workspace.selection
        if session is None:
            return
        if selection.ids:
            gone = selection.annotations(session.document)
            session.do(drop_all(session.document, selection.ids), _("Delete"))
            selection.set(())
            self._window.say(deleted_in_words(gone, session.document))
        elif selection.instances:
            self._erase_instances(session, selection.instances)

    def _step(self, way: Way) -> None:
        """Go a step through the history; through millions of points beside the window."""
        window, session = self._window, self._window.workspace.session
        if session is None:
            return
        if isinstance(window.workbench, CloudWorkbench) and session.is_large:
            edits = window.workbench.view.hand.edits
            edits.when_idle(window.guarded(partial(self._step_beside, session, way, edits)))
            return
        before = set(session.document.annotations)
        self._tell_step(session, before, way.go(session, window.workspace.selection.frame))

    def _step_beside(self, session: Session, way: Way, edits: LargeEdits) -> None:
        before = set(session.document.annotations)
        if classes := way.classes(session):
            self._window.say(classes)
            return
        said = way.words(session, self._window.workspace.selection.frame)
        edits.step(
            partial(way.beside, session),
            lambda edit: self._tell_step(session, before, said(edit)),
            self._window.say,
        )

    def _tell_step(self, session: Session, before: set[AnnotationId], said: str) -> None:
        """Say which step it was, and select what it brought back."""
        if not said:
            return
        if session.context.series is None:  # a focus would move the planes
            self._select_what_came(session, self._window.workspace.selection, before)
        self._window.say(said)

    def _select_what_came(
        self, session: Session, selection: Selection, before: set[AnnotationId]
    ) -> None:
        """Select what came back in the shown scan: it was selected when it was deleted."""
        here = (a for a in session.document.in_frame(selection.frame) if a.id not in before)
        back = tuple(a.id for a in here if not a.dismissed and a.origin is not Origin.SUGGESTION)
        if back:
            selection.set(back)
        elif not selection.ids:
            self._select_what_has_points(session, selection)

    def _select_what_has_points(self, session: Session, selection: Selection) -> None:
        """Let go of instances without points in the shown scan until they have some again."""
        document, frame, taxonomy = session.document, selection.frame, session.taxonomy
        known = selection.instances or self._let_go.get(session, ())
        here = tuple(n for n in known if class_of(document, n, taxonomy, frame))
        self._let_go[session] = () if here else known
        selection.set_instances(here)

    def _relabel_instances(
        self, session: Session, instances: tuple[int, ...], label: Label
    ) -> None:
        """Give the points of instances another class, and keep them selected."""
        selection = self._window.workspace.selection
        edit = relabel_instances(
            session.document,
            instances,
            label,
            taxonomy=session.taxonomy,
            protected=self._protected,
            frame=selection.frame,
        )
        session.do(edit, _("Set class"))
        selection.set_instances(instances)

    def _erase_instances(self, session: Session, instances: tuple[int, ...]) -> None:
        """Take the labels of instances away."""
        selection = self._window.workspace.selection
        edit = paint_class(
            session.document,
            members(session.document, instances, selection.frame),
            None,
            taxonomy=session.taxonomy,
            protected=self._protected,
            frame=selection.frame,
        )
        if edit == NO_EDIT:
            self._window.say(_("Nothing changes: these points are protected"))
            return
        session.do(edit, _("Erase labels of points"))
        selection.set(())
        self._window.say(erased_in_words(len(instances)))

    @property
    def _protected(self) -> frozenset[str]:
        return self._window.look.look.protected


class ReviewMenu:
    """Marks objects as right or wrong; the labels stay as they are."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        for action_id, does in {
            "review.right": self.mark_right,
            "review.wrong": self.ask_why,
            "review.next": self.go_on,
        }.items():
            window.menus.bind(action_id, window.guarded(does))

    def mark(self, verdict: Verdict, why: str) -> None:
        """Mark what is selected, and go on to the next without a mark."""
        if self._window.workspace.selection.ids:
            self._window.workspace.remark(verdict, why)
            self.go_on()

    def mark_right(self) -> None:
        """Mark what is selected as right, where that is what somebody is here for."""
        if not is_under_review(self._window.workspace):
            raise AnnotatorError(
                _("this is still being labelled; close it first to mark what is in it as right")
            )
        self.mark(Verdict.RIGHT, "")

    def ask_why(self) -> None:
        """Ask what is wrong with the selected objects, and mark them."""
        if not self._window.workspace.selection.ids:
            self._window.say(_("Select what is wrong first"))
            return
        reasons = [
            _("wrong class"),
            _("too large or too small"),
            _("wrong place"),
            _("wrong heading"),
            _("not an object"),
            _("something is missing here"),
        ]
        why, sure = QInputDialog.getItem(
            self._window,
            _("Mark as wrong"),
            _("What is wrong"),
            reasons,
            0,
            True,  # noqa: FBT003
        )
        if sure:
            self.mark(Verdict.WRONG, why)

    def go_on(self) -> None:
        """Select the next object without a mark and bring it into view."""
        annotation_id = next_unmarked(self._window.workspace)
        if annotation_id is None:
            self._window.say(_("Everything here has a mark"))
            return
        self._window.workspace.selection.set((annotation_id,))
        if self._window.workbench is not None:
            self._window.workbench.look_for(annotation_id)
