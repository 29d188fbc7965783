"""One object in many scans at once: small pictures from above and from the side."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QColor, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from annotator.app.current_scan import CurrentScan
from annotator.app.scan_pictures import box_pictures
from annotator.app.scans import WorldScans
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.commands import tracks
from annotator.commands.carrying import look_at
from annotator.commands.tracks import Change, Happening, State
from annotator.errors import AnnotatorError
from annotator.geometry.visibility import Sight
from annotator.i18n import gettext as _
from annotator.i18n import mark
from annotator.model.annotations import Annotation
from annotator.model.shapes import Box3D
from annotator.views.theme import DARK, interface_font

Pixels = npt.NDArray[np.uint32]

SIDE_PX = 96
_ROOM_M = 1.0
_COLUMNS = 4
_TEXT_PX = 18
_WORDS = {
    State.KEY: mark("by hand"),
    State.REFITTED: mark("refitted"),
    State.INTERPOLATED: mark("interpolated"),
}
_HAPPENINGS = {
    Happening.MOVED: mark("moved"),
    Happening.GONE: mark("points vanished"),
    Happening.HIDDEN: mark("hidden"),
    Happening.BACK: mark("seen again"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One object in one scan, as it is drawn."""

    frame: int
    box: Box3D
    state: State | None
    above: Pixels
    beside: Pixels
    px_per_m: float
    sight: Sight


class TrackGrid(QDialog):
    """Shows the selected object in every scan that has it. Holds no truth."""

    _drawn = Signal(int, object)

    def __init__(
        self,
        session: Session,
        selection: Selection,
        current: CurrentScan,
        scans: WorldScans,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._selection = session, selection
        self._current, self._scans = current, scans
        self._asked = 0
        self._cells: dict[int, CellView] = {}
        self._drawings: dict[int, Cell] = {}
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="track grid")
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._rebuild)
        self._drawn.connect(self._take)
        self._title = QLabel()
        self._inner = QWidget()
        self._grid = QGridLayout(self._inner)
        self._grid.setSpacing(8)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self._inner)
        self._only = QCheckBox(_("Only scans in which it moved or its points vanished"))
        self._only.toggled.connect(self._filter)
        self._accept = QPushButton(_("Accept all"))
        self._accept.clicked.connect(self._accept_all)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(self._accept, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        for widget in (self._title, self._only, area, buttons):
            layout.addWidget(widget)
        self.setWindowTitle(_("One object in all scans"))
        self.resize(_COLUMNS * (2 * SIDE_PX + 28) + 40, 560)
        session.changed.connect(self._note)
        self._is_over = False

    def open_for_selection(self) -> None:
        """Show the selected object.

        Raises
        ------
        AnnotatorError
            If no box is selected.
        """
        if not self._boxes():
            raise AnnotatorError(_("select a box first"))
        self.show()
        self.activateWindow()
        self._rebuild()

    def cells(self) -> dict[int, "CellView"]:
        """Return what is shown, by scan."""
        return dict(self._cells)

    def stop_listening(self) -> None:
        """Let go of the session and end the thread; the widget is then only to be deleted."""
        if not self._is_over:
            self._is_over = True
            self._soon.stop()
            self._session.changed.disconnect(self._note)
            self._pool.shutdown(wait=True, cancel_futures=True)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's
        """Draw nothing while nobody looks."""
        self._asked += 1
        super().closeEvent(event)

    def _note(self, *_what: object) -> None:
        if self.isVisible():
            self._soon.start()

    def _rebuild(self) -> None:
        """Lay out a cell per scan, and have each drawn beside the window."""
        boxes = self._boxes()
        self._asked += 1
        self._drawings.clear()
        for cell in self._cells.values():
            self._grid.removeWidget(cell)
            cell.deleteLater()
        self._cells.clear()
        for place, (frame, annotation) in enumerate(boxes.items()):
            cell = CellView(frame, is_current=frame == self._current.frame)
            cell.chosen.connect(partial(self._go, frame, annotation.id))
            self._grid.addWidget(cell, place // _COLUMNS, place % _COLUMNS)
            self._cells[frame] = cell
            self._pool.submit(self._draw, self._asked, frame, annotation)
        guesses = sum(tracks.state_of(a) is not State.KEY for a in boxes.values())
        self._accept.setEnabled(guesses > 0 and not self._session.read_only)
        self._accept.setText(_("Accept {count} boxes").format(count=guesses))
        self._title.setText(self._summary(boxes))

    def _boxes(self) -> dict[int, Annotation]:
        """Return the selected object's box in each scan; a static one holds in all."""
        ids, document = self._selection.ids, self._session.document
        chosen = document.annotations.get(ids[0]) if ids else None
        if chosen is None or not isinstance(chosen.shape, Box3D):
            return {}
        if chosen.track is not None:
            return tracks.boxes_of(document, chosen.track)
        if chosen.frame is not None:
            return {chosen.frame: chosen}
        return dict.fromkeys(range(self._current.count), chosen)

    def _summary(self, boxes: dict[int, Annotation]) -> str:
        states = [tracks.state_of(a) for a in boxes.values()]
        return _("{keys} by hand, {refitted} refitted, {interpolated} interpolated").format(
            keys=states.count(State.KEY),
            refitted=states.count(State.REFITTED),
            interpolated=states.count(State.INTERPOLATED),
        )

    def _draw(self, asked: int, frame: int, annotation: Annotation) -> None:
        """Draw one cell; runs on the thread."""
        if asked != self._asked or not isinstance(annotation.shape, Box3D):
            return
        try:
            scan = self._scans.surveyed(frame)
        except (AnnotatorError, OSError) as error:
            self._drawn.emit(asked, (frame, str(error)))
            return
        box, taxonomy = annotation.shape, self._session.taxonomy
        above, beside, per_m = box_pictures(scan.cloud, box, room_m=_ROOM_M, side_px=SIDE_PX)
        sight = look_at(box, scan, taxonomy[annotation.label])
        state = None if annotation.frame is None else tracks.state_of(annotation)
        self._drawn.emit(asked, Cell(frame, box, state, above, beside, per_m, sight))

    def _take(self, asked: int, drawn: Cell | tuple[int, str]) -> None:
        if asked != self._asked:
            return
        if isinstance(drawn, tuple):
            self._cells[drawn[0]].show_fault(drawn[1])
            return
        self._drawings[drawn.frame] = drawn
        self._cells[drawn.frame].show_cell(drawn)
        for change in self._changes():
            self._cells[change.frame].show_change(change)
        self._filter()

    def _filter(self) -> None:
        """Leave out the scans in which nothing happened, if the person wants that."""
        for cell in self._cells.values():
            cell.setVisible(cell.change is not None or not self._only.isChecked())

    def _changes(self) -> tuple[Change, ...]:
        return tracks.changes(
            {f: c.box for f, c in self._drawings.items()},
            {f: c.sight for f, c in self._drawings.items()},
        )

    def _go(self, frame: int, annotation_id: str) -> None:
        self._selection.set((annotation_id,))
        self._current.go(frame)

    def _accept_all(self) -> None:
        ids = [a.id for a in self._boxes().values()]
        self._session.do(tracks.accept(self._session.document, ids), _("Accept boxes"))


class CellView(QWidget):
    """One scan's two pictures with the box in both; a click goes there."""

    chosen = Signal()

    def __init__(self, frame: int, *, is_current: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.frame = frame
        self.cell: Cell | None = None
        self.change: Change | None = None
        self._is_current = is_current
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's
        """Two squares and a line of text."""
        return QSize(2 * SIDE_PX + 2, SIDE_PX + _TEXT_PX)

    def show_cell(self, cell: Cell) -> None:
        """Show what was drawn."""
        self.cell = cell
        self.setToolTip(_("{count} points").format(count=cell.sight.points))
        self.update()

    def show_change(self, change: Change) -> None:
        """Show that something happened here."""
        self.change = change
        self.update()

    def show_fault(self, sentence: str) -> None:
        """Say why there is no picture."""
        self.setToolTip(sentence)

    def text(self) -> str:
        """Return what the line below the pictures says."""
        parts = [_("scan {frame}").format(frame=self.frame + 1)]
        if self.cell is not None and self.cell.state is not None:
            parts.append(_(_WORDS[self.cell.state]))
        if self.change is not None:
            parts.append(_(_HAPPENINGS[self.change.happening]))
        return " · ".join(parts)

    def mousePressEvent(self, _event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Go to this scan."""
        self.chosen.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's
        """Draw both pictures, the box in each, and the line."""
        painter = QPainter(self)
        painter.setFont(interface_font())
        painter.fillRect(self.rect(), QColor(DARK.raised))
        if self.cell is not None:
            length, width, height = self.cell.box.size_m
            _paint(painter, 0, self.cell.above, (length, width), self.cell.px_per_m)
            _paint(painter, SIDE_PX + 2, self.cell.beside, (length, height), self.cell.px_per_m)
        happened = self.change is not None and self.change.happening is not Happening.MOVED
        painter.setPen(QColor(DARK.amber if happened else DARK.text))
        line = QRectF(4, SIDE_PX, self.width() - 8, _TEXT_PX)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, self.text())
        if self._is_current:
            painter.setPen(QColor(DARK.accent))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()


def _paint(
    painter: QPainter, left: int, pixels: Pixels, size_m: tuple[float, float], per_m: float
) -> None:
    height, width = pixels.shape
    image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)
    painter.drawImage(left, 0, image)
    long_px, wide_px = size_m[0] * per_m, size_m[1] * per_m
    x, y = left + width / 2, height / 2
    painter.setPen(QColor(DARK.accent))
    painter.drawRect(QRectF(x - long_px / 2, y - wide_px / 2, long_px, wide_px))
    painter.drawLine(QPointF(x, y), QPointF(x + long_px / 2, y))
