"""Takes the last step back, or brings it back, and says in words which step that was."""

from collections.abc import Iterator, Mapping

from annotator.app.session import Session
from annotator.i18n import gettext as _
from annotator.i18n import retold
from annotator.model.annotations import Annotation, AnnotationId
from annotator.model.edits import Drop, Edit, Paint, Put, parts


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
    if classes := session.undo_classes():
        return _("Undone: {text}").format(text=retold(classes))
    step = next((s for s in reversed(session.steps()) if s.done), None)
    before = dict(session.document.annotations)
    edit = session.undo()
    if step is None or edit is None:
        return ""
    frame = _only_frame(edit, before)
    if frame is None or frame == shown:
        return _("Undone: {text}").format(text=retold(step.text))
    return _("Undone in scan {n}: {text}").format(n=frame + 1, text=retold(step.text))


def bring_back(session: Session, shown: int) -> str:
    """Redo the last step that was undone; parameters, return and errors are `take_back`'s."""
    if classes := session.redo_classes():
        return _("Redone: {text}").format(text=retold(classes))
    step = next((s for s in session.steps() if not s.done), None)
    before = dict(session.document.annotations)
    edit = session.redo()
    if step is None or edit is None:
        return ""
    frame = _only_frame(edit, before)
    if frame is None or frame == shown:
        return _("Redone: {text}").format(text=retold(step.text))
    return _("Redone in scan {n}: {text}").format(n=frame + 1, text=retold(step.text))


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
