"""Every tool of the cloud view, in the order of the tool bar."""

from annotator.tools.brush_points import BrushPoints
from annotator.tools.cloud_scene import CloudTool
from annotator.tools.contour import DrawContour
from annotator.tools.draw_box import DrawBox
from annotator.tools.edit_vertices import EditVertices
from annotator.tools.grow_cluster import GrowCluster
from annotator.tools.inside_box import InsideBox
from annotator.tools.lasso_label import LassoLabel
from annotator.tools.measure import Measure
from annotator.tools.one_click_box import OneClickBox
from annotator.tools.pillar import FitPillar
from annotator.tools.plane_slab import PlaneSlab
from annotator.tools.rectangle_label import RectangleLabel
from annotator.tools.row import LabelRow
from annotator.tools.select_box import SelectBox
from annotator.tools.split_instance import SplitInstance
from annotator.tools.usual_box import UsualBox
from annotator.tools.wall import GrowWall

CLOUD_TOOLS: tuple[type[CloudTool], ...] = (
    SelectBox,
    OneClickBox,
    UsualBox,
    DrawBox,
    LabelRow,
    FitPillar,
    GrowWall,
    DrawContour,
    EditVertices,
    LassoLabel,
    RectangleLabel,
    BrushPoints,
    GrowCluster,
    InsideBox,
    PlaneSlab,
    SplitInstance,
    Measure,
)
