"""Adds what fits the object that a person clicked, by the class they chose."""

from annotator.commands.boxes import fit_box_at
from annotator.commands.pillars import fit_pillar_at
from annotator.errors import AnnotatorError
from annotator.geometry.ground import Ground
from annotator.geometry.neighbours import PointIndex
from annotator.model.cloud import PointCloud
from annotator.model.edits import Put
from annotator.model.labels import Label
from annotator.model.shapes import Vec2, Vec3


def fit_object_at(
    cloud: PointCloud,
    index: PointIndex,
    ground: Ground,
    at_m: Vec2 | Vec3,
    label: Label,
    *,
    frame: int | None = None,
) -> Put:
    """Add a pillar from floor to ceiling for the class of pillars, a box for any other.

    A short post is no pillar to the fit; it gets a box, as any object does.

    Raises
    ------
    AnnotatorError
        With a sentence, where there is nothing to fit.
    """
    if label.name == "pillar":
        try:
            return fit_pillar_at(cloud, index, ground, at_m, label=label.name, frame=frame)
        except AnnotatorError:
            pass
    return fit_box_at(cloud, index, ground, at_m, label, frame=frame)
