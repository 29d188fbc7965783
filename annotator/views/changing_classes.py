"""Asks what a class is to be called and to ask, and says how that is taken back."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QInputDialog

from annotator.app.asked_of_a_class import (
    answered,
    asking,
    asking_no_more,
    asking_otherwise,
    refuse_use,
    renamed,
    with_class,
)
from annotator.app.session import Session
from annotator.i18n import gettext as _
from annotator.i18n import listed, ngettext
from annotator.model.labels import Attribute, Label, Taxonomy
from annotator.tools.keys import keyed

if TYPE_CHECKING:
    from annotator.views.main_window import MainWindow


class ChangingClasses:
    """Adds and renames classes, and what the chosen one asks of its objects."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        panel = window.docks.classes
        panel.class_wanted.connect(window.guarded(self.add_class))
        panel.attribute_wanted.connect(window.guarded(self.add_attribute))

    @property
    def label(self) -> Label | None:
        """The chosen class."""
        session, name = self._session, self._window.workspace.selection.label
        known = session is not None and name in session.taxonomy
        return session.taxonomy[name] if session is not None and known else None

    def add_class(self) -> None:
        """Ask what another class is called."""
        session = self._session
        title = self._asked(_("Add class"), _("Name of the class"))
        if session is not None and title:
            taxonomy, label = with_class(session.taxonomy, title)
            self._keep(taxonomy, _("Add class"))
            said = _("There is a class “{name}” now · {edit_undo} takes it back")
            self._window.say(keyed(said, name=label.title))

    def rename_class(self) -> None:
        """Ask what the chosen class is to be called."""
        session, label = self._session, self.label
        if session is None or label is None:
            return
        was = _(label.title)
        title = self._asked(_("Rename class"), _("Name of the class"), was)
        if title and title != was:
            called = renamed(session.taxonomy, label, title)
            self._keep(session.taxonomy.with_label(called), _("Rename class"))
            said = _("“{was}” is called “{name}” now; label files keep “{file}”")
            self._window.say(said.format(was=was, name=title, file=label.name))

    def remove_class(self) -> None:
        """Take the chosen class out of the list, unless anything in the project is of it."""
        session, label, project = self._session, self.label, self._window.workspace.project
        if session is None or label is None or session.item is None or project is None:
            return
        refuse_use(label, project.items_with_class(session.item.kind, label))
        self._keep(session.taxonomy.without(label.name), _("Remove class"))
        said = _("The class “{name}” is removed · {edit_undo} takes that back")
        self._window.say(keyed(said, name=_(label.title)))

    def add_attribute(self) -> None:
        """Ask what else is to be asked of the objects of the chosen class."""
        label = self.label
        if label is None:
            return
        title = _("Add attribute to {name}").format(name=_(label.title))
        words = self._asked(title, _("Name, and choices after a colon: side: left, right"))
        if words:
            asks, asked = asking(label, words)
            self._replace(asks, _("Add attribute"))
            self._window.say(_added_in_words(label, asked))

    def rename_attribute(self, asked: Attribute) -> None:
        """Ask what an attribute of the chosen class is to be called."""
        label, was = self.label, _(asked.title)
        title = self._asked(_("Rename attribute"), _("Name of the attribute"), was)
        if label is not None and title and title != was:
            self._replace(asking_otherwise(label, asked, title), _("Rename attribute"))
            said = _("“{was}” is called “{name}” now; what was answered stays")
            self._window.say(said.format(was=was, name=title))

    def remove_attribute(self, asked: Attribute) -> None:
        """Let the chosen class ask something no more, and say how many answers there are."""
        session, label = self._session, self.label
        if session is None or label is None:
            return
        count = answered(session.document.annotations.values(), label, asked)
        self._replace(asking_no_more(label, asked), _("Remove attribute"))
        self._window.say(_removed_in_words(asked, count))

    @property
    def _session(self) -> Session | None:
        return self._window.workspace.session

    def _asked(self, title: str, question: str, now: str = "") -> str:
        """Return what a person typed; empty where nothing is to be done."""
        typed, sure = QInputDialog.getText(self._window, title, question, text=now)
        return typed.strip() if sure else ""

    def _replace(self, label: Label, text: str) -> None:
        if self._session is not None:
            self._keep(self._session.taxonomy.with_label(label), text)

    def _keep(self, taxonomy: Taxonomy, text: str) -> None:
        if self._session is not None:
            self._session.change_taxonomy(taxonomy, text)


def _added_in_words(label: Label, asked: Attribute) -> str:
    name, choices = _(label.title), listed(asked.choices)
    if choices:
        said = _("{name} has “{title}” now: {choices} · {edit_undo} takes it back")
        return keyed(said, name=name, title=asked.title, choices=choices)
    said = _("{name} has “{title}” now, with any words · {edit_undo} takes it back")
    return keyed(said, name=name, title=asked.title)


def _removed_in_words(asked: Attribute, count: int) -> str:
    said = _("“{title}” is asked no more · {edit_undo} takes that back")
    if count:
        said = ngettext(
            "“{title}” is asked no more; {n} object here keeps its answer"
            " · {edit_undo} takes that back",
            "“{title}” is asked no more; {n} objects here keep their answers"
            " · {edit_undo} takes that back",
            count,
        )
    return keyed(said, title=_(asked.title), n=count)
