"""Shows the selection from above, from its side and from behind, under the main view."""

from collections.abc import Callable
from dataclasses import replace

from psygnal import SignalInstance
from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from annotator.app.pane_points import NearPoints, near
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.app.shown_class import color_of
from annotator.commands.framing import can_move
from annotator.geometry.wireframes import surrounding_box
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation
from annotator.model.labels import Rgb
from annotator.model.shapes import Box3D
from annotator.tools.keys import keyed
from annotator.tools.pane_box import Side
from annotator.views.cloud.box_pane import BoxPane, Shown
from annotator.views.cloud.cloud_view import CloudView

_HEIGHT_PX = 220
_AWAY_SHARE = 0.35


class BoxPanes(QWidget):
    """Three linked panes. Hold no truth: all is read anew when the session or selection changes."""

    _gathered = Signal(object)

    def __init__(self, session: Session, selection: Selection, view: CloudView) -> None:
        super().__init__()
        self._session, self._selection, self._view = session, selection, view
        self._points: NearPoints | None = None
        self._asked: Box3D | None = None
        self.panes = tuple(BoxPane(side, view.take, self) for side in Side)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 1, 0, 0)
        layout.setSpacing(1)
        for pane in self.panes:
            pane.setFocusProxy(view)  # a click in a pane leaves the keys to the view
            layout.addWidget(pane)
        self.setFixedHeight(_HEIGHT_PX)
        self._gathered.connect(self._take_points)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._reread)
        view.previewed.connect(self._show)
        view.shows_otherwise.connect(self._gather_again)
        self._forget: list[tuple[SignalInstance, Callable[..., None]]] = [
            (session.changed, self._note),
            (selection.changed, self._note),
        ]
        for signal, slot in self._forget:
            signal.connect(slot)
        self._note()

    def stop_listening(self) -> None:
        """Take no more notice of anything."""
        for signal, slot in self._forget:
            signal.disconnect(slot)
        self._forget = []
        self._soon.stop()

    def _note(self, *_what: object) -> None:
        self._soon.start()

    def _reread(self) -> None:
        """Gather points anew when the box has left its frame; else only draw it where it is."""
        box = _around(self._view.selected())
        if box is None:
            self._points = self._asked = None
        elif self._points is None or not _fits(box, self._points.frame):
            self._gather(box)
            return
        self._show()

    def _gather_again(self) -> None:
        box = _around(self._view.selected())
        if box is not None:
            self._gather(box)
        else:
            self._reread()

    def _gather(self, box: Box3D) -> None:
        frame = replace(box, assumed=frozenset())
        self._asked = frame
        points = self._view.shown_points
        self._view.in_background(lambda: self._gathered.emit(near(points, frame)))

    def _take_points(self, points: NearPoints) -> None:
        if points.frame == self._asked:
            is_new = self._points is None or not _fits(points.frame, self._points.frame)
            self._points = points
            self._show(aligned=is_new)

    def _show(self, *, aligned: bool = False) -> None:
        annotation, points = self._view.selected(), self._points
        shown, rests = None, True
        if annotation is not None and points is not None:
            previewed = self._previewed(annotation)
            box, rests = _around(previewed), previewed is annotation
            if box is not None:
                shown = Shown(
                    annotation,
                    previewed.shape,
                    box,
                    points,
                    self._color(annotation),
                    self._view.scene.points_of(annotation),
                    self._view.settings.look.point_px,
                    has_front=self._has_front(annotation),
                )
        for pane in self.panes:
            pane.say(self._why_empty())
            pane.show_box(shown, aligned=aligned, rests=rests)

    def _why_empty(self) -> str:
        elsewhere = self._view.hand.elsewhere()
        if elsewhere is not None:
            words = _(
                "This object is in scan {n} · {view_fit} goes there · {tool_one_click_box} and a"
                " click on it here, then {sequence_merge}, give it a box in this scan"
            )
            if elsewhere + 1 == self._view.scene.frame:  # the scan that is carried on from
                words = _(
                    "This object is in scan {n} · {view_fit} goes there"
                    " · {sequence_carry_on} carries it on"
                )
            return keyed(words, n=elsewhere + 1)
        if self._selection.instances:
            return keyed(_("Points have no box · {points_box} puts one around them"))
        return (
            _("Select one object alone") if len(self._selection.ids) > 1 else _("Select an object")
        )

    def _previewed(self, annotation: Annotation) -> Annotation:
        preview = self._view.preview
        return next(
            (a for a in (preview.annotations if preview else ()) if a.id == annotation.id),
            annotation,
        )

    def _has_front(self, annotation: Annotation) -> bool:
        """Tell whether it is a box of what drives or walks."""
        is_box = isinstance(annotation.shape, Box3D)
        return is_box and can_move(annotation.label, self._session.taxonomy)

    def _color(self, annotation: Annotation) -> Rgb:
        return color_of(annotation.label, self._session.taxonomy)


def _around(annotation: Annotation | None) -> Box3D | None:
    """Return the box to look at: the annotation's own, or one that surrounds its shape."""
    return surrounding_box(annotation.shape) if annotation is not None else None


def _fits(box: Box3D, frame: Box3D) -> bool:
    """Tell whether a box still looks right in a frame: same turn, near its middle, like size."""
    turns = (box.yaw_rad, box.pitch_rad, box.roll_rad)
    if turns != (frame.yaw_rad, frame.pitch_rad, frame.roll_rad):
        return False
    away = [abs(a - b) for a, b in zip(box.center_m, frame.center_m, strict=True)]
    near_enough = max(away) < _AWAY_SHARE * max(frame.size_m)
    return near_enough and all(
        0.6 < a / b < 1.6 for a, b in zip(box.size_m, frame.size_m, strict=True)
    )
