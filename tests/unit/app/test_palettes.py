from dataclasses import replace

import pytest

from annotator.app.palettes import COLOURS, Palette, palette_of, recoloured
from annotator.geometry.colouring import UNLABELLED
from annotator.model.labels import GARAGE, Taxonomy
from tests.unit.geometry.seen_colours import SEEN_BY, apart, closest, lab

EIGHT = len(tuple(GARAGE))


def test_a_palette_gives_every_class_its_colour_and_changes_nothing_else() -> None:
    made = recoloured(GARAGE, Palette.CONTRAST)

    assert [x.color for x in made] == list(COLOURS[Palette.CONTRAST][:EIGHT])
    assert [replace(x, color=(0, 0, 0)) for x in made] == [
        replace(x, color=(0, 0, 0)) for x in GARAGE
    ]
    assert palette_of(made) is Palette.CONTRAST
    assert recoloured(made, Palette.USUAL) == GARAGE


def test_more_classes_than_colours_begin_the_palette_again() -> None:
    many = Taxonomy()
    for number in range(11):
        many = many.grown_by(f"class{number}")

    colours = [x.color for x in recoloured(many, Palette.CONTRAST)]

    assert colours[10] == colours[0]


def test_colours_of_ones_own_are_no_palettes() -> None:
    first, *rest = GARAGE

    assert palette_of(Taxonomy((replace(first, color=(1, 2, 3)), *rest))) is None


def test_the_palette_of_greatest_contrast_is_told_apart_far_better_than_the_usual_one() -> None:
    usual = closest([x.color for x in GARAGE])

    assert closest(COLOURS[Palette.CONTRAST]) > 30 > 1.8 * usual


@pytest.mark.parametrize("palette", Palette)
def test_no_class_is_taken_for_points_without_one(palette: Palette) -> None:
    colours = [x.color for x in recoloured(GARAGE, palette)]

    assert apart(lab(colours), lab([UNLABELLED])).min() > 20


@pytest.mark.parametrize("seen_by", SEEN_BY)
def test_the_colour_blind_safe_palette_is_told_apart_by_everybody(seen_by: str) -> None:
    assert len(COLOURS[Palette.COLOUR_BLIND_SAFE]) >= EIGHT
    assert closest(COLOURS[Palette.COLOUR_BLIND_SAFE], seen_by) > 20


@pytest.mark.parametrize("palette", COLOURS)
def test_every_colour_is_light_enough_for_a_dark_view(palette: Palette) -> None:
    assert lab(COLOURS[palette])[:, 0].min() > 45
