"""Every tool of the cloud view, in the order of the tool bar."""

from annotator.tools.cloud_scene import CloudTool
from annotator.tools.draw_box import DrawBox
from annotator.tools.lasso_label import LassoLabel
from annotator.tools.one_click_box import OneClickBox
from annotator.tools.select_box import SelectBox

CLOUD_TOOLS: tuple[type[CloudTool], ...] = (SelectBox, OneClickBox, DrawBox, LassoLabel)
