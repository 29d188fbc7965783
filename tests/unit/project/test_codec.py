"""Edits and label values become few bytes, and come back exactly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from annotator.model.annotations import Annotation, AttributeValue, Origin
from annotator.model.edits import Batch, Drop, Edit, Paint, Put
from annotator.model.layers import LayerKey, Values
from annotator.model.shapes import Box3D, Face, Focus
from annotator.project.codec import (
    DamagedError,
    annotation_as_bytes,
    annotation_from_bytes,
    edit_as_bytes,
    edit_from_bytes,
    values_as_bytes,
    values_from_bytes,
)

values = arrays.arrays(
    np.uint32,
    st.integers(0, 300),
    elements=st.sampled_from([0, 0, 0, 1, 255, 256, 70_000, 2**32 - 1]),
)
far_apart = st.lists(st.integers(0, 2**40), unique=True, max_size=30)
close_together = st.lists(st.integers(0, 60), unique=True, max_size=30)
places = st.one_of(far_apart, close_together, close_together.map(sorted))


@settings(max_examples=100, deadline=None)
@given(values)
def test_values_come_back_exactly(given_values: Values) -> None:
    back = values_from_bytes(values_as_bytes(given_values))

    np.testing.assert_array_equal(back, given_values)
    assert back.dtype == np.uint32
    assert back.flags.writeable


@settings(max_examples=100, deadline=None)
@given(places, st.booleans())
def test_places_come_back_in_their_order_however_far_apart_or_close(
    where: list[int], one: bool
) -> None:
    wanted = np.array(where, np.int64)
    numbers = np.ones(1 if one else len(where), np.uint32)
    edit = Paint(LayerKey("semantic", 7), wanted, numbers)

    back = edit_from_bytes(edit_as_bytes(edit))

    assert isinstance(back, Paint)
    assert back.layer == LayerKey("semantic", 7)
    np.testing.assert_array_equal(back.where, wanted)
    np.testing.assert_array_equal(back.values, numbers)


def test_edits_within_edits_come_back() -> None:
    box = Box3D((0.1, 1 / 3, 2.0), (4.5, 1.8, 1.5), 3.0, 0.1, 0.2, frozenset({Face.BACK}))
    attributes: dict[str, AttributeValue] = {"note": "小", "sure": True, "hu": 131.0}
    edit: Edit = Batch(
        (
            Put(Annotation("car", box, origin=Origin.FIT, frame=3, track="t")),
            Batch((Drop("x"), Put(Annotation("calcification", Focus(9), "y", attributes)))),
        )
    )

    assert edit_from_bytes(edit_as_bytes(edit)) == edit


def test_an_annotation_comes_back() -> None:
    annotation = Annotation("calcification", Focus(3), attributes={"pattern": "popcorn"})

    assert annotation_from_bytes(annotation_as_bytes(annotation)) == annotation


def test_a_focus_costs_few_bytes_of_its_slice() -> None:
    piece = np.zeros((512, 512), np.uint32)
    piece[200:210, 100:110] = 70_000

    assert len(values_as_bytes(piece.ravel())) < 200


def test_every_second_point_of_a_scan_costs_a_bit_of_each() -> None:
    where = np.flatnonzero(np.random.default_rng(0).random(80_000) < 0.5)
    edit = Paint(LayerKey("semantic"), where, np.ones(1, np.uint32))

    assert len(edit_as_bytes(edit)) < 10_500


@pytest.mark.parametrize("content", [b"", b"\x00", b"\xff" * 40, b"\x00" * 8 + b"\x00garbage"])
def test_damaged_bytes_are_recognised(content: bytes) -> None:
    for read in (values_from_bytes, edit_from_bytes, annotation_from_bytes):
        with pytest.raises(DamagedError):
            read(content)
