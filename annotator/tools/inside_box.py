"""Labels the points inside a box with the box's own class."""

import math
from typing import ClassVar

import numpy as np
from typing_extensions import override

from annotator.geometry.boxes import points_in_box
from annotator.i18n import gettext as _
from annotator.i18n import mark
from annotator.model.annotations import Annotation
from annotator.model.layers import Where
from annotator.model.shapes import Vec3
from annotator.tools.clicks import FINISHES
from annotator.tools.cloud_scene import CloudTool
from annotator.tools.keys import ToolKey, keyed
from annotator.tools.painting import painted, why_unchanged
from annotator.tools.tool import CLEAR, NOTHING, Button, Keys, Pointer, Preview, Reply

_MARGIN_M = 0.03
_FLOOR_M = 0.05


class InsideBox(CloudTool):
    """Hovering (points of the box) → (press in a box, or Enter) one object's points, hovering."""

    id: ClassVar[str] = "inside_box"
    title: ClassVar[str] = mark("Points inside box")
    key: ClassVar[str] = "I"
    _shown: Annotation | None = None
    _rows: Where = np.zeros(0, np.int64)

    @override
    def hint(self) -> str:
        if self._selected() is not None:
            return keyed(
                _(
                    "{gesture_finish} gives the points in the selected box its class"
                    " · or click in any box · Ctrl+click erases"
                )
            )
        return _("Click in a box to give the points inside it the box's class · Ctrl+click erases")

    @override
    def keys_wanted(self) -> frozenset[ToolKey]:
        return FINISHES if self._selected() is not None else frozenset()

    @override
    def rest(self, pointer: Pointer) -> Reply:
        """Show which points a click would label."""
        found = self._box_at(pointer.at_m) or self._selected()
        if found is None:
            return Reply(preview=CLEAR)
        return Reply(preview=Preview(annotations=(found,), rows=self._rows_in(found)))

    @override
    def press(self, pointer: Pointer) -> Reply:
        if pointer.button is not Button.LEFT:
            return NOTHING
        found = self._box_at(pointer.at_m)
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
        rows = self._rows_in(found)
        if keys & Keys.CTRL:
            return painted(self.scene, rows, keys)
        label = next((x for x in self.scene.taxonomy if x.name == found.label), None)
        return painted_object(self.scene, rows, label)

    def _selected(self) -> Annotation | None:
        selected = self.scene.selected
        is_box = selected is not None and isinstance(selected.shape, Box3D)
        return selected if is_box else None

    def _box_at(self, at_m: Vec3 | None) -> Annotation | None:
        """Return the smallest box that holds a place."""
        if at_m is None:
            return None
        place = np.array([at_m])
        held = [
            (math.prod(a.shape.size_m), a.id)
            for a in self.scene.document.in_frame(self.scene.frame)
            if isinstance(a.shape, Box3D) and points_in_box(place, a.shape, margin_m=_MARGIN_M)[0]
        ]
        return self.scene.document.annotations[min(held)[1]] if held else None

    def _rows_in(self, found: Annotation) -> Where:
        """Return the rows in a box without the floor's; counted once for as long as it stays."""
        if found is not self._shown and isinstance(found.shape, Box3D):
            self._shown, self._rows = found, self._counted(found.shape)
        return self._rows

    def _counted(self, box: Box3D) -> Where:
        scene = self.scene
        origin = np.asarray(scene.cloud.origin_m)
        if scene.survey is None:
            rows = np.arange(len(scene.cloud))
        else:
            x, y = np.asarray(box.center_m[:2]) - origin[:2]
            reach = math.dist((0, 0, 0), box.size_m) / 2 + _MARGIN_M
            rows = scene.survey.index.within(float(x), float(y), reach)
        xyz = scene.cloud.xyz_m[rows]
        inside = points_in_box(xyz.astype(np.float64) + origin, box, margin_m=_MARGIN_M)
        rows, xyz = rows[inside], xyz[inside]
        if scene.survey is None or not len(rows):
            return rows
        return rows[scene.survey.ground.heights_m(xyz) > _FLOOR_M]
