"""What of a scan is hidden is said, with the key that shows it again."""

from collections.abc import Iterator

import pytest

from annotator.app.cloud_settings import Look
from annotator.app.shown_in_words import hidden_in_words, state_in_words
from annotator.i18n import set_language
from annotator.model.labels import GARAGE
from annotator.tools.keys import TOOL_KEYS, speak_of_keys


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    set_language("en")
    keys = {"all_classes": "Alt+H", "all_heights": "H", "ceiling": "C", "storey": "S"}
    speak_of_keys({f"view.{name}": key for name, key in keys.items()})
    yield
    speak_of_keys({key.value: keys[0] for key, _title, keys in TOOL_KEYS})


def said_of(look: Look, *, is_cut: bool = False, has_ceiling: bool = False) -> tuple[str, ...]:
    return hidden_in_words(
        look, tuple(GARAGE), is_isolated=is_cut, is_clipped=is_cut, has_ceiling=has_ceiling
    )


def test_nothing_is_said_of_a_scan_that_is_shown_whole() -> None:
    assert not state_in_words(is_read_only=False, is_surveyed=True)
    assert not said_of(Look(), has_ceiling=True)


def test_each_reason_why_a_part_is_not_shown_is_said_with_what_shows_it_again() -> None:
    look = Look(slab_m=(None, 1.5), hidden=frozenset({0, 3}), hides_ceiling=True)

    said = said_of(look, is_cut=True, has_ceiling=True)

    assert len(said) == 5
    assert said[2:] == (
        "Ceiling hidden · C shows it",
        "Cut above 1.50 m · H shows all",
        "Hidden are points without a class, Car · Alt+H shows all",
    )


def test_of_classes_that_stand_alone_it_is_said_which_these_are() -> None:
    assert said_of(Look(solo=frozenset({3}))) == ("Only Car · Alt+H shows all",)
    assert said_of(Look(solo=frozenset({1, 2, 3, 4, 5}))) == (
        "Only Pillar, Wall, Car and 2 more · Alt+H shows all",
    )


def test_faded_classes_are_named_whatever_else_is_hidden() -> None:
    assert said_of(Look(solo=frozenset({3}), faded=frozenset({2}))) == (
        "Only Car · Alt+H shows all",
        "Faded are Wall · Alt+H shows all",
    )


def test_a_ceiling_that_is_not_there_is_not_hidden() -> None:
    assert not said_of(Look(hides_ceiling=True))


@pytest.mark.parametrize(
    ("look", "words"),
    [
        (Look(storey=1), ("Storey 2 of 3 · S shows the next · H shows all",)),
        (Look(hides_ceiling=True), ("3 storeys · S shows one alone",)),
        (Look(storey=3), ()),
        (Look(), ()),
    ],
)
def test_the_storey_that_is_alone_is_named_and_who_looks_in_is_told_how(
    look: Look, words: tuple[str, ...]
) -> None:
    said = hidden_in_words(
        look, tuple(GARAGE), is_isolated=False, is_clipped=False, has_ceiling=False, storeys=3
    )

    assert said == words


def test_scans_that_could_not_be_laid_over_are_named_as_a_person_counts_them() -> None:
    (said,) = state_in_words(is_read_only=False, is_surveyed=True, unread=(1, 4))

    assert said == "Scans 2, 5 could not be read"


def test_a_scan_that_may_not_be_changed_says_so() -> None:
    read_only, finding = state_in_words(is_read_only=True, is_surveyed=False)

    assert "Read-only" in read_only
    assert "Floor" in finding


def test_who_colours_by_class_is_told_that_boxes_give_their_points_none() -> None:
    speak_of_keys({"edit.select_all": "Ctrl+A", "points.inside": "Shift+Y"})

    (said,) = state_in_words(is_read_only=False, is_surveyed=True, is_grey=True)

    assert said == (
        "No point has a class yet, and boxes give them none"
        " · Ctrl+A, then Shift+Y labels the points in boxes"
    )
