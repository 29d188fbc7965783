"""Carries out the actions of the Points menu on the selected instances of points."""

from collections.abc import Callable
from functools import partial

from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.commands.belonging import box_around_instance, label_points_of
from annotator.commands.instances import (
    class_of,
    grow_instance,
    invert_instance,
    merge_instances,
    next_instance,
    shrink_instance,
)
from annotator.commands.points import NO_EDIT
from annotator.errors import AnnotatorError
from annotator.geometry.neighbours import PointIndex
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation
from annotator.model.document import Document
from annotator.model.edits import Edit
from annotator.tools.clicks import surveyed
from annotator.tools.one_by_one import Change, one_by_one
from annotator.tools.painting import labelled_in_words, rows_inside
from annotator.tools.tool import CLEAR, Reply
from annotator.views.cloud.cloud_view import CloudView


class PointVerbs:
    """Merges, inverts, grows and shrinks instances, and goes from points to a box and back."""

    def __init__(self, session: Session, selection: Selection, view: CloudView) -> None:
        self._session, self._selection, self._view = session, selection, view

    @property
    def does(self) -> dict[str, Callable[[], object]]:
        """Actions of the table, by id."""
        return {
            "points.instances": self.toggle_instances,
            "points.all_scans": self.toggle_all_scans,
            "points.merge": self.merge,
            "points.invert": self.invert,
            "points.grow": self.grow,
            "points.shrink": self.shrink,
            "points.box": self.box,
            "points.inside": self.inside,
        }

    def toggle_instances(self) -> None:
        """Let painted points become an instance from now on, or have only a class."""
        self._selection.make_instances(on=not self._selection.makes_instances)

    def toggle_all_scans(self) -> None:
        """Let painting take all scans that are laid over each other, or the one at hand alone."""
        self._selection.paint_all(on=not self._selection.paints_all)
        self._view.choose_tool(self._view.tool.id)  # what it had begun is of other scans

    def merge(self) -> None:
        """Make one instance of the selected ones; the first keeps its number and class."""
        chosen = self._selection.instances
        if len(chosen) < 2:
            raise AnnotatorError(_("Select two instances first; Shift+click adds one"))
        for number in chosen[1:]:
            self._require_free(number)
        self._do(
            partial(merge_instances, self._document, chosen, frame=self._frame),
            _("Merge instances"),
            chosen[:1],
            _("These have no points in this scan"),
        )

    def invert(self) -> None:
        """Swap the instance's points with the free ones among all that is seen."""
        number = self._one()
        self._require_free(number)
        width, height = self._view.size_px()
        outline = ((0.0, 0.0), (width, 0.0), (width, height), (0.0, height))
        find = self._view.scene.finding(outline, front_only=False)
        self._do(
            lambda: invert_instance(self._document, number, find(), frame=self._frame),
            _("Invert instance"),
            (number,),
            _("Nothing to swap: isolate a part with free points, then invert"),
        )

    def grow(self) -> None:
        """Add the ring of free points around the instance."""
        number = self._one()
        self._do(
            partial(grow_instance, self._document, number, self._index(), frame=self._frame),
            _("Grow instance"),
            (number,),
            _("There are no free points around it"),
        )

    def shrink(self) -> None:
        """Take away the points of the instance that border on others."""
        number = self._one()
        self._require_free(number)
        self._do(
            partial(shrink_instance, self._document, number, self._index(), frame=self._frame),
            _("Shrink instance"),
            (number,),
            _("Nothing would be left, or nothing to go"),
        )

    def box(self) -> None:
        """Put a box around the instance's points, or move its box there."""
        number, scene = self._one(), self._view.scene
        put = box_around_instance(
            self._document, number, scene.cloud, scene.taxonomy, frame=self._frame
        )
        text = _("Box around an instance")
        self._view.take(Reply(CLEAR, put, text, select=(put.annotation.id,)))

    def inside(self) -> None:
        """Give the points in the selected boxes their classes and instances, as one step."""
        chosen = self._view.hand.chosen()
        if not chosen:
            raise AnnotatorError(self._view.hand.why_none())
        self._view.take(
            one_by_one(
                chosen,
                self._labelling(),
                _("Label the points in a box"),
                otherwise=_("Nothing changes: these points have the class already"),
                says=labelled_in_words,
            )
        )

    def _labelling(self) -> Change:
        """Return what labels the points in one box after the other, each its own instance."""
        scene, new = self._view.scene, next_instance(self._document)

        def label(annotation: Annotation) -> Edit | None:
            nonlocal new
            edit, number = label_points_of(
                self._document,
                annotation,
                scene.by_scan(rows_inside(scene, annotation)),
                scene.taxonomy,
                protected=scene.protected,
                frame=self._frame,
                new=new,
            )
            new += number == new
            return None if edit == NO_EDIT else edit

        return label

    @property
    def _document(self) -> Document:
        return self._session.document

    @property
    def _frame(self) -> int:
        return self._view.scene.frame

    def _one(self) -> int:
        if len(self._selection.instances) != 1:
            raise AnnotatorError(_("Select one instance first: click one of its points"))
        return self._selection.instances[0]

    def _index(self) -> PointIndex:
        return surveyed(self._view.scene).index

    def _require_free(self, number: int) -> None:
        """Refuse to take points away from a class that is protected."""
        label = class_of(self._document, number, self._session.taxonomy, self._frame)
        if label is not None and label.name in self._view.settings.look.protected:
            raise AnnotatorError(
                _("{label} is protected; the Display panel lets it be changed").format(
                    label=_(label.title)
                )
            )

    def _do(
        self, work: Callable[[], Edit], text: str, chosen: tuple[int, ...], refused: str
    ) -> None:
        """Work an edit out beside the window and do it; say why where it would change nothing."""

        def later() -> Reply:
            edit = work()
            if edit == NO_EDIT:
                return Reply(preview=CLEAR, hint=refused)
            return Reply(CLEAR, edit, text, instances=chosen)

        self._view.take(Reply(later=later))
