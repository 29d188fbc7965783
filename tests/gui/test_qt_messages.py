"""Qt's messages reach the terminal, except those that only say that there is no screen."""

import os
import subprocess
import sys

SCRIPT = """
from PySide6.QtCore import qWarning
from PySide6.QtWidgets import QApplication, QMainWindow
from annotator.views.qt_messages import leave_out_noise
leave_out_noise()
app = QApplication(["annotator"])
window = QMainWindow()
window.setMinimumSize(300, 200)
window.show()
window.raise_()
app.processEvents()
qWarning("something else")
"""


def test_a_window_without_a_screen_is_shown_quietly_and_other_words_are_passed_on() -> None:
    said = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )

    assert (said.stdout, said.stderr) == ("", "something else\n")
