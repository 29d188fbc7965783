"""The two workbenches: what each offers the window, whichever view is inside."""

from collections.abc import Callable, Mapping
from typing import Protocol

from PySide6.QtWidgets import QWidget

from annotator.model.annotations import AnnotationId
from annotator.tools.tool import Tool


class WorkbenchView(Protocol):
    """What the window asks of a view."""

    widget: QWidget
    tools: tuple[type[Tool], ...]
    does: Mapping[str, Callable[[], object]]
    """Actions of the table that this view carries out, by id."""

    def choose_tool(self, tool_id: str) -> None:
        """Use another tool."""

    def look_for(self, annotation_id: AnnotationId) -> None:
        """Bring an annotation into view."""

    def size_in_words(self) -> str:
        """Say how large the data are."""
