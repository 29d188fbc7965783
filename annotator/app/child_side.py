"""What runs inside the child process: takes tasks, keeps its ceiling, reports, answers."""

import contextlib
import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path

from annotator.app.memory import give_back
from annotator.app.transfer import Bundle, sent
from annotator.errors import AnnotatorError, CancelledError
from annotator.i18n import gettext as _
from annotator.i18n import set_language

_REPORT_EVERY_S = 0.05


class CeilingError(AnnotatorError):
    """The ceiling was reached; the caller knows which file and which ceiling."""


class UnforeseenError(AnnotatorError):
    """A fault of a reader; ``details`` is its traceback, for the log."""

    def __init__(self, problem: str, details: str) -> None:
        super().__init__(problem, details)
        self.problem = problem
        self.details = details


@dataclass(frozen=True, slots=True)
class Task:
    """A function to run and what with; ``memory_bytes`` of 0 sets no ceiling."""

    function: Callable[..., object]
    args: tuple[object, ...] = ()
    language: str = "en"
    memory_bytes: int = 0
    wants_answer: bool = True

    @classmethod
    def importing(cls, modules: tuple[str, ...], language: str) -> "Task":
        """Return a task that only warms the process up."""
        return cls(import_all, modules, language, wants_answer=False)


@dataclass(frozen=True, slots=True)
class Done:
    """The function returned."""

    bundle: Bundle


@dataclass(frozen=True, slots=True)
class Failed:
    """The function raised something that a person can read."""

    error: AnnotatorError


@dataclass(frozen=True, slots=True)
class Part:
    """Something that the caller can use before the whole is there."""

    value: object


@dataclass(slots=True)
class Report:
    """How a function in the child speaks to its caller.

    Call it with the share that is done, 0 to 1; that is also where cancelling takes effect.
    """

    pipe: Connection
    last_s: float = 0.0

    def __call__(self, share: float) -> None:
        """Tell how much is done; raise `CancelledError` if the person wants no more of it."""
        now_s = time.monotonic()
        if now_s - self.last_s < _REPORT_EVERY_S:
            return
        self.last_s = now_s
        if self.pipe.poll():
            self.pipe.recv()
            raise CancelledError(_("stopped"))
        self.pipe.send(float(share))

    def part(self, value: object) -> None:
        """Send something small ahead, such as the first slice."""
        self.pipe.send(Part(value))


_NICENESS = 5
"""The window comes first where both want the same core; an idle machine is as quick."""


_REST_AFTER_S = 1.0


def serve(pipe: Connection, folder: str) -> None:
    """Run tasks until the other end closes; the child's main function."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the program to decide about
    _be_quiet()
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    try:
        while True:
            task = pipe.recv()
            if isinstance(task, Task):
                _run(task, pipe, folder)
                _rest(pipe)
    except (EOFError, OSError):
        shutil.rmtree(folder, ignore_errors=True)


def import_all(_report: Report, *modules: str) -> None:
    """Import modules, so that the first call does not wait for them."""
    for module in modules:
        import_module(module)


def _rest(pipe: Connection) -> None:
    """Give back what reading took, unless the next task comes at once and needs it again."""
    if not pipe.poll(_REST_AFTER_S):
        give_back()


def _run(task: Task, pipe: Connection, folder: str) -> None:
    set_language(task.language)
    try:
        with _ceiling(task.memory_bytes):
            result = task.function(Report(pipe), *task.args)
        if task.wants_answer:
            pipe.send(Done(sent(result, Path(folder))))
    except AnnotatorError as error:
        _fail(task, pipe, error)
    except MemoryError:
        _fail(task, pipe, CeilingError())
    except (EOFError, BrokenPipeError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever a reader trips over must reach a person
        _fail(
            task, pipe, UnforeseenError(f"{type(error).__name__}: {error}", traceback.format_exc())
        )


def _fail(task: Task, pipe: Connection, error: AnnotatorError) -> None:
    if task.wants_answer:
        pipe.send(Failed(error))


@contextlib.contextmanager
def _ceiling(memory_bytes: int) -> Iterator[None]:
    """Let the process grow by so much and no more; where the system has no such limit, do nothing.

    The soft limit alone is moved, so that it can be lifted again afterwards.
    """
    if not memory_bytes or sys.platform in {"win32", "darwin"}:
        yield
        return
    import resource  # noqa: PLC0415 - POSIX only

    import psutil  # noqa: PLC0415 - beside it

    before = resource.getrlimit(resource.RLIMIT_AS)
    wanted = psutil.Process().memory_info().vms + memory_bytes
    hard = before[1]
    soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def _be_quiet() -> None:
    """Keep what C libraries print off the terminal: errors come back as sentences."""
    with contextlib.suppress(OSError):
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nowhere, descriptor)
