import numpy as np
import pytest

from annotator.geometry.class_blocks import (
    ClassBlocks,
    blocks_for,
    table_in_blocks,
    unpacked,
    with_faded,
)
from annotator.geometry.colouring import ColourMap, Table, colour_map
from annotator.model.labels import GARAGE

CAR, FLOOR = GARAGE["car"], GARAGE["floor"]
PLAIN = colour_map(ColourMap.SPECTRUM)


def blocks() -> ClassBlocks:
    found = blocks_for(GARAGE, len(PLAIN))
    assert found is not None
    return found


def look_up(table: Table, plain_number: int, value: int) -> list[float]:
    numbers = blocks().numbers(np.array([plain_number], np.uint16), np.array([value], np.uint32))
    color: list[float] = unpacked(table[numbers])[0].tolist()
    return color


def test_points_without_a_class_keep_their_colour() -> None:
    table = table_in_blocks(PLAIN, GARAGE, tints=True, faded=(CAR.value,))

    for value in (0, 60_000):
        assert look_up(table, 100, value) == unpacked(PLAIN[100:101])[0].tolist()


def test_a_class_tints_its_points_and_the_colours_still_show() -> None:
    table = table_in_blocks(PLAIN, GARAGE, tints=True, faded=())

    low, high = look_up(table, 20, CAR.value), look_up(table, 128, CAR.value)

    for color in (low, high):
        assert np.argmax(color) == np.argmax(CAR.color)
    assert low != high


def test_a_faded_class_is_close_to_the_dark_behind_it() -> None:
    table = table_in_blocks(PLAIN, GARAGE, tints=False, faded=(FLOOR.value,))

    assert max(look_up(table, 128, FLOOR.value)) < 80
    assert max(look_up(table, 128, CAR.value)) > 150


def test_numbers_come_back_out_of_their_blocks() -> None:
    plain = np.arange(256, dtype=np.uint16)
    values = np.resize([0, 1, 3, 8], 256)

    numbers = blocks().numbers(plain, values)

    np.testing.assert_array_equal(blocks().plain(numbers), plain)
    assert numbers.max() < blocks().count * len(PLAIN)


def test_a_table_that_would_be_too_long_has_no_blocks() -> None:
    assert blocks_for(GARAGE, 1 << 15) is None


def test_one_of_a_table_is_faded_and_no_other() -> None:
    table = with_faded(PLAIN, (7, 70_000))

    changed = np.flatnonzero(table != PLAIN)
    assert changed == pytest.approx([7])
