from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from annotator.app.renderers.renderer import ShownPoints
from annotator.app.renderers.software import SoftwareRenderer
from annotator.geometry.colouring import ColourBy, ColourMap, by_value, colour_map
from annotator.geometry.drawing import NOTHING
from annotator.geometry.projection import Camera
from tests.pictures import share_covered

SIZE = (200, 150)
CAMERA = Camera(distance_m=12)


def shown(count: int = 60_000) -> ShownPoints:
    xyz_m = np.random.default_rng(1).uniform(-4, 4, (count, 3)).astype(np.float32)
    colours = by_value(xyz_m[:, 2], ColourBy.HEIGHT, colour_map(ColourMap.DUSK))
    return ShownPoints(xyz_m, colours.numbers, colours.table)


@pytest.fixture
def renderer() -> Iterator[SoftwareRenderer]:
    made = SoftwareRenderer(threads=2)
    yield made
    made.close()


def test_a_whole_picture_does_not_depend_on_the_number_of_threads(
    renderer: SoftwareRenderer,
) -> None:
    points, one = shown(), SoftwareRenderer(threads=1)
    renderer.show(points)
    one.show(points)

    np.testing.assert_array_equal(renderer.draw(CAMERA, SIZE).pixels, one.draw(CAMERA, SIZE).pixels)

    one.close()


def test_a_sketch_shows_an_even_part_of_the_scan(renderer: SoftwareRenderer) -> None:
    renderer.show(shown())

    sketch = renderer.sketch(CAMERA, SIZE, budget_s=0.0)

    assert not sketch.is_whole
    assert sketch.drawn == 20_000
    assert share_covered(sketch.entries) > 0.3 * share_covered(renderer.draw(CAMERA, SIZE).entries)


def test_a_sketch_names_rows_of_the_scan_not_of_the_sample(renderer: SoftwareRenderer) -> None:
    points = shown()
    renderer.show(points)

    sketch = renderer.sketch(CAMERA, SIZE, budget_s=0.0)

    lines, columns = np.nonzero(sketch.entries != NOTHING)
    rows = (sketch.entries[lines, columns] & np.uint64(0xFFFFFFFF)).astype(int)
    at_px, _ = CAMERA.project(points.xyz_m[rows], SIZE)
    assert np.abs(at_px - np.stack([columns, lines], axis=1) - 0.5).max() < 2.5


def test_recolouring_projects_nothing(renderer: SoftwareRenderer) -> None:
    points = shown()
    renderer.show(points)
    picture = renderer.draw(CAMERA, SIZE)
    before = renderer.projections

    renderer.recolour(np.full_like(points.table, 0xFFFF0000))
    red = renderer.shaded_again(picture)

    assert renderer.projections == before
    assert (red.pixels[red.entries != NOTHING] & np.uint32(0xFFFF) == 0).all()


def test_a_scan_of_no_points_is_an_empty_picture(renderer: SoftwareRenderer) -> None:
    nothing = replace(shown(1), xyz_m=np.zeros((0, 3), np.float32), colours=np.zeros(0, np.uint16))
    renderer.show(nothing)

    assert share_covered(renderer.draw(CAMERA, SIZE).entries) == 0
    assert renderer.sketch(CAMERA, SIZE, budget_s=0.01).is_whole


def test_a_scan_whose_points_are_all_in_one_spot_is_drawn(renderer: SoftwareRenderer) -> None:
    one_spot = replace(shown(1000), xyz_m=np.zeros((1000, 3), np.float32))
    renderer.show(one_spot)

    assert share_covered(renderer.draw(CAMERA, SIZE).entries) > 0
