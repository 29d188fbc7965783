"""What the keys of the candidate rail do, in words: names at a glance, meanings on demand."""

from itertools import zip_longest

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QStackedLayout, QVBoxLayout, QWidget

from annotator.app.below_the_rule import below_in_words
from annotator.app.closing import closed_in_words
from annotator.app.decided import Decision, pattern_title
from annotator.app.decisions import Decisions
from annotator.app.keymap import in_use
from annotator.app.missing import missing, nothing_open_in_words
from annotator.i18n import gettext as _
from annotator.i18n import mark, ngettext
from annotator.imaging.leaks import leak_of
from annotator.model.labels import PATTERNS
from annotator.tools.keys import key_word, keyed
from annotator.tools.leak_words import leak_in_words
from annotator.views.key_events import key_words
from annotator.views.text_roles import set_role

_MEANINGS = {
    "popcorn": mark("clumps of rounded bright spots, like popcorn"),
    "laminated": mark("bright rings around each other"),
    "solid": mark("bright nearly all through"),
    "non-central": mark("bright at one side, off the middle"),
    "central": mark("a bright core in the middle of soft tissue"),
    "absent": mark("none of these can be told; LIDC's 6, “absent”"),
}


def pattern_meanings() -> str:
    """Return what each pattern looks like, as rich text, with its key in the rail."""
    lines = (
        f"<b>{key_word(f'rail.pattern_{n}')} {pattern_title(p)}</b> – {_(_MEANINGS[p])}"
        for n, p in enumerate(PATTERNS, start=1)
    )
    return "<br>".join(lines)


def why_unasked(decisions: Decisions, number: int) -> str:
    """Say why a component is not put to a person; empty where it is."""
    candidates = decisions.candidates
    match decisions.decision(number):
        case Decision.BELOW:
            return below_in_words(candidates.rule)
        case Decision.SET_ASIDE if candidates.bone[number]:
            return _("set aside as bone or contrast")
        case Decision.SET_ASIDE:
            return _("set aside: in the skin, or outside")
        case _other:
            return ""


def doubt_in_words(decisions: Decisions, number: int) -> str:
    """Say what speaks against a candidate, by the rule that guards a click; empty if nothing."""
    candidates, volume = decisions.candidates, decisions.session.context.volume
    if volume is None:
        return ""
    leak = leak_of(candidates.found.where(number), volume, candidates)
    return leak_in_words(leak, candidates.blood)


def residual_in_words(decisions: Decisions, *, is_closed: bool = False) -> str:
    """Say how many pieces nobody has explained, and the key to the next; also where none is."""
    left = decisions.residual()
    pieces, below = len(left.open), len(left.below)
    if not pieces:
        says = nothing_open_in_words(missing(decisions))
        says = closed_in_words(decisions.session) if is_closed else says
    else:
        says = ngettext(
            "What nobody has explained of {pieces} candidate is magenta"
            " · {view_next_open} goes to it",
            "What nobody has explained of {pieces} candidates is magenta, the chosen one bold"
            " · {view_next_open} goes to the next",
            pieces,
        )
    if below:
        says += " · " + ngettext(
            "{below} marked voxel below the rule is violet",
            "{below} marked voxels below the rule are violet",
            below,
        )
        says += "" if pieces else " · " + _("{view_next_open} goes to what holds them")
    return keyed(says, pieces=pieces, below=below)


def left_out_in_words(count: int) -> str:
    """Say how many voxels of a candidate a person's focus leaves out."""
    says = ngettext(
        "{count} voxel that you left out reaches the rule",
        "{count} voxels that you left out reach the rule",
        count,
    )
    return says.format(count=count)


class RailHint(QWidget):
    """Two lines of keys; one sentence instead, in as much room, while the keys go elsewhere."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._accepting, self._going = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self._away = QLabel(wordWrap=True)
        self._said: tuple[str, ...] = ()
        keys = QWidget()
        lines = QVBoxLayout(keys)
        lines.setContentsMargins(10, 0, 0, 0)
        lines.setSpacing(1)
        lines.addWidget(self._accepting)
        lines.addWidget(self._going)
        self._pages = QStackedLayout(self)
        self._away.setContentsMargins(10, 0, 0, 0)
        for page in (keys, self._away):
            policy = page.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            page.setSizePolicy(policy)
            self._pages.addWidget(page)
        for label in (self._accepting, self._going, self._away):
            # A window must not grow because of a line of keys.
            label.setMinimumWidth(1)
            label.setTextFormat(Qt.TextFormat.RichText)
        set_role(self._away, "warning")
        self._away.setAlignment(Qt.AlignmentFlag.AlignTop)

    def say(
        self,
        *,
        has_keys: bool,
        is_aside: bool,
        is_closed: bool = False,
        left_out: int = 0,
        site: str = "",
        is_guess: bool = False,
    ) -> None:
        """Say which keys decide, as they are now.

        Parameters
        ----------
        is_closed
            Whether the scan is closed: then no key decides.
        left_out
            How many voxels of the chosen candidate a person's focus leaves out.
        site, is_guess
            Where the chosen candidate lies, and whether nobody but the program says so.
        """
        where = _site(site, is_guess=is_guess)
        lines = _lines(where, is_aside=is_aside, left_out=left_out)
        lines = (_closed(),) if is_closed else lines
        for label, line in zip_longest((self._accepting, self._going), lines, fillvalue=""):
            assert isinstance(label, QLabel)
            label.setText(_with_bold_keys(line))
            label.setVisible(bool(line))
        elsewhere = _closed() if is_closed else _elsewhere(left_out)
        self._away.setText(elsewhere)
        self._said = lines if has_keys else (elsewhere,)
        self._pages.setCurrentIndex(0 if has_keys else 1)
        self._accepting.setToolTip(_explained(f"{pattern_meanings()}<br>{_site_explained()}"))
        self._going.setToolTip(_explained(_reasons_explained()))

    def text(self) -> str:
        """Return what is read now."""
        return " ".join(self._said).replace("<b>", "").replace("</b>", "")


def _closed() -> str:
    says = _(
        "This scan is closed: no key decides a candidate. To decide one anew, click its card and"
        " press <b>{rail_reopen}</b>: that takes its decision back, and the scan is open again."
    )
    return keyed(says)


def _elsewhere(left_out: int) -> str:
    if left_out:
        says = _(
            "{left_out}. Keys go to the picture now: after <b>{view_candidates}</b>,"
            " <b>{rail_accept}</b> takes them in and <b>{rail_dismiss}</b> dismisses them."
        )
        return keyed(says, left_out=left_out_in_words(left_out))
    says = _(
        "Keys go to the picture now. Press <b>{view_candidates}</b>, or click a card:"
        " then keys decide candidates."
    )
    return keyed(says)


def _lines(where: str, *, is_aside: bool, left_out: int) -> tuple[str, ...]:
    """Return what is said of the keys that decide, keys in bold."""
    if is_aside:
        says = _("<b>{rail_accept}</b> brings back what is to be decided  <b>{rail_next}</b> next")
        return (keyed(says),)
    return (_taking_in(left_out) if left_out else _accepting(where), _dismissing())


def _taking_in(left_out: int) -> str:
    says = _(
        "{left_out}  <b>{rail_accept}</b> takes them in  <b>{rail_dismiss}</b> dismisses them"
        "  <b>{first}–{last}</b> pattern of the focus"
    )
    first, last = (key_word(f"rail.pattern_{n}") for n in (1, len(PATTERNS)))
    return keyed(says, left_out=left_out_in_words(left_out), first=first, last=last)


def _site(site: str, *, is_guess: bool) -> str:
    """Say the site, and the key that notes it, which has to come before the one that accepts."""
    if not site:
        return ""
    says = _("First <b>{rail_site}</b> if its site is {site}") if is_guess else _("Site {site}")
    return keyed(says, site=_(site)) + "  "


def _accepting(where: str) -> str:
    patterns = "  ".join(
        f"<b>{key_word(f'rail.pattern_{n}')}</b> {pattern_title(p)}"
        for n, p in enumerate(PATTERNS, 1)
    )
    says = _("Accept  <b>{rail_accept}</b>  or as  {patterns}")
    return where + keyed(says, patterns=patterns)


def _dismissing() -> str:
    says = _(
        "Dismiss  <b>{rail_bone}</b> bone  <b>{rail_vessel_wall}</b> vessel wall"
        "  <b>{rail_contrast}</b> contrast  <b>{rail_artefact}</b> artefact"
        "  <b>{rail_other}</b> other  <b>{rail_next}</b> next  <b>{rail_back}</b> back"
        "  <b>{mediastinum}</b> mediastinum  <b>{calcium}</b> calcium window"
        "  <b>{view_hide_mask}</b> held hides the fill"
    )
    return keyed(
        says,
        mediastinum=_free_key("window.mediastinum"),
        calcium=_free_key("window.calcium"),
    )


def _with_bold_keys(line: str) -> str:
    """Return a line as rich text that breaks between keys only, never after one."""
    whole = line if "  " not in line else ""
    parts = (part.strip().replace(" ", "&nbsp;") for part in line.split("  "))
    return whole or " &nbsp;".join(parts)


def _free_key(action_id: str) -> str:
    """Return a key of an action that the rail leaves to the window."""
    keys = in_use().keys
    taken = {key for row, own in keys.items() if row.startswith("rail.") for key in own}
    return key_words([key for key in keys[action_id] if key not in taken][:1])


def _reasons_explained() -> str:
    return keyed(
        _(
            "Dismissed: it is no focus of this task, and this is why. {rail_vessel_wall} says that"
            " it is a vessel's wall and not to be marked. A focus that is to be marked and lies in"
            " a vessel's wall is accepted; its site is set with {focus_site_5}."
            " {rail_reopen} takes the decision of the chosen card back."
        )
    )


def _site_explained() -> str:
    says = _(
        "<b>{rail_site}</b> notes the site that the card guesses, which has a question mark until"
        " then. {focus_site_1} to {focus_site_8} note another."
    )
    return keyed(says)


def _explained(text: str) -> str:
    # Rich, so that Qt breaks the lines.
    return f"<qt>{text}</qt>"
