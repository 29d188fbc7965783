"""Keeps one change of a document after the other on a thread of its own."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from annotator.errors import AnnotatorError
from annotator.model.edits import Edit
from annotator.project.history import Ahead

_BESIDE = ThreadPoolExecutor(1, thread_name_prefix="keeping")
Keep = Callable[[], Ahead | None]


@dataclass(frozen=True, slots=True)
class Told:
    """Whom to tell of a change that is kept beside.

    Attributes
    ----------
    over
        Called on the other thread: now `Session.finish` need not wait any more.
    done
        Called by `Session.finish` with the edit; with None where there was no step.
    failed
        Called by `Session.finish` with a sentence where the change could not be kept.
    """

    over: Callable[[], object]
    done: Callable[[Edit | None], object]
    failed: Callable[[str], object]


class KeptBeside:
    """Idle → (begin) Busy → (finish) the change is taken in, Idle."""

    def __init__(self) -> None:
        self._work: Future[Ahead | None] | None = None
        self._told: Told | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a change is not taken in yet."""
        return self._work is not None

    def begin(self, keep: Keep, told: Told) -> None:
        """Keep a change beside; the one before must be finished."""
        assert self._work is None
        self._told = told
        self._work = _BESIDE.submit(keep)
        self._work.add_done_callback(lambda _done: told.over())

    def finish(self, take: Callable[[Ahead], Edit]) -> None:
        """Wait for the change, ``take`` it in, and tell of it; nothing where there is none."""
        work, told = self._work, self._told
        if work is None or told is None:
            return
        self._work = self._told = None
        try:
            ahead = work.result()
        except AnnotatorError as refused:
            told.failed(str(refused))
            return
        told.done(None if ahead is None else take(ahead))
