"""What the tools of the image view work on."""

import math
from dataclasses import dataclass, field, replace
from typing import ClassVar

from annotator.commands.foci import instance_of, touches
from annotator.imaging.brush import Brush
from annotator.imaging.candidates import Candidates
from annotator.imaging.growing import Voxel
from annotator.imaging.rules import CAL_130, Rule
from annotator.imaging.slabs import Plane
from annotator.model.annotations import Annotation, AnnotationId
from annotator.model.document import Document
from annotator.model.layers import Where
from annotator.model.shapes import Vec2, Vec3
from annotator.model.volume import Volume
from annotator.tools.keys import ToolKey
from annotator.tools.tool import NOTHING, Keys, Pointer, Reply, Tool


@dataclass(slots=True)
class Marking:
    """How the person marks at the moment; kept from tool to tool, never stored.

    Attributes
    ----------
    at_least_hu
        What a click grows from.
    radius_mm
        How far a click reaches; None where only connection limits it.
    brush
        What is painted and outlined with, in its HU range.
    erased_hu
        Least and greatest value that the eraser takes; whatever was painted can be erased.
    """

    at_least_hu: float = CAL_130.at_least_hu
    radius_mm: float | None = None
    brush: Brush = field(default_factory=lambda: Brush(low_hu=CAL_130.at_least_hu))
    erased_hu: Vec2 = (-math.inf, math.inf)

    def follow(self, threshold_hu: float) -> None:
        """Mark by a rule's threshold from now on, with every tool."""
        self.at_least_hu = threshold_hu
        self.brush = replace(self.brush, low_hu=threshold_hu)


@dataclass(slots=True)
class ImageScene:
    """The open series and what the view shows of it; the view keeps it up to date.

    Attributes
    ----------
    label
        Class of new foci.
    selected
        The one selected focus, if there is one.
    chosen
        All that is selected.
    is_measured
        Whether mm² and mm³ may be told of this series.
    px_per_mm
        Scale of the plane under the pointer, for brush outlines.
    candidates
        What is known of the scan's bones and blood; None until it was looked for.
    """

    document: Document
    volume: Volume
    label: str = "calcification"
    selected: Annotation | None = None
    chosen: tuple[AnnotationId, ...] = ()
    rule: Rule = CAL_130
    is_measured: bool = True
    plane: Plane = Plane.AXIAL
    px_per_mm: float = 1.0
    candidates: Candidates | None = None
    marking: Marking = field(default_factory=Marking)

    @property
    def threshold_hu(self) -> float:
        """Return the rule's threshold at this series' tube voltage."""
        return self.rule.threshold_hu(self.volume.series.kvp)

    @property
    def spacing_mm(self) -> Vec3:
        """Return the series' (z, y, x)."""
        return self.volume.series.spacing_mm


class ImageTool(Tool):
    """A tool of the image view; made anew when it is chosen."""

    takes_what_is_shown: ClassVar[bool] = False
    """Whether it means the voxel that a slab shows, in whichever of its slices that lies."""

    def __init__(self, scene: ImageScene) -> None:
        self.scene = scene

    def keys_wanted(self) -> frozenset[ToolKey]:
        """Return the keys that the tool takes from the window at the moment, by their Qt names."""
        return frozenset()

    def cancel(self) -> Reply:
        """Give up what is begun; NOTHING where nothing is."""
        return NOTHING

    def look_again(self) -> Reply:
        """Answer anew what is shown, as more is known of the scan; most tools have nothing to."""
        return NOTHING

    def voxel_under(self, pointer: Pointer) -> Voxel | None:
        """Return the (k, j, i) of the voxel under the pointer, None outside the volume."""
        if pointer.voxel is None:
            return None
        i, j, k = (math.floor(at + 0.5) for at in pointer.voxel)
        inside = all(
            0 <= at < n for at, n in zip((k, j, i), self.scene.volume.hu.shape, strict=True)
        )
        return (k, j, i) if inside else None

    def extended_by(self, where: Where, keys: Keys) -> Annotation | None:
        """Return the focus that new voxels go to; None where they are a focus of their own.

        It is the selected one, if they touch it or Ctrl is held: what is painted elsewhere would
        otherwise be one focus with it that nobody meant.
        """
        selected = self.scene.selected
        if selected is None or not instance_of(selected):
            return None
        goes = bool(keys & Keys.CTRL) or touches(self.scene.document, selected, where)
        return selected if goes else None

    def flat_index(self, voxel: Voxel) -> int:
        """Return a voxel's place in a layer."""
        _, rows, columns = self.scene.volume.hu.shape
        return int((voxel[0] * rows + voxel[1]) * columns + voxel[2])
