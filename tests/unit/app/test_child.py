"""What runs in the child may hang, crash or eat memory, and the program says so and goes on."""

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from multiprocessing.context import SpawnProcess
from pathlib import Path

import numpy as np
import numpy.typing as npt
import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.app.child import Child, Limits
from annotator.app.child_side import Report
from annotator.app.reading import open_cloud
from annotator.errors import CancelledError, FileError, FormatError
from annotator.formats.points.pcd import write_pcd
from annotator.i18n import set_language

FILE = Path("某人的 scan.pcd")


_KEPT: list[bytes] = []


def child_pid(_report: Report) -> int:
    return os.getpid()


def many_numbers(report: Report, count: int) -> dict[str, npt.NDArray[np.float32]]:
    report(0.5)
    return {"a": np.arange(count, dtype=np.float32), "small": np.arange(3, dtype=np.float32)}


def never_ends(report: Report) -> None:
    while True:
        report(0.1)
        time.sleep(0.01)


def never_listens(_report: Report) -> None:
    time.sleep(1000)


def dies_of(_report: Report, signal_number: int) -> None:
    os.kill(os.getpid(), signal_number)


def leaves(_report: Report) -> None:
    os._exit(3)


def leaves_holes(_report: Report) -> int:
    blocks = [b"x" * 100_000 for _ in range(1000)]  # too small to be mapped one by one
    _KEPT.append(blocks.pop())  # and below this one, freed memory stays with the process
    return os.getpid()


def eats(_report: Report, gigabytes: int) -> int:
    return int(np.ones(gigabytes << 27).sum())


def complains(_report: Report) -> None:
    raise FormatError(FILE, "it is odd", "mend it")


def trips(_report: Report) -> None:
    raise IndexError("list index out of range")


def sends_ahead(report: Report) -> str:
    report.part(np.zeros((2, 2)))
    return "whole"


def language(_report: Report) -> str:
    from annotator.i18n import current_language

    return current_language()


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    one = Child()
    yield one
    one.close()


def test_where_no_process_can_be_started_that_is_said_and_the_next_call_starts_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_process: SpawnProcess) -> None:
        raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM))

    child = Child()
    with monkeypatch.context() as short_of_memory:
        short_of_memory.setattr(SpawnProcess, "start", refuse)
        with pytest.raises(FileError, match=r"scan\.pcd: no process .* \(Cannot allocate memory\)"):
            child.run(child_pid, about=FILE)

    assert child.run(child_pid, about=FILE) == child.pid
    child.close()


def test_the_process_stays_warm_and_is_another_one(child: Child) -> None:
    first = child.run(child_pid, about=FILE)
    second = child.run(child_pid, about=FILE)

    assert first == second == child.pid
    assert first != os.getpid()


def test_arrays_come_back_whole_writable_and_leave_no_file(child: Child) -> None:
    shares: list[float] = []

    result = child.run(many_numbers, 1 << 20, about=FILE, progress=shares.append)

    np.testing.assert_array_equal(result["a"], np.arange(1 << 20, dtype=np.float32))
    result["a"][0] = 7
    assert result["small"].tolist() == [0, 1, 2]
    assert shares == [0.5]
    assert child._folder is not None
    assert list(child._folder.iterdir()) == []


def test_parts_arrive_before_the_whole(child: Child) -> None:
    parts: list[object] = []

    assert child.run(sends_ahead, about=FILE, on_part=parts.append) == "whole"
    assert len(parts) == 1


def test_errors_cross_with_their_kind_and_sentence(child: Child) -> None:
    with pytest.raises(FormatError, match=r"某人的 scan\.pcd: it is odd; mend it"):
        child.run(complains, about=FILE)


def test_a_fault_of_a_reader_is_a_sentence_with_the_details_beside_it(child: Child) -> None:
    with pytest.raises(FileError, match="could not be read \\(IndexError") as caught:
        child.run(trips, about=FILE)

    assert "\n" not in str(caught.value)
    assert any("in trips" in note for note in caught.value.__notes__)


@pytest.mark.parametrize("how", [signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL])
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_a_child_that_dies_is_a_sentence_and_the_next_call_has_a_new_one(
    child: Child, how: signal.Signals
) -> None:
    before = child.run(child_pid, about=FILE)

    with pytest.raises(FileError, match=r"^某人的 scan\.pcd: .*; "):
        child.run(dies_of, int(how), about=FILE)

    assert child.run(child_pid, about=FILE) != before


def test_a_child_that_leaves_is_a_sentence(child: Child) -> None:
    with pytest.raises(FileError, match="without an answer \\(status 3\\)"):
        child.run(leaves, about=FILE)


def test_memory_beyond_the_ceiling_is_refused_and_the_child_lives(child: Child) -> None:
    before = child.run(child_pid, about=FILE)

    with pytest.raises(FileError, match=r"0\.3 GB of memory"):
        child.run(eats, 4, about=FILE, limits=Limits(memory_bytes=300_000_000))

    assert child.run(child_pid, about=FILE) == before


def test_time_beyond_the_limit_is_refused(child: Child) -> None:
    with pytest.raises(FileError, match="took longer than 0 s"):
        child.run(never_listens, about=FILE, limits=Limits(time_s=0.1))


def test_cancelling_stops_work_that_listens_and_keeps_the_child(child: Child) -> None:
    before = child.run(child_pid, about=FILE)
    shares: list[float] = []

    with pytest.raises(CancelledError):
        child.run(never_ends, about=FILE, progress=shares.append, cancelled=lambda: len(shares) > 0)

    assert child.run(child_pid, about=FILE) == before


def test_cancelling_ends_a_child_that_does_not_listen(child: Child) -> None:
    with pytest.raises(CancelledError):
        child.run(never_listens, about=FILE, cancelled=lambda: True)

    assert child.run(child_pid, about=FILE) == child.pid


def test_calls_of_several_threads_wait_for_each_other(child: Child) -> None:
    lengths: list[int] = []

    def one(count: int) -> None:
        lengths.append(len(child.run(many_numbers, count, about=FILE)["a"]))

    threads = [threading.Thread(target=one, args=(100_000 + at,)) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(lengths) == [100_000, 100_001, 100_002, 100_003]


def test_the_child_speaks_the_language_of_the_program(child: Child) -> None:
    set_language("zh_CN")

    assert child.run(language, about=FILE) == "zh_CN"


def test_preparing_starts_the_process_and_waits_for_nothing() -> None:
    one = Child()
    try:
        one.prepare("annotator.formats.points.reading", "no.such.module")

        assert one.pid is not None
        assert one.run(child_pid, about=FILE) == one.pid
    finally:
        one.close()


def test_a_scan_opens_in_the_child_with_its_fields_and_path(tmp_path: Path) -> None:
    axis = np.linspace(0, 9, 50_000, dtype=np.float32)
    path = tmp_path / "a.pcd"
    write_pcd(path, {"x": axis, "y": axis, "z": axis, "ring": np.arange(50_000) % 64})

    cloud = open_cloud(path)

    np.testing.assert_array_equal(cloud.xyz_m[:, 1], axis)
    assert cloud.fields["ring"].max() == 63
    assert cloud.path == path


def test_a_scan_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no such file"):
        open_cloud(tmp_path / "a.pcd")


def test_memory_stays_near_the_size_of_the_scan(tmp_path: Path) -> None:
    points = 2_000_000
    axis = np.linspace(0, 9, points, dtype=np.float32)
    path = tmp_path / "a.pcd"
    write_pcd(path, dict.fromkeys(["x", "y", "z", "intensity"], axis))

    cloud = open_cloud(path, limits=Limits(memory_bytes=3 * 16 * points))

    assert len(cloud) == points


@given(flips=st.lists(st.tuples(st.integers(0, 1 << 12), st.integers(0, 255)), min_size=1))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_damaged_laz_is_read_or_refused_and_never_ends_the_program(
    tmp_path: Path, flips: list[tuple[int, int]]
) -> None:
    import laspy

    file = laspy.LasData(laspy.LasHeader(point_format=6, version="1.4"))
    file.x, file.y, file.z = np.random.default_rng(0).normal(size=(3, 40))
    path = tmp_path / "a.laz"
    file.write(str(path))
    data = bytearray(path.read_bytes())
    for at, value in flips:
        data[at % len(data)] = value
    path.write_bytes(data)

    try:
        count = len(open_cloud(path, limits=Limits(memory_bytes=1 << 30)))
    except FileError as error:
        count = 0
        sentence = str(error)
    else:
        sentence = ""

    assert count <= 40
    assert "\n" not in sentence


@pytest.mark.skipif(sys.platform != "linux", reason="it is glibc that keeps freed memory")
def test_a_child_that_rests_gives_back_what_its_task_took(child: Child) -> None:
    process = psutil.Process(child.run(leaves_holes, about=FILE))
    taken = process.memory_info().rss

    deadline_s = time.monotonic() + 10
    while process.memory_info().rss > taken - 90_000_000 and time.monotonic() < deadline_s:
        time.sleep(0.05)

    assert process.memory_info().rss <= taken - 90_000_000


SCRIPT = """
from pathlib import Path
from annotator.app.reading import open_cloud, prepare
if __name__ == "__main__":
    prepare()
    print(len(open_cloud(Path("a.pcd"))))
"""


@pytest.mark.parametrize("how", ["file", "-c"])
def test_a_script_of_a_person_may_open_scans(tmp_path: Path, how: str) -> None:
    write_pcd(tmp_path / "a.pcd", {axis: np.arange(5, dtype=np.float32) for axis in "xyz"})
    (tmp_path / "script.py").write_text(SCRIPT)
    arguments = ["script.py"] if how == "file" else ["-c", SCRIPT]

    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.stdout.split() == ["5"], done.stderr
    assert done.stderr == ""
