"""The status bar says what runs, how far it is and how long it takes."""

import threading

from PySide6.QtWidgets import QProgressBar
from pytestqt.qtbot import QtBot

from annotator.app.jobs import Job
from annotator.views.background import Background
from annotator.views.status import Status


def test_a_long_name_of_a_job_is_shortened_at_its_end_and_its_share_is_read_whole(
    qtbot: QtBot,
) -> None:
    background = Background()
    status = Status(background)
    qtbot.addWidget(status)
    end = threading.Event()

    def work(job: Job[object]) -> None:
        while not end.wait(0.1):
            job.report(0.33)

    background.run("Chest 1.25 B30f " * 4, work, lambda _done: None, lambda _why: None)

    bar = status.findChild(QProgressBar)
    assert bar is not None
    qtbot.waitUntil(lambda: "… %p % " in bar.format())
    said = bar.format().replace("%p", "33")
    end.set()
    assert said.startswith("Chest 1.25")
    assert bar.fontMetrics().horizontalAdvance(said) <= bar.width()
    assert bar.toolTip().startswith("Chest 1.25 B30f Chest")
    qtbot.waitUntil(lambda: not bar.isVisibleTo(status))
