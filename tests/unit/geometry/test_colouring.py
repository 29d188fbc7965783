from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest

from annotator.geometry import colouring
from annotator.geometry.colouring import ColourBy, ColourMap, Legend
from annotator.model.cloud import PointCloud
from annotator.model.labels import GARAGE
from tests.unit.geometry.seen_colours import SEEN_BY, closest


def luminance(table: np.ndarray[tuple[int], np.dtype[np.uint32]]) -> list[float]:
    rgb = np.stack([table >> 16 & 255, table >> 8 & 255, table & 255], axis=1)
    return [float(v) for v in (rgb @ (0.2126, 0.7152, 0.0722))]


@pytest.mark.parametrize("name", list(ColourMap))
def test_no_map_has_a_colour_too_dark_for_a_dark_view(name: ColourMap) -> None:
    table = colouring.colour_map(name)

    assert len(table) == 256
    assert min(luminance(table)) > 25


@pytest.mark.parametrize(
    "name", [ColourMap.DUSK, ColourMap.COLOUR_BLIND_SAFE, ColourMap.CONTRAST, ColourMap.GREY]
)
def test_maps_for_reading_values_grow_lighter_all_the_way(name: ColourMap) -> None:
    light = luminance(colouring.colour_map(name))

    assert all(later >= earlier - 3 for earlier, later in pairwise(light))
    assert light[-1] > light[0] + 80


def test_missing_values_get_a_colour_of_their_own() -> None:
    values = np.array([0.0, 1.0, np.nan, np.inf])

    colours = colouring.by_value(values, ColourBy.HEIGHT, colouring.colour_map(ColourMap.GREY))

    assert colours.numbers[2] == colours.numbers[3] == 256
    assert len(colours.table) == 257


def test_velocity_is_spread_evenly_about_zero() -> None:
    values = np.linspace(-2, 8, 1000)

    legend = colouring.by_value(
        values, ColourBy.VELOCITY, colouring.colour_map(ColourMap.SPECTRUM)
    ).legend

    assert legend.low == -legend.high


def legend_of(values: npt.NDArray[np.generic], by: ColourBy, own: int | None = None) -> Legend:
    return colouring.by_value(values, by, colouring.colour_map(ColourMap.GREY), own=own).legend


def test_what_moves_decides_how_far_a_scale_of_velocities_goes() -> None:
    standing = np.random.default_rng(0).normal(0, 0.08, 2000)
    movers = np.array([-2.1, 2.4, 2.8])

    assert legend_of(np.append(standing, movers), ColourBy.VELOCITY).high == 3.0
    assert legend_of(standing, ColourBy.VELOCITY).high == 1.0


def test_one_stray_does_not_make_all_that_moves_look_as_if_it_stood() -> None:
    values = np.append(np.full(40, 2.5), 60.0)

    assert legend_of(values, ColourBy.VELOCITY).high == 3.0


@pytest.mark.parametrize("by", [ColourBy.VELOCITY, ColourBy.HEIGHT, ColourBy.RCS])
def test_a_scale_stays_as_it_is_when_other_scans_are_laid_over(by: ColourBy) -> None:
    own, others = np.linspace(-2, 2, 100), np.linspace(-30, 30, 1000)

    alone, laid_over = legend_of(own, by), legend_of(np.append(own, others), by, own=100)

    assert (alone.low, alone.high) == (laid_over.low, laid_over.high)


def test_times_are_told_from_the_first_on() -> None:
    legend = legend_of(1639647695.75 + np.linspace(0, 0.1, 5000), ColourBy.TIME)

    assert legend.begins == pytest.approx(1639647695.75, abs=0.01)
    assert legend.low == 0
    assert legend.high == pytest.approx(0.1, abs=0.01)


def test_the_numbers_of_scans_reach_from_the_first_to_the_last() -> None:
    legend = legend_of(np.repeat([4, 3, 5], 100), ColourBy.SCAN, own=100)

    assert (legend.low, legend.high) == (3, 5)


def test_any_fields_of_motion_can_be_coloured_by_and_the_legend_names_them() -> None:
    fields = {"vx_comp": np.ones(4), "vy_comp": np.ones(4)}
    cloud = PointCloud(np.zeros((4, 3), np.float32), fields)
    table = colouring.colour_map(ColourMap.GREY)

    told = colouring.colours_of(
        cloud, ColourBy.VELOCITY, table, taxonomy=GARAGE, values=np.ones(4)
    ).legend

    assert ColourBy.VELOCITY in colouring.available(cloud)
    assert told.motion is not None
    assert told.motion.names == ("vx_comp", "vy_comp")


def test_a_class_has_its_own_colour_and_the_rest_are_grey() -> None:
    colours = colouring.by_label(np.array([0, 3], np.uint32), GARAGE)

    car = GARAGE["car"].color
    assert colours.table[colours.numbers[1]] == colouring.packed_one(car)
    assert colours.table[colours.numbers[0]] != colouring.packed_one(car)


def test_neighbouring_instances_are_told_apart() -> None:
    colours = colouring.by_instance(np.arange(1, 40))

    shown = colours.table[colours.numbers]
    assert len(set(shown.tolist())) == 39


def test_colours_of_the_camera_survive_within_their_bits() -> None:
    rgb = np.random.default_rng(0).integers(0, 256, (500, 3)).astype(np.uint8)

    colours = colouring.by_rgb(rgb)

    shown = colours.table[colours.numbers]
    assert np.abs((shown >> 16 & 255).astype(int) - rgb[:, 0]).max() <= 7
    assert np.abs((shown & 255).astype(int) - rgb[:, 2]).max() <= 7


def test_a_scan_without_the_field_is_coloured_by_height() -> None:
    cloud = PointCloud(np.zeros((4, 3), np.float32))

    colours = colouring.colours_of(
        cloud, ColourBy.RCS, colouring.colour_map(ColourMap.GREY), taxonomy=GARAGE
    )

    assert colours.legend.by is ColourBy.HEIGHT
    assert colouring.available(cloud) == (ColourBy.HEIGHT, ColourBy.LABEL, ColourBy.INSTANCE)


def test_solo_shows_one_class_and_hiding_leaves_one_out() -> None:
    values = np.array([0, 1, 2], np.uint32)

    assert colouring.seen_rows(values, frozenset({1}), frozenset()).tolist() == [1, 0, 1]
    assert colouring.seen_rows(values, frozenset({1}), frozenset({1})).tolist() == [0, 1, 0]
    assert len(colouring.seen_rows(values, frozenset(), frozenset())) == 0


def steps_of(name: ColourMap) -> npt.NDArray[np.uint32]:
    """Return nine colours at even steps of a map, as red, green and blue."""
    table = colouring.colour_map(name)[np.linspace(0, 255, 9).astype(int)]
    return np.stack([table >> shift & 255 for shift in (16, 8, 0)], axis=1)


def test_the_map_of_greatest_contrast_has_the_largest_steps() -> None:
    steps = {name: closest(steps_of(name)) for name in ColourMap}

    assert max(steps, key=lambda name: steps[name]) is ColourMap.CONTRAST
    assert steps[ColourMap.CONTRAST] > 20


@pytest.mark.parametrize("seen_by", SEEN_BY)
def test_the_steps_of_the_colour_blind_safe_map_are_seen_by_everybody(seen_by: str) -> None:
    safe = closest(steps_of(ColourMap.COLOUR_BLIND_SAFE), seen_by)

    assert safe > 7
    if seen_by != "all":
        others = set(ColourMap) - {
            ColourMap.COLOUR_BLIND_SAFE,
            ColourMap.CONTRAST,
        }
        assert safe > max(closest(steps_of(name), seen_by) for name in others)


def test_every_colouring_but_the_cameras_own_has_a_legend() -> None:
    values = np.arange(20, dtype=np.uint32) % 5
    spectrum = colouring.colour_map(ColourMap.SPECTRUM)

    for by in set(ColourBy) - {ColourBy.RGB, ColourBy.LABEL, ColourBy.INSTANCE}:
        legend = colouring.by_value(values, by, spectrum).legend
        assert legend.table is not None
        assert legend.low < legend.high
    nothing, *classes = colouring.by_label(values, GARAGE).legend.entries
    assert nothing[0] == "No class"
    assert len(classes) == len(tuple(GARAGE))
    none, _first = colouring.by_instance(values).legend.entries
    assert none[0] == "No instance"
