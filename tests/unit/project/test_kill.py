"""Killing the program at any moment loses nothing that was acknowledged."""

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.model.document import Document
from annotator.model.edits import apply
from annotator.model.items import ItemId, ItemKind
from annotator.project.documents import DocumentStore
from annotator.project.history import Act
from annotator.project.project import NewItem, Project
from tests.unit.project import kill_child

ROUNDS = 50


@pytest.fixture
def project_file(tmp_path: Path) -> Path:
    file = tmp_path / "project.annotator"
    project = Project.create(file)
    project.add_item(NewItem(ItemKind.CLOUD, "a.pcd", (tmp_path / "a.pcd",)))
    project.close()
    return file


@pytest.fixture
def child(project_file: Path) -> Iterator[subprocess.Popen[str]]:
    script = Path(kill_child.__file__)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    with subprocess.Popen(
        [sys.executable, str(script), str(project_file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="rounds are forked; needs a POSIX system")
def test_fifty_kills_at_random_moments_lose_no_acknowledged_edit(
    project_file: Path, child: subprocess.Popen[str]
) -> None:
    chance = random.Random(20240229)
    acknowledged = 0

    for seed in range(ROUNDS):
        lines = killed_after(child, seed, wait_s=chance.uniform(0.0, 0.2))

        project = Project.open(project_file)
        states = replayed(project, 1)
        entries = len(states) - 1
        for line in lines:
            seq, crc = map(int, line.split())
            assert states[seq] == crc
            acknowledged = max(acknowledged, seq)
        assert entries in (acknowledged, acknowledged + 1)
        acknowledged = entries
        assert kill_child.checksum(project.load(1, kill_child.EXTENTS)) == states[-1]
        project.close()
    assert acknowledged > ROUNDS


def killed_after(child: subprocess.Popen[str], seed: int, *, wait_s: float) -> list[str]:
    """Run one round, kill it, and return what it acknowledged."""
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(f"{seed}\n")
    child.stdin.flush()
    word, pid = child.stdout.readline().split()
    assert word == "pid"
    killer = threading.Timer(wait_s, os.kill, (int(pid), signal.SIGKILL))
    killer.start()
    lines = []
    while (line := child.stdout.readline().strip()) != "gone":
        lines.append(line)
    killer.join()
    return lines


def replayed(project: Project, item: ItemId) -> list[int]:
    """Return the checksum after each act, replaying the log from an empty document."""
    log = project.history(item)
    store = DocumentStore(project.database, item, log)
    document = Document(kill_child.EXTENTS)
    states = [kill_child.checksum(document)]
    for entry in log:
        undone = entry.act is Act.UNDO
        apply(store.inverse(entry.step) if undone else store.edit(entry.step), document)
        states.append(kill_child.checksum(document))
    return states
