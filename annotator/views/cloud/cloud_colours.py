"""Gives the points of a scan their colours, beside the window's thread where they are many."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from annotator.app.cloud_settings import CloudSettings, Look
from annotator.app.session import LARGE, Session
from annotator.app.shown_scan import ShownScan
from annotator.geometry import class_blocks, colouring
from annotator.geometry.class_blocks import ClassBlocks
from annotator.geometry.colouring import ColourBy, Colours
from annotator.model.edits import Paint
from annotator.model.labels import Taxonomy
from annotator.model.layers import INSTANCE, SEMANTIC

_MANY = 500_000
_LAYERS = {ColourBy.LABEL: SEMANTIC, ColourBy.INSTANCE: INSTANCE}
_SAY_A_CLASS = frozenset({ColourBy.LABEL, ColourBy.INSTANCE, ColourBy.RGB})
_UNCOLOURED = colouring.packed(np.array([colouring.UNLABELLED]))
_NONE_YET = Colours(np.zeros(0, np.uint16), _UNCOLOURED, colouring.Legend(ColourBy.HEIGHT))


@dataclass(frozen=True, slots=True, eq=False)
class _Coloured:
    """Colours as they are drawn, and the plain table that the drawn one was made of."""

    drawn: Colours
    plain: colouring.Table
    blocks: ClassBlocks | None = None


class CloudColours(QObject):
    """The present colours. Holds no truth: they follow from the session and the settings."""

    changed = Signal()
    """Other colours are there."""
    painted = Signal()
    """Points that were painted have their new colour, in the same table."""
    _found = Signal(int, object)
    _repainted = Signal(int, object)

    def __init__(
        self, session: Session, settings: CloudSettings, pool: Executor, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._settings, self._pool = session, settings, pool
        self._asked, self._has = 0, 0
        self._fastest_m_s = 0.0
        """How far a scale of velocities went in any scan so far: it is the same one in all."""
        self._coloured = _Coloured(_NONE_YET, _UNCOLOURED)
        self._found.connect(self._take)
        self._repainted.connect(self._take_repainted)

    @property
    def now(self) -> Colours:
        """The colours that are drawn."""
        return self._coloured.drawn

    def colour(self, shown: ShownScan) -> None:
        """Colour a scan anew; few points at once, many soon, from the colours that they have."""
        self._asked += 1
        asked, work = self._asked, self._work(shown)
        if len(shown.cloud) < _MANY:
            self._take(asked, work())
            return
        if len(self.now.numbers) != len(shown.cloud):
            grey = np.zeros(len(shown.cloud), np.uint16)
            self._coloured = _Coloured(replace(_NONE_YET, numbers=grey), _UNCOLOURED)
        self._pool.submit(lambda: self._found.emit(asked, work()))

    def paint(self, painted: Sequence[Paint], shown: ShownScan) -> bool:
        """Give painted points their new colour in place; tell whether any colour changed.

        Many get it beside the window: `painted` is emitted then.
        """
        mine = [p for p in painted if p.layer.name in self._layers_told()]
        starts = [shown.start_of(p.layer.frame) for p in mine]
        if self._asked != self._has or any(starts):
            self.colour(shown)
            return False
        here = [paint for paint, start in zip(mine, starts, strict=True) if start is not None]
        if sum(len(paint.where) + len(paint.values) for paint in here) >= LARGE:
            self._asked += 1
            self._pool.submit(self._repaint_beside, self._asked, here, shown)
            return False
        self._repaint(here)
        return bool(here)

    def tint(self, shown: ShownScan) -> None:
        """Tint and fade classes as the settings say now: by another table, at once."""
        if self._asked != self._has:
            return  # what is on its way will know
        coloured = self._coloured
        table = shown.faint_too(
            _table(
                coloured.plain,
                coloured.blocks,
                self._settings.look,
                self._session.taxonomy,
                self.now.legend.by,
            )
        )
        self._coloured = replace(coloured, drawn=replace(coloured.drawn, table=table))

    def _repaint(self, painted: Sequence[Paint]) -> None:
        for paint in painted:
            self.now.numbers[paint.where] = self._numbers(paint)

    def _repaint_beside(self, asked: int, painted: Sequence[Paint], shown: ShownScan) -> None:
        self._repaint(painted)
        self._repainted.emit(asked, shown)

    def _take_repainted(self, asked: int, shown: ShownScan) -> None:
        if asked == self._asked:
            self._has = asked
            self.tint(shown)  # classes may have been faded meanwhile
            self.painted.emit()

    def _layers_told(self) -> frozenset[str]:
        """Return the layers that the present colours say something of."""
        own = _LAYERS.get(self._settings.look.colour_by)
        by_class = {SEMANTIC} if self._coloured.blocks is not None else set()
        return frozenset(by_class | ({own} if own else set()))

    def _numbers(self, paint: Paint) -> npt.NDArray[np.uint16]:
        """Return the colour numbers that the painted points have now."""
        document, by = self._session.document, self._settings.look.colour_by
        blocks, frame = self._coloured.blocks, paint.layer.frame
        if by is ColourBy.LABEL:
            # One value for all is what the layer holds now: millions need not be looked up.
            is_one = len(paint.values) == 1
            values = paint.values[0] if is_one else document.semantic(frame).take(paint.where)
            return np.minimum(values, len(self._coloured.plain) - 1).astype(np.uint16)
        if by is ColourBy.INSTANCE:
            plain = colouring.instance_numbers(document.instances(frame).take(paint.where))
        elif blocks is not None:
            plain = blocks.plain(self.now.numbers[paint.where])
        if blocks is None:
            return plain
        return blocks.numbers(plain, document.semantic(frame).take(paint.where))

    def _work(self, shown: ShownScan) -> Callable[[], _Coloured]:
        """Return what finds the colours, on any thread."""
        look, taxonomy, document = (
            self._settings.look,
            self._session.taxonomy,
            self._session.document,
        )
        fastest_m_s = self._fastest_m_s

        def work() -> _Coloured:
            name = _LAYERS.get(look.colour_by)
            has_points = len(shown.cloud) > 0
            plain = colouring.colours_of(
                shown.cloud,
                look.colour_by,
                colouring.colour_map(look.colour_map),
                taxonomy=taxonomy,
                layer=shown.layer(document, name) if has_points and name else None,
                values=shown.values(look.colour_by) if has_points else None,
                own=len(shown.own),
                least_m_s=fastest_m_s,
            )
            by, blocks, numbers = plain.legend.by, None, plain.numbers
            if by is not ColourBy.LABEL:
                most = class_blocks.MOST_COLOURS // (1 if shown.around is None else 2)
                blocks = class_blocks.blocks_for(taxonomy, len(plain.table), most=most)
            if blocks is not None and has_points and shown.is_labelled(document, SEMANTIC):
                numbers = blocks.numbers(numbers, shown.layer(document, SEMANTIC))
            table = _table(plain.table, blocks, look, taxonomy, by)
            drawn = shown.picked_out(Colours(numbers, table, plain.legend))
            return _Coloured(drawn, plain.table, blocks)

        return work

    def _take(self, asked: int, coloured: _Coloured) -> None:
        if asked == self._asked:
            self._coloured, self._has = coloured, asked
            legend = coloured.drawn.legend
            if legend.by is ColourBy.VELOCITY:
                self._fastest_m_s = legend.high
            self.changed.emit()


def _table(
    plain: colouring.Table,
    blocks: ClassBlocks | None,
    look: Look,
    taxonomy: Taxonomy,
    by: ColourBy,
) -> colouring.Table:
    """Return the table that is drawn: classes tinted and faded as a look wants it."""
    if by is ColourBy.LABEL:
        return class_blocks.with_faded(plain, look.faded)
    if blocks is None:
        return plain
    tints = look.tints and by not in _SAY_A_CLASS
    return class_blocks.table_in_blocks(plain, taxonomy, tints=tints, faded=look.faded)
