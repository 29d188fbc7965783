"""The CT workbench's view: three linked planes and the tools that mark in them."""

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

import numpy as np
from psygnal import SignalInstance
from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from annotator.app.ct_rule import may_measure
from annotator.app.focus_table import FocusTable
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.imaging.cameras import PlaneCamera
from annotator.imaging.orientation import Layout, layout_of
from annotator.imaging.slabs import Mix, Plane
from annotator.model.edits import Edit
from annotator.model.volume import Volume
from annotator.tools.image_scene import ImageScene, ImageTool
from annotator.tools.image_tools import IMAGE_TOOLS
from annotator.views.ct.arriving_slices import ArrivingSlices
from annotator.views.ct.candidate_rail import CandidateRail
from annotator.views.ct.candidates_on_planes import CandidatesOnPlanes
from annotator.views.ct.changed_voxels import ChangedVoxels
from annotator.views.ct.focus_mask import FocusMask
from annotator.views.ct.focus_walk import FocusWalk
from annotator.views.ct.held_mask import HeldMask
from annotator.views.ct.image_keys import ImageKeys
from annotator.views.ct.image_layout import arrange
from annotator.views.ct.image_state import ImageState
from annotator.views.ct.plane_mouse import PlaneMouse
from annotator.views.ct.plane_picture import PlanePicture
from annotator.views.ct.plane_view import PlaneView
from annotator.views.ct.redrawing import Redrawing
from annotator.views.ct.side_by_side import SideBySide
from annotator.views.ct.slice_slider import SliceSlider
from annotator.views.ct.tool_runner import ToolRunner
from annotator.views.ct.windowing import Windowing
from annotator.views.cursors import cursor_of
from annotator.views.key_events import is_override


class ImageView(QWidget):
    """Shows a series and its foci, and lets tools mark them. Holds no truth."""

    tools: ClassVar[tuple[type[ImageTool], ...]] = IMAGE_TOOLS
    pointed = Signal(str)
    """What is under the pointer, in words."""
    told = Signal(str)
    """What was done, in words that are said in passing."""
    went = Signal()
    """The planes meet at another place."""
    drawn = Signal(float)
    """How long the last picture took, in milliseconds."""

    def __init__(
        self, session: Session, selection: Selection, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.session, self.selection = session, selection
        self.state: ImageState | None = None
        self.runner: ToolRunner | None = None
        self._at_hand = Plane.AXIAL
        self._mask = FocusMask()
        self._foci = FocusTable.of(session)
        self._planes = {plane: self._plane_view(plane) for plane in Plane}
        self.windowing = Windowing(self)
        self._mice = {plane: PlaneMouse(self, view) for plane, view in self._planes.items()}
        self._slider, self._hint = SliceSlider(), QLabel(wordWrap=True)
        self._slider.moved.connect(self.show_slice)
        self.rail = CandidateRail(session, selection)
        self.rail.ready.connect(self._take_candidates)
        self.candidates = CandidatesOnPlanes(self, self._mask)
        self._side = arrange(self, self._planes, self._slider, (self._hint, self.rail))
        self.beside = SideBySide(self._side)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._reread)
        self._redrawing = Redrawing(self._planes, self)
        self.arriving = ArrivingSlices(self)
        self.walk = FocusWalk(self, self._foci)
        self.keys = ImageKeys(self)
        HeldMask(self)
        self._changes = ChangedVoxels(session, selection)
        self._forget = _listening(
            (session.changed, self._note_edit),
            (session.taxonomy_changed, self._note),
            (selection.changed, self._note_selection),
        )
        session.settings_changed.connect(self.take_rule)
        self.destroyed.connect(self._forget)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if session.context.volume is not None:
            self.show_volume(session.context.volume)

    def show_volume(self, volume: Volume) -> None:
        """Show a whole volume; where slices of it were shown already, nothing jumps."""
        self.arriving.end()
        if self.state is not None and self.state.series is volume.series:
            self.state.hu = volume.hu
        else:
            self.begin(ImageState.in_the_middle(volume.series, volume.hu))
        scene = ImageScene(
            self.session.document,
            volume,
            rule=self._foci.rule,
            is_measured=may_measure(self.session),
        )
        scene.marking.follow(scene.threshold_hu)
        scene.candidates = self.rail.candidates()
        self.runner = ToolRunner(self.session, self.selection, scene, self)
        self.runner.previewed.connect(self._show_preview)
        self.runner.hinted.connect(self.say)
        self.runner.marked.connect(self._show_marked)
        self.choose_tool("click_focus")
        self._changes.add_everything()
        self._reread()

    def take_rule(self) -> None:
        """Mark by the project's rule from now on, and look for candidates by it."""
        if self.runner is not None:
            scene = self.runner.scene
            scene.rule = self._foci.rule
            scene.is_measured = may_measure(self.session)
            scene.marking.follow(scene.threshold_hu)
            self.runner.choose(self.runner.tool.id)
        self.rail.look_again()
        self._take_candidates()

    def _take_candidates(self) -> None:
        """Let tools know what is bone and what is blood."""
        if self.runner is not None:
            self.runner.scene.candidates = self.rail.candidates()
            if self.runner.preview is not None:
                self.runner.take(self.runner.tool.look_again())

    def add_above(self, widget: QWidget) -> None:
        """Show something over the planes."""
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(0, widget)

    def camera(self, plane: Plane = Plane.AXIAL) -> PlaneCamera:
        """Return where a plane looks."""
        return self._planes[plane].camera

    def plane_view(self, plane: Plane = Plane.AXIAL) -> PlaneView:
        """Return the widget of a plane."""
        return self._planes[plane]

    def choose_tool(self, tool_id: str) -> None:
        """Use another tool."""
        if self.runner is not None:
            self.runner.choose(tool_id)
            for view in self._planes.values():
                view.setCursor(cursor_of(self.runner.tool))
            self.point_again()

    def point_again(self) -> None:
        """Say what a click would do where the pointer rests."""
        for mouse in self._mice.values():
            mouse.point_again()

    def begin(self, state: ImageState) -> None:
        """Show another series from its middle on."""
        self.state = state
        state.window = self.selection.window or state.window
        self._redrawing.shape = state.series.shape
        for plane, view in self._planes.items():
            layout = layout_of(plane, state.series.lps_from_voxel)
            view.camera = replace(
                view.camera,
                layout=layout,
                spacing_mm=state.series.spacing_mm,
                shear=None if plane is Plane.AXIAL else state.shear,
            )
        self.go_to(state.at)
        self.fit()

    def change(self, **what: object) -> None:
        """Show the same place in another way: another window, slab or lens."""
        if self.state is not None:
            self.state = replace(self.state, **what)  # type: ignore[arg-type]  # named by callers
            self.refresh()
            self._planes[Plane.AXIAL].looked.emit()  # what compares follows the window, too

    def show_slice(self, index: int) -> None:
        """Show an axial slice, the nearest one there is."""
        if self.state is not None:
            self.go_to((self.state.at[0], self.state.at[1], index))

    def go_to(self, voxel: tuple[int, int, int]) -> None:
        """Show a voxel (i, j, k), or the nearest one there is, in all planes."""
        if self.state is None:
            return
        self.state.at = self.state.clipped(voxel)
        for view in self._planes.values():
            index = view.camera.cut_of(self.state.place())
            if index != view.camera.index:
                view.look(view.camera.moved_to(index))
            view.show_crosshair(self.state.crosshair())
        self._slider.show_slices(self.state.hu.shape[0], self.state.at[2])
        self.went.emit()

    def bring_into_view(self) -> None:
        """Move each plane as little as needed to show the place where they meet."""
        if self.state is not None:
            for view in self._planes.values():
                view.bring_into_view(self.state.at)

    def fit(self) -> None:
        """Show whole cuts."""
        if self.state is not None:
            for view in self._planes.values():
                view.fit(self.state.hu.shape)

    def set_inverted(self, *, on: bool) -> None:
        """Show dark as bright."""
        self.change(is_inverted=on)

    def set_slab(self, thickness_mm: float, mix: Mix = Mix.MAXIMUM) -> None:
        """Show slabs of this thickness instead of single cuts; 0 for cuts."""
        self.change(slab_mm=thickness_mm, mix=mix)

    def set_lens(self, *, on: bool, mix: Mix | None = None) -> None:
        """Show the calcium window round the pointer; with a mix, a slab of 5 mm through it."""
        for view in self._planes.values():
            view.lens_is_on = on
        self.change(lens=mix)

    def hide_mask(self, *, hidden: bool) -> None:
        """Show the picture without foci, as long as it is wanted."""
        self.change(is_mask_hidden=hidden)

    def plane_at_hand(self) -> Plane:
        """Return the plane that the pointer was over last; the axial one if that is gone."""
        return self._at_hand if self._planes[self._at_hand].isVisible() else Plane.AXIAL

    def take_in_hand(self, plane: Plane) -> None:
        """Take note that the pointer is over a plane."""
        self._at_hand = plane

    def maximise(self, plane: Plane | None) -> None:
        """Show one plane alone, or all three."""
        for each, view in self._planes.items():
            view.setVisible(plane in {None, each})
        self._side.setVisible(plane is not Plane.AXIAL)
        self.change(is_linked=plane is None)
        for view in self._planes.values():
            view.show_crosshair(self.state.crosshair() if self.state is not None else None)

    def turn(self) -> None:
        """Turn the plane at hand clockwise by a quarter; the letters follow."""
        self._lay(self.camera(self.plane_at_hand()).layout.turned())

    def flip(self) -> None:
        """Mirror the plane at hand left for right; the letters follow."""
        self._lay(self.camera(self.plane_at_hand()).layout.flipped())

    def picture(self, camera: PlaneCamera) -> PlanePicture | None:
        """Return what a camera sees of the series and its foci; None before there is anything."""
        if self.state is None or self.arriving.is_blank(camera):
            return None
        if self._soon.isActive():  # painted before the edit was re-read: colours must fit voxels
            self._recolor()
        has_layers = bool(self.session.document.extents)
        layer = self.session.document.instances() if has_layers else None
        preview = self.runner.preview if self.runner is not None else None
        shown = self.state.picture_of(camera, self._mask, layer, preview)
        if preview is None or self.runner is None or self.runner.plane is not camera.layout.plane:
            return shown
        return shown.with_preview(preview, camera)

    def hint(self) -> str:
        """Return what a click would do now, in words."""
        return self._hint.text()

    def below_px(self) -> int:
        """Return how much of the height hint and candidates take."""
        return self._hint.height() + (self.rail.height() if self.rail.isVisible() else 0)

    def refresh(self) -> None:
        """Draw again soon."""
        self._redrawing.everything()

    def stop_listening(self) -> None:
        """Take no more notice of session and selection; the view is about to go."""
        self._forget()
        self.session.settings_changed.disconnect(self.take_rule, missing_ok=True)
        self.rail.stop_listening()

    def say(self, hint: str, role: str = "") -> None:
        """Say something under the planes, where it is told what a click would do."""
        self._hint.setText(hint)
        if self._hint.property("role") != role:
            self._hint.setProperty("role", role)
            self._hint.style().polish(self._hint)

    def event(self, event: QEvent) -> bool:
        """Keep the keys that the tool or the rail needs from the window's shortcuts."""
        if is_override(event) and self.keys.wants(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's
        """Do what the key says."""
        if not self.keys.press(event):
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's
        """Draw nothing: Qt would draw planes, slider and hint anew with each click."""

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's
        """Draw nothing, as above."""

    def _show_preview(self) -> None:
        if self.runner is not None:
            self._redrawing.preview(self.runner.plane, self.runner.preview)

    def _show_marked(self) -> None:
        """Draw what the pointer did before anything else reads it again."""
        if self.runner is not None and self._soon.isActive():
            self._draw_changed(first=self.runner.plane)
            self._planes[self.runner.plane].show_now()

    def _lay(self, layout: Layout) -> None:
        view = self._planes[layout.plane]
        view.look(replace(view.camera, layout=layout))
        if self.state is not None:
            view.fit(self.state.hu.shape)

    def _note_edit(self, edit: Edit) -> None:
        self._changes.add_edit(edit)
        self._soon.start()

    def _note_selection(self) -> None:
        self._changes.add_selection()
        self._soon.start()

    def _note(self) -> None:
        self._changes.add_everything()
        self._soon.start()

    def _reread(self) -> None:
        self._recolor()
        taxonomy = self.session.taxonomy
        if self.runner is not None:
            self._reread_tool(self.runner)
        marks: dict[int, QColor] = {}
        for focus in self._foci.annotations():
            known = focus.label in taxonomy and not focus.dismissed
            color = QColor(*taxonomy[focus.label].color) if known else QColor("gray")
            for number in self._foci.slices_of(focus):
                marks.setdefault(number, color)
        self._slider.show_marks(marks)
        self._draw_changed()

    def _reread_tool(self, runner: ToolRunner) -> None:
        """Let the tool see what is so now, and what it always says speak of that."""
        says_usual = self.hint() == runner.tool.hint()
        runner.reread()
        if says_usual:
            self.say(runner.tool.hint(), self._hint.property("role"))

    def _draw_changed(self, first: Plane | None = None) -> None:
        changed = self._changes.taken()
        if changed is None:
            self.refresh()
        else:
            self._redrawing.around(changed, first=first)

    def _recolor(self) -> None:
        document, taxonomy = self.session.document, self.session.taxonomy
        self._mask.recolor(document, taxonomy, self.selection.ids)

    def _plane_view(self, plane: Plane) -> PlaneView:
        layout = layout_of(plane, np.eye(4))
        camera = PlaneCamera(layout, (0.0, 0.0, 0.0), 1.0, (1.0, 1.0), (1.0, 1.0, 1.0))
        view = PlaneView(camera, self.picture)
        view.setFocusProxy(self)  # or every click would take the keys away and give them back
        if plane is Plane.AXIAL:
            view.drawn.connect(self.drawn)
        return view


def _listening(*slots: tuple[SignalInstance, Callable[..., None]]) -> Callable[[], None]:
    """Listen to all of them; return what ends it."""
    for signal, slot in slots:
        signal.connect(slot)

    def forget() -> None:
        for signal, slot in slots:
            signal.disconnect(slot, missing_ok=True)

    return forget
