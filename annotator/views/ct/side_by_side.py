"""What stands beside the axial plane: the smaller planes, or another series."""

from PySide6.QtWidgets import QSplitter, QWidget


class SideBySide:
    """Puts another series in the place of the smaller planes, and takes it away again.

    Parameters
    ----------
    side
        What holds the smaller planes; it stands beside the axial plane in a splitter.
    """

    def __init__(self, side: QWidget) -> None:
        self.comparison: QWidget | None = None
        self._side = side
        self._sizes_px: list[int] = []

    def show(self, comparison: QWidget | None) -> None:
        """Show another series beside the axial plane, instead of the smaller planes; or none."""
        if self.comparison is not None:
            self.comparison.hide()
            self.comparison.deleteLater()
        self.comparison = comparison
        self._side.setVisible(comparison is None)
        around = self._side.parentWidget()
        assert isinstance(around, QSplitter)
        if comparison is not None:
            self._sizes_px = self._sizes_px or around.sizes()
            around.insertWidget(1, comparison)
            around.setStretchFactor(1, 1)
            around.setSizes([around.width() // 2] * 2 + [0])
        elif self._sizes_px:
            around.setSizes([self._sizes_px[0], 0, *self._sizes_px[1:]][: around.count()])
            self._sizes_px = []
