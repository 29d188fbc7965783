"""What a format loses is what its plan says, and nothing else."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from annotator.errors import FileError
from annotator.formats.format import Context, Format, Holds, Level, Loss
from annotator.model.annotations import Annotation, AttributeValue, Origin
from annotator.model.document import Document
from annotator.model.findings import Severity
from annotator.model.layers import INSTANCE, SEMANTIC, Layer, LayerKey
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
    wrapped_rad,
)
from tests.conformance.conftest import REGISTRY

SHAPES = (
    Holds.BOX | Holds.TILTED_BOX | Holds.CYLINDER | Holds.POLYLINE
    | Holds.WALL | Holds.POLYGON | Holds.POINT | Holds.FOCUS
)  # fmt: skip
OFTEN = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

metres = st.floats(-80, 80)
sizes_m = st.floats(0.01, 12)
places = st.tuples(metres, metres, metres)
angles = st.floats(-3.2, 3.2)
openings = st.builds(
    lambda start, width, top: Opening(start, start + width, 0.0, top),
    st.floats(0, 3), st.floats(0.1, 3), st.floats(0.5, 3),
)  # fmt: skip
boxes = st.builds(
    Box3D, places, st.tuples(sizes_m, sizes_m, sizes_m), angles,
    pitch_rad=st.just(0.0) | st.floats(-0.3, 0.3), roll_rad=st.just(0.0) | st.floats(-0.3, 0.3),
    assumed=st.just(frozenset[Face]()) | st.frozensets(st.sampled_from(list(Face)), max_size=2),
)  # fmt: skip
upright = st.builds(Box3D, places, st.tuples(sizes_m, sizes_m, sizes_m), angles)
lines = st.lists(places, min_size=2, max_size=4).map(tuple)
walls = st.builds(
    Polyline3D, lines, st.floats(0.5, 4), st.floats(0, 0.4),
    st.lists(openings, max_size=2).map(tuple),
)  # fmt: skip
solids: st.SearchStrategy[Shape] = st.one_of(
    upright, boxes, st.builds(Cylinder3D, places, sizes_m, sizes_m, st.booleans()), walls,
    st.builds(Polyline3D, lines),
    st.builds(
        Polygon3D, st.lists(places, min_size=3, max_size=5).map(tuple),
        st.frozensets(st.integers(0, 2), max_size=2),
    ),
    st.builds(Point3D, places),
)  # fmt: skip
values: st.SearchStrategy[AttributeValue] = st.one_of(
    st.text(max_size=8), st.booleans(), st.floats(allow_nan=False),
    st.sampled_from(["visible", "partly", "largely", "unknown"]), st.just(0.25),
)  # fmt: skip
names = st.sampled_from(["occluded", "truncated", "moving", "note", "pattern", "site", "注"])
labels = st.sampled_from(
    ["car", "pillar", "wall", "movable", "pedestrian", "calcification", "nodule",
     "Van", "two words", "车", "DontCare", "", "=1+1", "ca\trd"]
)  # fmt: skip


@st.composite
def annotations(draw: st.DrawFn, shapes: st.SearchStrategy[Shape], scans: int) -> Annotation:
    frames = st.none() if scans == 1 else st.none() | st.integers(0, scans - 1)
    return Annotation(
        label=draw(labels),
        shape=draw(shapes),
        id=str(draw(st.uuids())),
        attributes=draw(st.just({}) | st.dictionaries(names, values, max_size=3)),
        origin=draw(st.sampled_from(Origin)),
        frame=draw(frames),
        track=draw(st.none() | st.sampled_from(["t1", "t2"])),
        dismissed=draw(st.just("")),
    )


def layers(shape: tuple[int, ...], largest: int) -> st.SearchStrategy[Layer]:
    places = st.integers(0, int(np.prod(shape)) - 1)
    return st.dictionaries(places, st.integers(1, largest), max_size=12).map(
        lambda held: _layer(shape, held)
    )


@st.composite
def scans(draw: st.DrawFn, count: int) -> Document:
    """Documents of one scan, or of a sequence of them."""
    made = draw(st.lists(annotations(solids, count), max_size=5, unique_by=lambda a: a.id))
    held: dict[LayerKey, Layer] = {}
    for frame in range(count):
        held[LayerKey(SEMANTIC, frame)] = draw(layers((60,), 9))
        held[LayerKey(INSTANCE, frame)] = draw(layers((60,), 60_000))
    return Document(((60,),) * count, {a.id: a for a in made}, held)


@st.composite
def series(draw: st.DrawFn, shape: tuple[int, ...]) -> Document:
    """Documents of a CT: foci with voxels of their own, and points."""
    instances = draw(layers(shape, 5))
    semantic = draw(st.just(Layer(shape)) | layers(shape, 2))
    marks = [Focus(number) for number in sorted(instances.counts())]
    kept = draw(st.lists(st.sampled_from(marks), unique=True, max_size=5)) if marks else []
    made = [draw(annotations(st.just(mark), 1)) for mark in kept]
    made += draw(st.lists(annotations(st.builds(Point3D, places), 1), max_size=2))
    held = {LayerKey(INSTANCE): instances, LayerKey(SEMANTIC): semantic}
    return Document((shape,), {a.id: a for a in made}, held)


@OFTEN
@given(scans(1))
def test_a_scan_loses_only_what_the_plan_says(
    writer: Format, cloud_context: Context, document: Document
) -> None:
    if "cloud" in writer.info.needs or not {"volume", "series"} & {*writer.info.needs}:
        _check(writer, document, cloud_context)


@OFTEN
@given(document=scans(1))
def test_a_scan_with_a_camera_loses_only_what_the_plan_says(
    camera_context: Context, document: Document
) -> None:
    _check(REGISTRY.load("kitti"), document, camera_context)


@OFTEN
@given(scans(2))
def test_a_sequence_loses_only_what_the_plan_says(
    writer: Format, sequence_context: Context, document: Document
) -> None:
    if not {"volume", "series"} & {*writer.info.needs}:
        _check(writer, document, sequence_context)


@OFTEN
@given(st.data())
def test_a_series_loses_only_what_the_plan_says(
    writer: Format, ct_context: Context, data: st.DataObject
) -> None:
    if "cloud" in writer.info.needs:
        return
    assert ct_context.series is not None

    _check(writer, data.draw(series(ct_context.series.shape)), ct_context)


@pytest.mark.parametrize("wrong", [Level.ROUNDED, None])
def test_the_contract_notices_a_loss_that_nobody_planned(wrong: Level | None) -> None:
    before = Annotation("car", Box3D((0.0, 0.0, 0.0), (1.0, 1.0, 1.0)))
    after = Annotation("car", Box3D((0.1, 0.0, 0.0), (1.0, 1.0, 1.0)))
    losses = [] if wrong is None else [Loss(wrong, Holds.BOX, before.id, "", 0.01)]
    one, other = (Document(((0,),), {a.id: a}) for a in (before, after))

    with pytest.raises(AssertionError, match="came back otherwise"):
        _compare(one, other, losses)


def _check(form: Format, document: Document, context: Context) -> None:
    suffix = form.info.extensions[0] if form.info.extensions else ""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"000000{suffix}"
        losses = form.plan(document, context)
        try:
            files = form.write(document, context, target)
        except FileError:
            assert _nothing_left(document, losses), "it refuses what it planned to write"
            return
        source = target if target.exists() else target.with_suffix("")
        back = form.read(source, context)

        assert files
        assert all(file.is_file() for file in files)
        assert not [p for p in form.validate(source) if p.severity is Severity.ERROR]
        assert form.plan(document, context) == losses, "planning changed something"
    _require_honest(form, document, losses)
    _compare(document, back, losses)


def _nothing_left(document: Document, losses: list[Loss]) -> bool:
    """Tell whether all was planned to be dropped; some formats have no empty files."""
    dropped = {x.subject for x in losses if x.level is Level.DROPPED}
    held = {f"layer:{key.name}" for key, layer in document.layers.items() if layer.counts()}
    return held | {*document.annotations} <= dropped


def _require_honest(form: Format, document: Document, losses: list[Loss]) -> None:
    subjects = {*document.annotations, "layer:semantic", "layer:instance"}
    for loss in losses:
        assert loss.subject in subjects
        assert loss.reason
        assert (loss.bound > 0) == (loss.level is Level.ROUNDED)
        suggested = loss.subject in document.annotations and (
            document.annotations[loss.subject].origin is Origin.SUGGESTION
        )
        if loss.level is Level.DROPPED and not suggested and loss.kind in SHAPES:
            assert loss.kind not in form.info.holds, "it drops what it says it holds"


def _compare(before: Document, after: Document, losses: list[Loss]) -> None:
    of = {a: [x for x in losses if x.subject == a] for a in before.annotations}
    left = dict(after.annotations)
    free = False  # a changed shape may come back as anything, a static one once for each scan
    for annotation in sorted(before.annotations.values(), key=lambda a: len(of[a.id])):
        said = of[annotation.id]
        shape = [x for x in said if x.kind in SHAPES and x.level is not Level.ROUNDED]
        free |= any(x.level is Level.CHANGED for x in said if x.kind in SHAPES | Holds.FRAMES)
        if not shape:
            twin = next((b.id for b in left.values() if _same(annotation, b, said)), None)
            assert twin is not None, f"{annotation} came back otherwise: {after.annotations}"
            del left[twin]
    assert free or not left, f"came back though nobody wrote it: {left}"
    _compare_layers(before, after, {x.subject for x in losses})


def _compare_layers(before: Document, after: Document, lost: set[str]) -> None:
    assert after.extents == before.extents
    for key in {*before.layers, *after.layers}:
        if f"layer:{key.name}" not in lost:
            assert after.layer(*key).counts() == before.layer(*key).counts()
            assert after.layer(*key) == before.layer(*key), f"{key} came back otherwise"


def _same(before: Annotation, after: Annotation, said: list[Loss]) -> bool:
    lost = {x.kind for x in said if x.level is not Level.ROUNDED}
    bound = max((x.bound for x in said), default=0.0)
    return (
        before.label == after.label
        and _near(before.shape, after.shape, bound)
        and (Holds.FRAMES in lost or before.frame == after.frame)
        and (Holds.TRACK in lost or before.track == after.track)
        and (Holds.ATTRIBUTES in lost or _same_attributes(before, after, said))
    )


def _same_attributes(before: Annotation, after: Annotation, said: list[Loss]) -> bool:
    bound = max((x.bound for x in said if x.kind is Holds.ATTRIBUTES), default=0.0)
    if before.attributes.keys() != after.attributes.keys():
        return False
    return all(
        after.attributes[name] == value or _within(value, after.attributes[name], bound)
        for name, value in before.attributes.items()
    )


def _within(one: AttributeValue, other: AttributeValue, bound: float) -> bool:
    numbers = isinstance(one, float) and isinstance(other, float)
    return numbers and abs(float(one) - float(other)) <= bound


def _near(before: Shape, after: Shape, bound: float) -> bool:
    if type(before) is not type(after):
        return False
    if before == after:
        return True
    ours, theirs = list(_numbers(before)), list(_numbers(after))
    if len(ours) != len(theirs) or getattr(before, "assumed", None) != getattr(
        after, "assumed", None
    ):
        return False
    turns = isinstance(before, Box3D)
    differences = [
        abs(wrapped_rad(a - b)) if turns and at >= 6 else abs(a - b)
        for at, (a, b) in enumerate(zip(ours, theirs, strict=True))
    ]
    return max(differences) <= bound


def _numbers(shape: Shape) -> Iterator[float]:
    match shape:
        case Box3D(center, size, yaw, pitch, roll):
            yield from (*center, *size, yaw, pitch, roll)
        case Cylinder3D(center, radius, height):
            yield from (*center, radius, height)
        case Polyline3D(vertices, height, thickness, gaps):
            yield from (n for vertex in vertices for n in vertex)
            yield from (height, thickness)
            for gap in gaps:
                yield from (gap.start_m, gap.end_m, gap.bottom_m, gap.top_m)
        case Polygon3D(vertices):
            yield from (n for vertex in vertices for n in vertex)
        case Point3D(at):
            yield from at
        case Focus(instance):
            yield instance


def _layer(shape: tuple[int, ...], held: dict[int, int]) -> Layer:
    made = Layer(shape)
    made.put(np.array(list(held), np.int64), np.array(list(held.values()), np.uint32))
    return made
