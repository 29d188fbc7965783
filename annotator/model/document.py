"""All that has been said about one item."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from annotator.model.annotations import Annotation, AnnotationId
from annotator.model.layers import INSTANCE, SEMANTIC, Layer, LayerKey


@dataclass(slots=True, eq=False)
class Document:
    """Annotations and layers of one item. Only `edits.apply` changes it.

    Attributes
    ----------
    extents
        What layers index, one entry per scan: (N,) points, or (slices, rows, columns) of a CT.
    numbers
        Which object of the item each is, from 1 up in the order in which they were made; what was
        dropped keeps its own. It says nothing of the item: it is only what objects are called.
    """

    extents: tuple[tuple[int, ...], ...]
    annotations: dict[AnnotationId, Annotation] = field(default_factory=dict)
    layers: dict[LayerKey, Layer] = field(default_factory=dict)
    numbers: dict[AnnotationId, int] = field(default_factory=dict)

    def layer(self, name: str, frame: int = 0) -> Layer:
        """Return a layer; an empty one, made now, if nothing was said in it yet."""
        key = LayerKey(name, frame)
        if key not in self.layers:
            self.layers[key] = Layer(self.extents[frame])
        return self.layers[key]

    def semantic(self, frame: int = 0) -> Layer:
        """Return the layer of label values."""
        return self.layer(SEMANTIC, frame)

    def instances(self, frame: int = 0) -> Layer:
        """Return the layer of instance numbers."""
        return self.layer(INSTANCE, frame)

    def in_frame(self, frame: int) -> Iterable[Annotation]:
        """Return the annotations that hold in one scan of a sequence."""
        return [a for a in self.annotations.values() if a.frame in (None, frame)]

    def draft(self, keys: Iterable[LayerKey]) -> "Document":
        """Return a document to be changed beside this one; of the layers it has these."""
        layers = {key: self.layer(*key).draft() for key in keys}
        return Document(self.extents, dict(self.annotations), layers, dict(self.numbers))

    def become(self, draft: "Document") -> None:
        """Say what a draft of this document says. Only the history calls this."""
        self.annotations, self.numbers = draft.annotations, draft.numbers
        for key, layer in draft.layers.items():
            self.layer(*key).become(layer)

    def is_empty(self) -> bool:
        """Tell whether nothing has been said."""
        return not self.annotations and not any(
            True for layer in self.layers.values() for _ in layer.chunks()
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Document):
            return NotImplemented
        said = (self.extents, self.annotations, self._said())
        return said == (other.extents, other.annotations, other._said())

    __hash__ = None  # type: ignore[assignment]  # it changes

    def _said(self) -> dict[LayerKey, Layer]:
        """Return the layers that hold anything: one that was only looked at says nothing."""
        return {
            key: layer for key, layer in self.layers.items() if any(True for _c in layer.chunks())
        }
