"""Leaves out what Qt says at every window on a platform without a screen."""

import sys
from typing import Any

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

NOISE = frozenset(
    {
        "This plugin does not support propagateSizeHints()",
        "This plugin does not support raise()",
        "This plugin does not support grabbing the keyboard",
    }
)


def leave_out_noise() -> None:
    """Pass Qt's messages on as before, except those that say that there is no screen."""
    before: Any = None

    def pass_on(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        if message in NOISE:
            return
        if before is not None:
            before(kind, context, message)
        else:
            sys.stderr.write(f"{message}\n")

    before = qInstallMessageHandler(pass_on)
