"""Changes of the classes, each between two steps of a history: taken back as steps are."""

from dataclasses import dataclass

from annotator.model.labels import Taxonomy


@dataclass(frozen=True, slots=True)
class ClassStep:
    """One change of the classes.

    Attributes
    ----------
    after_step
        Number of the history's last step when it was made.
    text
        What was done, in words.
    """

    after_step: int
    text: str
    before: Taxonomy
    after: Taxonomy


class ClassSteps:
    """Knows the changes of this sitting: a person takes back what was done last, whatever it was.

    They are no steps of the item's history, for the classes are the whole project's.
    """

    def __init__(self) -> None:
        self._done: list[ClassStep] = []
        self._undone: list[ClassStep] = []

    def add(self, step: ClassStep) -> None:
        """Note what was just done; nothing can be brought back any more."""
        self._done.append(step)
        self._undone.clear()

    def forget_undone(self) -> None:
        """Bring nothing back any more, as after another step."""
        self._undone.clear()

    def to_undo(self, last_step: int) -> ClassStep | None:
        """Return the change that was made since the history's last step; None where none was."""
        return self._done[-1] if self._done and self._done[-1].after_step == last_step else None

    def to_redo(self, last_step: int) -> ClassStep | None:
        """Return the change that was taken back after the history's last step, if one was."""
        is_next = self._undone and self._undone[-1].after_step == last_step
        return self._undone[-1] if is_next else None

    def undo(self) -> None:
        """Note that the last change was taken back."""
        self._undone.append(self._done.pop())

    def redo(self) -> None:
        """Note that it was brought back."""
        self._done.append(self._undone.pop())
