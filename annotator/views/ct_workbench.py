"""The workbench for CT series: three planes, with presets and foci under the window's actions."""

from PySide6.QtWidgets import QMessageBox

from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.formats.dicom.patient import patient_of
from annotator.i18n import gettext as _
from annotator.model.annotations import AnnotationId
from annotator.model.volume import Hu
from annotator.views.image_view import ImageView


class CtWorkbench:
    """Offers an image view to the window."""

    def __init__(self, session: Session, selection: Selection) -> None:
        self._session = session
        self.widget = view = ImageView(session, selection)
        self.tools = view.tools
        self.pointed, self.drawn = view.pointed, view.drawn
        self.does = {
            "view.fit": view.fit,
            "window.lung": lambda: view.use_preset("lung"),
            "window.mediastinum": lambda: view.use_preset("mediastinum"),
            "window.bone": lambda: view.use_preset("bone"),
            "window.calcium": lambda: view.use_preset("calcium"),
            "window.header": view.use_header_window,
            "window.auto": view.use_auto_window,
            "view.names": self._show_name,
            "view.next_focus": view.next_focus,
            "view.previous_focus": view.previous_focus,
        }

    def choose_tool(self, tool_id: str) -> None:
        """Use another tool."""
        self.widget.choose_tool(tool_id)

    def look_for(self, annotation_id: AnnotationId) -> None:
        """Bring a focus into view."""
        self.widget.look_for(annotation_id)

    def feed(self, index: int, hu: Hu) -> None:
        """Show a slice while the rest is still read."""
        series = self._session.context.series
        if series is not None and self._session.context.volume is None:
            self.widget.feed(series, index, hu)

    def complete(self) -> None:
        """Show the whole volume; from now on it can be marked."""
        if self._session.context.volume is not None:
            self.widget.show_volume(self._session.context.volume)

    def size_in_words(self) -> str:
        """Say how many slices of how many voxels there are."""
        series = self._session.context.series
        if series is None:
            return ""
        slices, rows, columns = series.shape
        return _("{slices} slices, {columns} × {rows}").format(
            slices=slices, columns=columns, rows=rows
        )

    def _show_name(self) -> None:
        series = self._session.context.series
        if series is not None:
            QMessageBox.information(self.widget, _("Patient"), patient_of(series))

    def close(self) -> None:
        """Stop listening."""
        self.widget.stop_listening()
