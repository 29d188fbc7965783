"""Every tool of the image view, in the order of the tool bar."""

from annotator.tools.brush import EraseFocus, PaintFocus
from annotator.tools.click_focus import ClickFocus
from annotator.tools.image_scene import ImageTool
from annotator.tools.select_focus import RemoveFocus, SelectFocus

IMAGE_TOOLS: tuple[type[ImageTool], ...] = (
    SelectFocus,
    ClickFocus,
    PaintFocus,
    EraseFocus,
    RemoveFocus,
)
