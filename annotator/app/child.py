"""Runs what nobody should trust in a process of its own: it may die, and the program lives."""

import contextlib
import multiprocessing
import shutil
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import TypeVar, TypeVarTuple, cast

import psutil

from annotator.app.child_side import (
    CeilingError,
    Done,
    Failed,
    Part,
    Report,
    Task,
    UnforeseenError,
    serve,
)
from annotator.app.transfer import new_folder, received
from annotator.errors import AnnotatorError, CancelledError, FileError
from annotator.i18n import current_language
from annotator.i18n import gettext as _

Ts = TypeVarTuple("Ts")
T = TypeVar("T")

MOST_MEMORY_BYTES = 8 << 30
# How long a cancelled child may take to notice before it is ended.
GRACE_S = 0.5
_TICK_S = 0.05
# What the interpreter and the libraries take, in the memory that is watched from outside.
_OWN_BYTES = 1 << 30
_KILLED = -9


def usual_ceiling_bytes() -> int:
    """Return how much memory one call may take: half of the machine's, at most 8 GiB."""
    return min(MOST_MEMORY_BYTES, int(psutil.virtual_memory().total) // 2)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call may take.

    Attributes
    ----------
    memory_bytes
        How much it may allocate; 0 for the usual ceiling.
    """

    time_s: float = 600.0
    memory_bytes: int = 0

    def ceiling_bytes(self) -> int:
        """Return the ceiling with the usual one filled in."""
        return self.memory_bytes or usual_ceiling_bytes()


USUAL = Limits()


class Child:
    """A warm process that runs one function at a time; a new one is started when it dies.

    May be used from several threads: calls wait for each other. The process is spawned, never
    forked, as a fork copies the locks of threads that do not exist in it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._folder: Path | None = None

    def prepare(self, *modules: str) -> None:
        """Start the process and let it import ``modules``; returns at once.

        The first call then finds it warm. Does nothing while a call is running.
        """
        if self._lock.acquire(blocking=False):
            try:
                self._send(Task.importing(modules, current_language()))
            finally:
                self._lock.release()

    def run(
        self,
        function: Callable[[Report, *Ts], T],
        *args: *Ts,
        about: Path,
        limits: Limits = USUAL,
        progress: Callable[[float], None] | None = None,
        on_part: Callable[[object], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> T:
        """Return ``function(report, *args)`` of the child.

        Parameters
        ----------
        function
            A function of a module; it and its arguments cross to the other process by name and
            value. Arrays in what it returns come back without being copied through the pipe.
        about
            The file or folder, for messages.
        progress
            Told how much is done, 0 to 1, in the calling thread.
        on_part
            Given what the function sends by ``report.part``, in the calling thread.
        cancelled
            Asked twenty times a second.

        Raises
        ------
        FileError
            What the function raised; or that it needed too much memory or time, or died.
        CancelledError
            If ``cancelled`` said so.
        """
        watch = _Watch(about, limits, progress, on_part, cancelled)
        task = Task(function, args, current_language(), limits.ceiling_bytes())
        while not self._lock.acquire(timeout=_TICK_S):
            watch.check_cancelled()
        try:
            self._send_or_say(task, watch)
            return cast("T", self._answer(watch))
        except _ChildAnswered as answer:
            raise answer.error from None
        except BaseException:
            # The pipe may hold a part of the answer: this process is of no further use.
            self._end()
            raise
        finally:
            self._lock.release()

    def close(self) -> None:
        """End the process and remove what it left behind."""
        with self._lock:
            self._end()

    @property
    def pid(self) -> int | None:
        """The id of the process, or None before it is started."""
        return self._process.pid if self._process is not None else None

    def _send(self, task: Task) -> None:
        """Give a task to the process; start one if there is none, or it is gone."""
        if self._process is None or not self._process.is_alive():
            self._restart()
        assert self._pipe is not None
        try:
            self._pipe.send(task)
        except OSError:
            self._restart().send(task)

    def _send_or_say(self, task: Task, watch: "_Watch") -> None:
        try:
            self._send(task)
        except OSError as error:
            raise watch.not_started(error) from error

    def _restart(self) -> Connection:
        self._end()
        spawn = multiprocessing.get_context("spawn")
        pipe, theirs = spawn.Pipe()
        folder = new_folder()
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        process = spawn.Process(
            target=serve, args=(theirs, str(folder)), name="annotator-reader", daemon=True
        )
        process.start()
        theirs.close()
        self._process, self._pipe, self._folder = process, pipe, folder
        return pipe

    def _end(self) -> int | None:
        """End the process; return how it ended, as `multiprocessing` counts it."""
        if self._process is None or self._pipe is None or self._folder is None:
            return None
        self._pipe.close()
        self._process.kill()
        self._process.join()
        code = self._process.exitcode
        self._process.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        self._process = self._pipe = self._folder = None
        return code

    def _answer(self, watch: "_Watch") -> object:
        assert self._pipe is not None
        until_s = time.monotonic() + watch.limits.time_s
        while True:
            if self._pipe.poll(_TICK_S):
                match self._message(watch):
                    case Done(bundle):
                        return received(bundle)
                    case Failed(error):
                        raise _ChildAnswered(watch.as_sentence(error))
                    case Part(value) if watch.on_part is not None:
                        watch.on_part(value)
                    case float() as share if watch.progress is not None:
                        watch.progress(share)
            if watch.cancelled is not None and watch.cancelled():
                self._cancel()
            watch.check_time(until_s)
            watch.check_memory(self.pid)

    def _message(self, watch: "_Watch") -> object:
        assert self._pipe is not None
        assert self._process is not None
        try:
            return self._pipe.recv()
        except (EOFError, OSError):
            # It closed the pipe by dying; a moment later its status is known.
            self._process.join(GRACE_S)
            raise watch.died(self._end()) from None

    def _cancel(self) -> None:
        """Ask the child to stop; where it does not listen, the caller ends it."""
        assert self._pipe is not None
        until_s = time.monotonic() + GRACE_S
        with contextlib.suppress(OSError, EOFError):
            self._pipe.send("cancel")
            while self._pipe.poll(max(0.0, until_s - time.monotonic())):
                if isinstance(self._pipe.recv(), Failed):
                    raise _ChildAnswered(CancelledError(_("stopped")))
        raise CancelledError(_("stopped"))


class _ChildAnswered(Exception):  # noqa: N818 - not an error: the child lives and is at rest
    """The child raised an error in an orderly way."""

    def __init__(self, error: AnnotatorError) -> None:
        self.error = error


@dataclass(frozen=True, slots=True)
class _Watch:
    """What a caller wants to know of its call, and when it has had enough."""

    about: Path
    limits: Limits
    progress: Callable[[float], None] | None
    on_part: Callable[[object], None] | None
    cancelled: Callable[[], bool] | None

    def check_cancelled(self) -> None:
        if self.cancelled is not None and self.cancelled():
            raise CancelledError(_("stopped"))

    def check_time(self, until_s: float) -> None:
        if time.monotonic() > until_s:
            raise FileError(
                self.about,
                _("reading it took longer than {limit:.0f} s").format(limit=self.limits.time_s),
                _("split or thin the scan, or copy it to a local disk"),
            )

    def check_memory(self, pid: int | None) -> None:
        """Watch from outside as well: macOS and Windows have no ceiling to set from inside."""
        with contextlib.suppress(psutil.Error):
            used_bytes = int(psutil.Process(pid).memory_info().rss)
            if used_bytes > self.limits.ceiling_bytes() + _OWN_BYTES:
                raise self.too_large()

    def as_sentence(self, error: AnnotatorError) -> AnnotatorError:
        """Name the file in what the child could not say about it."""
        if isinstance(error, CeilingError):
            return self.too_large()
        if not isinstance(error, UnforeseenError):
            return error
        told = FileError(
            self.about,
            _("it could not be read ({problem})").format(problem=error.problem),
            _("the file is probably damaged; copy or export it again"),
        )
        told.add_note(error.details)
        return told

    def not_started(self, error: OSError) -> FileError:
        return FileError(
            self.about,
            _("no process to read it could be started ({reason})").format(
                reason=error.strerror or error
            ),
            _("close other programs, then open it again"),
        )

    def died(self, code: int | None) -> FileError:
        if code == _KILLED:
            return self.too_large()
        return FileError(
            self.about,
            _("the process that read it ended without an answer (status {code})").format(code=code),
            _("the file is probably damaged; copy or export it again"),
        )

    def too_large(self) -> FileError:
        return FileError(
            self.about,
            _("reading it needs more than the {limit:.1f} GB of memory it may take").format(
                limit=self.limits.ceiling_bytes() / 1e9
            ),
            _("close other programs, or split or thin the scan"),
        )


def reader() -> Child:
    """Return the child that reads files, the same for the whole program."""
    return _READER


_READER = Child()
