"""Labels the points inside a box with the box's own class and instance."""

from operator import is_
from typing import ClassVar

import numpy as np
from typing_extensions import override

from annotator.commands.belonging import label_points_of
from annotator.commands.points import NO_EDIT
from annotator.errors import AnnotatorError
from annotator.geometry.inside import MARGIN_M, can_hold
from annotator.geometry.wireframes import bulk_m3, holds
from annotator.i18n import gettext as _
from annotator.i18n import mark
from annotator.model.annotations import Annotation
from annotator.model.layers import Where
from annotator.tools.clicks import FINISHES
from annotator.tools.cloud_scene import CloudTool
from annotator.tools.held import ERASES
from annotator.tools.keys import ToolKey, keyed
from annotator.tools.painting import done_in_words, painted, rows_inside, why_unchanged
from annotator.tools.tool import (
    CLEAR,
    NOTHING,
    Button,
    HeldKeys,
    Keys,
    Mouse,
    Pointer,
    Preview,
    Reply,
)


class InsideBox(CloudTool):
    """Hovering (points of the box) → (press in a box, or Enter) one object's points, hovering."""

    id: ClassVar[str] = "inside_box"
    title: ClassVar[str] = mark("Points inside box")
    key: ClassVar[str] = "I"
    held: ClassVar[tuple[HeldKeys, ...]] = (HeldKeys(Keys.CTRL, Mouse.CLICK, ERASES.does),)
    only_clicks: ClassVar[bool] = True
    _counted: tuple[object, ...] = (None, None, None)
    _rows: Where = np.zeros(0, np.int64)

    @override
    def hint(self) -> str:
        scans = self.scene.painted_scans
        if scans is None:
            return self._click()
        in_all = _("in {n} scans if the box holds in every scan").format(n=len(scans.frames))
        return f"{self._click()} · {in_all}"

    @override
    def keys_wanted(self) -> frozenset[ToolKey]:
        return FINISHES if self._selected() is not None else frozenset()

    @override
    def rest(self, pointer: Pointer) -> Reply:
        """Show which points a click would label."""
        found = self._box_at(pointer) or self._selected()
        if found is None:
            return Reply(preview=CLEAR)
        rows, taxonomy = self._rows_in(found), self.scene.taxonomy
        color = taxonomy[found.label].color if found.label in taxonomy else None
        return Reply(preview=Preview(annotations=(found,), rows=rows, color=color))

    @override
    def press(self, pointer: Pointer) -> Reply:
        if pointer.button is not Button.LEFT:
            return NOTHING
        found = self._box_at(pointer)
        if found is None:
            return Reply(preview=CLEAR, hint=_("There is no box here; click a point inside one"))
        return self._labelled(found, pointer.keys)

    @override
    def key_press(self, key: ToolKey) -> Reply | None:
        selected = self._selected()
        if selected is None or key is not ToolKey.FINISH:
            return None
        return self._labelled(selected, Keys.NONE)

    def _labelled(self, found: Annotation, keys: Keys) -> Reply:
        scene = self.scene
        if keys & Keys.CTRL:
            return painted(scene, self._rows_in(found), keys)
        rows = self._rows_in(found)
        try:
            edit, number = label_points_of(
                scene.document,
                found,
                scene.by_scan(rows),
                scene.taxonomy,
                protected=scene.protected,
                frame=scene.frame,
            )
        except AnnotatorError as reason:
            return Reply(preview=CLEAR, hint=str(reason))
        if edit == NO_EDIT:
            return Reply(preview=CLEAR, hint=why_unchanged(scene, rows))
        said = done_in_words(edit, scene.taxonomy[found.label], number)
        return Reply(CLEAR, edit, _("Label the points in a box"), hint=said)

    def _click(self) -> str:
        if self._selected() is not None:
            return keyed(
                _(
                    "{gesture_finish} gives the points in the selected box its class"
                    " · or click in any box · Ctrl+click erases"
                )
            )
        return _("Click in a box to give the points inside it the box's class · Ctrl+click erases")

    def _selected(self) -> Annotation | None:
        selected = self.scene.selected
        return selected if selected is not None and can_hold(selected.shape) else None

    def _box_at(self, pointer: Pointer) -> Annotation | None:
        """Return the smallest box or pillar that holds the place under the pointer."""
        at_m = pointer.at_m
        if self.scene.painted_scans is not None:
            at_m = pointer.over_m or at_m
        if at_m is None:
            return None
        held = [
            a
            for a in self.scene.document.in_frame(self.scene.frame)
            if can_hold(a.shape) and not a.dismissed and holds(a.shape, at_m, MARGIN_M)
        ]
        return min(held, key=lambda a: (bulk_m3(a.shape), a.id), default=None)

    def _rows_in(self, found: Annotation) -> Where:
        """Return the rows in a box, counted once for as long as it and the scans stay."""
        counted = (found, self.scene.painted_cloud, self.scene.painted_survey)
        if not all(map(is_, counted, self._counted)):
            self._counted, self._rows = counted, rows_inside(self.scene, found)
        return self._rows
