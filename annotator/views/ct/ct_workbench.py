"""The workbench for CT series: three planes, with presets and foci under the window's actions."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMessageBox

from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.errors import AnnotatorError
from annotator.formats.dicom.patient import patient_of
from annotator.i18n import gettext as _
from annotator.model.annotations import AnnotationId
from annotator.model.items import Status
from annotator.model.volume import Hu
from annotator.tools.image_tools import IMAGE_TOOLS
from annotator.views.ct.cine import Cine
from annotator.views.ct.focus_verbs import FocusVerbs
from annotator.views.ct.health_strip import HealthStrip
from annotator.views.ct.image_view import ImageView
from annotator.views.ct.lens_and_slab import LensAndSlab


class CtWorkbench:
    """Offers an image view to the window."""

    def __init__(self, session: Session, selection: Selection) -> None:
        self._session = session
        self.camera = None
        self.widget = view = ImageView(session, selection)
        self.health = HealthStrip(session, view)
        view.add_above(self.health)
        self._leave: Callable[[], None] | None = None
        view.rail.left.connect(self._go_on)
        self.tools = view.tools
        self.pointed, self.drawn = view.pointed, view.drawn
        self._cine = Cine(view)
        self.does: dict[str, Callable[[], object]] = {
            "view.fit": view.candidates.fit,
            **view.windowing.does,
            "view.names": self._show_name,
            **view.keys.does,
            "view.candidates": partial(view.candidates.show, on=True),
            "view.hide_candidates": self._hide_candidates,
            "view.next_open": view.candidates.next_open,
            "view.residual": self._show_residual,
            **LensAndSlab(view).does,
            "view.cine": self._cine.play_or_pause,
            "view.cine_speed": self._cine.change_speed,
            "view.invert": self._invert,
            "view.turn": view.turn,
            "view.flip": view.flip,
            **FocusVerbs(session, selection, view).does,
        }
        if session.context.volume is not None:
            self._offer_candidates()

    @property
    def is_on(self) -> dict[str, bool]:
        """Whether what can be on or off is on, by action."""
        return {}

    @property
    def below_px(self) -> int:
        """How much of the view's height hint and candidates take."""
        return self.widget.below_px()

    def offer_menu(self, show: Callable[[QPoint], object]) -> None:
        """Do nothing: the right button sets the window of grey values here."""

    def choose_tool(self, tool_id: str) -> None:
        """Use another tool."""
        self.widget.choose_tool(tool_id)

    def look_for(self, annotation_id: AnnotationId) -> None:
        """Bring a focus into view."""
        self.widget.walk.look_for(annotation_id)

    def finish(self, close: Callable[[], None], leave: Callable[[], None]) -> None:
        """Close the scan where everything in it is explained; else go to what is not.

        Parameters
        ----------
        close
            Called where the scan is proven.
        leave
            Called when the person goes on with the scan left open, and where it is only read.

        Raises
        ------
        AnnotatorError
            While nobody knows yet what there is to explain.
        """
        rail = self.widget.rail
        self._leave = leave
        if self._session.read_only:
            leave()
            return
        if self._session.context.volume is None:
            raise AnnotatorError(
                _("not closed: slices still arrive; it can be closed once all are there")
            )
        self.widget.candidates.show(on=True)
        if rail.decisions is None:
            rail.head.offer_to_leave(on=True)
            says = _(
                "not closed: candidates are still looked for; it can be closed once they are there"
            )
            raise AnnotatorError(says)
        if rail.ask_to_finish():
            close()

    def show_closed(self, *, on: bool) -> None:
        """Say under the planes that the scan is closed, or how far it is."""
        rail = self.widget.rail
        if rail.is_closed != on:
            rail.is_closed = on
            rail.recount()

    def hint_of(self, tool_id: str) -> str:
        """Return what a tool would say if it were taken in hand now; empty before it could."""
        runner = self.widget.runner
        kind = next(tool for tool in IMAGE_TOOLS if tool.id == tool_id)
        return kind(runner.scene).hint() if runner is not None else ""

    def feed(self, index: int, hu: Hu) -> None:
        """Show a slice while the rest is still read."""
        series = self._session.context.series
        if series is not None and self._session.context.volume is None:
            self.widget.arriving.take(series, index, hu)

    def complete(self) -> None:
        """Show the whole volume; from now on it can be marked."""
        if self._session.context.volume is not None:
            self.health.refresh()
            self.widget.show_volume(self._session.context.volume)
            self._offer_candidates()

    def size_in_words(self) -> str:
        """Say how many slices of how many voxels there are."""
        series = self._session.context.series
        if series is None:
            return ""
        slices, rows, columns = series.shape
        return _("{slices} slices, {columns} × {rows}").format(
            slices=slices, columns=columns, rows=rows
        )

    def _offer_candidates(self) -> None:
        """Show the candidates of a scan that is not closed, without taking the keys.

        They are looked for where they are not shown, too: by them a click tells bone and blood.
        """
        item = self._session.item
        is_closed = item is not None and item.status is Status.DONE
        if self._session.read_only:
            return
        self.widget.rail.look()
        if self.widget.selection.wants_candidates and not is_closed:
            self.widget.candidates.show(on=True, with_keys=False)

    def _hide_candidates(self) -> None:
        self.widget.candidates.show(on=False)
        self.widget.setFocus()

    def _show_residual(self) -> None:
        """Show what nobody has explained, or hide it again."""
        candidates = self.widget.candidates
        candidates.show_residual(on=not candidates.is_residual_shown)

    def _go_on(self) -> None:
        leave, self._leave = self._leave, None
        if leave is not None:
            leave()

    def _show_name(self) -> None:
        series = self._session.context.series
        if series is not None:
            QMessageBox.information(self.widget, _("Patient"), patient_of(series))

    def _invert(self) -> None:
        if self.widget.state is not None:
            self.widget.set_inverted(on=not self.widget.state.is_inverted)

    def name_keys(self) -> None:
        """Call keys under the rail as they are now; the hint is said anew by the tool."""
        self.widget.rail.name_keys()

    def close(self) -> None:
        """Stop listening."""
        self.health.stop_listening()
        self.widget.stop_listening()
