"""The two workbenches: what each offers the window, whichever view is inside."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from PySide6.QtCore import QPoint, SignalInstance
from PySide6.QtWidgets import QWidget

from annotator.app.cloud_settings import CloudSettings
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.model.annotations import AnnotationId
from annotator.model.items import ItemKind
from annotator.tools.tool import Tool


class WorkbenchView(Protocol):
    """What the window asks of a workbench."""

    @property
    def widget(self) -> QWidget:
        """The view."""

    @property
    def tools(self) -> Sequence[type[Tool]]:
        """Its tools, in the order of the tool bar."""

    @property
    def does(self) -> Mapping[str, Callable[[], object]]:
        """Actions of the table that this workbench carries out, by id."""

    @property
    def is_on(self) -> Mapping[str, bool]:
        """Whether what can be on or off is on, by action."""

    @property
    def pointed(self) -> SignalInstance:
        """Says what is under the pointer, in words."""

    @property
    def drawn(self) -> SignalInstance:
        """Says how long the last picture took, in milliseconds."""

    @property
    def camera(self) -> QWidget | None:
        """The camera's image, for a panel of its own; None where the item has none."""

    @property
    def below_px(self) -> int:
        """How much of its height is below the picture and must not be covered."""

    def offer_menu(self, show: Callable[[QPoint], object]) -> None:
        """Let a right click on an object show the menu of the selection."""

    def choose_tool(self, tool_id: str) -> None:
        """Use another tool."""

    def hint_of(self, tool_id: str) -> str:
        """Return what a tool would say if it were taken in hand now; empty before it could."""

    def look_for(self, annotation_id: AnnotationId) -> None:
        """Bring an annotation into view."""

    def size_in_words(self) -> str:
        """Say how large the data are."""

    def name_keys(self) -> None:
        """Call keys in hints as they are now."""

    def close(self) -> None:
        """Take no more notice of anything; the widget is about to go."""


def workbench_for(session: Session, selection: Selection, settings: CloudSettings) -> WorkbenchView:
    """Return the workbench that the item asks for."""
    if session.item is not None and session.item.kind is ItemKind.CT:
        from annotator.views.ct.ct_workbench import CtWorkbench  # noqa: PLC0415 - compiles kernels

        return CtWorkbench(session, selection)
    from annotator.views.cloud.cloud_workbench import CloudWorkbench  # noqa: PLC0415 - compiles kernels

    return CloudWorkbench(session, selection, settings)
