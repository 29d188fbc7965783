"""Long work beside the window: with progress, time left and a way to stop it."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from typing import Generic, TypeVar

from psygnal import Signal

from annotator.errors import CancelledError
from annotator.i18n import gettext as _

T = TypeVar("T")
Work = Callable[["Job[T]"], T]

# An estimate from less of the work than this jumps about.
_EARLIEST_SHARE = 0.02


class State(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job(Generic[T]):
    """One piece of long work. Waiting → Running → Done, Failed or Cancelled.

    Signals are emitted on the thread that works: a window queues them, or looks now and then.

    Attributes
    ----------
    progress
        Share done, 0 to 1.
    result
        What the work returned, once it is done.
    error
        Why it failed.
    """

    changed = Signal()
    finished = Signal()

    def __init__(self, name: str) -> None:
        self.name = name
        self.state = State.WAITING
        self.progress = 0.0
        self.result: T | None = None
        self.error: BaseException | None = None
        self._stop = threading.Event()
        self._over = threading.Event()
        self._started_s = 0.0

    @property
    def time_left_s(self) -> float | None:
        """How long it will still take at its pace so far; None while that is a guess."""
        if self.state is not State.RUNNING or self.progress < _EARLIEST_SHARE:
            return None
        elapsed_s = time.monotonic() - self._started_s
        return elapsed_s * (1 - self.progress) / self.progress

    @property
    def is_over(self) -> bool:
        """Whether it is done, failed or cancelled."""
        return self._over.is_set()

    def report(self, share: float) -> None:
        """Say how much is done. The work calls this often.

        Raises
        ------
        CancelledError
            If the person stopped the job; the work must let it through.
        """
        self.require_wanted()
        self.progress = min(max(share, 0.0), 1.0)
        self.changed.emit()

    def require_wanted(self) -> None:
        """Raise `CancelledError` if the person stopped the job."""
        if self._stop.is_set():
            raise CancelledError(_("{name} was cancelled").format(name=self.name))

    def is_cancelled(self) -> bool:
        """Tell whether the person stopped the job."""
        return self._stop.is_set()

    def cancel(self) -> None:
        """Ask the work to stop at its next report."""
        self._stop.set()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until it is over; tell whether it is."""
        return self._over.wait(timeout_s)

    def run(self, work: Work[T]) -> None:
        """Do the work on this thread; whatever it raises is kept, never lost."""
        self.state, self._started_s = State.RUNNING, time.monotonic()
        try:
            self.require_wanted()
            self.result = work(self)
            self.progress = 1.0
            self._end(State.DONE)
        except CancelledError as error:
            self.error = error
            self._end(State.CANCELLED)
        except BaseException as error:  # noqa: BLE001 - shown by who started the job
            self.error = error
            self._end(State.FAILED)

    def _end(self, state: State) -> None:
        self.state = state
        self._over.set()
        self.finished.emit()


class Jobs:
    """Runs jobs on a few threads, in the order they were started.

    Parameters
    ----------
    threads
        Two, so that a long job does not hold up a short one.
    """

    changed = Signal()

    def __init__(self, threads: int = 2) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="job")
        self._jobs: list[Job[object]] = []

    def start(self, name: str, work: Work[T]) -> Job[T]:
        """Begin a piece of work and return at once."""
        job: Job[T] = Job(name)
        self._jobs = [*(j for j in self._jobs if not j.is_over), job]  # type: ignore[list-item]  # any result
        self._threads.submit(job.run, work)
        self.changed.emit()
        return job

    def running(self) -> tuple[Job[object], ...]:
        """Return the jobs that are not over, oldest first."""
        return tuple(job for job in self._jobs if not job.is_over)

    def close(self) -> None:
        """Stop all jobs and wait for them."""
        for job in self.running():
            job.cancel()
        self._threads.shutdown(wait=True)
