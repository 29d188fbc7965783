"""Knows the points of the selected instances; in a large scan they are found beside the window."""

from concurrent.futures import Executor

import numpy as np
from PySide6.QtCore import QObject, Signal

from annotator.app.session import Session
from annotator.commands.instances import members
from annotator.geometry.picking import Marked, marked
from annotator.model.layers import Where
from annotator.tools.cloud_scene import CloudScene

Wanted = tuple[tuple[int, ...], int, int]
"""Which instances, in which scan, and how often that had been changed."""


class MarkedPoints(QObject):
    """Has the rows that were found last. Holds no truth.

    Attributes
    ----------
    marks
        One byte for each point that is drawn, 1 for those rows; None where that takes no time.
    """

    changed = Signal()
    _found = Signal(object, object, object)

    def __init__(
        self, session: Session, scene: CloudScene, pool: Executor, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._scene, self._pool = session, scene, pool
        self.rows: Where = np.zeros(0, np.int64)
        self.marks: Marked | None = None
        self._wanted: Wanted = ((), 0, 0)
        self._found.connect(self._take)

    def find(self) -> None:
        """Find the points of what is selected now, unless they were found as they are."""
        document, chosen, frame = self._session.document, self._scene.instances, self._scene.frame
        wanted = (chosen, frame, document.instances(frame).changes)
        if wanted == self._wanted:
            return
        self._wanted = wanted
        if chosen and self._session.is_large:
            self._pool.submit(self._find_beside, wanted, self._scene.drawn_count)
        else:
            self.rows, self.marks = members(document, chosen, frame), None

    def _find_beside(self, wanted: Wanted, count: int) -> None:
        chosen, frame, _changes = wanted
        rows = members(self._session.document, chosen, frame)
        self._found.emit(wanted, rows, marked(rows, count))

    def _take(self, wanted: Wanted, rows: Where, marks: Marked) -> None:
        if wanted == self._wanted:
            self.rows, self.marks = rows, marks
            self.changed.emit()
