"""How lines tell what of an annotation nobody saw, the same wherever they are drawn."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from annotator.model.annotations import Origin

SOLID, DASHED, DOTTED = Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine
GUESSED = Qt.PenStyle.DashDotLine
"""What nobody saw: it lies between two key frames."""
_STYLES = {Origin.SUGGESTION: DOTTED, Origin.INTERPOLATED: GUESSED}
_PATTERNS_PX = {DASHED: (7.0, 5.0), DOTTED: (1.5, 4.0), GUESSED: (9.0, 4.0, 1.5, 4.0)}


def style_of(origin: Origin, *, is_assumed: bool = False) -> Qt.PenStyle:
    """Return how a line of an annotation is drawn.

    Parameters
    ----------
    is_assumed
        Whether the face that it belongs to was not seen.
    """
    return _STYLES.get(origin, DASHED if is_assumed else SOLID)


def pen_of(color: QColor, width_px: float, style: Qt.PenStyle) -> QPen:
    """Return a pen whose dashes are as long whatever its width."""
    pen = QPen(color, width_px)
    if style in _PATTERNS_PX:
        pen.setDashPattern([part / width_px for part in _PATTERNS_PX[style]])
    return pen
