"""Compares the open series with another of the same patient."""

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QInputDialog

from annotator.errors import AnnotatorError
from annotator.i18n import gettext as _
from annotator.model.items import Item
from annotator.views.comparison import Comparison
from annotator.views.ct_workbench import CtWorkbench

if TYPE_CHECKING:
    from annotator.views.main_window import MainWindow


class Comparing:
    """Reads a second series beside the window, and shows it; asked again, takes it away."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        window.menus.bind("view.compare", window.guarded(self.compare))

    def compare(self) -> None:
        """Show another series of the study, or take away the one that is shown."""
        workbench = self._window.workbench
        if not isinstance(workbench, CtWorkbench):
            return
        if workbench.widget.beside.comparison is not None:
            workbench.widget.beside.show(None)
            return
        item = self._chosen(self._window.workspace.siblings())
        if item is not None:
            self.show(workbench, item)

    def show(self, workbench: CtWorkbench, item: Item) -> None:
        """Read a series and show it beside the open one."""
        workspace = self._window.workspace

        def done(context: Any) -> None:  # noqa: ANN401 - as a job returns it
            if self._window.workbench is workbench:
                made = Comparison(workbench.widget, context.volume, item.name)
                workbench.widget.beside.show(made)

        self._window.background.run(
            item.name,
            lambda job: workspace.read(item, progress=job.report, cancelled=job.is_cancelled),
            done,
            self._window.say,
        )

    def _chosen(self, items: list[Item]) -> Item | None:
        if not items:
            raise AnnotatorError(
                _("there is no other series of this study here; open a folder that holds it")
            )
        if len(items) == 1:
            return items[0]
        names = [item.name for item in items]
        name, sure = QInputDialog.getItem(
            self._window,
            _("Compare"),
            _("Series"),
            names,
            0,
            False,  # noqa: FBT003 - Qt's "editable"
        )
        return items[names.index(name)] if sure else None
