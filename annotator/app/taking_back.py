"""Takes the last step back, or brings it back, and says in words which step that was."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from annotator.app.kept_beside import Told
from annotator.app.session import Session
from annotator.i18n import gettext as _
from annotator.i18n import retold
from annotator.model.annotations import Annotation, AnnotationId
from annotator.model.edits import Drop, Edit, Paint, Put, parts
from annotator.project.history import Step

Said = Callable[[Edit | None], str]


@dataclass(frozen=True, slots=True)
class Way:
    """One of the two ways through the history.

    Attributes
    ----------
    classes
        Goes a step of the classes, if that is the next one, and says so; empty if it is not.
    words
        Returns what says, once it is gone, which step of the document this was.
    at_once, beside
        Go that step: here, or on another thread.
    """

    classes: Callable[[Session], str]
    words: Callable[[Session, int], Said]
    at_once: Callable[[Session], Edit | None]
    beside: Callable[[Session, Told], None]

    def go(self, session: Session, shown: int) -> str:
        """Go a step at once, and say which that was."""
        if classes := self.classes(session):
            return classes
        said = self.words(session, shown)
        return said(self.at_once(session))


def take_back(session: Session, shown: int) -> str:
    """Undo the last step, or what was done with the classes since, and say which that was.

    The sentence is empty where there is neither.

    Parameters
    ----------
    shown
        The scan that is shown: what happened in it, or in all of them, needs no place.

    Raises
    ------
    ReadOnlyError
        If the document is open for reading only.
    """
    return BACK.go(session, shown)


def bring_back(session: Session, shown: int) -> str:
    """Redo the last step that was undone; parameters, return and errors are `take_back`'s."""
    return FORTH.go(session, shown)


def _take_back_classes(session: Session) -> str:
    """Undo what was done with the classes since the last step, and say so; empty if nothing was."""
    classes = session.undo_classes()
    return _("Undone: {text}").format(text=retold(classes)) if classes else ""


def _bring_back_classes(session: Session) -> str:
    """Redo what `_take_back_classes` undid, and say so; empty if that is nothing."""
    classes = session.redo_classes()
    return _("Redone: {text}").format(text=retold(classes)) if classes else ""


def _undone_in_words(session: Session, shown: int) -> Said:
    """Return what says, once it is, which step is taken back; asked before that."""
    step = next((s for s in reversed(session.steps()) if s.done), None)
    return _said(step, session, shown, (_("Undone: {text}"), _("Undone in scan {n}: {text}")))


def _redone_in_words(session: Session, shown: int) -> Said:
    """Return what says, once it is, which step is brought back; asked before that."""
    step = next((s for s in session.steps() if not s.done), None)
    return _said(step, session, shown, (_("Redone: {text}"), _("Redone in scan {n}: {text}")))


def _said(step: Step | None, session: Session, shown: int, words: tuple[str, str]) -> Said:
    """Return what says that a step is gone: with the first words here, else with its scan."""
    here, elsewhere = words
    before = dict(session.document.annotations)

    def said(edit: Edit | None) -> str:
        if step is None or edit is None:
            return ""
        frame = _only_frame(edit, before)
        if frame is None or frame == shown:
            return here.format(text=retold(step.text))
        return elsewhere.format(n=frame + 1, text=retold(step.text))

    return said


def _only_frame(edit: Edit, before: Mapping[AnnotationId, Annotation]) -> int | None:
    """Return the one scan that an edit is about; None where it is about several, or all."""
    frames = set(_frames(edit, before))
    return frames.pop() if len(frames) == 1 else None


def _frames(edit: Edit, before: Mapping[AnnotationId, Annotation]) -> Iterator[int | None]:
    for part in parts(edit):
        match part:
            case Put(annotation):
                yield annotation.frame
            case Drop(id):
                yield before[id].frame if id in before else None
            case Paint(layer):
                yield layer.frame


BACK = Way(_take_back_classes, _undone_in_words, Session.undo, Session.undo_beside)
FORTH = Way(_bring_back_classes, _redone_in_words, Session.redo, Session.redo_beside)
