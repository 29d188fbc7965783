"""Annotations and taxonomies as plain dictionaries that JSON can hold, and back without a loss."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation, AttributeValue, Origin
from annotator.model.labels import Attribute, AttributeKind, Label, Rgb, Taxonomy
from annotator.model.shapes import (
    Box3D,
    Cylinder3D,
    Face,
    Focus,
    Opening,
    Point3D,
    Polygon3D,
    Polyline3D,
    Shape,
    Vec3,
)

Plain = dict[str, Any]


def annotation_as_plain(annotation: Annotation) -> Plain:
    """Return an annotation as JSON can hold it; what is at its default is left out."""
    plain: Plain = {
        "id": annotation.id,
        "label": annotation.label,
        "shape": shape_as_plain(annotation.shape),
        "origin": annotation.origin.value,
    }
    if annotation.attributes:
        plain["attributes"] = {k: _number_as_plain(v) for k, v in annotation.attributes.items()}
    if annotation.frame is not None:
        plain["frame"] = annotation.frame
    if annotation.track is not None:
        plain["track"] = annotation.track
    if annotation.dismissed:
        plain["dismissed"] = annotation.dismissed
    return plain


def annotation_from_plain(plain: Mapping[str, Any]) -> Annotation:
    """Return the annotation that a dictionary describes. Keys it does not know are ignored.

    Raises
    ------
    ValueError
        If a key is missing or holds what it cannot; the message names the key.
    """
    frame, track = plain.get("frame"), plain.get("track")
    return Annotation(
        label=_text(plain, "label"),
        shape=shape_from_plain(_mapping(plain, "shape")),
        id=_text(plain, "id"),
        attributes=_attributes(plain.get("attributes", {})),
        origin=Origin(plain.get("origin", Origin.HAND)),
        frame=None if frame is None else _whole(plain, "frame"),
        track=None if track is None else _text(plain, "track"),
        dismissed=_text(plain, "dismissed", ""),
    )


def taxonomy_as_plain(taxonomy: Taxonomy) -> Plain:
    """Return a taxonomy as JSON can hold it, its labels in their order."""
    return {"labels": [_label_as_plain(label) for label in taxonomy]}


def taxonomy_from_plain(plain: Mapping[str, Any]) -> Taxonomy:
    """Return the taxonomy that a dictionary describes. Keys it does not know are ignored.

    Raises
    ------
    ValueError
        If a key is missing or holds what it cannot, or two labels share a name or a value.
    """
    return Taxonomy(tuple(_label_from_plain(label) for label in _list(plain, "labels")))


def shape_as_plain(shape: Shape) -> Plain:
    """Return a shape as JSON can hold it; ``type`` says which shape it is."""
    match shape:
        case Box3D():
            return _box_as_plain(shape)
        case Cylinder3D(center, radius, height):
            sizes = {"radius_m": radius, "height_m": height}
            guess = {"assumed": True} if shape.assumed else {}
            return {"type": "cylinder", "center_m": list(center), **sizes, **guess}
        case Polyline3D():
            return _polyline_as_plain(shape)
        case Polygon3D():
            return _polygon_as_plain(shape)
        case Point3D(at):
            return {"type": "point", "at": list(at)}
        case Focus(instance):
            return {"type": "focus", "instance": instance}


def shape_from_plain(plain: Mapping[str, Any]) -> Shape:
    """Return the shape that a dictionary describes.

    Raises
    ------
    ValueError
        If it is no shape that is known, or its numbers make no such shape.
    """
    match plain.get("type"):
        case "box":
            return _box_from_plain(plain)
        case "cylinder":
            radius_m, height_m = _number(plain, "radius_m"), _number(plain, "height_m")
            is_guess = plain.get("assumed") is True
            return Cylinder3D(_vec3(plain, "center_m"), radius_m, height_m, is_guess)
        case "polyline":
            return _polyline_from_plain(plain)
        case "polygon":
            return Polygon3D(_vertices(plain), _edges(plain))
        case "point":
            return Point3D(_vec3(plain, "at"))
        case "focus":
            return Focus(_whole(plain, "instance"))
        case other:
            raise ValueError(_("type: there is no shape {name}").format(name=repr(other)))


def _box_as_plain(box: Box3D) -> Plain:
    plain: Plain = {
        "type": "box",
        "center_m": list(box.center_m),
        "size_m": list(box.size_m),
        "yaw_rad": box.yaw_rad,
    }
    if box.pitch_rad or box.roll_rad:
        plain |= {"pitch_rad": box.pitch_rad, "roll_rad": box.roll_rad}
    if box.assumed:
        plain["assumed"] = sorted(face.value for face in box.assumed)
    return plain


def _box_from_plain(plain: Mapping[str, Any]) -> Box3D:
    return Box3D(
        center_m=_vec3(plain, "center_m"),
        size_m=_vec3(plain, "size_m"),
        yaw_rad=_number(plain, "yaw_rad", 0.0),
        pitch_rad=_number(plain, "pitch_rad", 0.0),
        roll_rad=_number(plain, "roll_rad", 0.0),
        assumed=frozenset(Face(face) for face in _list(plain, "assumed", ())),
    )


def _polyline_as_plain(line: Polyline3D) -> Plain:
    plain: Plain = {"type": "polyline", "vertices_m": [list(v) for v in line.vertices_m]}
    if line.height_m or line.thickness_m:
        plain |= {"height_m": line.height_m, "thickness_m": line.thickness_m}
    if line.openings:
        plain["openings"] = [
            {key: getattr(opening, key) for key in _OPENING_KEYS} for opening in line.openings
        ]
    return plain


def _polyline_from_plain(plain: Mapping[str, Any]) -> Polyline3D:
    return Polyline3D(
        vertices_m=_vertices(plain),
        height_m=_number(plain, "height_m", 0.0),
        thickness_m=_number(plain, "thickness_m", 0.0),
        openings=tuple(
            Opening(**{key: _number(opening, key) for key in _OPENING_KEYS})
            for opening in _list(plain, "openings", ())
        ),
    )


def _polygon_as_plain(polygon: Polygon3D) -> Plain:
    plain: Plain = {"type": "polygon", "vertices_m": [list(v) for v in polygon.vertices_m]}
    if polygon.assumed:
        plain["assumed"] = sorted(polygon.assumed)
    return plain


def _edges(plain: Mapping[str, Any]) -> frozenset[int]:
    return frozenset(_whole({"assumed": edge}, "assumed") for edge in _list(plain, "assumed", ()))


_OPENING_KEYS = ("start_m", "end_m", "bottom_m", "top_m")


def _label_as_plain(label: Label) -> Plain:
    plain: Plain = {
        "name": label.name,
        "title": label.title,
        "value": label.value,
        "color": list(label.color),
        "minimum_points": label.minimum_points,
    }
    if not label.keeps_size:
        plain["keeps_size"] = False
    if label.usual_size_m is not None:
        plain["usual_size_m"] = list(label.usual_size_m)
    if label.attributes:
        plain["attributes"] = [_attribute_as_plain(a) for a in label.attributes]
    return plain


def _label_from_plain(plain: Mapping[str, Any]) -> Label:
    has_size = plain.get("usual_size_m") is not None
    return Label(
        name=_text(plain, "name"),
        title=_text(plain, "title", _text(plain, "name")),
        value=_whole(plain, "value"),
        color=_rgb(plain),
        usual_size_m=_vec3(plain, "usual_size_m") if has_size else None,
        attributes=tuple(_attribute_from_plain(a) for a in _list(plain, "attributes", ())),
        minimum_points=_whole(plain, "minimum_points", 5),
        keeps_size=plain.get("keeps_size") is not False,
    )


def _attribute_as_plain(attribute: Attribute) -> Plain:
    plain: Plain = {
        "name": attribute.name,
        "title": attribute.title,
        "kind": attribute.kind.value,
    }
    if attribute.choices:
        plain["choices"] = list(attribute.choices)
    return plain


def _attribute_from_plain(plain: Mapping[str, Any]) -> Attribute:
    name = _text(plain, "name")
    return Attribute(
        name=name,
        title=_text(plain, "title", name),
        kind=AttributeKind(plain.get("kind", AttributeKind.TEXT)),
        choices=tuple(str(choice) for choice in _list(plain, "choices", ())),
    )


def _number_as_plain(value: AttributeValue) -> AttributeValue | Plain:
    """Return a value JSON can hold: RFC 8259 has no NaN and no infinity."""
    if isinstance(value, float) and not math.isfinite(value):
        return {"number": repr(value)}
    return value


def _attributes(plain: object) -> dict[str, AttributeValue]:
    if not isinstance(plain, Mapping):
        raise ValueError(_("attributes: not a table of names and values"))  # noqa: TRY004 - the file's fault
    return {str(name): _attribute_value(str(name), value) for name, value in plain.items()}


def _attribute_value(name: str, value: object) -> AttributeValue:
    match value:
        case str() | bool() | int() | float():
            return value
        case {"number": "nan" | "inf" | "-inf" as number}:
            return float(number)
        case _:
            text = _("attributes: {name} is neither text, a number nor yes or no")
            raise ValueError(text.format(name=name))


def _rgb(plain: Mapping[str, Any]) -> Rgb:
    match plain.get("color"):
        case [int(red), int(green), int(blue)] if all(0 <= c <= 255 for c in (red, green, blue)):
            return red, green, blue
        case other:
            text = _("color: needs three whole numbers from 0 to 255, got {value}")
            raise ValueError(text.format(value=repr(other)))


def _vertices(plain: Mapping[str, Any]) -> tuple[Vec3, ...]:
    return tuple(_as_vec3("vertices_m", v) for v in _list(plain, "vertices_m"))


def _vec3(plain: Mapping[str, Any], key: str) -> Vec3:
    return _as_vec3(key, plain.get(key))


def _as_vec3(key: str, value: object) -> Vec3:
    match value:
        case [int() | float() as x, int() | float() as y, int() | float() as z]:
            return _as_float(key, x), _as_float(key, y), _as_float(key, z)
        case _:
            text = _("{key}: needs three numbers, got {value}")
            raise _not_this(text, key, value)


def _number(plain: Mapping[str, Any], key: str, default: float | None = None) -> float:
    value = plain.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _not_this(_("{key}: needs a number, got {value}"), key, value)
    return _as_float(key, value)


def _as_float(key: str, value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        raise ValueError(_("{key}: the number is too large").format(key=key)) from None


def _whole(plain: Mapping[str, Any], key: str, default: int | None = None) -> int:
    value = plain.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int):
        raise _not_this(_("{key}: needs a whole number, got {value}"), key, value)
    return value


def _text(plain: Mapping[str, Any], key: str, default: str | None = None) -> str:
    value = plain.get(key, default)
    if not isinstance(value, str):
        raise _not_this(_("{key}: needs a text, got {value}"), key, value)
    return value


def _mapping(plain: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = plain.get(key)
    if not isinstance(value, Mapping):
        raise ValueError(_("{key}: is missing or not an object").format(key=key))  # noqa: TRY004 - the file's fault
    return value


def _list(plain: object, key: str, default: Sequence[Any] | None = None) -> Sequence[Any]:
    value = plain.get(key, default) if isinstance(plain, Mapping) else None
    if not isinstance(value, list | tuple):
        raise ValueError(_("{key}: is missing or not a list").format(key=key))  # noqa: TRY004 - the file's fault
    return value


def _not_this(text: str, key: str, value: object) -> ValueError:
    return ValueError(text.format(key=key, value=repr(str(value)[:60])))
