"""How classes show in the cloud view: tinted over other colours, faded, hidden."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from annotator.app.renderers.software import SoftwareRenderer
from annotator.app.scan_view import are_shown
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.formats.format import Context
from annotator.geometry.colouring import ColourBy
from annotator.geometry.projection import StandardView
from annotator.model.annotations import Annotation
from annotator.model.cloud import PointCloud
from annotator.model.document import Document
from annotator.model.edits import Paint, Put
from annotator.model.labels import GARAGE
from annotator.model.layers import SEMANTIC, LayerKey
from annotator.model.shapes import Box3D
from annotator.views.cloud.cloud_view import CloudView

CAR = GARAGE["car"]
HALF = np.arange(10_000)


@pytest.fixture
def session() -> Session:
    random = np.random.default_rng(0)
    scan = PointCloud(random.uniform((-5, -5, 0), (5, 5, 0.2), (20_000, 3)).astype(np.float32))
    return Session.in_memory(Document(((len(scan),),)), Context(GARAGE, (scan,)))


@pytest.fixture
def renderer() -> SoftwareRenderer:
    return SoftwareRenderer(threads=1)


@pytest.fixture
def view(qtbot: QtBot, session: Session, renderer: SoftwareRenderer) -> Iterator[CloudView]:
    shown = CloudView(session, Selection("car"), renderer=renderer)
    qtbot.addWidget(shown, before_close_func=lambda widget: widget.stop_listening())
    shown.steering.look_from(StandardView.TOP)
    shown.resize(400, 400)
    shown.show()
    qtbot.waitUntil(
        lambda: (
            shown.picture is not None
            and shown.picture.is_whole
            and shown.picture.size_px == (400, 400)
        ),
        timeout=20_000,
    )
    qtbot.wait(120)
    yield shown
    shown.stop_listening()


def paint_half(session: Session) -> None:
    paint = Paint(LayerKey(SEMANTIC, 0), HALF, np.array([CAR.value], np.uint32))
    session.do(paint, "Label points")


def colours(view: CloudView) -> npt.NDArray[np.uint32]:
    """Return the colour of each point."""
    return np.asarray(view.shown_points.table[view.shown_points.colours])


def brightness(view: CloudView, rows: npt.NDArray[np.int64]) -> float:
    """Return how bright the colours of some points are, 0 to 255."""
    packed = colours(view)[rows]
    return float(np.mean([packed >> shift & 255 for shift in (16, 8, 0)]))


def between_words(view: CloudView) -> QImage:
    """Return what the view shows between the lines of words above and below."""
    return view.grab(QRect(0, 60, 400, 190)).toImage()


def test_painted_points_are_seen_at_once_whatever_colours_they_have(
    qtbot: QtBot, view: CloudView, session: Session, renderer: SoftwareRenderer
) -> None:
    before, projections = view.picture, renderer.projections
    height = colours(view)

    paint_half(session)
    qtbot.waitUntil(lambda: view.picture is not before)

    assert view.settings.look.colour_by is ColourBy.HEIGHT
    changed = colours(view) != height
    assert changed[HALF].all()
    assert not changed[10_000:].any()
    assert renderer.projections == projections


def test_undone_paint_gives_the_height_its_colour_back(
    qtbot: QtBot, view: CloudView, session: Session
) -> None:
    before = colours(view)
    paint_half(session)
    qtbot.waitUntil(lambda: not np.array_equal(colours(view), before))

    session.undo()

    qtbot.waitUntil(lambda: np.array_equal(colours(view), before))


@pytest.mark.parametrize("by", [ColourBy.HEIGHT, ColourBy.LABEL, ColourBy.INSTANCE])
def test_a_faded_class_is_dim_and_no_point_is_projected_for_it(
    qtbot: QtBot, view: CloudView, session: Session, renderer: SoftwareRenderer, by: ColourBy
) -> None:
    paint_half(session)
    view.settings.set(colour_by=by)
    qtbot.wait(200)
    before, projections, picture = brightness(view, HALF), renderer.projections, view.picture

    view.settings.set(faded=frozenset({CAR.value}))
    qtbot.waitUntil(lambda: view.picture is not picture)

    assert brightness(view, HALF) < 0.5 * before
    assert renderer.projections == projections


def test_classes_are_not_laid_over_the_colours_if_nobody_wants_it(
    view: CloudView, session: Session, qtbot: QtBot
) -> None:
    view.settings.set(tints=False)
    before = colours(view)

    paint_half(session)
    qtbot.wait(50)

    np.testing.assert_array_equal(colours(view), before)


def test_a_hidden_class_hides_its_boxes_and_a_faded_one_dims_them(
    view: CloudView, session: Session, qtbot: QtBot
) -> None:
    without = between_words(view)
    session.do(Put(Annotation("car", Box3D((0, 0, 0.5), (6, 3, 1)))), "Draw box")
    qtbot.waitUntil(lambda: between_words(view) != without)
    bright = between_words(view)

    view.settings.set(faded=frozenset({CAR.value}))
    qtbot.waitUntil(lambda: between_words(view) != bright)
    dim = between_words(view)
    view.settings.set(faded=frozenset(), hidden=frozenset({CAR.value}))

    assert dim != without
    qtbot.waitUntil(lambda: between_words(view) == without)


def test_a_class_fades_also_when_something_else_changes_with_it(
    qtbot: QtBot, view: CloudView, session: Session
) -> None:
    paint_half(session)
    qtbot.wait(50)
    before = brightness(view, HALF)

    view.settings.set(faded=frozenset({CAR.value}), slab_m=(None, 0.15))

    assert brightness(view, HALF) < 0.5 * before
    assert view.shown_points.slab_m[1] == 0.15


def test_points_without_a_class_are_hidden_or_shown_alone_and_come_back(
    qtbot: QtBot, view: CloudView, session: Session
) -> None:
    paint_half(session)

    view.settings.set(solo=frozenset({0}))

    qtbot.waitUntil(lambda: len(view.shown_points.seen) > 0)
    assert not view.shown_points.seen[HALF].any()
    assert view.shown_points.seen[10_000:].all()
    view.settings.show_all_classes()
    qtbot.waitUntil(lambda: not len(view.shown_points.seen))


def test_where_everything_is_hidden_nobody_is_sent_looking_for_it(
    qtbot: QtBot, view: CloudView
) -> None:
    view.settings.set(hidden=frozenset({0}))
    qtbot.waitUntil(lambda: len(view.shown_points.seen) > 0)

    assert not are_shown(view.shown_points).any()
    view.settings.show_all_classes()
    view.settings.set(slab_m=(5.0, None))
    qtbot.waitUntil(lambda: view.shown_points.slab_m[0] == 5.0)
    assert not are_shown(view.shown_points).any()
    view.settings.show_all_heights()
    qtbot.waitUntil(lambda: bool(are_shown(view.shown_points).any()))


def test_boxes_in_a_scan_that_is_all_grey_are_said_to_give_their_points_no_class(
    view: CloudView, session: Session
) -> None:
    painting = view.painting
    view.settings.set(colour_by=ColourBy.LABEL)
    assert not painting.is_grey()

    session.do(Put(Annotation("car", Box3D((0, 0, 0.5), (6, 3, 1)))), "Draw box")
    assert painting.is_grey()

    session.do(Paint(LayerKey(SEMANTIC), HALF, np.full(1, CAR.value, np.uint32)), "Paint")
    assert not painting.is_grey()
