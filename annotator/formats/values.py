"""Which number in a file is which label here: numbers of one class differ from file to file."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from annotator.model.labels import Taxonomy
from annotator.model.layers import Layer, Values


def grown(taxonomy: Taxonomy, names: Mapping[int, str] | list[str]) -> Taxonomy:
    """Return a taxonomy that knows all classes of a file, in the file's order."""
    for name in names.values() if isinstance(names, Mapping) else names:
        taxonomy = taxonomy.grown_by(label_name(name))
    return taxonomy


def label_name(name: str) -> str:
    """Return a file's class name as a taxonomy can hold it: without spaces, never empty."""
    return "_".join(name.split()) or "unnamed"


def renumbering(names: Mapping[int, str], taxonomy: Taxonomy) -> dict[int, int]:
    """Return what a file's numbers become in a document's semantic layer.

    Parameters
    ----------
    names
        The file's classes by number. A number without a name stays what it is.
    """
    known = grown(taxonomy, names)
    return {number: known[label_name(name)].value for number, name in names.items()}


def named(names: Mapping[int, str], values: npt.NDArray[np.integer]) -> dict[int, str]:
    """Return the classes that an array uses, by their numbers in order.

    Numbers that stand for "no class" are left out; 0 is one of them where it has no name.
    """
    present = np.unique(values).tolist()
    return {n: names[n] for n in present if n in names and not is_unlabelled(names[n])}


def from_file(
    values: npt.NDArray[np.integer], names: Mapping[int, str], taxonomy: Taxonomy
) -> Values:
    """Return a semantic layer's values for a file's class numbers."""
    nothing = {number: 0 for number, name in names.items() if is_unlabelled(name)}
    return renumbered(values, nothing | renumbering(named(names, values), taxonomy))


def is_unlabelled(name: str) -> bool:
    """Tell whether a file's class name says that there is none."""
    return name.strip().lower() in _UNLABELLED


_UNLABELLED = frozenset(
    {"unlabeled", "unlabelled", "none", "background", "void", "unclassified", ""}
)


def renumbered(values: npt.NDArray[np.integer], table: Mapping[int, int]) -> Values:
    """Return an array with each number replaced; those the table lacks stay."""
    present, where = np.unique(values, return_inverse=True)
    replaced = np.array([table.get(n, n) for n in present.tolist()], np.uint32)
    return replaced[where].reshape(values.shape) if len(replaced) else values.astype(np.uint32)


def renumbered_layer(layer: Layer, table: Mapping[int, int]) -> Layer:
    """Return a layer with each number replaced; those the table lacks stay."""
    twin = Layer(layer.shape)
    for number in layer.chunks():
        twin.load(number, renumbered(layer.chunk(number), table))
    return twin


def layer_of(values: npt.NDArray[np.integer]) -> Layer:
    """Return a layer that holds an array: (N,) for points, (slices, rows, columns) for voxels."""
    layer = Layer(values.shape)
    flat = values.reshape(-1).astype(np.uint32)
    for start in range(0, layer.size, layer.chunk_size or 1):
        layer.load(start // layer.chunk_size, flat[start : start + layer.chunk_size])
    return layer
