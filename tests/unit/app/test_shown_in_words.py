from annotator.app.cloud_settings import Look
from annotator.app.shown_in_words import hidden_in_words, state_in_words
from annotator.i18n import set_language
from annotator.model.labels import GARAGE


def test_nothing_is_said_of_a_scan_that_is_shown_whole() -> None:
    assert not state_in_words(is_read_only=False, is_surveyed=True)
    assert not hidden_in_words(Look(), tuple(GARAGE), is_isolated=False, is_clipped=False)


def test_each_reason_why_a_part_is_not_shown_is_said() -> None:
    set_language("en")
    look = Look(slab_m=(None, 1.5), hidden=frozenset({1, 2}))

    said = hidden_in_words(look, tuple(GARAGE), is_isolated=True, is_clipped=True)

    assert len(said) == 4
    assert said[2:] == ("Cut above 1.50 m", "2 classes are hidden")


def test_what_stands_alone_hides_all_other_classes() -> None:
    set_language("en")

    said = hidden_in_words(
        Look(solo=frozenset({3}), slab_m=(0.1, 2)),
        tuple(GARAGE),
        is_isolated=False,
        is_clipped=False,
    )

    assert said == ("Cut to 0.10 to 2.00 m", "7 classes are hidden")


def test_a_scan_that_may_not_be_changed_says_so() -> None:
    set_language("en")

    read_only, finding = state_in_words(is_read_only=True, is_surveyed=False)

    assert "Read-only" in read_only
    assert "Floor" in finding
