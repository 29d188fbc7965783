"""Every step of one document: what is done, what is undone, and the way back and forth."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

from annotator.model.document import Document
from annotator.model.edits import Edit, apply, give_number, layers_of


class Act(StrEnum):
    """What a person did to a document; every act is kept, none is ever changed."""

    DO = "do"
    UNDO = "undo"
    REDO = "redo"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a document's log.

    Attributes
    ----------
    seq
        1 for the first act on a document, and one more for each.
    step
        The ``seq`` of the edit that was done, undone, redone or withdrawn.
    when
        In UTC.
    text
        Name of the edit in the history; empty for all other acts.
    """

    seq: int
    act: Act
    step: int
    when: datetime
    who: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One edit as the history shows it: done, or undone and to be redone."""

    seq: int
    text: str
    when: datetime
    who: str
    done: bool = True


class Timeline:
    """Folds a log into steps: the done ones, then the undone ones.

    Doing something new abandons what was undone: it stays in the log, and is no longer a step.
    Withdrawing what was just done makes it no step either, and what it had abandoned is one again.
    """

    def __init__(self, log: Iterable[Entry] = ()) -> None:
        self._steps: list[Step] = []
        self._abandoned: list[Step] = []
        self._done = 0
        self.last: Entry | None = None
        for entry in log:
            self.add(entry)

    def add(self, entry: Entry) -> None:
        """Take in the next entry of the log."""
        match entry.act:
            case Act.DO:
                self._abandoned = self._steps[self._done :]
                self._steps[self._done :] = [Step(entry.seq, entry.text, entry.when, entry.who)]
                self._done += 1
            case Act.WITHDRAW:
                self._done -= 1
                self._steps[self._done :] = self._abandoned
            case Act.UNDO:
                self._done -= 1
                self._mark(self._done, done=False)
            case Act.REDO:
                self._mark(self._done, done=True)
                self._done += 1
        self.last = entry

    def steps(self) -> tuple[Step, ...]:
        """Return all steps, oldest first."""
        return tuple(self._steps)

    def to_undo(self) -> Step | None:
        """Return the step that an undo would take back."""
        return self._steps[self._done - 1] if self._done else None

    def to_redo(self) -> Step | None:
        """Return the step that a redo would bring back."""
        return self._steps[self._done] if self._done < len(self._steps) else None

    def _mark(self, index: int, *, done: bool) -> None:
        self._steps[index] = replace(self._steps[index], done=done)


@dataclass(frozen=True, slots=True)
class Change:
    """What a store is to keep, whole or not at all.

    Attributes
    ----------
    applied
        The edit that the document has just taken; it says which annotations and chunks to keep.
    inverse
        What takes it back.
    """

    entry: Entry
    applied: Edit
    inverse: Edit


@dataclass(frozen=True, slots=True)
class Ahead:
    """A change that is kept and that the document does not show yet.

    Attributes
    ----------
    draft
        The document as it is with the change.
    """

    entry: Entry
    edit: Edit
    draft: Document


class Store(Protocol):
    """Keeps the log of one document, and the document as it is after the last entry."""

    def log(self) -> Iterable[Entry]:
        """Return all entries, oldest first."""

    def keep(self, change: Change, document: Document) -> None:
        """Keep a change and what it touched in the document; raise where it could not be kept."""

    def edit(self, step: int) -> Edit:
        """Return the edit that was done as this step."""

    def inverse(self, step: int) -> Edit:
        """Return the edit that takes this step back."""


class Memory:
    """A store that is gone with the program."""

    def __init__(self) -> None:
        self._changes: list[Change] = []

    def log(self) -> Iterable[Entry]:
        """Return all entries, oldest first."""
        return [change.entry for change in self._changes]

    def keep(self, change: Change, document: Document) -> None:  # noqa: ARG002 - Store
        """Keep a change."""
        self._changes.append(change)

    def edit(self, step: int) -> Edit:
        """Return the edit that was done as this step."""
        return self._changes[step - 1].applied

    def inverse(self, step: int) -> Edit:
        """Return the edit that takes this step back."""
        return self._changes[step - 1].inverse


class History:
    """Changes a document and keeps every change, so that each can be undone at any time."""

    def __init__(self, document: Document, store: Store, who: str = "") -> None:
        self.document = document
        for annotation in document.annotations.values():
            give_number(annotation, document)
        self._store = store
        self._who = who
        self._timeline = Timeline(store.log())

    @property
    def saved_at(self) -> datetime | None:
        """When the last change was kept, in UTC; None where nothing was ever changed."""
        return self._timeline.last.when if self._timeline.last else None

    @property
    def last_act(self) -> Act | None:
        """The act of the log's last entry."""
        return self._timeline.last.act if self._timeline.last else None

    def steps(self) -> tuple[Step, ...]:
        """Return all steps, oldest first; undone ones come last."""
        return self._timeline.steps()

    def to_undo(self) -> Step | None:
        """Return the step that an undo would take back."""
        return self._timeline.to_undo()

    def to_redo(self) -> Step | None:
        """Return the step that a redo would bring back."""
        return self._timeline.to_redo()

    def do(self, edit: Edit, text: str) -> None:
        """Apply an edit and keep it; a document whose edit could not be kept is as it was."""
        self._change(Act.DO, edit, text)

    def undo(self) -> Edit | None:
        """Take the last step back, and return the edit that did it."""
        step = self.to_undo()
        if step is None:
            return None
        return self._change(Act.UNDO, self._store.inverse(step.seq), step=step.seq)

    def redo(self) -> Edit | None:
        """Bring the last undone step back, and return the edit that did it."""
        step = self.to_redo()
        if step is None:
            return None
        return self._change(Act.REDO, self._store.edit(step.seq), step=step.seq)

    def withdraw(self) -> Edit | None:
        """Take back what was just done, and return the edit that did it; no redo brings it back."""
        step = self.to_undo()
        if step is None or self.last_act is not Act.DO:
            return None
        return self._change(Act.WITHDRAW, self._store.inverse(step.seq), step=step.seq)

    def keep_edit(self, edit: Edit, text: str) -> Ahead:
        """Keep an edit and leave the document as it is until `take` takes the edit in.

        May be called on any thread while nothing else changes the document, as millions of points
        take their time.
        """
        return self._kept(Act.DO, edit, text)

    def keep_undo(self) -> Ahead | None:
        """Keep, as `keep_edit` does, that the last step is taken back; None where there is none."""
        step = self.to_undo()
        if step is None:
            return None
        return self._kept(Act.UNDO, self._store.inverse(step.seq), step=step.seq)

    def keep_redo(self) -> Ahead | None:
        """Keep, as `keep_edit` does, that an undone step is back; None where there is none."""
        step = self.to_redo()
        if step is None:
            return None
        return self._kept(Act.REDO, self._store.edit(step.seq), step=step.seq)

    def take(self, ahead: Ahead) -> Edit:
        """Take into the document what was kept ahead, and return the edit that it was."""
        self.document.become(ahead.draft)
        self._timeline.add(ahead.entry)
        return ahead.edit

    def _kept(self, act: Act, edit: Edit, text: str = "", step: int = 0) -> Ahead:
        draft = self.document.draft(layers_of(edit))
        inverse = apply(edit, draft)
        entry = self._next(act, text, step)
        self._store.keep(Change(entry, edit, inverse), draft)
        return Ahead(entry, edit, draft)

    def _change(self, act: Act, edit: Edit, text: str = "", step: int = 0) -> Edit:
        inverse = apply(edit, self.document)
        entry = self._next(act, text, step)
        try:
            self._store.keep(Change(entry, edit, inverse), self.document)
        except BaseException:
            apply(inverse, self.document)
            raise
        self._timeline.add(entry)
        return edit

    def _next(self, act: Act, text: str, step: int) -> Entry:
        seq = self._timeline.last.seq + 1 if self._timeline.last else 1
        return Entry(seq, act, step or seq, datetime.now(UTC), self._who, text)
