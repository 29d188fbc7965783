"""Turns numpy's numbers into Python's own, which files and the store can hold."""

import numpy as np

_PLAIN = frozenset((float, int, str, bool, frozenset, type(None)))


def with_plain_numbers(value: object) -> object:
    """Return a value without numpy's scalars and arrays, tuples looked through; else itself."""
    if type(value) in _PLAIN:  # nearly all: shapes are made by the thousand
        return value
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return with_plain_numbers(tuple(value.tolist()))
    if isinstance(value, tuple):
        plain = tuple(with_plain_numbers(part) for part in value)
        return value if all(a is b for a, b in zip(plain, value, strict=True)) else plain
    return value
