"""DICOM segmentations: one segment per focus, bound to the CT's own images.

Written as BINARY. Read from any tool: BINARY, FRACTIONAL (from half on) and LABELMAP, in any order
of frames, with missing frames and overlapping segments. A segment's description holds its class,
number and attributes as JSON; its TrackingUID is the annotation's id.

References
----------
DICOM PS3.3, A.51 "Segmentation IOD" and C.8.20.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from annotator.errors import FileError
from annotator.formats.built_in import DICOM_SEG
from annotator.formats.files import head, write_whole
from annotator.formats.foci import document_of, foci_losses, parts_of
from annotator.formats.format import Context, FormatInfo, Holds, Level, Loss, Problem
from annotator.formats.seg_reading import (
    BINARY,
    LABELMAP,
    found_foci,
    marked,
    require_same_data,
    segmentation,
    told,
)
from annotator.formats.seg_writing import DESCRIPTION_LENGTH, description, segmentation_bytes
from annotator.i18n import gettext as _
from annotator.model.document import Document
from annotator.model.findings import Severity

_MEDIA_STORAGE_CLASS = b"\x02\x00\x02\x00UI"
"""Tag and VR of (0002,0002), PS3.10, 7.1; a report that only names a segmentation has another."""


class DicomSeg:
    """Foci for an archive of medical images, and for whoever reads from it."""

    info: ClassVar[FormatInfo] = DICOM_SEG

    def plan(self, document: Document, context: Context) -> list[Loss]:  # noqa: ARG002
        """Say which attributes are too long, and what voxels cannot hold."""
        long = [
            Loss(
                Level.DROPPED,
                Holds.ATTRIBUTES,
                part.annotation.id,
                _("its attributes are longer than the 1024 characters that a segment may have"),
            )
            for part in parts_of(document)
            if part.annotation and len(description(part)) > DESCRIPTION_LENGTH
        ]
        return [*foci_losses(document), *long]

    def write(self, document: Document, context: Context, target: Path) -> list[Path]:
        """Write one file with a segment per focus."""
        return write_whole({target: segmentation_bytes(parts_of(document), context, target)})

    def sniff(self, path: Path) -> float:
        """Recognise DICOM's mark, and a segmentation's class among what the file says of itself."""
        start = head(path)
        if start[128:132] != b"DICM":
            return 0.0
        _before, _tag, after = start.partition(_MEDIA_STORAGE_CLASS)
        length = int.from_bytes(after[:2], "little")
        own = after[2 : 2 + length].rstrip(b"\x00 ")
        return 1.0 if own in {BINARY.encode(), LABELMAP.encode()} else 0.0

    def read(self, path: Path, context: Context) -> Document:
        """Return a focus for each segment that marks anything."""
        if context.series is None:
            problem = _("a segmentation says nothing without its CT")
            raise FileError(path, problem, _("open the series first"))
        dataset = segmentation(path)
        with told(path):
            require_same_data(dataset, context, path)
        return document_of(context.series.shape, found_foci(dataset, context.series, path))

    def validate(self, path: Path) -> list[Problem]:
        """Check that each segment is described, marked, and told apart from the others."""
        try:
            dataset = segmentation(path)
            with told(path):
                return list(_problems(dataset))
        except FileError as error:
            return [Problem(Severity.ERROR, path.name, error.problem)]


def _problems(dataset: Any) -> Iterator[Problem]:  # noqa: ANN401 - pydicom has no types
    described = {int(segment.SegmentNumber): segment for segment in dataset.SegmentSequence}
    seen: set[int] = set()
    taken: dict[tuple[float, ...], Any] = {}
    overlapping: set[int] = set()
    for number, frame, rows, columns in marked(dataset):
        seen.add(number)
        groups = dataset.PerFrameFunctionalGroupsSequence[frame]
        if "PlanePositionSequence" not in groups:
            continue
        at = tuple(float(v) for v in groups.PlanePositionSequence[0].ImagePositionPatient)
        flat = rows * int(dataset.Columns) + columns
        before = taken.get(at, np.zeros(0, np.int64))
        if np.intersect1d(before, flat).size:
            overlapping.add(number)
        taken[at] = np.concatenate([before, flat])
    for number in sorted(seen - set(described)):
        text = _("pixels are marked for a segment that is not described")
        yield Problem(Severity.ERROR, f"segment {number}", text)
    for number in sorted(set(described) - seen):
        yield Problem(Severity.WARNING, f"segment {number}", _("no pixel is marked for it"))
    for number in sorted(overlapping):
        yield Problem(Severity.NOTE, f"segment {number}", _("it overlaps another segment"))
    if not dataset.get("ReferencedSeriesSequence", None):
        text = _("it does not say which images it was made for")
        yield Problem(Severity.WARNING, "ReferencedSeriesSequence", text)
