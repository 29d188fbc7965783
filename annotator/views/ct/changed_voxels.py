"""Which voxels look different since a view last looked."""

from annotator.app.focus_table import FocusTable
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.commands.foci import INSTANCES
from annotator.model.annotations import AnnotationId
from annotator.model.edits import Drop, Edit, Paint, Put, parts
from annotator.model.layers import Where

MOST_VOXELS, MOST_PARTS = 50_000, 32
"""Beyond this, drawing everything is as quick."""


class ChangedVoxels:
    """Collects edits and selections until somebody draws them."""

    def __init__(self, session: Session, selection: Selection) -> None:
        self._session, self._selection = session, selection
        self._shown_ids: tuple[AnnotationId, ...] = selection.ids
        self._parts: list[Where] | None = []

    def add_everything(self) -> None:
        """Note that anything may look different."""
        self._parts = None

    def add_edit(self, edit: Edit) -> None:
        """Note the voxels that an edit painted, and those of what it put."""
        table, paints = FocusTable.of(self._session), False
        for part in parts(edit):
            match part:
                case Paint(layer, where, _values) if layer == INSTANCES:
                    paints = True
                    self._add(where)
                case Put(annotation) if paints and table.is_new(annotation):
                    pass  # its voxels were painted just now
                case Put(annotation):
                    self._add(table.where(annotation))
                case Drop() if paints:
                    pass  # its voxels were painted away
                case _:
                    self.add_everything()

    def add_selection(self) -> None:
        """Note what is selected now and was not, or was and is not.

        What edits painted meanwhile was noted with them.
        """
        table, known = FocusTable.of(self._session), self._session.document.annotations
        for each in set(self._shown_ids) ^ set(self._selection.ids):
            if each in known:
                self._add(table.where_last_counted(known[each]))
        self._shown_ids = self._selection.ids

    def taken(self) -> list[Where] | None:
        """Return what changed and forget it; None where it may be everything."""
        changed, self._parts = self._parts, []
        return changed

    def _add(self, where: Where) -> None:
        if self._parts is None or not len(where):
            return
        self._parts.append(where)
        if len(self._parts) > MOST_PARTS or len(where) > MOST_VOXELS:
            self._parts = None
