"""Which voxels each focus has, kept up to date slice by slice."""

from collections.abc import Iterable

import numpy as np

from annotator.model.layers import Layer, Where


class Census:
    """An index of an instance layer of voxels.

    A stroke touches a few slices; only those are counted again.

    Parameters
    ----------
    layer
        It is looked at, never changed.
    """

    def __init__(self, layer: Layer) -> None:
        self._layer = layer
        self._in_slice: dict[int, dict[int, Where]] = {}
        self._slices: dict[int, set[int]] = {}
        self.refresh(layer.chunks())

    def refresh(self, slices: Iterable[int]) -> set[int]:
        """Count some slices again; return the instances whose voxels changed."""
        changed: set[int] = set()
        for number in slices:
            before = self._in_slice.get(number, {})
            after = self._counted(number)
            self._in_slice[number] = after
            for instance in before.keys() | after.keys():
                if not np.array_equal(before.get(instance, _NONE), after.get(instance, _NONE)):
                    changed.add(instance)
                    self._note(instance, number, is_there=instance in after)
        return changed

    def instances(self) -> list[int]:
        """Return the instances that have voxels, in order."""
        return sorted(self._slices)

    def slices_of(self, instance: int) -> list[int]:
        """Return the slices an instance touches, in order."""
        return sorted(self._slices.get(instance, ()))

    def count_in(self, instance: int, number: int) -> int:
        """Return how many voxels an instance has in one slice."""
        return len(self._in_slice.get(number, {}).get(instance, _NONE))

    def where(self, instance: int) -> Where:
        """Return the sorted flat indices of an instance."""
        parts = [self._in_slice[number][instance] for number in self.slices_of(instance)]
        return np.concatenate(parts) if parts else _NONE

    def _counted(self, number: int) -> dict[int, Where]:
        values = self._layer.view(number)
        if values is None:
            return {}
        at = np.flatnonzero(values != 0)  # ten times as quick as looking through numbers
        order = np.argsort(values[at], kind="stable")
        at = at[order]
        found, first = np.unique(values[at], return_index=True)
        flat = at + number * self._layer.chunk_size
        return dict(zip(found.tolist(), np.split(flat, first[1:]), strict=True))

    def _note(self, instance: int, number: int, *, is_there: bool) -> None:
        touched = self._slices.setdefault(instance, set())
        if is_there:
            touched.add(number)
        else:
            touched.discard(number)
            if not touched:
                del self._slices[instance]


_NONE = np.zeros(0, np.int64)
