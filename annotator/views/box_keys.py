"""Moves, turns and resizes the selected box by keys, in fine steps and in coarse ones."""

import math
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from annotator.app.keymap import in_use
from annotator.app.session import Session
from annotator.commands.boxes import (
    flip_heading,
    move_box_along,
    refit,
    resize_face,
    shrink_face_to_points,
    turn_box,
    turn_quarter,
)
from annotator.commands.growing import grow_to_points
from annotator.errors import AnnotatorError
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation
from annotator.model.edits import Put
from annotator.model.shapes import Box3D, Face, Vec3
from annotator.tools.clicks import surveyed
from annotator.views.cloud_view import CloudView

_STEP_M, _STEP_RAD = 0.05, math.radians(1)
_FAR = 5.0
_MOVES: dict[str, Vec3] = {
    "box.forward": (1, 0, 0),
    "box.back": (-1, 0, 0),
    "box.left": (0, 1, 0),
    "box.right": (0, -1, 0),
    "box.up": (0, 0, 1),
    "box.down": (0, 0, -1),
}
_TURNS = {"box.turn_left": 1.0, "box.turn_right": -1.0}
# A car's rear stands where it was seen to stand: what grows is the front, the left and the top.
_GROWTHS = {
    "box.longer": (Face.FRONT, 1.0),
    "box.shorter": (Face.FRONT, -1.0),
    "box.wider": (Face.LEFT, 1.0),
    "box.narrower": (Face.LEFT, -1.0),
    "box.taller": (Face.TOP, 1.0),
    "box.lower": (Face.TOP, -1.0),
}


class BoxKeys:
    """Carries out the actions of the Box menu on the selected box."""

    def __init__(self, session: Session, view: CloudView) -> None:
        self._session, self._view = session, view

    @property
    def does(self) -> dict[str, Callable[[], object]]:
        """Actions of the table, by id."""
        return {
            **{i: partial(self._move, i, along) for i, along in _MOVES.items()},
            **{i: partial(self._turn, i, way) for i, way in _TURNS.items()},
            **{i: partial(self._grow, i, *how) for i, how in _GROWTHS.items()},
            "box.flip": self.flip,
            "box.quarter": self.quarter,
            "box.refit": self.refit,
            "box.shrink": self.shrink,
            "box.grow": self.grow,
        }

    def flip(self) -> None:
        """Let the front be where the back was."""
        self._session.do(flip_heading(self._box()), _("Flip heading"))

    def quarter(self) -> None:
        """Let the front be where the left was."""
        self._session.do(turn_quarter(self._box()), _("Turn box by 90°"))

    def shrink(self) -> None:
        """Push every face in to the outermost point that the box holds, as one step."""
        annotation = self._box()
        put: Put | None = None
        for face in Face:
            shrunk = shrink_face_to_points(annotation, self._view.scene.cloud, face)
            if shrunk is None:
                raise AnnotatorError(_("There is no point in this box"))
            put, annotation = shrunk, shrunk.annotation
        if put is not None:
            self._session.do(put, _("Shrink to its points"))

    def grow(self) -> None:
        """Push top and sides out to the points that stand out of the box, as one step."""
        put = grow_to_points(self._box(), self._view.scene.cloud)
        if put is None:
            raise AnnotatorError(_("No points stand out of this box"))
        self._session.do(put, _("Grow to its points"))

    def refit(self) -> None:
        """Fit the box anew around its own middle."""
        box, scene = self._box(), self._view.scene
        survey = surveyed(scene)
        if box.label not in scene.taxonomy:
            raise AnnotatorError(_("The class of this box is not in the list of classes"))
        label = scene.taxonomy[box.label]
        put = refit(box, scene.cloud, survey.index, survey.ground, label)
        self._session.do(put, _("Fit anew"))

    def _move(self, action_id: str, along: Vec3) -> None:
        """Move the box one step along its own axes."""
        x, y, z = (way * _STEP_M * _times(action_id) for way in along)
        self._session.do(move_box_along(self._box(), (x, y, z)), _("Move box"))

    def _turn(self, action_id: str, way: float) -> None:
        """Turn the box one step, counter-clockwise for 1."""
        self._session.do(turn_box(self._box(), way * _STEP_RAD * _times(action_id)), _("Turn box"))

    def _grow(self, action_id: str, face: Face, way: float) -> None:
        """Pull a face one step out, or push it in."""
        step_m = way * _STEP_M * _times(action_id)
        self._session.do(resize_face(self._box(), face, step_m), _("Resize box"))

    def _box(self) -> Annotation:
        selected = self._view.selected()
        if selected is None or not isinstance(selected.shape, Box3D):
            raise AnnotatorError(_("Select a box first"))
        return selected


def _times(action_id: str) -> float:
    """Return how many fine steps a key goes: Shift goes far, unless every key there is has it."""
    is_held = QApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier
    has_fine = any("Shift+" not in key for key in in_use().keys[action_id])
    return _FAR if is_held and has_fine else 1.0
