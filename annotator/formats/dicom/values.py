"""Reads the values that elements of a header hold: texts, decimal strings, whole numbers."""

import math
from functools import lru_cache
from typing import NamedTuple

from annotator.errors import FormatError
from annotator.i18n import gettext as _


class Said(NamedTuple):
    """The values of a file, ready to be asked."""

    path: str
    values: dict[int, bytes]
    big_endian: bool

    def text(self, tag: int) -> str:
        """Return a text; empty where the file has none."""
        return plain(self.values.get(tag, b""))

    def parts(self, tag: int) -> tuple[str, ...]:
        """Return the parts of a text that backslashes separate."""
        said = self.text(tag)
        return tuple(part.strip() for part in said.split("\\")) if said else ()

    def numbers(self, tag: int) -> tuple[float, ...]:
        """Return decimal strings as numbers.

        Raises
        ------
        FormatError
            If one is no finite number.
        """
        raw = self.values.get(tag, b"")
        try:
            return _numbers(raw)
        except ValueError:
            raise FormatError(
                self.path, _("a number in its header is none"), _("export the series again")
            ) from None

    def number(self, tag: int) -> float | None:
        """Return the first of an element's numbers; None where the file has none."""
        found = self.numbers(tag)
        return found[0] if found else None

    def whole(self, tag: int, default: int = 0) -> int:
        """Return an unsigned 16-bit number (US)."""
        raw = self.values.get(tag, b"")
        if len(raw) < 2:
            return default
        return int.from_bytes(raw[:2], "big" if self.big_endian else "little")


@lru_cache(maxsize=4096)
def plain(raw: bytes) -> str:
    """Return a text without its padding."""
    return raw.decode("latin-1").strip("\0 ")


@lru_cache(maxsize=256)
def described(raw: bytes, charset: str) -> str:
    """Decode a description; Chinese scanners often write GBK and declare Latin-1 or nothing."""
    raw = raw.strip(b"\0 ")
    declared = {"ISO_IR 192": "utf-8", "GB18030": "gb18030", "GBK": "gbk"}.get(charset)
    for codec in filter(None, (declared, "ascii", "utf-8", "gb18030")):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


@lru_cache(maxsize=4096)
def _numbers(raw: bytes) -> tuple[float, ...]:
    """Read decimal strings (PS3.5, 6.2: DS, IS), refusing NaN and infinity."""
    parts = raw.strip(b"\0 ").split(b"\\")
    if parts == [b""]:
        return ()
    found = tuple(float(part) for part in parts)
    if not all(map(math.isfinite, found)):
        raise ValueError("not finite")
    return found
