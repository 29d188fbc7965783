"""Moves, adds and removes the vertices of the selected contour or wall."""

import math
from dataclasses import dataclass, replace
from typing import ClassVar

from typing_extensions import override

from annotator.commands.vertices import (
    add_vertex,
    crossing_m,
    move_vertex,
    remove_vertex,
    vertices_of,
)
from annotator.errors import AnnotatorError
from annotator.geometry.outlines import nearest_edge, nearest_vertex
from annotator.i18n import gettext as _
from annotator.i18n import mark
from annotator.model.annotations import Annotation
from annotator.model.edits import Put
from annotator.model.shapes import Polygon3D, Polyline3D, Vec2
from annotator.tools.cloud_scene import CloudTool
from annotator.tools.tool import (
    CLEAR,
    NOTHING,
    Button,
    Cursor,
    HeldKeys,
    Keys,
    Mouse,
    Pointer,
    Preview,
    Reply,
)

_VERTEX_PX, _EDGE_PX, _DRAG_PX = 9.0, 6.0, 3.0


@dataclass(frozen=True, slots=True)
class Idle:
    """No button is held."""


@dataclass(frozen=True, slots=True)
class Dragging:
    """A vertex is held.

    Attributes
    ----------
    whole
        The annotation with the vertex where it was, or where it was just added.
    """

    whole: Annotation
    number: int
    start_px: Vec2
    is_new: bool
    now: Put | None = None


State = Idle | Dragging


class EditVertices(CloudTool):
    """Idle → (press on a vertex or an edge) Dragging → (release) one bent shape, Idle.

    Idle → (Ctrl+press on a vertex) one vertex less, Idle; a press elsewhere selects.
    """

    id: ClassVar[str] = "edit_vertices"
    title: ClassVar[str] = mark("Edit vertices")
    key: ClassVar[str] = "Shift+C"
    held: ClassVar[tuple[HeldKeys, ...]] = (
        HeldKeys(Keys.CTRL, Mouse.CLICK, mark("Remove vertex")),
    )
    cursor: ClassVar[Cursor] = Cursor.ARROW
    _state: State = Idle()

    @override
    def hint(self) -> str:
        if self._selected() is None:
            return _("Click a contour or a wall to edit its vertices")
        return _("Drag a vertex to move it · click an edge adds one · Ctrl+click removes one")

    @override
    def press(self, pointer: Pointer) -> Reply:
        if pointer.button is not Button.LEFT:
            return NOTHING
        selected = self._selected()
        if selected is None:
            return self._chosen(pointer)
        places = self.scene.to_px(vertices_of(selected))
        number = nearest_vertex(places, pointer.at_px, _VERTEX_PX)
        if number is not None:
            return self._grasped(selected, number, pointer)
        closed = isinstance(selected.shape, Polygon3D)
        edge = nearest_edge(places, pointer.at_px, _EDGE_PX, closed=closed)
        if edge is None or pointer.keys & Keys.CTRL:
            return self._chosen(pointer)
        return self._bent(selected, *edge, pointer)

    @override
    def move(self, pointer: Pointer) -> Reply:
        held = self._state
        if not isinstance(held, Dragging):
            return NOTHING
        if held.now is None and math.dist(held.start_px, pointer.at_px) < _DRAG_PX:
            return NOTHING
        before = vertices_of(held.whole)
        at = self.scene.on_plane(pointer, before[held.number][2])
        if at is None:
            return NOTHING
        walls = self.scene.walls(but=held.whole.id)
        put = move_vertex(held.whole, held.number, at, walls=walls)
        self._state = replace(held, now=put)
        crosses = _crosses(put.annotation)
        shown = Preview(annotations=(put.annotation,), warning=crosses)
        return Reply(preview=shown, hint=_crossing_in_words() if crosses else "")

    @override
    def release(self, pointer: Pointer) -> Reply:
        held, self._state = self._state, Idle()
        if not isinstance(held, Dragging):
            return NOTHING
        if held.is_new and held.now is not None and _crosses(held.now.annotation):
            return Reply(preview=CLEAR, hint=_crossing_in_words())
        if held.is_new:
            return Reply(CLEAR, held.now or Put(held.whole), _("Add vertex"))
        if held.now is None:
            return Reply(preview=CLEAR)
        if _crosses(held.now.annotation) and not _crosses(held.whole):
            return Reply(preview=CLEAR, hint=_crossing_in_words())
        return Reply(CLEAR, held.now, _("Move vertex"))

    @override
    def cancel(self) -> Reply:
        held, self._state = self._state, Idle()
        return NOTHING if isinstance(held, Idle) else Reply(preview=CLEAR)

    def _selected(self) -> Annotation | None:
        selected = self.scene.selected
        return selected if selected is not None and vertices_of(selected) else None

    def _grasped(self, selected: Annotation, number: int, pointer: Pointer) -> Reply:
        if not pointer.keys & Keys.CTRL:
            self._state = Dragging(selected, number, pointer.at_px, is_new=False)
            return NOTHING
        try:
            return Reply(CLEAR, remove_vertex(selected, number), _("Remove vertex"))
        except AnnotatorError as reason:
            return Reply(preview=CLEAR, hint=str(reason))

    def _bent(self, selected: Annotation, after: int, share: float, pointer: Pointer) -> Reply:
        vertices = vertices_of(selected)
        a, b = vertices[after], vertices[(after + 1) % len(vertices)]
        x, y, z = (p + share * (q - p) for p, q in zip(a, b, strict=True))
        whole = add_vertex(selected, after, (x, y, z)).annotation
        self._state = Dragging(whole, after + 1, pointer.at_px, is_new=True)
        return Reply(preview=Preview(annotations=(whole,)))

    def _chosen(self, pointer: Pointer) -> Reply:
        """Select the contour or wall whose outline is under the pointer; nothing on nothing."""
        for annotation in self.scene.document.in_frame(self.scene.frame):
            vertices = vertices_of(annotation)
            if not vertices:
                continue
            closed = isinstance(annotation.shape, Polygon3D)
            for raised_m in {0.0, _height_m(annotation)}:
                places = self.scene.to_px([(x, y, z + raised_m) for x, y, z in vertices])
                if nearest_edge(places, pointer.at_px, _EDGE_PX, closed=closed) is not None:
                    return Reply(preview=CLEAR, select=(annotation.id,))
        return Reply(
            preview=CLEAR,
            hint=_("There is no contour or wall here; click the edge of one"),
            select=(),
        )


def _crosses(annotation: Annotation) -> bool:
    closed = isinstance(annotation.shape, Polygon3D)
    return crossing_m(vertices_of(annotation), closed=closed) is not None


def _crossing_in_words() -> str:
    return _("Here the outline would cross itself; the vertex stays where it was")


def _height_m(annotation: Annotation) -> float:
    return annotation.shape.height_m if isinstance(annotation.shape, Polyline3D) else 0.0
