"""SemanticKITTI: 32 bits a point, in the scan's own order.

The lower 16 bits are the class, the upper 16 the object; ``semantic-kitti.yaml`` names the
classes.

Options
-------
own_ids
    Write the taxonomy's own numbers instead of SemanticKITTI's nearest (default: no).
boxes_to_points
    See `point_labels`.

References
----------
Behley et al. 2019, "SemanticKITTI", and the development kit's ``laserscan.py``.
"""

from pathlib import Path
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from annotator.errors import FileError, FormatError, WrongDataError
from annotator.formats.built_in import SEMANTICKITTI
from annotator.formats.files import Contents, read_whole, write_whole
from annotator.formats.format import Context, FormatInfo, Holds, Level, Loss, Problem
from annotator.formats.frames import has_files, source_files, target_files
from annotator.formats.losses import layer_subject
from annotator.formats.point_labels import (
    PointLabels,
    document_of,
    file_taxonomy,
    point_labels,
    point_losses,
)
from annotator.formats.semantickitti_classes import (
    MOST,
    class_file,
    classes_beside,
    classes_text,
    joined_classes,
    numbers_of,
)
from annotator.formats.values import from_file, named, renumbered
from annotator.i18n import gettext as _
from annotator.model.document import Document
from annotator.model.findings import Severity
from annotator.model.labels import Taxonomy
from annotator.model.layers import INSTANCE, SEMANTIC

_FOLDER, _SUFFIX = "labels", ".label"


class SemanticKitti:
    """A class and an object number for each point; no shapes, no attributes."""

    info: ClassVar[FormatInfo] = SEMANTICKITTI

    def plan(self, document: Document, context: Context) -> list[Loss]:
        """Say what a class and a number per point cannot hold."""
        too_large = [
            Loss(Level.DROPPED, kind, layer_subject(name), _too_large(name, largest))
            for name, kind in ((SEMANTIC, Holds.POINT_LABEL), (INSTANCE, Holds.POINT_INSTANCE))
            if (largest := _largest(document, name)) > MOST
        ]
        return [*too_large, *point_losses(document, context)]

    def write(self, document: Document, context: Context, target: Path) -> list[Path]:
        """Write a label file per scan, and the file that names the classes."""
        files = target_files(target, context, folder=_FOLDER, suffix=_SUFFIX)
        labels = [point_labels(document, context, f, file) for f, file in enumerate(files)]
        taxonomy = file_taxonomy(document, context)
        used = {int(n) for one in labels for n in np.unique(one.semantic) if n}
        unnamed = used - {label.value for label in taxonomy}
        own = bool(context.options.get("own_ids", False))
        numbers = numbers_of(taxonomy, unnamed, own=own)
        contents: dict[Path, Contents] = {}
        names = {0: "unlabeled"} | {numbers[x.value]: x.name for x in taxonomy}
        classes = class_file(files[0])
        joined = joined_classes(classes, names)
        if joined is not None:
            contents[classes] = classes_text(joined, taxonomy).encode()
        for file, one in zip(files, labels, strict=True):
            contents[file] = _packed(file, one, numbers)
        return write_whole(contents)

    def sniff(self, path: Path) -> float:
        """Recognise the extension, and a size of whole points; or a folder with ``labels``."""
        try:
            if path.is_dir():
                return 0.9 if has_files(path / _FOLDER, _SUFFIX) else 0.0
            if path.suffix.lower() != _SUFFIX:
                return 0.0
            return 0.9 if path.stat().st_size % 4 == 0 else 0.6
        except (OSError, ValueError):
            return 0.0

    def read(self, path: Path, context: Context) -> Document:
        """Return the labels of a file, or of a folder with one file per scan."""
        labels: dict[int, PointLabels] = {}
        for frame, file in source_files(path, context, folder=_FOLDER, suffix=_SUFFIX):
            numbers = _numbers(file, context, frame)
            semantic = from_file(numbers & MOST, classes_beside(file), context.taxonomy)
            labels[frame] = PointLabels(semantic, (numbers >> 16).astype(np.uint32))
        extents = context.extents() or tuple((len(x.semantic),) for x in labels.values())
        return document_of(labels, extents)

    def validate(self, path: Path) -> list[Problem]:
        """Check sizes and the file of classes."""
        problems: list[Problem] = []
        try:
            for frame, file in source_files(
                path, Context(Taxonomy()), folder=_FOLDER, suffix=_SUFFIX
            ):
                numbers = _numbers(file, Context(Taxonomy()), frame)
                problems += _unnamed(file, numbers)
        except FileError as error:
            problems.append(Problem(Severity.ERROR, error.path.name, error.problem))
        return problems

    def class_names(self, path: Path) -> tuple[str, ...]:
        """Return the classes that label files use, in the order in which `read` adds them."""
        names: dict[int, str] = {}
        context = Context(Taxonomy())
        for frame, file in source_files(path, context, folder=_FOLDER, suffix=_SUFFIX):
            names |= named(classes_beside(file), _numbers(file, context, frame) & MOST)
        return tuple(names[number] for number in sorted(names))


def _packed(file: Path, labels: PointLabels, numbers: dict[int, int]) -> bytes:
    semantic = renumbered(labels.semantic, numbers)
    for name, values in ((SEMANTIC, semantic), (INSTANCE, labels.instance)):
        largest = int(values.max(initial=0))
        if largest > MOST:
            raise FileError(file, _too_large(name, largest), _("number the objects anew"))
    return ((labels.instance << np.uint32(16)) | semantic).astype("<u4").tobytes()


def _numbers(file: Path, context: Context, frame: int) -> npt.NDArray[np.uint32]:
    raw = read_whole(file, limit_bytes=2**32)
    points = len(context.clouds[frame]) if frame < len(context.clouds) else None
    if len(raw) % 4:
        problem = _("its {size} bytes are no whole number of points, four bytes each")
        remedy = _("the file is cut off or of another kind; copy or export it again")
        raise FormatError(file, problem.format(size=len(raw)), remedy)
    if points is not None and len(raw) != 4 * points:
        text = _("it labels {labels} points, the scan has {points}")
        problem = text.format(labels=len(raw) // 4, points=points)
        raise WrongDataError(file, problem, _("open the scan that it was made for"))
    return np.frombuffer(raw, "<u4").astype(np.uint32)


def _unnamed(file: Path, numbers: npt.NDArray[np.uint32]) -> list[Problem]:
    names = classes_beside(file)
    unknown = [n for n in np.unique(numbers & MOST).tolist() if n and n not in names]
    if not unknown:
        return []
    text = _("no class has the numbers {numbers}")
    message = text.format(numbers=", ".join(str(n) for n in unknown[:10]))
    return [Problem(Severity.WARNING, file.name, message)]


def _largest(document: Document, name: str) -> int:
    found = (layer.largest() for key, layer in document.layers.items() if key.name == name)
    return max(found, default=0)


def _too_large(name: str, largest: int) -> str:
    if name == INSTANCE:
        text = _("object number {largest} is more than 65535, the largest that fits")
    else:
        text = _("class number {largest} is more than 65535, the largest that fits")
    return text.format(largest=largest)
