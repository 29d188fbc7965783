"""The foci of a document as a mask over one cut."""

from collections.abc import Iterator

import numpy as np

from annotator.commands.foci import foci, instance_of
from annotator.imaging.slabs import Plane
from annotator.imaging.windows import BOLD, DOTTED, Argb, Labels, Styles
from annotator.model.annotations import Annotation, AnnotationId, Origin
from annotator.model.document import Document
from annotator.model.labels import Rgb, Taxonomy
from annotator.model.layers import Layer, Where
from annotator.tools.tool import Preview

FILL, PREVIEW_FILL = 0x30, 0x60
GREY: Rgb = (140, 146, 158)
WHITE: Rgb = (255, 255, 255)
AMBER: Rgb = (255, 140, 0)


class FocusMask:
    """Colours of the foci by instance number, and their voxels on a cut.

    The last two entries of the tables are what a tool previews, and what it warns of.
    """

    def __init__(self) -> None:
        self.colors: Argb = np.zeros(2, np.uint32)
        self.styles: Styles = np.zeros(2, np.uint8)

    def recolor(
        self, document: Document, taxonomy: Taxonomy, selected: tuple[AnnotationId, ...]
    ) -> None:
        """Take the classes' colours; a suggestion is dotted, a dismissed focus grey."""
        shown = foci(document)
        size = max((instance_of(focus) for focus in shown), default=0) + 3
        self.colors, self.styles = np.zeros(size, np.uint32), np.zeros(size, np.uint8)
        chosen = set(selected)
        for focus in shown:
            number = instance_of(focus)
            color = taxonomy[focus.label].color if focus.label in taxonomy else GREY
            self.colors[number] = _argb(GREY if focus.dismissed else color, _fill(focus))
            self.styles[number] = _style(focus, is_selected=focus.id in chosen)
        self.colors[-2:] = _argb(WHITE, PREVIEW_FILL), _argb(AMBER, PREVIEW_FILL)
        self.styles[-2:] = BOLD

    def on_cut(
        self, layer: Layer, plane: Plane, index: int, preview: Preview | None = None
    ) -> Labels | None:
        """Return the instance of each pixel of a cut, laid as stored; None where all are 0."""
        stored = _stored(layer, plane, index)
        if preview is None or preview.voxels is None or not len(preview.voxels):
            return stored
        labels = np.zeros(_cut_shape(layer, plane), np.uint32) if stored is None else stored.copy()
        shown = len(self.colors) - (1 if preview.warning else 2)
        labels[_on_cut(preview.voxels, layer.shape, plane, index)] = shown
        return labels


def _argb(color: Rgb, alpha: int) -> int:
    return alpha << 24 | color[0] << 16 | color[1] << 8 | color[2]


def _fill(focus: Annotation) -> int:
    return 1 if focus.dismissed or focus.origin is Origin.SUGGESTION else FILL


def _style(focus: Annotation, *, is_selected: bool) -> int:
    is_open = bool(focus.dismissed) or focus.origin is Origin.SUGGESTION
    return (BOLD if is_selected else 0) | (DOTTED if is_open else 0)


def _cut_shape(layer: Layer, plane: Plane) -> tuple[int, ...]:
    return tuple(n for axis, n in enumerate(layer.shape) if axis != plane.axis)


def _stored(layer: Layer, plane: Plane, index: int) -> Labels | None:
    if plane is Plane.AXIAL:
        values = layer.view(index)
        return None if values is None else values.reshape(layer.shape[1:])
    labels = np.zeros(_cut_shape(layer, plane), np.uint32)
    for number, values in _slices(layer):
        labels[number] = values[index] if plane is Plane.CORONAL else values[:, index]
    return labels if labels.any() else None


def _slices(layer: Layer) -> Iterator[tuple[int, Labels]]:
    for number in layer.chunks():
        values = layer.view(number)
        if values is not None:
            yield number, values.reshape(layer.shape[1:])


def _on_cut(where: Where, shape: tuple[int, ...], plane: Plane, index: int) -> tuple[Where, ...]:
    at = np.unravel_index(where, shape)
    here = at[plane.axis] == index
    return tuple(part[here] for axis, part in enumerate(at) if axis != plane.axis)
