"""What a person decides about the chosen candidate, in the rail."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from annotator.app import deciding
from annotator.app.decided import OFFERED, REASONS, Decision, pattern_title
from annotator.app.decisions import Decisions
from annotator.errors import AnnotatorError
from annotator.i18n import gettext as _
from annotator.model.labels import PATTERNS
from annotator.tools.keys import keyed
from annotator.views.ct.rail_head import Listed
from annotator.views.ct.reason_menu import ask_reason

if TYPE_CHECKING:
    from annotator.views.ct.candidate_rail import CandidateRail


class RailVerbs:
    """Decides, says what was decided, and goes on; remembers in which order."""

    def __init__(self, rail: "CandidateRail") -> None:
        self._rail = rail
        self._past: list[int] = []
        self.does: dict[str, Callable[[], None]] = {
            "rail.accept": self.accept,
            "rail.dismiss": self.ask_reason,
            **{f"rail.{r.replace(' ', '_')}": partial(self.dismiss_open, r) for r in REASONS},
            **{f"rail.pattern_{n}": partial(self.accept, p) for n, p in enumerate(PATTERNS, 1)},
            "rail.site": self.say_site,
            "rail.next": self.go_to_next,
            "rail.card_left": partial(self._rail.cards.choose_beside, -1),
            "rail.card_right": partial(self._rail.cards.choose_beside, 1),
            "rail.back": self.choose_last,
            "rail.reopen": self.open_again,
        }
        """Actions of the table, by id."""

    def attempt(self, does: Callable[[], None]) -> None:
        """Do something, or say why it cannot be done."""
        try:
            does()
        except AnnotatorError as refused:
            self._rail.head.say_last(str(refused))

    def accept(self, pattern: str = "") -> None:
        """Mark the chosen candidate, with a pattern if one is given, and go to the next.

        What was set aside is brought back instead.
        """
        if self._rail.head.listed() is Listed.ASIDE:
            self.bring_back()
            return
        decisions, number = self._rail.decisions, self._rail.current()
        if decisions is None or number is None:
            return
        said = {"pattern": pattern} if pattern else {}
        if deciding.accept(decisions, number, self._label(), said) is not None:
            focus = decisions.focus(number)
            noted = str(focus.attributes.get("pattern", "")) if focus is not None else ""
            told = pattern_title(noted) if noted else _("no pattern yet")
            self._go_on_after(number, _("Accepted: {what}, slice {slice}"), told)

    def dismiss(self, reason: str) -> None:
        """Say why the chosen candidate is no calcification, and go to the next."""
        chosen = self._candidate()
        if chosen is not None:
            decisions, number = chosen
            deciding.dismiss(decisions, number, self._label(), reason)
            self._go_on_after(number, _("Dismissed: {what}, slice {slice}"), _(reason))

    def dismiss_open(self, reason: str) -> None:
        """Dismiss by one key; never what was accepted.

        Raises
        ------
        AnnotatorError
            If the chosen candidate was accepted: that takes a second key.
        """
        chosen = self._candidate()
        if chosen is not None and chosen[0].decision(chosen[1]) is Decision.MARKED:
            says = _("Accepted: {rail_dismiss} lists reasons, {rail_reopen} opens it again")
            raise AnnotatorError(keyed(says))
        self.dismiss(reason)

    def ask_reason(self) -> None:
        """Offer the reasons above the card."""
        corner = self._rail.cards.above_chosen()
        ask_reason(self._rail, corner, lambda why: self.attempt(partial(self.dismiss, why)))

    def dismiss_wall(self, reason: str) -> None:
        """Say of all that is open in the chest wall, at once, why it is no calcification."""
        decisions = self._rail.decisions
        if decisions is not None:
            count = deciding.dismiss_wall(decisions, self._label(), reason)
            told = _("Dismissed: {what}, {n} in the chest wall")
            self._rail.head.say_last(told.format(what=_(reason), n=count))
            self._rail.stay_or_go_on()

    def ask_about_wall(self) -> None:
        """Offer the reasons for all that is open in the chest wall."""
        assert self._rail.decisions is not None
        title = _("Dismiss all {n} in the chest wall as")
        ask_reason(
            self._rail,
            self._rail.head.above_wall(),
            lambda why: self.attempt(partial(self.dismiss_wall, why)),
            title=title.format(n=len(self._rail.decisions.in_wall())),
        )

    def say_site(self, site: str = "") -> None:
        """Say where the chosen candidate lies; without a site, where it was guessed to lie."""
        chosen = self._candidate()
        if chosen is not None:
            decisions, number = chosen
            deciding.say_site(decisions, number, site or decisions.guess(number))
            self._rail.recount()
            self._rail.shown.tell(number)

    def open_again(self) -> None:
        """Take back what was decided about the chosen candidate."""
        chosen = self._candidate()
        if chosen is None:
            return
        decisions, number = chosen
        if decisions.decision(number) in OFFERED:
            self._rail.head.say_last(_("Nobody has decided this candidate"))
            return
        deciding.open_again(decisions, number)
        told = _("Open again: slice {slice}").format(slice=decisions.place(number))
        self._rail.head.say_last(told)
        self._rail.recount()
        self._rail.choose(number)

    def bring_back(self) -> None:
        """Make a candidate of the chosen piece that was set aside."""
        decisions, number = self._rail.decisions, self._rail.current()
        if decisions is not None and number is not None:
            deciding.bring_back(decisions, number, self._label())
            self._rail.head.list_only(Listed.CANDIDATES)
            self._rail.choose(number)

    def go_to_next(self) -> None:
        """Choose the next open candidate; where others are listed, the next of these."""
        if self._rail.head.listed() is Listed.CANDIDATES:
            self._rail.choose_next()
        else:
            self._rail.cards.choose_after()

    def choose_last(self) -> None:
        """Choose the candidate that was decided last, to decide it anew; then the one before.

        After the last of a scan that is the card that is chosen still.
        """
        decisions = self._rail.decisions
        while self._past and decisions is not None:
            number = self._past.pop()
            if self._rail.cards.lists(number):
                self._rail.choose(number)
                told = _("Decided before: slice {slice}").format(slice=decisions.place(number))
                self._rail.head.say_last(told)
                return
        self._rail.head.say_last(_("No other was decided since this scan was opened"))

    def forget_order(self) -> None:
        """Go back to nothing: the candidates are others now."""
        self._past.clear()

    def _candidate(self) -> tuple[Decisions, int] | None:
        """Return the chosen candidate with all decisions; None where it was set aside."""
        decisions, number = self._rail.decisions, self._rail.current()
        if decisions is None or number is None or self._rail.head.listed() is Listed.ASIDE:
            return None
        return decisions, number

    def _go_on_after(self, number: int, told: str, what: str) -> None:
        """Remember what was decided, say it, and go on."""
        assert self._rail.decisions is not None
        self._past = [*(n for n in self._past if n != number), number]
        place = self._rail.decisions.place(number)
        self._rail.head.say_last(told.format(what=what, slice=place))
        if self._rail.left_out(number):
            self._rail.recount()
            self._rail.choose(number)
        elif self._rail.head.listed() is Listed.BELOW:
            self._rail.recount()
            self._rail.cards.choose_after()
        else:
            self._rail.go_on()

    def _label(self) -> str:
        labels = [label.name for label in self._rail.session.taxonomy]
        chosen = self._rail.selection.label
        return chosen if chosen in labels else next(iter(labels), "calcification")
