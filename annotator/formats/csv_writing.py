"""What a table says of foci, with their measures, and of boxes."""

import json
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from annotator.formats.csv_columns import ANGLES, Number, guarded
from annotator.formats.foci import attributes_as_plain, parts_of, uid_of
from annotator.formats.format import Context
from annotator.formats.losses import told
from annotator.imaging.measuring import Measures, measure_focus
from annotator.imaging.rules import CAL_130, Rule
from annotator.model.annotations import Annotation
from annotator.model.document import Document
from annotator.model.layers import Where
from annotator.model.shapes import Box3D, Focus, Point3D, Vec3
from annotator.model.volume import Series


def focus_rows(document: Document, context: Context) -> Iterator[Mapping[str, Number]]:
    """Go through the rows of the foci and points of a CT."""
    voxels = {p.instance: p.where for p in parts_of(document)}
    written = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    for annotation in told(document):
        match annotation.shape:
            case Focus(instance) if instance in voxels:
                measures = _measures(voxels[instance], context)
                said: Mapping[str, Number] = {"focus_id": instance, **measures}
            case Point3D(at):
                said = _place(at, context)
            case _:
                continue
        yield {
            "study_uid": context.series.study_uid if context.series else "",
            "series_uid": context.series.series_uid if context.series else "",
            "tracking_uid": uid_of(annotation.id),
            "class": guarded(annotation.label),
            "rater": guarded(str(context.options.get("rater") or context.who)),
            "time_utc": written,
            **said,
            **_end(annotation),
        }


def box_rows(document: Document) -> Iterator[Mapping[str, Number]]:
    """Go through the rows of the boxes and points of a scan."""
    for annotation in told(document):
        match annotation.shape:
            case Box3D() as box:
                said = _box_columns(box)
            case Point3D(at):
                said = {"shape": "point", **dict(zip(("x_m", "y_m", "z_m"), at, strict=True))}
            case _:
                continue
        yield {
            "id": guarded(annotation.id),
            "label": guarded(annotation.label),
            **said,
            **_end(annotation),
        }


def _measures(where: Where, context: Context) -> Mapping[str, Number]:
    """Return the measured columns; without the voxels' HU only what needs none."""
    series = context.series
    if series is None or not len(where):
        return {}
    if context.volume is None:
        mm3 = {"volume_mm3": _rounded(len(where) * series.voxel_mm3)}
        return {"voxels": len(where), **(mm3 if context.is_measured else {})}
    rule = context.rule or CAL_130
    found = measure_focus(context.volume, where, rule)
    return {
        **_place(found.center_lps_mm, context),
        "voxels": found.voxels,
        "max_hu": _rounded(found.max_hu),
        "mean_hu": _rounded(found.mean_hu),
        **(_sizes(found) if context.is_measured else {}),
        **_provenance(rule, series),
    }


def _sizes(found: Measures) -> Mapping[str, Number]:
    """Return what a gap between slices, or a slice of another rescale, makes wrong."""
    return {
        "volume_mm3": _rounded(found.volume_mm3),
        "area_mm2": _rounded(found.area_mm2),
        "long_axis_mm": _rounded(found.long_mm),
        "agatston": _rounded(found.agatston),
    }


def _provenance(rule: Rule, series: Series) -> Mapping[str, Number]:
    """Return by what a row's score was made; the tube voltage is empty where none is known."""
    return {
        "rule": guarded(rule.title()),
        "at_least_hu": rule.threshold_hu(series.kvp),
        "kv": "" if series.kvp is None else series.kvp,
        "increment_mm": series.spacing_mm[0],
        "connectivity": rule.connectivity,
        "least_area_mm2": rule.flag_below_mm2,
    }


def _place(at_mm: Vec3, context: Context) -> Mapping[str, Number]:
    place: dict[str, Number] = dict(zip(("x_lps_mm", "y_lps_mm", "z_lps_mm"), at_mm, strict=True))
    if context.series is not None:
        i, j, k = map(_rounded, context.series.voxel_of(at_mm))
        place |= {"i_col": i, "j_row": j, "k_slice": k}
    return place


def _rounded(value: float) -> float:
    return round(value, 3)


def _box_columns(box: Box3D) -> Mapping[str, Number]:
    said: dict[str, Number] = {"shape": "box"}
    said |= dict(zip(("x_m", "y_m", "z_m"), box.center_m, strict=True))
    said |= dict(zip(("length_m", "width_m", "height_m"), box.size_m, strict=True))
    for name, angle_rad in zip(ANGLES, (box.yaw_rad, box.pitch_rad, box.roll_rad), strict=True):
        said[name] = math.degrees(angle_rad)
    return said | {"assumed": " ".join(sorted(face.value for face in box.assumed))}


def _end(annotation: Annotation) -> Mapping[str, Number]:
    attributes = attributes_as_plain(annotation)
    return {
        "track": "" if annotation.track is None else guarded(annotation.track),
        "frame": "" if annotation.frame is None else annotation.frame,
        "attributes": json.dumps(attributes, ensure_ascii=False) if attributes else "",
    }
