"""The workbench for scans: a cloud view under the window's actions."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QVBoxLayout, QWidget

from annotator.app.camera_images import CameraImages
from annotator.app.cloud_settings import CloudSettings
from annotator.app.done_scans import not_done_in_words
from annotator.app.kept_classes import KeptClasses
from annotator.app.scans import WorldScans
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.commands.belonging import box_around_instance
from annotator.errors import AnnotatorError
from annotator.geometry.projection import StandardView
from annotator.i18n import gettext as _
from annotator.model.annotations import AnnotationId
from annotator.tools.cloud_tools import CLOUD_TOOLS
from annotator.views.class_verbs import ClassVerbs
from annotator.views.cloud.box_keys import BoxKeys
from annotator.views.cloud.box_panes import BoxPanes
from annotator.views.cloud.camera_image_view import CameraImageView
from annotator.views.cloud.cloud_marks import HINT_PX
from annotator.views.cloud.cloud_view import CloudView
from annotator.views.cloud.point_verbs import PointVerbs
from annotator.views.kept_views import KEPT, KeptViews
from annotator.views.sequences.sequence_steering import SequenceSteering


class CloudWorkbench:
    """Offers a cloud view to the window."""

    def __init__(
        self, session: Session, selection: Selection, settings: CloudSettings | None = None
    ) -> None:
        self._session, self._selection = session, selection
        self._scans = WorldScans(session.context)
        first = self._scans.shown_or_fault(0) if len(self._scans) else None
        self.view = view = CloudView(session, selection, settings=settings, shown=first)
        self._kept = KeptViews(session, view)
        self._kept.look_as_before()
        self._kept_classes = KeptClasses(session, view.settings)
        self._classes = ClassVerbs(session, selection, view)
        self.steering: SequenceSteering | None = None
        self.panes = BoxPanes(session, selection, view)
        if not view.settings.look.panes:
            self.panes.hide()
        images = CameraImages(session.context)
        self.camera = CameraImageView(session, selection, view, images) if images else None
        below: list[QWidget] = [self.panes]
        if len(self._scans) > 1:
            self.steering = SequenceSteering(session, selection, view, self._scans)
            below.append(self.steering.timeline)
        self.widget = _over(view, *below)
        self.tools = view.tools
        self.pointed, self.drawn = view.pointed, view.drawn
        self.does: dict[str, Callable[[], object]] = {
            "edit.select_all": self.select_all,
            "view.fit": self.fit,
            "view.panes": self._switch_panes,
            "view.camera_points": self._switch_camera_points,
            **_ways_to_look(view),
            **self._kept.does,
            **self._classes.does,
            **BoxKeys(session, view).does,
            **PointVerbs(session, selection, view).does,
            **(self.steering.does if self.steering is not None else {}),
        }

    @property
    def is_on(self) -> dict[str, bool]:
        """Whether what can be on or off is on, by action."""
        return {
            "view.orthographic": not self.view.camera.is_perspective,
            "view.ceiling": self.view.settings.look.hides_ceiling,
            **{f"view.recall_{n}": self._kept.has(n) for n in KEPT},
            "view.isolate": self.view.is_isolated,
            **self._classes.is_on,
            "view.panes": not self.panes.isHidden(),
            "view.clip": self.view.clipping.box is not None,
            "view.grid": self.view.settings.look.grid,
            "view.legend": self.view.settings.look.legend,
            "points.instances": self._selection.makes_instances,
            "points.all_scans": self._selection.paints_all,
            "view.camera_points": self.camera is not None and self.camera.shows_points,
        }

    @property
    def below_px(self) -> int:
        """How much of the height the timeline, the panes and the hint in the view take."""
        timeline = self.steering.timeline.height() if self.steering is not None else 0
        panes = 0 if self.panes.isHidden() else self.panes.height()
        return timeline + panes + HINT_PX

    def offer_menu(self, show: Callable[[QPoint], object]) -> None:
        """Let a right click on an object show the menu of the selection."""
        self.view.menu_asked.connect(show)

    def goes_on(self) -> str:
        """Go to the next scan and return that in words; empty where there is none."""
        return self.steering.goes_on() if self.steering is not None else ""

    def reopens(self) -> bool:
        """Say that the shown scan is not done after all; tell whether it was."""
        return self.steering is not None and self.steering.reopens()

    def not_done_in_words(self) -> str:
        """Say that the shown scan, or the item that is one scan, is not done."""
        if self.steering is None:
            return _("This item is not done")
        return not_done_in_words(self._session, self.steering.current.frame)

    def done_in_words(self) -> str:
        """Name what saying that it is done does now."""
        if self.steering is None:
            return _("Done and next")
        return _("All done and next") if self.steering.current.is_last else _("Scan done and next")

    def choose_tool(self, tool_id: str) -> None:
        """Use another tool."""
        self.view.choose_tool(tool_id)

    def hint_of(self, tool_id: str) -> str:
        """Return what a tool would say if it were taken in hand now."""
        kind = next(tool for tool in CLOUD_TOOLS if tool.id == tool_id)
        return kind(self.view.scene).hint()

    def select_all(self) -> None:
        """Select every annotation that is seen in this scan."""
        self._selection.set(tuple(a.id for a in self.view.annotations.now()))

    def fit(self) -> None:
        """Bring the selection into view, also from another scan; with none, the whole scan."""
        if self.view.hand.elsewhere() is not None:
            self.look_for(self._selection.ids[0])
        else:
            self.view.fit()

    def look_for(self, annotation_id: AnnotationId) -> None:
        """Bring an annotation into view."""
        if self.steering is not None:
            self.steering.go_to(annotation_id)
        self.view.look_for(annotation_id)

    def look_for_instance(self, number: int) -> None:
        """Bring an instance's points into view."""
        scene = self.view.scene
        boxed = box_around_instance(
            scene.document, number, scene.cloud, scene.taxonomy, frame=scene.frame
        )
        self.view.steering.look_for(boxed.annotation.shape)

    def size_in_words(self) -> str:
        """Say how many points there are."""
        return _("{count} points").format(count=f"{len(self.view.cloud):,}")

    def name_keys(self) -> None:
        """Call keys in the hint and under the timeline as they are now."""
        self.view.update()
        if self.steering is not None:
            self.steering.timeline.name_keys()

    def close(self) -> None:
        """Stop listening; the item is looked at from here when it is opened again."""
        self._kept.write()
        self._kept_classes.stop_listening()
        if self.steering is not None:
            self.steering.stop_listening()
        if self.camera is not None:
            self.camera.stop_listening()
        self.panes.stop_listening()
        self.view.stop_listening()
        self._scans.close()

    def _switch_panes(self) -> None:
        self.panes.setVisible(self.panes.isHidden())
        self.view.settings.set(panes=not self.panes.isHidden())

    def _switch_camera_points(self) -> None:
        if self.camera is None:
            raise AnnotatorError(_("This item has no camera images"))
        self.camera.show_points(on=not self.camera.shows_points)


def _over(view: QWidget, *below: QWidget) -> QWidget:
    """Return a widget with the view above rows that are as low as they can be."""
    whole = QWidget()
    layout = QVBoxLayout(whole)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(view, 1)
    for row in below:
        layout.addWidget(row)
    whole.setFocusProxy(view)
    return whole


def _ways_to_look(view: CloudView) -> dict[str, Callable[[], object]]:
    """Return what changes how the scan is seen, by action."""
    settings, steering = view.settings, view.steering
    return {
        **{f"view.{side.value}": partial(steering.look_from, side) for side in StandardView},
        "view.orthographic": lambda: steering.set_orthographic(on=view.camera.is_perspective),
        "view.ceiling": lambda: settings.set(hides_ceiling=not settings.look.hides_ceiling),
        "view.storey": lambda: _show_next_storey(view),
        "view.all_classes": settings.show_all_classes,
        "view.all_heights": settings.show_all_heights,
        "view.fit_all": view.fit_all,
        "view.larger_points": lambda: settings.resize_points(1),
        "view.smaller_points": lambda: settings.resize_points(-1),
        "view.next_colour": view.next_colouring,
        "view.isolate": lambda: view.isolate(on=not view.is_isolated),
        "view.clip": view.clipping.switch,
        "view.clip_fit": view.clipping.fit,
        "view.grid": lambda: settings.set(grid=not settings.look.grid),
        "view.legend": lambda: settings.set(legend=not settings.look.legend),
    }


def _show_next_storey(view: CloudView) -> None:
    storeys = view.drawing.storeys
    if storeys is None:
        raise AnnotatorError(_("Floor and ceiling are still being found"))
    view.settings.set(storey=storeys.after(view.settings.look.storey))
