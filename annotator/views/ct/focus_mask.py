"""The foci of a document as a mask over one cut."""

from collections.abc import Iterator

import numpy as np

from annotator.commands.foci import foci, instance_of
from annotator.imaging.cut_picture import BOLD, DOTTED, Argb, Labels, Styles
from annotator.imaging.shear import Shear
from annotator.imaging.slabs import Plane
from annotator.model.annotations import Annotation, AnnotationId, Origin
from annotator.model.document import Document
from annotator.model.labels import Rgb, Taxonomy
from annotator.model.layers import Layer, Where
from annotator.tools.tool import Preview

FILL, PREVIEW_FILL = 0x30, 0x40
GREY: Rgb = (140, 146, 158)
# No preview is white or yellow: what may be calcified is white, and what is marked is yellow.
PREVIEW: Rgb = (64, 200, 255)
AMBER: Rgb = (255, 110, 0)
OPEN: Rgb = (255, 64, 200)
BELOW: Rgb = (150, 110, 255)


class FocusMask:
    """Colours of the foci by instance number, and their voxels on a cut.

    The last five entries of the tables are the chosen piece that nobody has explained, all other
    such pieces, what is marked below the rule, what a tool previews, and what it warns of.
    """

    def __init__(self) -> None:
        self.colors: Argb = np.zeros(5, np.uint32)
        self.styles: Styles = np.zeros(5, np.uint8)
        self._left: tuple[Where, Where] | None = None
        self._offered: Where | None = None
        self._offers_unexplained = False
        """Whether that is among what is shown as explained by nobody."""

    def offer(self, where: Where | None) -> None:
        """Show the voxels that would be marked if the person said yes."""
        self._offered = where
        self._compare()

    def show_residual(self, unexplained: Where, below: Where) -> None:
        """Show bright voxels of no focus, and dark voxels of a focus, on every cut."""
        self._left = (unexplained, below)
        self._compare()

    def hide_residual(self) -> None:
        """Show foci only."""
        self._left = None
        self._compare()

    def recolor(
        self, document: Document, taxonomy: Taxonomy, selected: tuple[AnnotationId, ...]
    ) -> None:
        """Take the classes' colours; a suggestion is dotted, a dismissed focus grey."""
        shown = foci(document)
        size = max((instance_of(focus) for focus in shown), default=0) + 6
        self.colors, self.styles = np.zeros(size, np.uint32), np.zeros(size, np.uint8)
        chosen, classes = set(selected), {label.name: label.color for label in taxonomy}
        for focus in shown:
            number = instance_of(focus)
            color = GREY if focus.dismissed else classes.get(focus.label, GREY)
            self.colors[number] = _argb(color, _fill(focus))
            self.styles[number] = _style(focus, is_selected=focus.id in chosen)
        self.colors[-5:] = (
            _argb(OPEN, PREVIEW_FILL),
            _argb(OPEN, PREVIEW_FILL),
            _argb(BELOW, PREVIEW_FILL),
            _argb(PREVIEW, PREVIEW_FILL),
            _argb(AMBER, PREVIEW_FILL),
        )
        self.styles[[-5, -2, -1]] = BOLD

    def on_cut(
        self,
        layer: Layer,
        plane: Plane,
        index: int,
        preview: Preview | None = None,
        shear: Shear | None = None,
    ) -> Labels | None:
        """Return the instance of each pixel of a cut, laid as stored; None where all are 0.

        With a shear it is a straightened cut.
        """
        labels = _stored(layer, plane, index)
        if shear is not None:
            nothing = np.zeros((), np.uint32)
            labels = shear.cut(_slices(layer), layer.shape, plane, index, nothing)
        over: list[tuple[Where, int]] = []
        if self._left is not None:
            over += [(self._left[0], 4), (self._left[1], 3)]
        if self._offered is not None:
            over.append((self._offered, 5 if self._offers_unexplained else 2))
        if preview is not None and preview.voxels is not None:
            over.append((preview.voxels, 1 if preview.warning else 2))
        if any(len(where) for where, _place in over):
            shape = _cut_shape(layer, plane)
            labels = np.zeros(shape, np.uint32) if labels is None else labels.copy()
            for where, from_end in over:
                there: tuple[Where, ...] = (
                    _on_cut(where, layer.shape, plane, index)
                    if shear is None
                    else shear.on_cut(where, layer.shape, plane, index)
                )
                labels[there] = len(self.colors) - from_end
        return labels

    def _compare(self) -> None:
        """Look once whether the offer is unexplained: a picture has no time to look through all."""
        self._offers_unexplained = (
            self._left is not None
            and self._offered is not None
            and _are_any_among(self._offered, self._left[0])
        )


def _are_any_among(some: Where, all_: Where) -> bool:
    """Tell whether any of some sorted numbers are among others, which may be a million."""
    at = np.searchsorted(all_, some)
    within = at < len(all_)
    return bool((all_[at[within]] == some[within]).any())


def box_on_cut(
    where: Where, shape: tuple[int, ...], plane: Plane, index: int
) -> tuple[tuple[int, int, int], tuple[int, int, int]] | None:
    """Return the first and last voxel (i, j, k) of some voxels on a cut; None where none is."""
    at = _on_cut(where, shape, plane, index)
    if not len(at[0]):
        return None
    low, high = [int(part.min()) for part in at], [int(part.max()) for part in at]
    low.insert(plane.axis, index)
    high.insert(plane.axis, index)
    return (low[2], low[1], low[0]), (high[2], high[1], high[0])


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
    _slices, rows, columns = shape
    match plane:
        case Plane.AXIAL:  # sorted, so that a slice is a piece of it
            first, end = np.searchsorted(where, np.array((index, index + 1)) * (rows * columns))
            here = where[first:end]
        case Plane.CORONAL:
            here = where[where // columns % rows == index]
        case Plane.SAGITTAL:
            here = where[where % columns == index]
    at = np.unravel_index(here, shape)
    return tuple(part for axis, part in enumerate(at) if axis != plane.axis)
