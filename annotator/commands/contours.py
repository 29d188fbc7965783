"""Adds the outline of an object that a person clicked, by what fits it."""

from annotator.commands.boxes import usual_size_m
from annotator.commands.fitting import refuse_wall
from annotator.geometry.fit import fit_box
from annotator.geometry.footprints import box_outline, pillar_outline, wall_outline
from annotator.geometry.ground import Ground
from annotator.geometry.neighbours import PointIndex
from annotator.geometry.pillar import NoPillarError, fit_pillar
from annotator.geometry.shifting import in_world
from annotator.geometry.wall import fit_wall
from annotator.model.annotations import Annotation, Origin
from annotator.model.cloud import PointCloud
from annotator.model.edits import Put
from annotator.model.labels import Label
from annotator.model.shapes import Polygon3D, Vec3


def outline_object_at(
    cloud: PointCloud,
    index: PointIndex,
    ground: Ground,
    at_m: Vec3,
    label: Label,
    *,
    frame: int | None = None,
) -> Put:
    """Add the whole outline of an object: what was not seen of it is as the fit has it, assumed.

    Raises
    ------
    AnnotatorError
        With a sentence, where there is nothing to fit, and of a class that nothing fits.
    """
    own_m = cloud.own_m(at_m)
    if label.name == "wall":
        polygon = wall_outline(fit_wall(index, ground, own_m).shape, index.seen_from_m)
    elif label.name == "pillar" and (stood := _pillar(index, ground, own_m)) is not None:
        polygon = stood
    else:
        usual_size_m(label)
        refuse_wall(cloud, index, ground, at_m, label)
        fit = fit_box(index, ground, own_m, label)
        polygon = box_outline(fit.box, index.xyz_m[fit.rows])
    return Put(Annotation(label.name, in_world(polygon, cloud), origin=Origin.FIT, frame=frame))


def _pillar(index: PointIndex, ground: Ground, own_m: Vec3) -> Polygon3D | None:
    """Return the outline of a pillar; None of a short post, which is a box to the fit."""
    try:
        fit = fit_pillar(index, ground, own_m)
    except NoPillarError:
        return None
    return pillar_outline(fit.shape, index.xyz_m[fit.rows])
