"""What has been decided about the candidates of a scan, and what is still open."""

from collections.abc import Mapping

import numpy as np
from psygnal import Signal

from annotator.app.ct_rule import may_measure
from annotator.app.decided import Decision, pattern_title
from annotator.app.focus_table import FocusTable
from annotator.app.session import Session
from annotator.commands.foci import (
    INSTANCES,
    NO_EDIT,
    dismiss,
    focus_of,
    instance_of,
    is_counted,
    mark_focus,
    remove_foci,
    set_attribute,
    suggest_foci,
)
from annotator.commands.foci_deciding import decide_foci, decide_free, is_pending
from annotator.errors import AnnotatorError
from annotator.i18n import gettext as _
from annotator.imaging.candidates import Aside, Candidates, Order, Residual, residual
from annotator.imaging.components import Ints
from annotator.model.annotations import Annotation, AnnotationId, AttributeValue, Origin, new_id
from annotator.model.edits import Batch, Drop, Edit, Paint, Put, parts
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
        self._sites: dict[int, str] = {}
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

    def bring_back(self, number: int, label: str) -> None:
        """Put a component that was set aside to the person: it is open until decided."""
        where = self.candidates.found.where(number)
        edit = mark_focus(self.session.document, where, label, origin=Origin.SUGGESTION)
        if edit != NO_EDIT:
            self.session.do(edit, _("Bring back"))

    def decision(self, number: int) -> Decision:
        """Return what was said about a candidate."""
        if self._is_open(number):
            return Decision.PARTLY if self._holders(number) else Decision.OPEN
        focus = self.focus(number) if self._is_spoken_of(number) else None
        if focus is None or is_pending(focus):
            is_below = bool(self.candidates.below[number])
            return Decision.BELOW if is_below else Decision.SET_ASIDE
        return Decision.DISMISSED if focus.dismissed else Decision.MARKED

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

    def accept(
        self,
        number: int,
        label: str,
        attributes: Mapping[str, AttributeValue] | None = None,
    ) -> AnnotationId | None:
        """Mark a candidate as a focus; one that was dismissed is taken up again.

        Of a candidate that foci hold already, these are accepted as they were shaped, with all
        that was said of them. Of one that they hold in part, a pattern is theirs and leaves the
        rest open; without one, the rest joins the first.
        Only what a person said of it is noted: its likeliest site stays a guess until `say_site`.
        """
        said = dict(attributes or {})
        if number in self._sites:
            said["site"] = self._sites[number]
        pattern = str(said.get("pattern", ""))
        what = pattern_title(pattern) if pattern else ""
        if not pattern and self.decision(number) is Decision.PARTLY:
            what = _("what was left out")
        return self._decide(number, label, self._named(_("Accept"), what, number), said)

    def dismiss(self, number: int, label: str, reason: str) -> None:
        """Say why a candidate, or what foci leave of it, is no calcification.

        Raises
        ------
        AnnotatorError
            If a focus that would be dismissed reaches beyond the candidate.
        """
        if self._is_shared(number):
            says = _(
                "it is part of a larger focus; cut that with the scissors, or delete it, first"
            )
            raise AnnotatorError(says)
        self._decide(number, label, self._named(_("Dismiss"), _(reason), number), {}, reason)

    def _decide(
        self,
        number: int,
        label: str,
        text: str,
        said: Mapping[str, AttributeValue],
        reason: str = "",
    ) -> AnnotationId | None:
        """Say something of the foci that hold a candidate; make one where there is none."""
        document, where = self.session.document, self.candidates.found.where(number)
        held = self._spoken_of(number) if reason else self._accepted_of(number)
        id_ = held[0].id if held else new_id()
        if held:
            takes_rest = is_pending(held[0]) or not (said.get("pattern") or reason)
            rest, guess = where if takes_rest else where[:0], self.guess(number)
            edit = decide_foci(document, held, rest, said=said, guess=guess, reason=reason)
        else:
            edit = decide_free(document, where, label, id=id_, said=said, reason=reason)
        if edit == NO_EDIT:
            return None
        self.session.do(edit, text)
        return id_

    def _is_spoken_of(self, number: int) -> bool:
        """Tell whether a focus holds a candidate, by its first voxel: a spine has a million."""
        seeds = self.candidates.found.seeds()[number : number + 1]
        return bool(self.session.document.instances().take(seeds)[0])

    def _spoken_of(self, number: int) -> tuple[Annotation, ...]:
        """Return the foci that a decision speaks of: of an open candidate only suggestions.

        What a person said of a part of it stays, whatever is said of the rest.
        """
        held = self.foci(number)
        if self._is_open(number):
            return tuple(filter(is_pending, held))
        return tuple(filter(is_counted, held)) or held

    def _accepted_of(self, number: int) -> tuple[Annotation, ...]:
        """Return the foci that are accepted: a person's own where they hold a part of it."""
        is_partly = self.decision(number) is Decision.PARTLY
        return self._holders(number) if is_partly else self._spoken_of(number)

    def _holders(self, number: int) -> tuple[Annotation, ...]:
        """Return the foci that a person stands for and that hold an open candidate in part.

        None where a suggestion waits for the rest.
        """
        held = self.foci(number)
        return () if any(map(is_pending, held)) else tuple(filter(is_counted, held))

    def _is_shared(self, number: int) -> bool:
        """Tell whether a focus that a decision would speak of reaches beyond the candidate."""
        return any(self._reaches_beyond(focus, number) for focus in self._spoken_of(number))

    def _reaches_beyond(self, focus: Annotation, number: int) -> bool:
        """Tell whether a focus holds voxels of others than one candidate, or below the rule."""
        of = self.candidates.found.of(FocusTable.of(self.session).where(focus))
        return bool((of != number).any())

    def in_wall(self) -> Ints:
        """Return the numbers of the open candidates in the chest wall."""
        left = self.residual().open
        return np.asarray(left[self.candidates.wall[left]])

    def dismiss_wall(self, label: str, reason: str) -> int:
        """Say of all open candidates in the chest wall, in one step, why they are none.

        Those that a focus shares with other candidates stay open.

        Returns
        -------
        int
            How many were dismissed.
        """
        numbers = [n for n in self.in_wall().tolist() if not self._is_shared(n)]
        whole = [focus for n in numbers for focus in self._spoken_of(n)]
        parts = [self.candidates.found.where(n) for n in numbers]
        edit = Batch(
            (
                dismiss(self.session.document, [focus.id for focus in whole], reason),
                suggest_foci(self.session.document, parts, label, dismissed=reason),
            )
        )
        told = _("Dismiss {n} in the chest wall: {reason}")
        self.session.do(edit, told.format(n=len(numbers), reason=_(reason)))
        return len(numbers)

    def open_again(self, number: int) -> None:
        """Take back what was decided about a candidate, whenever that was.

        Raises
        ------
        AnnotatorError
            If it is a part of a larger focus, or was cut into several.
        """
        held = self.foci(number)
        if not held or self.decision(number) is Decision.OPEN:
            return
        if len(held) > 1:
            raise AnnotatorError(_("several foci hold it; delete them in the list"))
        if self._reaches_beyond(held[0], number):
            raise AnnotatorError(_("it is part of a larger focus; delete that in the list"))
        edit = remove_foci(self.session.document, (held[0].id,))
        self.session.do(edit, self._named(_("Open again"), "", number))

    def volume_mm3(self, number: int) -> float | None:
        """Return a candidate's volume; None where the series is not measured."""
        return self.candidates.volume_mm3(number) if may_measure(self.session) else None

    def say_site(self, number: int, site: str) -> None:
        """Say where a candidate lies; of an open one it is noted when it is accepted."""
        match self.decision(number):
            case Decision.MARKED | Decision.PARTLY:
                ids = [focus.id for focus in self.foci(number) if not focus.dismissed]
                edit = set_attribute(self.session.document, ids, "site", site)
                self.session.do(edit, self._named(_("Site"), _(site), number))
            case Decision.OPEN | Decision.BELOW:
                self._sites[number] = site
            case _other:
                return

    def site(self, number: int) -> str:
        """Return where a person said that a candidate lies; empty where nobody has."""
        focus = self.focus(number)
        if focus is not None and self.decision(number) in {Decision.MARKED, Decision.PARTLY}:
            return str(focus.attributes.get("site", ""))
        return self._sites.get(number, "")

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

    def _named(self, verb: str, what: str, number: int) -> str:
        """Name a step so that the history says what it was about."""
        told = f"{verb}: {what}" if what else verb
        return _("{what} (slice {slice})").format(what=told, slice=self.place(number))

    def _is_open(self, number: int) -> bool:
        left = self.residual().open
        at = int(np.searchsorted(left, number))
        return at < len(left) and int(left[at]) == number

    def _note(self, edit: Edit) -> None:
        self._left = self._back = None
        self._held.clear()
        self.changed.emit(edit)


def _together(parts: list[Where]) -> Where:
    return np.sort(np.concatenate(parts)) if parts else np.zeros(0, np.int64)
