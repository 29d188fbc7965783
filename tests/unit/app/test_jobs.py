"""Long work runs beside the window, tells how far it is, and stops when asked."""

import threading
from collections.abc import Iterator

import pytest

from annotator.app.jobs import Job, Jobs, State
from annotator.errors import CancelledError


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    running = Jobs(threads=1)
    yield running
    running.close()


def test_a_job_returns_its_result_and_tells_once(jobs: Jobs) -> None:
    told: list[float] = []
    go = threading.Event()

    def work(job: Job[int]) -> int:
        go.wait(5)
        job.report(0.5)
        return 42

    job = jobs.start("Read", work)
    job.changed.connect(lambda: told.append(job.progress))
    job.finished.connect(lambda: told.append(job.progress))
    go.set()

    assert job.wait(5)
    jobs.close()
    assert (job.state, job.result) == (State.DONE, 42)
    assert told == [0.5, 1.0]


def test_a_cancelled_job_stops_at_its_next_report(jobs: Jobs) -> None:
    begun = threading.Event()

    def work(job: Job[None]) -> None:
        begun.set()
        while True:
            job.report(0.1)

    job = jobs.start("Read", work)
    begun.wait(5)
    job.cancel()

    assert job.wait(5)
    assert job.state is State.CANCELLED
    assert isinstance(job.error, CancelledError)


def test_a_job_cancelled_while_it_waits_never_begins(jobs: Jobs) -> None:
    go, ran = threading.Event(), threading.Event()
    first = jobs.start("first", lambda _job: go.wait(5))
    second = jobs.start("second", lambda _job: ran.set())

    second.cancel()
    go.set()

    assert first.wait(5)
    assert second.wait(5)
    assert second.state is State.CANCELLED
    assert not ran.is_set()


def test_a_failure_is_kept_for_who_started_the_job(jobs: Jobs) -> None:
    def work(_job: Job[None]) -> None:
        raise ValueError("no")

    job = jobs.start("Read", work)

    assert job.wait(5)
    assert job.state is State.FAILED
    assert isinstance(job.error, ValueError)


def test_time_left_follows_the_pace_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = [100.0]
    monkeypatch.setattr("annotator.app.jobs.time.monotonic", lambda: now_s[0])
    seen: list[float | None] = []

    def work(job: Job[None]) -> None:
        seen.append(job.time_left_s)
        now_s[0] += 10.0
        job.report(0.25)
        seen.append(job.time_left_s)

    job: Job[None] = Job("Read")
    job.run(work)

    assert seen == [None, 30.0]
    assert job.time_left_s is None
