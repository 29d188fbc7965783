"""Moves, turns and resizes what is selected by keys, in fine steps and in coarse ones."""

import math
from collections.abc import Callable, Iterable
from functools import partial

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from annotator.app.keymap import in_use
from annotator.app.session import Session
from annotator.commands.boxes import flip_heading, resize_to_usual, shrink_to_points, turn_quarter
from annotator.commands.fitting import refit_object
from annotator.commands.growing import grow_to_points
from annotator.commands.shapes import move_annotation, pull_face, turn_annotation
from annotator.errors import AnnotatorError
from annotator.geometry.boxes import axes_of
from annotator.geometry.vectors import vec3
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation
from annotator.model.edits import Batch, Put
from annotator.model.labels import Label
from annotator.model.shapes import Box3D, Cylinder3D, Face, Polygon3D, Polyline3D, Shape, Vec3
from annotator.tools.clicks import surveyed
from annotator.tools.one_by_one import Change, one_by_one
from annotator.views.cloud.cloud_view import CloudView

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
    """Carries out the actions of the Box menu on all that is selected, as one step."""

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
            "box.usual": self.usual,
            "box.shrink": self.shrink,
            "box.grow": self.grow,
        }

    def flip(self) -> None:
        """Let the front be where the back was."""
        self._do(map(flip_heading, self._boxes()), _("Flip heading"))

    def quarter(self) -> None:
        """Let the front be where the left was."""
        self._do(map(turn_quarter, self._boxes()), _("Turn box by 90°"))

    def usual(self) -> None:
        """Give each box the usual size of its class; the faces that were seen stay."""
        puts = [resize_to_usual(box, self._class_of(box)) for box in self._boxes()]
        self._do(puts, _("Usual size of its class"))

    def shrink(self) -> None:
        """Push each seen face in to the outermost point that the box holds."""
        self._fit(
            self._boxes(),
            lambda box: shrink_to_points(box, self._view.scene.points_of(box)),
            _("Shrink to its points"),
            otherwise=_("There is no point in this box"),
        )

    def grow(self) -> None:
        """Push top and sides out to the points that stand out of the box."""
        self._fit(
            self._boxes(),
            lambda box: grow_to_points(box, self._view.scene.points_of(box)),
            _("Grow to its points"),
            otherwise=_("No more than single points stand out of this box"),
        )

    def refit(self) -> None:
        """Fit boxes and pillars anew around their own middles; where nothing fits, one stays."""
        already = _("it fits its points already")
        chosen = self._of_shape(Box3D, Cylinder3D)
        self._fit(chosen, self._refitted, _("Fit anew"), otherwise=already)

    def _refitted(self, annotation: Annotation) -> Put | None:
        scene, label = self._view.scene, self._class_of(annotation)
        cloud, survey = scene.cloud, surveyed(scene)
        # what stands is in all of them; how far rays went past a pillar is known of one scan alone
        if annotation.frame is None and scene.laid is not None and annotation.label != "pillar":
            cloud, survey = scene.laid.around.cloud, scene.laid.survey
        put = refit_object(annotation, cloud, survey.index, survey.ground, label)
        return None if put.annotation.shape == annotation.shape else put

    def _move(self, action_id: str, along: Vec3) -> None:
        """Move all that is selected one step, along the axes of the first box among it."""
        chosen = self._chosen()
        axes = next((axes_of(a.shape) for a in chosen if isinstance(a.shape, Box3D)), np.eye(3))
        by_m = vec3(axes @ (np.array(along) * _STEP_M * _times(action_id)))
        self._do([move_annotation(a, by_m) for a in chosen], _("Move box"))

    def _turn(self, action_id: str, way: float) -> None:
        """Turn all that is selected one step, each about itself, counter-clockwise for 1."""
        by_rad = way * _STEP_RAD * _times(action_id)
        puts = [turn_annotation(a, by_rad) for a in self._chosen()]
        self._do(puts, _("Turn box"), otherwise=_("What is round has no heading to turn"))

    def _grow(self, action_id: str, face: Face, way: float) -> None:
        """Pull a face of each one step out, or push it in."""
        step_m = way * _STEP_M * _times(action_id)
        puts = [pull_face(a, face, step_m) for a in self._chosen()]
        self._do(puts, _("Resize box"), otherwise=_("This shape has no such side"))

    def _fit(
        self, chosen: list[Annotation], change: Change, text: str, *, otherwise: str = ""
    ) -> None:
        """Change each by the points that it has, beside the window, as one step."""
        self._view.take(one_by_one(chosen, change, text, otherwise=otherwise))

    def _do(self, puts: Iterable[Put | None], text: str, *, otherwise: str = "") -> None:
        """Do what concerns all that is selected as one step."""
        done = tuple(put for put in puts if put is not None)
        if not done:
            raise AnnotatorError(otherwise)
        self._session.do(done[0] if len(done) == 1 else Batch(done), text)

    def _boxes(self) -> list[Annotation]:
        return self._of_shape(Box3D)

    def _chosen(self) -> list[Annotation]:
        return self._of_shape(Box3D, Cylinder3D, Polyline3D, Polygon3D)

    def _of_shape(self, *kinds: type[Shape]) -> list[Annotation]:
        """Return those of the selection that have such a shape, and there is one."""
        found = [a for a in self._view.hand.chosen() if isinstance(a.shape, kinds)]
        if not found:
            raise AnnotatorError(self._view.hand.why_none())
        return found

    def _class_of(self, annotation: Annotation) -> Label:
        taxonomy = self._session.taxonomy
        if annotation.label not in taxonomy:
            raise AnnotatorError(_("The class of this box is not in the list of classes"))
        return taxonomy[annotation.label]


def _times(action_id: str) -> float:
    """Return how many fine steps a key goes: Shift goes far, unless every key there is has it."""
    is_held = QApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier
    has_fine = any("Shift+" not in key for key in in_use().keys[action_id])
    return _FAR if is_held and has_fine else 1.0
