"""The workbench for scans: a cloud view under the window's actions."""

from collections.abc import Callable
from functools import partial

from annotator.app.cloud_settings import CloudSettings
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.geometry.projection import StandardView
from annotator.i18n import gettext as _
from annotator.model.annotations import AnnotationId
from annotator.views.cloud_view import CloudView


class CloudWorkbench:
    """Offers a cloud view to the window."""

    def __init__(
        self, session: Session, selection: Selection, settings: CloudSettings | None = None
    ) -> None:
        self.widget = view = CloudView(session, selection, settings=settings)
        self.tools = view.tools
        self.pointed, self.drawn = view.pointed, view.drawn
        self.does: dict[str, Callable[[], object]] = {
            "view.fit": view.fit,
            **{f"view.{side.value}": partial(view.look_from, side) for side in StandardView},
            "view.orthographic": lambda: view.set_orthographic(on=view.camera.is_perspective),
            "view.larger_points": lambda: view.settings.resize_points(1),
            "view.smaller_points": lambda: view.settings.resize_points(-1),
            "view.next_colour": view.next_colouring,
        }

    def choose_tool(self, tool_id: str) -> None:
        """Use another tool."""
        self.widget.choose_tool(tool_id)

    def look_for(self, annotation_id: AnnotationId) -> None:
        """Bring an annotation into view."""
        self.widget.look_for(annotation_id)

    def size_in_words(self) -> str:
        """Say how many points there are."""
        return _("{count} points").format(count=f"{len(self.widget.cloud):,}")

    def close(self) -> None:
        """Stop listening."""
        self.widget.stop_listening()
