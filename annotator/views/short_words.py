"""Shortens words, such as file names, that would push a window apart."""

MOST = 48
"""Longest word that is shown whole, in characters."""


def with_short_words(sentence: str, most: int = MOST) -> str:
    """Return a sentence in which the middle of every longer word is left out."""
    return " ".join(_shortened(word, most) for word in sentence.split(" "))


def _shortened(word: str, most: int) -> str:
    if len(word) <= most:
        return word
    tail = (most - 1) // 2
    return f"{word[: most - 1 - tail]}…{word[-tail:]}"
