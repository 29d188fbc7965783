"""The panel with the camera's image, which is there only where an item has images."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from annotator.i18n import gettext as _

_HEIGHT_PX = 244
"""With its title, what an image as wide as the panels needs."""


class CameraDock(QDockWidget):
    """Shows what the workbench lends it. It stays closed once a person has closed it."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(_("Camera"), window)
        self.setObjectName("camera")  # the layout is restored by this name
        self._view: QWidget | None = None
        self._is_wanted = True
        self.toggleViewAction().triggered.connect(lambda on: self._want(on=on))
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self)
        self.offer(None)

    @property
    def has_image(self) -> bool:
        """Whether the open item has something to show here."""
        return self._view is not None

    def offer(self, view: QWidget | None) -> None:
        """Show a view from now on, or nothing; the one before is deleted."""
        before, self._view = self._view, view
        self.setWidget(view)  # type: ignore[arg-type]  # Qt takes None for no widget
        if before is not None and before is not view:
            before.deleteLater()
        self.toggleViewAction().setEnabled(view is not None)
        self.appear()

    def appear(self) -> None:
        """Be visible where there is an image, unless a person closed the panel."""
        was_hidden = self.isHidden()
        self.setVisible(self.has_image and self._is_wanted)
        if was_hidden and self.isVisible() and not self.isFloating():
            window = self.parentWidget()
            assert isinstance(window, QMainWindow)
            window.resizeDocks([self], [_HEIGHT_PX], Qt.Orientation.Vertical)

    def switch(self) -> None:
        """Open or close the panel, as a person asked."""
        self._want(on=self.isHidden())
        self.appear()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's
        """Note that a person closed it."""
        self._want(on=False)
        super().closeEvent(event)

    def _want(self, *, on: bool) -> None:
        self._is_wanted = on
