"""What a click must have met before anything can be fitted to it."""

import math

from annotator.errors import AnnotatorError
from annotator.geometry.ground import Ground
from annotator.geometry.survey import Survey
from annotator.i18n import gettext as _
from annotator.model.labels import Label
from annotator.model.shapes import Vec3
from annotator.tools.cloud_scene import CloudScene
from annotator.tools.keys import ToolKey, keyed
from annotator.tools.tool import Pointer

FINISHES = frozenset({ToolKey.FINISH})
_CEILING_M = 0.15
_STEPS_ON_RAMP = 2
_FLAT_RAD = math.radians(3)
_BESIDE_M = 3.0


def clicked(scene: CloudScene, pointer: Pointer) -> tuple[Survey, Vec3]:
    """Return what is known of the scan, and the world place of the point that was clicked.

    Raises
    ------
    AnnotatorError
        With a sentence, on nothing, or while the floor is still being found.
    """
    if pointer.at_m is None:
        raise AnnotatorError(_("There is no point under the pointer"))
    return surveyed(scene), pointer.at_m


def clicked_to_paint(scene: CloudScene, pointer: Pointer) -> tuple[Survey, Vec3]:
    """Return what is known of the scans that painting takes, and the place that was clicked.

    Raises
    ------
    AnnotatorError
        With a sentence, on nothing, or while the floor is still being found.
    """
    own = scene.painted_survey is scene.survey
    at_m = pointer.at_m if own else pointer.over_m or pointer.at_m
    if at_m is None:
        raise AnnotatorError(_("There is no point under the pointer"))
    survey = scene.painted_survey
    return (survey, at_m) if survey is not None else (surveyed(scene), at_m)


def surveyed(scene: CloudScene) -> Survey:
    """Return what is known of the scan.

    Raises
    ------
    AnnotatorError
        While the floor is still being found.
    """
    if not len(scene.cloud):
        raise AnnotatorError(_("This scan has no points"))
    if scene.survey is None:
        raise AnnotatorError(_("The floor is still being found; try again in a moment"))
    return scene.survey


def class_in_use(scene: CloudScene) -> Label:
    """Return the class of what is labelled next.

    Raises
    ------
    AnnotatorError
        If none is chosen.
    """
    label = scene.active_label()
    if label is None:
        raise AnnotatorError(_("Choose a class first"))
    return label


def foot_under(scene: CloudScene, pointer: Pointer) -> Vec3 | None:
    """Return the place on the floor that a click means; None beside the scan.

    What a scan shows from above is often its ceiling, and who clicks there means the floor that
    is seen through it.
    """
    if pointer.at_m is None:
        return on_floor(scene, pointer)
    x, y, _z = pointer.at_m
    floor_m = scene.floor_m(pointer.at_m)
    if is_on_ceiling(scene, pointer.at_m):
        return scene.on_plane(pointer, floor_m)
    return (x, y, floor_m)


def is_on_ceiling(scene: CloudScene, at_m: Vec3) -> bool:
    """Tell whether a world place is of the ceiling."""
    if scene.survey is None:
        return False
    own = scene.cloud.own_m(at_m)
    return own[2] > scene.survey.ground.ceiling_at(*own) - _CEILING_M


def why_nothing(scene: CloudScene, at_m: Vec3 | None, reason: AnnotatorError) -> str:
    """Return why a click found nothing; of the ceiling, which hides so much, it is said first."""
    if at_m is None or not is_on_ceiling(scene, at_m):
        return str(reason)
    return keyed(
        _("This is the ceiling; {view_ceiling} hides it, then click a point of the object")
    )


def on_floor(scene: CloudScene, pointer: Pointer) -> Vec3 | None:
    """Return where the pointer meets the floor, also between points; None where none is known.

    Of several storeys it is the one that the pointer's point stands on, or else the one looked at.
    """
    if scene.survey is None or not scene.survey.has_floor:
        return None
    near = pointer.at_m or scene.camera.target_m
    at = scene.on_plane(pointer, scene.floor_m(near))
    for _step in range(_STEPS_ON_RAMP):
        if at is not None:
            at = scene.on_plane(pointer, scene.floor_m((at[0], at[1], near[2])))
    return at if at is not None and _is_over(scene.survey.ground, scene.cloud.own_m(at)) else None


def why_off_floor(scene: CloudScene) -> str:
    """Say why a click does not meet the floor."""
    if not len(scene.cloud):
        return _("This scan has no points")
    if scene.survey is None:
        return _("The floor is still being found; try again in a moment")
    if not scene.survey.has_floor:
        return _("No floor is known in this scan; click a point")
    if abs(scene.camera.elevation_rad) < _FLAT_RAD:
        return _("From the side a click does not meet the floor; look from above")
    return _("The floor of the scan is not under the pointer")


def label_named(scene: CloudScene, name: str) -> str:
    """Return the class that a tool is made for; the active one in a taxonomy without it."""
    return name if name in scene.taxonomy else class_in_use(scene).name


def title_made(scene: CloudScene, name: str) -> str:
    """Return what the class is called that `label_named` finds; ``name`` where there is none."""
    label = scene.active_label()
    known = name if name in scene.taxonomy or label is None else label.name
    return scene.taxonomy.title_of(known)


def room_m(scene: CloudScene, at_m: Vec3, *, usual_m: float = 2.8) -> float:
    """Return the height from floor to ceiling at a world place; the usual one under open sky."""
    if scene.survey is None:
        return usual_m
    own = scene.cloud.own_m(at_m)
    ground = scene.survey.ground
    room = ground.ceiling_at(*own) - ground.floor_at(*own)
    return room if 0.5 < room < 50 else usual_m


def _is_over(ground: Ground, own_m: Vec3) -> bool:
    """Tell whether a place of the scan is where its floor is known, or just beside it."""
    cells = ground.storeys[0].floor_m.shape
    return all(
        low - _BESIDE_M <= place <= low + count * ground.cell_m + _BESIDE_M
        for place, low, count in zip(own_m[:2], ground.low_m, cells, strict=True)
    )
