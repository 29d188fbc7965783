"""What the tools of the cloud view work on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

import numpy as np
import numpy.typing as npt
from typing_extensions import override

from annotator.commands.fitting import LaidOver
from annotator.geometry.accumulating import Accumulated
from annotator.geometry.projection import Camera, Size
from annotator.geometry.survey import Survey
from annotator.model.annotations import Annotation, AnnotationId
from annotator.model.cloud import PointCloud
from annotator.model.document import Document
from annotator.model.labels import Label, Taxonomy
from annotator.model.shapes import Polyline3D, Vec2, Vec3
from annotator.tools.keys import ToolKey
from annotator.tools.tool import NOTHING, Pointer, Reply, Tool

Rows = npt.NDArray[np.int64]


class RowsFound(Protocol):
    """Returns what finds the rows of what is drawn that are inside an outline in view pixels.

    It finds them, on any thread, in the picture that is seen when it is asked for.
    """

    def __call__(self, outline_px: Sequence[Vec2], /, *, front_only: bool) -> Callable[[], Rows]:
        """Return it; with ``front_only`` it takes the front surface alone."""


@dataclass(slots=True)
class CloudScene:
    """The open scan and what the view shows of it; the view keeps it up to date.

    Attributes
    ----------
    frame
        Which scan of a sequence it is.
    label
        Class of what is made new.
    selected
        The one selected annotation, if there is one.
    chosen
        Every selected annotation.
    instances
        The selected instances of points; what is painted joins the first.
    makes_instances
        Whether what is painted while none is selected becomes an instance of its own.
    protected
        Classes whose points are not repainted.
    survey
        Floor, ceiling and a search index; None while they are still being found.
    shows_ceiling
        Whether the scan has a ceiling, and it is shown.
    laid
        The scans that are laid over each other; None where none are, or not surveyed yet.
    around
        All points that are drawn, where scans are laid over this one.
    gap_m
        The gap by which points were grown or taken apart last; None where none were.
    paints_all
        Whether painting takes the scans that are laid over this one, too.
    shows
        Tells whether an annotation of the scan is shown.
    """

    document: Document
    cloud: PointCloud
    taxonomy: Taxonomy
    rows_found: RowsFound
    frame: int = 0
    label: str = ""
    selected: Annotation | None = None
    chosen: tuple[AnnotationId, ...] = ()
    instances: tuple[int, ...] = ()
    makes_instances: bool = False
    protected: frozenset[str] = frozenset()
    camera: Camera = field(default_factory=Camera)
    size_px: Size = (1, 1)
    survey: Survey | None = None
    shows_ceiling: bool = False
    laid: LaidOver | None = None
    around: Accumulated | None = None
    gap_m: float | None = None
    paints_all: bool = True
    shows: Callable[[Annotation], bool] = lambda _annotation: True

    @property
    def shown(self) -> list[Annotation]:
        """What is labelled in the scan and shown."""
        found = self.document.in_frame(self.frame)
        return [a for a in found if not a.dismissed and self.shows(a)]

    @property
    def painted_scans(self) -> Accumulated | None:
        """The scans that painting takes; None where it takes the one at hand alone."""
        return self.around if self.paints_all else None

    @property
    def painted_cloud(self) -> PointCloud:
        """All points that painting takes; the first are those of the scan at hand."""
        return self.cloud if self.painted_scans is None else self.painted_scans.cloud

    @property
    def drawn_count(self) -> int:
        """How many points are drawn, or would be if none were hidden."""
        return len(self.cloud) if self.around is None else len(self.around.cloud)

    @property
    def painted_survey(self) -> Survey | None:
        """What is known of the scans that painting takes; of the one at hand until it is found."""
        is_known = self.laid is not None and self.laid.around is self.painted_scans
        return self.laid.survey if self.laid is not None and is_known else self.survey

    def points_of(self, annotation: Annotation) -> PointCloud:
        """Return the points that tell where an object is: of all drawn scans if it stands still."""
        if annotation.frame is None and self.around is not None:
            return self.around.cloud
        return self.cloud

    def by_scan(self, rows: Rows) -> dict[int, Rows]:
        """Return rows of what is drawn as rows of the scans that they are of."""
        scans = self.painted_scans
        return {self.frame: rows[rows < len(self.cloud)]} if scans is None else scans.by_frame(rows)

    def finding_to_paint(
        self, outline_px: Sequence[Vec2], *, front_only: bool
    ) -> Callable[[], Rows]:
        """Return what finds the rows of what is drawn that painting an outline takes."""
        if self.painted_scans is None:
            return self.finding(outline_px, front_only=front_only)
        return self.rows_found(outline_px, front_only=front_only)

    def finding(self, outline_px: Sequence[Vec2], *, front_only: bool) -> Callable[[], Rows]:
        """Return what finds the rows of the scan alone inside an outline."""
        find, count = self.rows_found(outline_px, front_only=front_only), len(self.cloud)

        def find_own() -> Rows:
            rows = find()
            return rows[rows < count]

        return find_own

    def active_label(self) -> Label | None:
        """Return the class of what is made new; None in a taxonomy without classes."""
        if self.label in self.taxonomy:
            return self.taxonomy[self.label]
        return next(iter(self.taxonomy), None)

    def floor_m(self, at_m: Vec3) -> float:
        """Return the world height of the floor below a place; the scan's lowest if unknown."""
        x, y, z = self.cloud.origin_m
        if self.survey is not None:
            own = self.survey.ground.floor_at(at_m[0] - x, at_m[1] - y, at_m[2] - z)
            if np.isfinite(own):
                return float(own) + z
        return at_m[2]

    def walls(self, but: AnnotationId = "") -> list[Polyline3D]:
        """Return the walls that are labelled in the shown scan, all but one."""
        found = self.document.in_frame(self.frame)
        shapes = [a.shape for a in found if a.id != but]
        return [s for s in shapes if isinstance(s, Polyline3D) and s.height_m > 0]

    def on_plane(self, pointer: Pointer, height_m: float) -> Vec3 | None:
        """Return where the pointer's ray meets a level; None where it never does."""
        if pointer.ray is None or abs(pointer.ray.direction[2]) < 1e-6:
            return None
        ahead = (height_m - pointer.ray.origin_m[2]) / pointer.ray.direction[2]
        if ahead <= 0 and self.camera.is_perspective:
            return None
        x, y = (
            o + ahead * d
            for o, d in zip(pointer.ray.origin_m[:2], pointer.ray.direction[:2], strict=True)
        )
        return (x, y, height_m)

    def to_px(self, points_m: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Return where world places are in the view, (N, 2), px; NaN behind the eye."""
        return self.camera.project(points_m, self.size_px)[0]


class CloudTool(Tool):
    """A tool of the cloud view; made anew when it is chosen."""

    works_behind: ClassVar[bool] = False
    """Whether a drag goes on working while it stands still, so that `rest` is asked then too."""
    only_clicks: ClassVar[bool] = False
    """Whether no gesture of it is a drag: it clicks when let go, and a drag turns the view."""

    def __init__(self, scene: CloudScene) -> None:
        self.scene = scene

    def rest(self, pointer: Pointer) -> Reply:  # noqa: ARG002
        """Take a pointer that stays where it is: the time for a preview that costs some."""
        return NOTHING

    @override
    def cancel(self) -> Reply:
        """Give up the last step of what is begun; NOTHING where nothing is."""
        return NOTHING

    def put_down(self) -> Reply:
        """Give up what is begun, as another tool is taken, but for what any click would take."""
        return NOTHING

    def leaves_drags(self, pointer: Pointer) -> bool:  # noqa: ARG002
        """Tell whether a drag from here is nothing to the tool, so that it may turn the view."""
        return self.only_clicks

    def leaves_grips(self) -> bool:
        """Tell whether a drag from a grip of the selection edits that, as it does when selecting.

        Not while the tool's own clicks are under way: the next one may well be on a grip.
        """
        return self.only_clicks

    def keys_wanted(self) -> frozenset[ToolKey]:
        """Return the keys that are this tool's now, though the window has a use for them."""
        return frozenset()
