"""One object in many scans at once, to look through and to edit in place."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
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

from annotator.app.open_sequence import OpenSequence
from annotator.app.scan_pictures import box_pictures
from annotator.commands import tracks
from annotator.commands.carrying import look_at
from annotator.commands.tracks import Change, State
from annotator.errors import AnnotatorError
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation
from annotator.model.shapes import Box3D
from annotator.tools.tool import Reply
from annotator.views.sequences.track_cell import LEAST_SIDE_PX, ROOM_M, Cell, CellView, fitting

LISTENS_TO = (
    "edit.undo",
    "edit.redo",
    "sequence.previous",
    "sequence.next",
    "sequence.first",
    "sequence.last",
)
"""Actions of the window whose keys hold in the grid as well."""
_FIRST_PX = QSize(1056, 600)
_SPACING_PX, _SETTLED_MS = 8, 120


class TrackGrid(QDialog):
    """Shows an object in every scan that has it. Holds no truth.

    It is about the object that was selected last; what is done in it is done to that object, also
    while something else than an object is selected.

    Parameters
    ----------
    take
        Does what a drag in a cell ended with.
    """

    _drawn = Signal(object)

    def __init__(
        self, sequence: OpenSequence, take: Callable[[Reply], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._sequence, self._take_reply = sequence, take
        self._session, self._current = sequence.session, sequence.current
        self._subject: Annotation | None = None
        self._columns, self._side_px = 4, LEAST_SIDE_PX
        self._cells: dict[int, CellView] = {}
        self._shown: dict[int, Annotation] = {}
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="track grid")
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._rebuild)
        self._fitted = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._fitted.timeout.connect(self._fit)
        self._drawn.connect(self._take)
        self._title, self._nothing = QLabel(), QLabel()
        self._inner = QWidget()
        self._grid = QGridLayout(self._inner)
        self._grid.setSpacing(_SPACING_PX)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._area = QScrollArea()
        self._only = QCheckBox(_("Only scans in which it moved or its points vanished"))
        self._accept = QPushButton(_("Accept all"))
        self._arrange()
        self._only.toggled.connect(self._filter)
        self._accept.clicked.connect(self._accept_all)
        self._session.changed.connect(self._note)
        self._current.changed.connect(self._note)
        self._sequence.selection.changed.connect(self._note)
        self._is_over = False

    def open_for_selection(self) -> None:
        """Show the selected object.

        Raises
        ------
        AnnotatorError
            If no box is selected.
        """
        if not isinstance(getattr(self._sequence.selected(), "shape", None), Box3D):
            raise AnnotatorError(_("select a box first"))
        self._forget_cells()
        self.show()
        self.activateWindow()
        self._rebuild()

    def cells(self) -> dict[int, CellView]:
        """Return what is shown, by scan."""
        return dict(self._cells)

    def stop_listening(self) -> None:
        """Let go of the session and end the thread; the widget is then only to be deleted."""
        if not self._is_over:
            self._is_over = True
            self._soon.stop()
            self._fitted.stop()
            self._session.changed.disconnect(self._note)
            self._current.changed.disconnect(self._note)
            self._sequence.selection.changed.disconnect(self._note)
            self._pool.shutdown(wait=True, cancel_futures=True)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's
        """Let the cells grow with the window, once it rests."""
        super().resizeEvent(event)
        self._fitted.start()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's
        """Draw nothing while nobody looks."""
        self._shown.clear()
        super().closeEvent(event)

    def _arrange(self) -> None:
        self._area.setWidgetResizable(True)
        self._area.setWidget(self._inner)
        self._accept.setAutoDefault(False)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(self._accept, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        for widget in (self._title, self._only, self._nothing, self._area, buttons):
            layout.addWidget(widget)
        self.setWindowTitle(_("One object in all scans"))
        self.resize(_FIRST_PX)

    def _note(self, *_what: object) -> None:
        if self.isVisible():
            self._soon.start()

    def _rebuild(self) -> None:
        """Have a cell per scan, and draw anew, beside the window, those that changed."""
        boxes = self._boxes()
        if boxes.keys() != self._cells.keys():
            self._lay_out(boxes)
        for frame, annotation in boxes.items():
            self._cells[frame].show_current(on=frame == self._current.frame)
            is_other = self._shown.get(frame) is not annotation
            self._shown[frame] = annotation
            if is_other:
                self._pool.submit(self._draw, frame, annotation, self._side_px)
        guesses = sum(tracks.state_of(a) is not State.KEY for a in boxes.values())
        self._accept.setEnabled(guesses > 0 and not self._session.read_only)
        self._accept.setText(_("Accept {count} boxes").format(count=guesses))
        self._title.setText(self._summary(boxes))

    def _boxes(self) -> dict[int, Annotation]:
        """Return the boxes of the object that this is about, as the document has them now."""
        selected, document = self._sequence.selected(), self._session.document
        if selected is not None and isinstance(selected.shape, Box3D):
            self._subject = selected
        if self._subject is not None and self._subject.track is None:
            self._subject = document.annotations.get(self._subject.id)
        boxes = self._sequence.boxes_of(self._subject)
        return {f: a for f, a in boxes.items() if isinstance(a.shape, Box3D)}

    def _fit(self) -> None:
        """Draw the cells as large as the window has room for."""
        columns, side_px = fitting(self._count(), self._area.viewport().size(), _SPACING_PX)
        if (columns, side_px) == (self._columns, self._side_px):
            return
        self._columns, self._side_px = columns, side_px
        for cell in self._cells.values():
            cell.be_large(side_px)
        self._filter()
        self._shown.clear()
        self._note()

    def _count(self) -> int:
        kept = sum(not cell.isHidden() for cell in self._cells.values())
        return kept or len(self._cells)

    def _lay_out(self, boxes: dict[int, Annotation]) -> None:
        self._forget_cells()
        room = self._area.viewport().size()
        self._columns, self._side_px = fitting(len(boxes), room, _SPACING_PX)
        for place, frame in enumerate(boxes):
            cell = CellView(frame, self._side_px)
            cell.chosen.connect(partial(self._go, frame))
            cell.edited.connect(self._take_reply)
            self._grid.addWidget(cell, place // self._columns, place % self._columns)
            self._cells[frame] = cell
        self._fitted.start()

    def _forget_cells(self) -> None:
        for cell in self._cells.values():
            self._grid.removeWidget(cell)
            cell.deleteLater()
        self._cells.clear()
        self._shown.clear()

    def _summary(self, boxes: dict[int, Annotation]) -> str:
        if not boxes:
            return _("This object is no longer there")
        name = self._name()
        if self._subject is not None and self._subject.frame is None:
            text = _("One box that is the same in all {count} scans").format(count=len(boxes))
            return f"{name} · {text}"
        states = [tracks.state_of(a) for a in boxes.values()]
        text = _("{keys} ◆ by a person, {refitted} ● refitted, {interpolated} ○ interpolated")
        counts = text.format(
            keys=states.count(State.KEY),
            refitted=states.count(State.REFITTED),
            interpolated=states.count(State.INTERPOLATED),
        )
        return f"{name} · {counts}"

    def _name(self) -> str:
        """Return the class of the object, and its number where it moves."""
        assert self._subject is not None
        title = self._session.taxonomy.title_of(self._subject.label)
        return f"{title} {self._subject.track or ''}".strip()

    def _draw(self, frame: int, annotation: Annotation, side_px: int) -> None:
        """Draw one cell; runs on the thread."""
        if not isinstance(annotation.shape, Box3D) or self._shown.get(frame) is not annotation:
            return
        try:
            cloud = self._sequence.scans[frame]
        except (AnnotatorError, OSError) as error:
            self._drawn.emit((frame, str(error)))
            return
        box, label = annotation.shape, self._session.taxonomy[annotation.label]
        above, beside, per_m = box_pictures(cloud, box, room_m=ROOM_M, side_px=side_px)
        sight = look_at(box, cloud, label, sensor_m=self._sequence.scans.sensor_m(frame))
        self._drawn.emit(Cell(frame, annotation, box, above, beside, per_m, sight, label.color))

    def _take(self, drawn: Cell | tuple[int, str]) -> None:
        if isinstance(drawn, tuple):
            if drawn[0] in self._cells:
                self._cells[drawn[0]].show_fault(drawn[1])
            return
        if self._shown.get(drawn.frame) is not drawn.annotation:
            return
        self._cells[drawn.frame].show_cell(drawn)
        happened = {change.frame: change for change in self._changes()}
        for frame, cell in self._cells.items():
            cell.show_change(happened.get(frame))
        self._filter()

    def _filter(self) -> None:
        """Leave out the scans in which nothing happened, if the person wants that."""
        kept = [
            c for c in self._cells.values() if c.change is not None or not self._only.isChecked()
        ]
        for cell in self._cells.values():
            self._grid.removeWidget(cell)
            cell.setVisible(cell in kept)
        for place, cell in enumerate(kept):
            self._grid.addWidget(cell, place // self._columns, place % self._columns)
        is_drawn = all(cell.cell is not None for cell in self._cells.values())
        self._nothing.setVisible(not kept and is_drawn)
        self._nothing.setText(_("It neither moved nor vanished in any scan"))

    def _changes(self) -> tuple[Change, ...]:
        drawn = {f: view.cell for f, view in self._cells.items() if view.cell is not None}
        return tracks.changes(
            {f: c.box for f, c in drawn.items()}, {f: c.sight for f, c in drawn.items()}
        )

    def _go(self, frame: int) -> None:
        annotation = self._boxes().get(frame)
        if annotation is not None:
            self._sequence.selection.set((annotation.id,))
        self._current.go(frame)

    def _accept_all(self) -> None:
        ids = [a.id for a in self._boxes().values()]
        self._session.do(tracks.accept(self._session.document, ids), _("Accept boxes"))
