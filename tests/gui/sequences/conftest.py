"""The drive of the sample garage in a workbench, and what is true of it."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from annotator.app.data import context_of, only_candidate
from annotator.app.open_sequence import OpenSequence
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.formats.format import Context
from annotator.model.annotations import Annotation, Origin
from annotator.model.document import Document
from annotator.model.edits import Put
from annotator.model.shapes import Box3D
from annotator.tools.tool import Reply
from annotator.views.cloud.cloud_workbench import CloudWorkbench
from annotator.views.sequences.sequence_steering import SequenceSteering

FOLDER = Path(__file__).parents[3] / "sample_data" / "garage"
CAR = 43


@pytest.fixture(scope="package")
def context() -> Context:
    return context_of(only_candidate(FOLDER / "scans"))


@pytest.fixture
def bench(qtbot: QtBot, context: Context) -> Iterator[CloudWorkbench]:
    session = Session.in_memory(Document(context.extents()), context)
    made = CloudWorkbench(session, Selection("car"))
    made.widget.resize(900, 500)
    qtbot.addWidget(made.widget)
    made.widget.show()
    qtbot.waitUntil(lambda: made.view.picture is not None)
    yield made
    made.close()


def steering_of(bench: CloudWorkbench) -> SequenceSteering:
    assert bench.steering is not None
    return bench.steering


def session_of(bench: CloudWorkbench) -> Session:
    return steering_of(bench)._session


def sequence_of(bench: CloudWorkbench) -> OpenSequence:
    steering = steering_of(bench)
    return OpenSequence(session_of(bench), steering._selection, steering.current, steering.scans)


def do(bench: CloudWorkbench, action: str) -> None:
    bench.does[f"sequence.{action}"]()
    while steering_of(bench).carrying.is_working:
        QTest.qWait(5)


def truth() -> dict[str, Any]:
    said: dict[str, Any] = json.loads((FOLDER / "truth.json").read_text())
    return said


def true_box(frame: int, instance: int = CAR) -> Box3D:
    thing = next(o for o in truth()["objects"] if o["instance"] == instance)
    (x, y, z), velocity = thing["shape"]["center_m"], thing["velocity_m_s"]
    time_s = truth()["frames"][frame]["time_s"]
    length, width, height = thing["shape"]["size_m"]
    at_m = (x + time_s * velocity[0], y + time_s * velocity[1], z)
    return Box3D(at_m, (length, width, height), thing["shape"]["yaw_rad"])


def label(bench: CloudWorkbench, box: Box3D, name: str = "car") -> Annotation:
    """Commit and select a box as a tool does."""
    made = Annotation(name, box)
    bench.view.take(Reply(edit=Put(made), text="Draw box", select=(made.id,)))
    return session_of(bench).document.annotations[made.id]


def carried(bench: CloudWorkbench, box: Box3D, scans: int, origin: Origin = Origin.FIT) -> str:
    """Label a car in the scan at hand and carry it on; return its track."""
    made = Annotation("car", box, origin=origin)
    bench.view.take(Reply(edit=Put(made), text="Fit", select=(made.id,)))
    for _step in range(scans):
        do(bench, "carry_on")
    track = sequence_of(bench).chosen()[0].track
    assert track is not None
    return track


def drive_of(scans: str, folder: Path) -> Path:
    """Return a copy of a sample drive, scans and poses in one folder."""
    shutil.copytree(FOLDER / scans, folder)
    shutil.copy(FOLDER / "poses.txt", folder)
    return folder


def lay_over(bench: CloudWorkbench, qtbot: QtBot, frame: int, reach: int) -> None:
    steering = steering_of(bench)
    steering.current.go(frame)
    steering.current.accumulate(reach)
    scene = bench.view.scene
    qtbot.waitUntil(lambda: scene.laid is not None and scene.survey is not None, timeout=15_000)
    assert bench.view.scene.frame == frame
