"""What has been decided about the candidates of a scan, and what is still open."""

import numpy as np
from psygnal import Signal

from annotator.app.ct_rule import may_measure
from annotator.app.decided import Decision
from annotator.app.focus_table import FocusTable
from annotator.app.session import Session
from annotator.commands.foci import (
    INSTANCES,
    focus_of,
    instance_of,
    is_counted,
)
from annotator.commands.foci_deciding import is_pending
from annotator.imaging.candidates import Aside, Candidates, Order, Residual, residual
from annotator.imaging.components import Ints
from annotator.model.annotations import Annotation, Origin
from annotator.model.edits import Drop, Edit, Paint, Put, parts
from annotator.model.layers import Where


class Decisions:
    """The candidates of one session's scan and what was decided about each.

    The document is the truth: a candidate is marked when foci hold all its voxels, and dismissed
    when those foci say why they are none. A suggestion that nobody has decided explains nothing;
    over a component that was set aside, it says that a person wants it decided.

    ``changed`` passes on the edit that changed the document.
    """

    changed = Signal(object)

    def __init__(self, session: Session, candidates: Candidates) -> None:
        self.session, self.candidates = session, candidates
        self._left: Residual | None = None
        self._back: Ints | None = None
        self._held: dict[int, tuple[Annotation, ...]] = {}
        self.noted_sites: dict[int, str] = {}
        """Where a person said that open candidates lie; said of the focus that each becomes."""
        self._places: dict[int, int] = {}
        session.changed.connect(self._note)

    def residual(self) -> Residual:
        """Return what nobody has explained."""
        if self._left is None:
            table = FocusTable.of(self.session)
            held = [(a, table.where(a)) for a in table.annotations() if not is_pending(a)]
            everything = _together([where for _a, where in held])
            counted = _together([where for a, where in held if not a.dismissed])
            self._left = residual(self.candidates, everything, counted, self.brought_back())
        return self._left

    def brought_back(self) -> Ints:
        """Return the numbers of what was set aside and is to be decided all the same, sorted."""
        if self._back is None:
            table = FocusTable.of(self.session)
            asked = [table.where(a) for a in table.annotations() if a.origin is Origin.SUGGESTION]
            of = np.unique(self.candidates.found.of(_together(asked)))
            of = of[of >= 0]
            self._back = np.asarray(of[self.candidates.set_aside[of]])
        return self._back

    def in_order(self, order: Order) -> Ints:
        """Return the numbers of the candidates, those that were brought back included."""
        return self.candidates.in_order(order, self.brought_back())

    def asked(self) -> int:
        """Return how many candidates there are to decide, decided ones included."""
        return int(np.count_nonzero(self.candidates.asked)) + len(self.brought_back())

    def left_aside(self) -> Ints:
        """Return the numbers of what is set aside by its size or place alone."""
        numbers = self.candidates.aside_in_order()
        seeds = self.candidates.found.seeds()[numbers]
        is_free = self.session.document.instances().take(seeds) == 0
        return np.asarray(numbers[is_free & ~np.isin(numbers, self.residual().open)])

    def aside(self) -> dict[Aside, int]:
        """Return how many components are set aside, by the reason."""
        left = self.left_aside()
        bones = int(np.count_nonzero(self.candidates.bone[left]))
        return {Aside.BONE: bones, Aside.OUTSIDE: len(left) - bones}

    def below(self, order: Order = Order.PLACE) -> Ints:
        """Return the numbers of what is smaller than the rule's least area, decided or not."""
        return self.candidates.below_in_order(order)

    def decision(self, number: int) -> Decision:
        """Return what was said about a candidate."""
        if self.is_open(number):
            return Decision.PARTLY if self.holders(number) else Decision.OPEN
        focus = self.focus(number) if self._is_spoken_of(number) else None
        if focus is None or is_pending(focus):
            is_below = bool(self.candidates.below[number])
            return Decision.BELOW if is_below else Decision.SET_ASIDE
        return Decision.DISMISSED if focus.dismissed else Decision.MARKED

    def is_open(self, number: int) -> bool:
        """Tell whether voxels of a candidate are explained by nobody."""
        left = self.residual().open
        at = int(np.searchsorted(left, number))
        return at < len(left) and int(left[at]) == number

    def focus(self, number: int) -> Annotation | None:
        """Return the focus that a candidate became; of several the first that is not dismissed."""
        held = self.foci(number)
        return next((focus for focus in held if not focus.dismissed), next(iter(held), None))

    def foci(self, number: int) -> tuple[Annotation, ...]:
        """Return all foci that hold voxels of a candidate: more than one where it was cut."""
        if number not in self._held:
            document = self.session.document
            taken = np.unique(document.instances().take(self.candidates.found.where(number)))
            told = [focus_of(document, instance) for instance in taken[taken > 0].tolist()]
            self._held[number] = tuple(focus for focus in told if focus is not None)
        return self._held[number]

    def left_over(self, number: int) -> Where:
        """Return the voxels of a candidate that nobody has explained."""
        where = self.candidates.found.where(number)
        held = [instance_of(focus) for focus in self.foci(number) if not is_pending(focus)]
        if not held:
            return where
        return where[~np.isin(self.session.document.instances().take(where), held)]

    def holders(self, number: int) -> tuple[Annotation, ...]:
        """Return the foci that a person stands for and that hold an open candidate in part.

        None where a suggestion waits for the rest.
        """
        held = self.foci(number)
        return () if any(map(is_pending, held)) else tuple(filter(is_counted, held))

    def in_wall(self) -> Ints:
        """Return the numbers of the open candidates in the chest wall."""
        left = self.residual().open
        return np.asarray(left[self.candidates.wall[left]])

    def volume_mm3(self, number: int) -> float | None:
        """Return a candidate's volume; None where the series is not measured."""
        return self.candidates.volume_mm3(number) if may_measure(self.session) else None

    def site(self, number: int) -> str:
        """Return where a person said that a candidate lies; empty where nobody has."""
        focus = self.focus(number)
        if focus is not None and self.decision(number) in {Decision.MARKED, Decision.PARTLY}:
            return str(focus.attributes.get("site", ""))
        return self.noted_sites.get(number, "")

    def guess(self, number: int) -> str:
        """Return the likeliest site of a candidate."""
        return str(self.candidates.sites[number])

    def touched(self, edit: Edit) -> Ints:
        """Return the numbers of the candidates that an edit, already made, spoke of."""
        table = FocusTable.of(self.session)
        where = []
        for part in parts(edit):
            match part:
                case Paint(layer, painted, _values) if layer == INSTANCES:
                    where.append(painted)
                case Put(annotation):
                    where.append(table.where(annotation))
                case Drop() | Paint():
                    continue
        of = np.unique(self.candidates.found.of(_together(where)))
        listed = ~self.candidates.set_aside
        listed[self.brought_back()] = True
        of = of[of >= 0]
        return np.asarray(of[listed[of]])

    def number_of(self, annotation: Annotation) -> int | None:
        """Return of which candidate a focus is, or is a part; None where of none, or of several."""
        of = self.candidates.found.of(FocusTable.of(self.session).where(annotation))
        of = np.unique(of[of >= 0])
        return int(of[0]) if len(of) == 1 else None

    def next_open(self, order: Order, after: int | None) -> int | None:
        """Return the next candidate that is open, in an order; None when all are decided."""
        numbers = self.in_order(order)
        is_open = np.isin(numbers, self.residual().open)
        if not is_open.any():
            return None
        at = np.flatnonzero(numbers == after) if after is not None else np.zeros(0, np.int64)
        start = int(at[0]) + 1 if len(at) else 0
        rolled = np.roll(np.arange(len(numbers)), -start)
        return int(numbers[rolled[is_open[rolled]][0]])

    def stop_listening(self) -> None:
        """Take no more notice of the session."""
        self.session.changed.disconnect(self._note, missing_ok=True)

    def center(self, number: int) -> tuple[int, int, int]:
        """Return the voxel (i, j, k) to look at: in the middle of what no focus holds yet."""
        where = self.candidates.found.where(number)
        left = where[self.session.document.instances().take(where) == 0]
        if not len(left) or len(left) == len(where):
            return self.candidates.center(number)
        at = np.stack(np.unravel_index(left, self.candidates.found.shape), axis=1)
        k, j, i = at[((at - at.mean(axis=0)) ** 2).sum(axis=1).argmin()].tolist()
        return (i, j, k)

    def place(self, number: int) -> int:
        """Return the slice on which a candidate is largest, as people count."""
        if number not in self._places:
            self._places[number] = self.candidates.center(number)[2] + 1
        return self._places[number]

    def _is_spoken_of(self, number: int) -> bool:
        """Tell whether a focus holds a candidate, by its first voxel: a spine has a million."""
        seeds = self.candidates.found.seeds()[number : number + 1]
        return bool(self.session.document.instances().take(seeds)[0])

    def _note(self, edit: Edit) -> None:
        self._left = self._back = None
        self._held.clear()
        self.changed.emit(edit)


def _together(parts: list[Where]) -> Where:
    return np.sort(np.concatenate(parts)) if parts else np.zeros(0, np.int64)
