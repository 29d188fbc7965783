"""Notes what changes in session, selection and look, and has the cloud view re-read it soon."""

from collections.abc import Callable

from psygnal import SignalInstance
from PySide6.QtCore import QObject, QTimer, Signal

from annotator.app.box_counts import BoxCounts
from annotator.app.cloud_settings import CloudSettings, Look
from annotator.app.overhead import Overhead
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.app.storeys import Storeys
from annotator.geometry.survey import Survey
from annotator.model.edits import Paint, parts
from annotator.views.cloud.scan_drawing import ScanDrawing
from annotator.views.cloud.tool_in_hand import ToolInHand


class CloudChanges(QObject):
    """Listens; its parts hold no truth, and are told once when the document is whole."""

    reread = Signal()
    """Everything has been read again."""
    counted = Signal(object)
    """What is to be said of boxes that hold too few points, by annotation."""

    def __init__(  # noqa: PLR0917 - what it listens to, and whom it tells
        self,
        session: Session,
        selection: Selection,
        settings: CloudSettings,
        drawing: ScanDrawing,
        hand: ToolInHand,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._settings = session, settings
        self._drawing, self._hand = drawing, hand
        self._painted: list[Paint] = []
        self.counts = BoxCounts(len(session.document.extents))
        self.counts.changed.connect(self._note_counts)
        self._count_soon = QTimer(self, singleShot=True, interval=0)
        self._count_soon.timeout.connect(self._count)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.read)
        self._forget: list[tuple[SignalInstance, Callable[..., None]]] = [
            (session.changed, self._note),
            (session.taxonomy_changed, self._note_taxonomy),
            (selection.changed, self.note),
            (settings.changed, self._restyle),
            (settings.renderer_changed, drawing.draw_otherwise),
        ]
        for signal, slot in self._forget:
            signal.connect(slot)

    @property
    def are_heard(self) -> bool:
        """Whether it still listens."""
        return bool(self._forget)

    def stop(self) -> None:
        """Let go of everything that it listens to."""
        for signal, slot in self._forget:
            signal.disconnect(slot)
        self._forget = []
        self._soon.stop()
        self._count_soon.stop()

    def note(self) -> None:
        """Read again soon."""
        self._soon.start()

    def begin_scan(self) -> None:
        """Take note that another scan is shown: what was painted is in its colours already."""
        self._painted.clear()
        self.counts.see(self._hand.scene.cloud, None)
        self._soon.start()

    def take_survey(self, found: Survey) -> None:
        """Let tools know what was found of the scan, and count what boxes hold."""
        self._hand.scene.survey = found
        origin_m = self._hand.scene.cloud.origin_m
        overhead = Overhead.found(found, origin_m)
        self._drawing.put_ground(overhead, Storeys(found.ground, origin_m))
        self._see_ceiling()
        self.counts.see(self._hand.scene.cloud, found)
        self._count_soon.start()

    def read(self) -> None:
        """Read everything again."""
        self._soon.stop()
        self._hand.reread()
        self._hand.scene.protected = self._settings.look.protected
        self._see_ceiling()
        painted, self._painted = self._painted, []
        if painted:
            self._drawing.repaint(painted)
        self._count_soon.start()
        self.reread.emit()

    def _see_ceiling(self) -> None:
        """Let tools know whether a ceiling lies over what there is to be labelled."""
        look, overhead = self._settings.look, self._drawing.overhead
        high_m = look.slab_m[1]
        self._hand.scene.shows_ceiling = (
            overhead is not None
            and not look.hides_ceiling
            and (high_m is None or high_m > overhead.usual_m)
        )

    def _note(self, edit: object) -> None:
        self._painted += [p for p in parts(edit) if isinstance(p, Paint)]  # type: ignore[arg-type]  # the signal carries edits
        self._soon.start()

    def _note_taxonomy(self) -> None:
        self._drawing.recolour()
        self._note_counts()
        self._soon.start()

    def _restyle(self, before: Look) -> None:
        self._drawing.restyle(before)
        self._soon.start()

    def _count(self) -> None:
        """Count the points in boxes, a few at a time, so that nobody waits."""
        here = self._session.document.in_frame(self._hand.scene.frame)
        if not self.counts.count(here, self._session.taxonomy):
            self._count_soon.start()

    def _note_counts(self) -> None:
        few = self.counts.few(self._session.taxonomy)
        self.counted.emit({annotation.id: finding.text for annotation, finding in few})
