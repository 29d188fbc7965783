"""One value per point or voxel, held in chunks so that a stroke touches little."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

POINTS_PER_CHUNK = 65_536
SEMANTIC = "semantic"
INSTANCE = "instance"

Where = npt.NDArray[np.int64]
Values = npt.NDArray[np.uint32]
Span = tuple[int, int]
"""The first place in a chunk, and the one after the last."""


class LayerKey(NamedTuple):
    """Which layer: its name, and the scan of a sequence that it lies on."""

    name: str
    frame: int = 0


class Layer:
    """A label per point (in file order) or per voxel (slice, row, column), zero where none is.

    Chunks that hold only zeros are not stored: a CT with a few foci costs a few slices, not a
    second volume.

    Parameters
    ----------
    shape
        (N,) for points, (slices, rows, columns) for voxels. A chunk is one slice, or 65 536 points.
    """

    __slots__ = (
        "_changed",
        "_chunks",
        "_lent",
        "_spans",
        "changes",
        "chunk_size",
        "highest",
        "shape",
        "size",
    )

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape
        self.size = int(np.prod(shape, dtype=np.int64))
        self.chunk_size = POINTS_PER_CHUNK if len(shape) == 1 else int(np.prod(shape[1:]))
        self._chunks: dict[int, Values] = {}
        self._spans: dict[int, Span] = {}
        self._lent: set[int] = set()
        self._changed: dict[int, int] = {}
        self.highest = 0
        """The largest value ever put; unlike `largest` it costs nothing to ask."""
        self.changes = 0
        """How often it was changed, so that what was found in it can be told from what is in it."""

    def take(self, where: Where) -> Values:
        """Return the values at flat indices, in their order."""
        taken = np.zeros(len(where), np.uint32)
        for chunk, part in self._parts(where):
            stored = self._chunks.get(chunk)
            if stored is not None:
                taken[part] = stored[where[part] - chunk * self.chunk_size]
        return taken

    def put(self, where: Where, values: Values) -> None:
        """Set the values at flat indices; one value is given to all. Only edits call this."""
        one = len(values) == 1
        self.changes += 1
        self.highest = max(self.highest, int(values.max(initial=0)))
        erases = not values.all()
        for chunk, part in self._parts(where):
            stored = self._own(chunk)
            self._changed[chunk] = self.changes
            within = where[part] - chunk * self.chunk_size
            stored[within] = values if one else values[part]
            if erases and not stored.any():
                self._drop(chunk)
            else:
                self._chunks[chunk] = stored
                self._spans[chunk] = self._spanned(chunk, within)

    def touched(self, where: Where) -> tuple[int, ...]:
        """Return the numbers of the chunks that flat indices lie in."""
        return tuple(number for number, _part in self._parts(where))

    def chunk(self, number: int) -> Values:
        """Return a copy of one chunk: a slice (flat), or up to 65 536 points."""
        stored = self._chunks.get(number)
        return np.zeros(self._length(number), np.uint32) if stored is None else stored.copy()

    def load(self, number: int, values: Values) -> None:
        """Fill one chunk as the store kept it. Only the store calls this."""
        self.changes += 1
        self._changed[number] = self.changes
        if values.any():
            self._chunks[number] = values.astype(np.uint32)
            self._spans[number] = (0, len(values))
            self.highest = max(self.highest, int(values.max()))
        else:
            self._drop(number)

    def changed(self, number: int) -> int:
        """Return at which of its changes a chunk was changed last; 0 where it never was."""
        return self._changed.get(number, 0)

    def view(self, number: int) -> Values | None:
        """Return one chunk to look at without copying, or None where it is all zero."""
        stored = self._chunks.get(number)
        if stored is None:
            return None
        shown = stored.view()
        shown.flags.writeable = False
        return shown

    def span(self, number: int) -> Span:
        """Return from where to where a chunk may hold values; beyond it is zero."""
        return self._spans.get(number, (0, 0))

    def chunks(self) -> Iterator[int]:
        """Go through the numbers of the chunks that hold anything, in order."""
        return iter(sorted(self._chunks))

    def dense(self) -> Values:
        """Return all values in the layer's shape; as large as the scan itself."""
        flat = np.zeros(self.size, np.uint32)
        for number, stored in list(self._chunks.items()):  # another thread may be painting
            start = number * self.chunk_size
            flat[start : start + len(stored)] = stored
        return flat.reshape(self.shape)

    def where(self, value: int, *, most: int | None = None) -> Where:
        """Return the sorted flat indices that hold ``value``, which must not be zero.

        Parameters
        ----------
        most
            After so many no more are looked for.
        """
        found, count = [np.zeros(0, np.int64)], 0
        for number in self.chunks():
            here = np.flatnonzero(self._chunks[number] == value)
            found.append(here + number * self.chunk_size)
            count += len(here)
            if most is not None and count >= most:
                break
        return np.concatenate(found)[:most]

    def count(self, value: int) -> int:
        """Return how many points or voxels hold ``value``, which must not be zero."""
        return sum(int(np.count_nonzero(stored == value)) for stored in self._chunks.values())

    def largest(self) -> int:
        """Return the largest value held."""
        return max((int(stored.max()) for stored in self._chunks.values()), default=0)

    def counts(self) -> dict[int, int]:
        """Return how many points or voxels hold each value but zero."""
        total: dict[int, int] = {}
        for stored in self._chunks.values():
            values, counts = np.unique(stored, return_counts=True)
            for value, count in zip(values.tolist(), counts.tolist(), strict=True):
                if value:
                    total[value] = total.get(value, 0) + count
        return total

    def copy(self) -> "Layer":
        """Return a layer that shares nothing with this one."""
        twin = Layer(self.shape)
        twin.highest = self.highest
        twin._chunks = {number: stored.copy() for number, stored in self._chunks.items()}
        twin._spans = dict(self._spans)
        return twin

    def draft(self) -> "Layer":
        """Return a layer to be changed beside this one: it copies a chunk when it writes to it."""
        draft = Layer(self.shape)
        draft.highest, draft.changes = self.highest, self.changes
        draft._changed = dict(self._changed)
        draft._chunks, draft._spans = dict(self._chunks), dict(self._spans)
        draft._lent = set(draft._chunks)
        return draft

    def become(self, draft: "Layer") -> None:
        """Hold what a draft of this layer holds, which is used up by that. Only edits call this."""
        self.highest, self.changes, self._changed = draft.highest, draft.changes, draft._changed
        self._chunks, self._spans = draft._chunks, draft._spans

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Layer) or self.shape != other.shape:
            return NotImplemented
        return self._chunks.keys() == other._chunks.keys() and all(
            np.array_equal(stored, other._chunks[c]) for c, stored in self._chunks.items()
        )

    __hash__ = None  # type: ignore[assignment]  # it changes

    def _own(self, chunk: int) -> Values:
        """Return a chunk to write to: an empty one where there is none, a copy of one of others."""
        stored = self._chunks.get(chunk)
        if stored is None:
            return np.zeros(self._length(chunk), np.uint32)
        if chunk not in self._lent:
            return stored
        self._lent.remove(chunk)
        return stored.copy()

    def _drop(self, chunk: int) -> None:
        self._chunks.pop(chunk, None)
        self._lent.discard(chunk)
        self._spans.pop(chunk, None)

    def _spanned(self, chunk: int, within: Where) -> Span:
        """Return what a chunk spans with these places as well."""
        low, high = int(within.min()), int(within.max()) + 1
        before = self._spans.get(chunk, (low, high))
        return min(before[0], low), max(before[1], high)

    def _length(self, chunk: int) -> int:
        return min(self.chunk_size, self.size - chunk * self.chunk_size)

    def _parts(self, where: Where) -> Iterator[tuple[int, slice | Where]]:
        if not len(where):
            return
        if np.all(where[1:] >= where[:-1]):  # as strokes and lassos are: parts are slices
            self._require_inside(int(where[0]), int(where[-1]))
            yield from self._slices(where)
            return
        self._require_inside(int(where.min()), int(where.max()))
        of = where // self.chunk_size
        for number in np.unique(of).tolist():
            yield number, np.flatnonzero(of == number)

    def _slices(self, where: Where) -> Iterator[tuple[int, slice]]:
        """Part sorted indices; looks only for the borders, as millions may be given."""
        first, last = (int(i) // self.chunk_size for i in (where[0], where[-1]))
        borders = np.arange(first, last + 2) * self.chunk_size
        edges = np.searchsorted(where, borders).tolist()
        for number, (start, end) in enumerate(pairwise(edges), first):
            if start < end:
                yield number, slice(start, end)

    def _require_inside(self, lowest: int, highest: int) -> None:
        if lowest < 0 or highest >= self.size:
            raise IndexError(f"index beyond a layer of {self.size} values")
