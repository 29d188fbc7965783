"""What was opened last, so that it is found again; no folder of patients is named."""

import contextlib
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import msgspec

_DIGITS = 16
_HOME = "~"


class Recent(msgspec.Struct, frozen=True):
    """Something that was opened.

    Attributes
    ----------
    name
        What it is called.
    path
        Where it is; empty where its folders may be named after patients.
    folders
        There, a hash for each folder on the way, from its drive or the person's home.
    """

    name: str
    path: str = ""
    folders: tuple[str, ...] = ()

    @classmethod
    def of(cls, place: Path, words: str) -> Self:
        """Return what is kept of a place; with words, instead of its path and name."""
        place = place.absolute()
        if words:
            return cls(words, folders=_hashed(place))
        return cls(place.name or str(place), str(place))

    def is_at_the_place_of(self, other: "Recent") -> bool:
        """Tell whether both are one file or folder."""
        return (self.path, self.folders) == (other.path, other.folders)

    def in_words(self) -> str:
        """Return what a person knows it by."""
        return self.path or self.name

    def place(self) -> Path | None:
        """Return where it is; None where it is not there any more. Looks into each folder."""
        if self.path:
            return Path(self.path)
        start, *hashes = self.folders
        found: Path | None = Path.home() if start == _HOME else Path(start)
        before = start
        for wanted in hashes:
            found = next((one for one in _inside(found) if _hash(before, one.name) == wanted), None)
            before = wanted
        return found


def _hashed(place: Path) -> tuple[str, ...]:
    home = Path.home()
    start, top = (_HOME, home) if place.is_relative_to(home) else (place.anchor, place.anchor)
    hashes = [start]
    for name in place.relative_to(top).parts:
        hashes.append(_hash(hashes[-1], name))
    return tuple(hashes)


def _hash(before: str, name: str) -> str:
    """Hash a folder together with those above it, so that no list of names gives it away."""
    whole = f"{before}/{name}".encode(errors="surrogateescape")
    return hashlib.sha256(whole).hexdigest()[:_DIGITS]


def _inside(folder: Path | None) -> Iterator[Path]:
    with contextlib.suppress(OSError):
        if folder is not None:
            yield from folder.iterdir()
