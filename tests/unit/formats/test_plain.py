"""Plain dictionaries hold annotations and taxonomies without a loss."""

import json
import math
from typing import Any

import pytest

from annotator.formats.plain import (
    annotation_as_plain,
    annotation_from_plain,
    taxonomy_as_plain,
    taxonomy_from_plain,
)
from annotator.model.annotations import Annotation, AttributeValue, Origin
from annotator.model.labels import CHEST, GARAGE, Taxonomy
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
)

SHAPES: list[Shape] = [
    Box3D((0.1, -2.0, 1 / 3), (4.5, 1.8, 1.5), 3.0, 0.1, -0.2, frozenset({Face.BACK, Face.LEFT})),
    Box3D((1.0, 2.0, 3.0), (1.0, 1.0, 1.0)),
    Cylinder3D((1.0, 2.0, 3.0), 0.3, 2.8),
    Polyline3D(((0.0, 0.0, 0.0), (1.0, 0.0, 0.0))),
    Polyline3D(((0.0, 0.0, 0.0), (5.0, 0.0, 0.1)), 2.8, 0.2, (Opening(1.0, 2.0, 0.0, 2.1),)),
    Polygon3D(((0.0, 0.0, 0.0), (5.0, 0.0, 0.0), (5.0, 2.0, 0.0))),
    Polygon3D(((0.0, 0.0, 0.0), (5.0, 0.0, 0.0), (5.0, 2.0, 0.0)), frozenset({1, 2})),
    Point3D((1e-9, 1e9, 0.0)),
    Focus(70_000),
]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda s: type(s).__name__)
def test_every_shape_comes_back_from_json_exactly(shape: Shape) -> None:
    annotation = Annotation("car", shape, origin=Origin.FIT, frame=3, track="t7", dismissed="dup")

    back = annotation_from_plain(json.loads(json.dumps(annotation_as_plain(annotation))))

    assert back == annotation


def test_attributes_keep_their_kind_even_where_json_has_no_word_for_them() -> None:
    attributes: dict[str, AttributeValue] = {
        "a": "1",
        "b": 1.0,
        "c": True,
        "d": math.inf,
        "e": "车",
    }
    annotation = Annotation("car", Point3D((0.0, 0.0, 0.0)), attributes=attributes)

    text = json.dumps(annotation_as_plain(annotation), allow_nan=False)
    back = annotation_from_plain(json.loads(text))

    assert back == annotation
    assert [type(v) for v in back.attributes.values()] == [str, float, bool, float, str]


@pytest.mark.parametrize("taxonomy", [GARAGE, CHEST, Taxonomy()], ids=["garage", "chest", "empty"])
def test_a_taxonomy_comes_back_from_json_exactly(taxonomy: Taxonomy) -> None:
    assert taxonomy_from_plain(json.loads(json.dumps(taxonomy_as_plain(taxonomy)))) == taxonomy


def test_keys_of_a_newer_version_are_ignored() -> None:
    annotation = Annotation("car", Box3D((0.0, 0.0, 0.0), (1.0, 1.0, 1.0)))
    plain = annotation_as_plain(annotation) | {"from_the_future": [1, 2]}
    plain["shape"]["also"] = "this"

    assert annotation_from_plain(plain) == annotation


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"shape": {"type": "blob"}}, "no shape 'blob'"),
        ({"shape": 3}, "shape"),
        ({"label": None}, "label"),
        ({"frame": "two"}, "frame"),
        ({"attributes": {"x": [1]}}, "attributes"),
        ({"shape": {"type": "box", "center_m": [0, 0], "size_m": [1, 1, 1]}}, "center_m"),
        ({"shape": {"type": "box", "center_m": [0, 0, 0], "size_m": [1, 1, -1]}}, "positive"),
        ({"shape": {"type": "point", "at": [10**400, 0, 0]}}, "too large"),
        (
            {
                "shape": {
                    "type": "box",
                    "center_m": [0, 0, 0],
                    "size_m": [1, 1, 1],
                    "roll_rad": 1e999,
                    "pitch_rad": 0,
                }
            },
            "infinite",
        ),
        ({"shape": {"type": "focus", "instance": 0}}, "instance 0"),
        ({"origin": "magic"}, "magic"),
    ],
)
def test_what_no_annotation_can_hold_is_refused_by_name(change: dict[str, Any], said: str) -> None:
    plain = annotation_as_plain(Annotation("car", Point3D((0.0, 0.0, 0.0)))) | change

    with pytest.raises(ValueError, match=said):
        annotation_from_plain(plain)
