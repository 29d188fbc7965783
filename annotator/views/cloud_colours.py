"""Gives the points of a scan their colours, beside the window's thread where they are many."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from annotator.app.cloud_settings import CloudSettings
from annotator.app.session import Session
from annotator.app.shown_scan import ShownScan
from annotator.geometry import colouring
from annotator.geometry.colouring import ColourBy, Colours
from annotator.model.edits import Paint
from annotator.model.layers import INSTANCE, SEMANTIC

_MANY = 500_000
_LAYERS = {ColourBy.LABEL: SEMANTIC, ColourBy.INSTANCE: INSTANCE}
_UNCOLOURED = np.array([0xFF747C8A], np.uint32)


class CloudColours(QObject):
    """The present colours. Holds no truth: they follow from the session and the settings."""

    changed = Signal()
    """Other colours are there."""
    _found = Signal(int, object)

    def __init__(
        self, session: Session, settings: CloudSettings, pool: Executor, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._settings, self._pool = session, settings, pool
        self._asked, self._has = 0, 0
        self.now = Colours(np.zeros(0, np.uint16), _UNCOLOURED, colouring.Legend(ColourBy.HEIGHT))
        self._found.connect(self._take)

    def colour(self, shown: ShownScan) -> None:
        """Colour a scan anew; few points at once, many soon, from the colours that they have."""
        self._asked += 1
        asked, work = self._asked, self._work(shown)
        if len(shown.cloud) < _MANY:
            self._take(asked, work())
            return
        if len(self.now.numbers) != len(shown.cloud):
            grey = np.zeros(len(shown.cloud), np.uint16)
            self.now = Colours(grey, _UNCOLOURED, colouring.Legend(ColourBy.HEIGHT))
        self._pool.submit(lambda: self._found.emit(asked, work()))

    def paint(self, painted: Sequence[Paint], shown: ShownScan) -> bool:
        """Give painted points their new colour in place; tell whether any colour changed."""
        by = self._settings.look.colour_by
        mine = [p for p in painted if p.layer.name == _LAYERS.get(by)]
        starts = [shown.start_of(p.layer.frame) for p in mine]
        if self._asked != self._has or any(starts):
            self.colour(shown)
            return False
        for paint, start in zip(mine, starts, strict=True):
            if start is not None:
                self.now.numbers[paint.where] = self._numbers(paint, by)
        return any(start is not None for start in starts)

    def _numbers(self, paint: Paint, by: ColourBy) -> npt.NDArray[np.uint16]:
        values = self._session.document.layer(*paint.layer).take(paint.where)
        if by is ColourBy.INSTANCE:
            return colouring.instance_numbers(values)
        return np.minimum(values, len(self.now.table) - 1).astype(np.uint16)

    def _work(self, shown: ShownScan) -> Callable[[], Colours]:
        """Return what finds the colours, with all that it needs of the document in its hands."""
        look, taxonomy = self._settings.look, self._session.taxonomy
        layer: npt.NDArray[np.uint32] | None = None
        if len(shown.cloud) and look.colour_by in _LAYERS:
            layer = shown.layer(self._session.document, _LAYERS[look.colour_by])

        def work() -> Colours:
            colours = colouring.colours_of(
                shown.cloud,
                look.colour_by,
                colouring.colour_map(look.colour_map),
                taxonomy=taxonomy,
                layer=layer,
            )
            return shown.picked_out(colours)

        return work

    def _take(self, asked: int, colours: Colours) -> None:
        if asked == self._asked:
            self.now, self._has = colours, asked
            self.changed.emit()
