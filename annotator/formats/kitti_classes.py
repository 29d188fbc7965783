"""The words that KITTI's files call classes by."""

from annotator.formats.kitti_lines import DONT_CARE
from annotator.model.labels import Taxonomy


def word_of(label: str, taxonomy: Taxonomy) -> str:
    """Return the word for a class: its name with a large first letter, as KITTI's own have it.

    So readers that look for ``Car`` or ``Person_sitting`` find them. It never holds a space, which
    would end it.
    """
    word = "_".join(label.encode("utf-8", "replace").decode().split()) or "Misc"
    large = word[0].upper() + word[1:]
    if label in taxonomy and large not in taxonomy:
        word = large
    return f"{word}_" if word == DONT_CARE else word


def label_of(word: str, taxonomy: Taxonomy) -> str:
    """Return the class that a word is of: the one written so, or else so in small letters."""
    if word in taxonomy:
        return word
    written = {word_of(label.name, taxonomy): label.name for label in taxonomy}
    small = word.lower()
    return written.get(word, small if small in taxonomy else word)
