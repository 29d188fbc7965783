"""Every tool of the image view, in the order of the tool bar."""

from annotator.tools.brush import EraseFocus, PaintFocus
from annotator.tools.click_focus import ClickFocus
from annotator.tools.image_measures import Angle, EllipseProbe, PointProbe, Ruler
from annotator.tools.image_scene import ImageTool
from annotator.tools.outline_focus import EllipseFocus, FreehandFocus, PolygonFocus
from annotator.tools.scissors import Scissors
from annotator.tools.select_focus import RemoveFocus, SelectFocus

IMAGE_TOOLS: tuple[type[ImageTool], ...] = (
    SelectFocus,
    ClickFocus,
    PaintFocus,
    EraseFocus,
    PolygonFocus,
    FreehandFocus,
    EllipseFocus,
    Scissors,
    RemoveFocus,
    Ruler,
    Angle,
    PointProbe,
    EllipseProbe,
)
