"""What the Focus menu does with the selected foci."""

from collections.abc import Callable
from functools import partial

from annotator.app.decided import pattern_title
from annotator.app.focus_table import FocusTable
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.app.unanswered import PATTERN
from annotator.commands.foci import (
    NO_EDIT,
    assign_to_nodule,
    foci,
    grow_by_a_voxel,
    merge_foci,
    remove_islands,
    set_attribute,
    shrink_by_a_voxel,
    split_focus,
)
from annotator.commands.foci_shaping import fill_between
from annotator.errors import AnnotatorError
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation, AnnotationId
from annotator.model.edits import Edit
from annotator.model.labels import NODULE, PATTERNS, SITES
from annotator.model.layers import Where
from annotator.model.shapes import Focus
from annotator.model.volume import Volume
from annotator.tools.keys import keyed
from annotator.views.ct.image_view import ImageView
from annotator.views.dialogs.rule import ask_rule

ISLAND_MM3 = 1.0
SMALLEST_ISLAND = 4
"""Parts of fewer voxels, or of less than 1 mm³, are islands."""


_Merged = tuple[Annotation, tuple[tuple[Where, Annotation], ...]]
"""What a focus said when others were merged into it, and the voxels and answers of each."""


class FocusVerbs:
    """Reshapes, merges and describes what is selected, one step each."""

    def __init__(self, session: Session, selection: Selection, view: ImageView) -> None:
        self._session, self._selection, self._view = session, selection, view
        self._merged: dict[AnnotationId, _Merged] = {}
        self.does: dict[str, Callable[[], object]] = {
            "edit.select_all": self.select_all,
            "focus.merge": self.merge,
            "focus.split": self.split,
            "focus.islands": self.remove_islands,
            "focus.grow": self.grow,
            "focus.shrink": self.shrink,
            "focus.between": self.fill_between,
            "focus.nodule": self.assign_to_nodule,
            "focus.rule": self.ask_rule,
        }
        for number, pattern in enumerate(PATTERNS, start=1):
            self.does[f"focus.pattern_{number}"] = partial(self.describe, "pattern", pattern)
        for number, site in enumerate(SITES, start=1):
            self.does[f"focus.site_{number}"] = partial(self.describe, "site", site)

    def select_all(self) -> None:
        """Select every focus of the series."""
        self._selection.set(tuple(self._session.document.annotations))

    def merge(self) -> None:
        """Make one focus of the selected ones; the first keeps its class and attributes."""
        chosen = self._foci()
        if len(chosen) < 2:
            raise AnnotatorError(_("select the foci to merge first, with Ctrl in the list"))
        place = FocusTable.of(self._session).largest_slice(chosen[0]) + 1
        before = tuple(told for focus in chosen for told in self._before(focus))
        ids = tuple(focus.id for focus in chosen)
        self._session.do(merge_foci(self._session.document, ids), _("Merge foci"))
        self._merged[ids[0]] = (chosen[0], before)
        self._selection.set(ids[:1])
        told = _("{n} foci are one now, with the answers of the one on slice {slice}")
        self._view.told.emit(told.format(n=len(ids), slice=place))

    def split(self) -> None:
        """Make a focus of each part that hangs together; what was merged has its answers again."""
        focus, held = self._focus(), len(foci(self._session.document))
        edit = split_focus(self._session.document, focus, self._before(focus))
        self._do(edit, _("Split focus"), _("it hangs together; cut it with the scissors"))
        told = _("1 focus is {n} now; each has the answers that it had before")
        self._view.told.emit(told.format(n=1 + len(foci(self._session.document)) - held))

    def remove_islands(self) -> None:
        """Take small parts away that lie apart."""
        fewest = max(SMALLEST_ISLAND, round(ISLAND_MM3 / self._volume().series.voxel_mm3))
        edit = remove_islands(self._session.document, self._focus(), fewer_than=fewest)
        self._do(edit, _("Remove islands"), _("it has no islands"))

    def grow(self) -> None:
        """Add the neighbouring voxels that the brush's range allows."""
        assert self._view.runner is not None
        low_hu = self._view.runner.scene.marking.brush.low_hu
        edit = grow_by_a_voxel(
            self._session.document, self._focus(), self._volume().hu, at_least_hu=low_hu
        )
        why_not = _("no free neighbour reaches {hu:.0f} HU, the brush's least").format(hu=low_hu)
        self._do(edit, _("Grow by a voxel"), why_not)

    def shrink(self) -> None:
        """Take the outermost voxels of each slice away."""
        edit = shrink_by_a_voxel(self._session.document, self._focus())
        self._do(edit, _("Shrink by a voxel"), _("nothing would be left of it"))

    def fill_between(self) -> None:
        """Fill the slices that were left out between those that were drawn."""
        spacing_mm = self._volume().series.spacing_mm
        edit = fill_between(self._session.document, self._focus(), spacing_mm)
        self._do(edit, _("Fill between slices"), _("no slice between its slices is empty"))

    def assign_to_nodule(self) -> None:
        """Say that the selected calcifications belong to the selected nodule."""
        chosen = self._foci()
        nodules = [focus for focus in chosen if focus.label == NODULE]
        if len(nodules) != 1 or len(chosen) < 2:
            raise AnnotatorError(
                _("select one nodule and the foci that lie in it, with Ctrl in the list")
            )
        ids = [focus.id for focus in chosen]
        edit = assign_to_nodule(self._session.document, ids, nodules[0])
        self._session.do(edit, _("Set nodule"))

    def describe(self, attribute: str, value: str) -> None:
        """Answer a question about all that is selected, or about the candidate that is open."""
        if self._selection.offer is not None:
            self._describe_candidate(attribute, value)
            return
        ids: tuple[AnnotationId, ...] = tuple(focus.id for focus in self._foci())
        if ids:
            edit = set_attribute(self._session.document, ids, attribute, value)
            told = pattern_title(value) if attribute == PATTERN else _(value)
            self._session.do(edit, _("Set {name}").format(name=told))

    def _describe_candidate(self, attribute: str, value: str) -> None:
        """Say where the open candidate lies, or accept it with its pattern; only the rail may."""
        rail = self._view.rail
        if not rail.has_keys():
            says = _("nobody has decided this candidate: press {view_candidates} to do so")
            raise AnnotatorError(keyed(says))
        if attribute == "site":
            rail.verbs.say_site(value)
        else:
            rail.verbs.accept(value)

    def ask_rule(self) -> None:
        """Ask for another rule, for the whole project."""
        ask_rule(self._session, self._view)

    def _before(self, focus: Annotation) -> tuple[tuple[Where, Annotation], ...]:
        """Return the voxels and answers of what was merged into a focus, else its own.

        What was said of the whole since then holds for each part of it.
        """
        merged = self._merged.get(focus.id)
        if merged is not None and merged[0] == focus:
            return merged[1]
        return ((FocusTable.of(self._session).where(focus), focus),)

    def _do(self, edit: Edit, text: str, why_not: str) -> None:
        if edit == NO_EDIT:
            raise AnnotatorError(why_not)
        self._session.do(edit, text)

    def _foci(self) -> list[Annotation]:
        chosen = self._selection.annotations(self._session.document)
        return [one for one in chosen if isinstance(one.shape, Focus)]

    def _focus(self) -> Annotation:
        chosen = self._foci()
        if len(chosen) != 1:
            raise AnnotatorError(_("select one focus first"))
        return chosen[0]

    def _volume(self) -> Volume:
        volume = self._session.context.volume
        if volume is None:
            raise AnnotatorError(_("the series is still being read; try again in a moment"))
        return volume
