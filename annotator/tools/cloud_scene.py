"""What the tools of the cloud view work on."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from annotator.geometry.ground import Ground
from annotator.geometry.neighbours import PointIndex
from annotator.geometry.projection import Camera, Size
from annotator.model.annotations import Annotation
from annotator.model.cloud import PointCloud
from annotator.model.document import Document
from annotator.model.labels import Label, Taxonomy
from annotator.model.shapes import Vec2
from annotator.tools.tool import Tool

Rows = npt.NDArray[np.int64]


class CloudScene(Protocol):
    """The open scan and how the view shows it; the view keeps it up to date.

    All places in it are world metres, but for ``index`` and ``ground``, which are in the scan's
    own axes: about ``cloud.origin_m``.
    """

    @property
    def document(self) -> Document:
        """What has been said; to look at."""

    @property
    def taxonomy(self) -> Taxonomy:
        """The classes there are."""

    @property
    def cloud(self) -> PointCloud:
        """The scan that is shown."""

    @property
    def frame(self) -> int | None:
        """Which scan of a sequence new annotations belong to; None for a single scan."""

    @property
    def label(self) -> Label:
        """Class of new annotations."""

    @property
    def selected(self) -> tuple[Annotation, ...]:
        """The selected annotations that hold in this scan."""

    @property
    def protected(self) -> frozenset[int]:
        """Label values that paint must not replace."""

    @property
    def camera(self) -> Camera:
        """Where the view looks from."""

    @property
    def size_px(self) -> Size:
        """Width and height of the view."""

    @property
    def index(self) -> PointIndex:
        """Finds points by place; made at the first use."""

    @property
    def ground(self) -> Ground:
        """Floors and ceilings; found at the first use."""

    def rows_inside(self, path_px: tuple[Vec2, ...], *, front_only: bool) -> Rows:
        """Return the sorted rows of shown points inside a closed path on the screen.

        Parameters
        ----------
        front_only
            Only points that can be seen; else everything behind them as well.
        """


class CloudTool(Tool):
    """A tool of the cloud view; made anew when it is chosen."""

    def __init__(self, scene: CloudScene) -> None:
        self.scene = scene
