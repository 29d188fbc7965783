"""What is longer than its place: it is scrolled, and stays so when it is made anew."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class Scrolled(QScrollArea):
    """Shows one widget, as wide as its place, and another one instead at any time."""

    def __init__(self) -> None:
        super().__init__(widgetResizable=True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # a click on a tick in it leaves the view keys

    def show_instead(self, content: QWidget) -> None:
        """Show another widget, scrolled as far as the one before.

        That one ends later: the field that made it out of date may be in the middle of telling so,
        with its list still open.
        """
        down_px, before = self.verticalScrollBar().value(), self.takeWidget()
        if before is not None:  # Qt returns none where nothing was shown yet
            before.deleteLater()
        self.setWidget(content)
        self.verticalScrollBar().setValue(down_px)
