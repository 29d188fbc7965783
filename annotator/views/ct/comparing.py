"""Compares the open series with another of the same patient."""

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QInputDialog

from annotator.app.siblings import Sibling
from annotator.errors import AnnotatorError
from annotator.i18n import gettext as _
from annotator.views.ct.comparison import Comparison
from annotator.views.ct.ct_workbench import CtWorkbench

if TYPE_CHECKING:
    from annotator.views.main_window import MainWindow


class Comparing:
    """Reads a second series beside the window, and shows it; asked again, takes it away."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        window.menus.bind("view.compare", window.guarded(self.compare))

    def compare(self) -> None:
        """Show another series of the patient, or take away the one that is shown."""
        workbench = self._window.workbench
        if not isinstance(workbench, CtWorkbench):
            return
        if workbench.widget.beside.comparison is not None:
            workbench.widget.beside.show(None)
            return
        sibling = self._chosen(self._window.workspace.siblings())
        if sibling is not None:
            self.show(workbench, sibling)

    def show(self, workbench: CtWorkbench, sibling: Sibling) -> None:
        """Read a series and show it beside the open one."""
        workspace, item = self._window.workspace, sibling.item

        def done(context: Any) -> None:  # noqa: ANN401 - as a job returns it
            if self._window.workbench is workbench:
                made = Comparison(workbench.widget, context.volume, sibling.title())
                workbench.widget.beside.show(made)

        self._window.background.run(
            item.name,
            lambda job: workspace.read(item, progress=job.report, cancelled=job.is_cancelled),
            done,
            self._window.say,
        )

    def _chosen(self, siblings: list[Sibling]) -> Sibling | None:
        if not siblings:
            raise AnnotatorError(
                _("there is no other series of this patient here; open a folder that holds it")
            )
        if len(siblings) == 1:
            return siblings[0]
        names = [f"{n}  {sibling.title()}" for n, sibling in enumerate(siblings, start=1)]
        name, sure = QInputDialog.getItem(
            self._window,
            _("Compare"),
            _("Series"),
            names,
            0,
            False,  # noqa: FBT003 - Qt's "editable"
        )
        return siblings[names.index(name)] if sure else None
