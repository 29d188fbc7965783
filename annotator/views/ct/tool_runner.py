"""Runs the chosen image tool: the pointer in, previews to the view, one edit to the session."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.errors import AnnotatorError
from annotator.imaging.slabs import Plane
from annotator.tools.image_scene import ImageScene, ImageTool
from annotator.tools.image_tools import IMAGE_TOOLS
from annotator.tools.tool import CLEAR, NOTHING, Preview, Reply

Ask = Callable[[ImageTool], Reply | None]


class ToolRunner(QObject):
    """Holds the tool at hand and what it previews."""

    previewed = Signal()
    marked = Signal()
    """An edit was made, and what is selected after it."""
    hinted = Signal(str, str)
    """One line about what a click would do, and its role: ``faint`` or ``warning``."""

    def __init__(
        self, session: Session, selection: Selection, scene: ImageScene, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._selection, self.scene = session, selection, scene
        self.preview: Preview | None = None
        self.plane = Plane.AXIAL
        self.tool: ImageTool = IMAGE_TOOLS[0](scene)

    def choose(self, tool_id: str) -> None:
        """Use another tool; what the old one had begun is forgotten."""
        kind = next(tool for tool in IMAGE_TOOLS if tool.id == tool_id)
        self.tool = kind(self.scene)
        self.take(Reply(preview=CLEAR))

    def reread(self) -> None:
        """Take the selection and the class over into what tools see."""
        ids, document = self._selection.ids, self._session.document
        self.scene.document = document
        self.scene.chosen = ids
        self.scene.selected = document.annotations.get(ids[0]) if len(ids) == 1 else None
        labels = [label.name for label in self._session.taxonomy]
        chosen = self._selection.label
        self.scene.label = chosen if chosen in labels or not labels else labels[0]

    def ask(self, plane: Plane, px_per_mm: float, ask: Ask) -> bool:
        """Let the tool answer something; tell whether it did."""
        self.plane = self.scene.plane = plane
        self.scene.px_per_mm = px_per_mm
        return self.ask_here(ask)

    def ask_here(self, ask: Ask) -> bool:
        """Let the tool answer a key, on the plane where it worked last."""
        reply = ask(self.tool)
        if reply is None:
            return False
        self.take(reply)
        return True

    def back_out(self) -> None:
        """Back out one step: of what is drawn, and then of what is selected."""
        given_up = self.tool.cancel()
        chosen = () if self._selection.ids else None
        self.take(Reply(preview=CLEAR, select=chosen) if given_up is NOTHING else given_up)

    def take(self, reply: Reply) -> None:
        """Show a preview, do the edit, then select."""
        if reply is NOTHING:
            return
        if reply.preview is not None:
            self._show(None if reply.preview is CLEAR else reply.preview)
        try:
            if reply.edit is not None:
                self._session.do(reply.edit, reply.text)
        except AnnotatorError as refused:
            self.hinted.emit(str(refused), "warning")
            return
        if reply.select is not None:
            self._selection.set(reply.select)
        if reply.edit is not None:
            self.marked.emit()
        is_warning = self.preview is not None and self.preview.warning
        role = "warning" if is_warning else "faint"
        self.hinted.emit(reply.hint or self.tool.hint(), role)

    def _show(self, preview: Preview | None) -> None:
        if preview is not None or self.preview is not None:
            self.preview = preview
            self.previewed.emit()
