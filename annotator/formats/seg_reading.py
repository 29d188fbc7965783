"""Reads the segments of any tool's DICOM segmentation, frame by frame, in whatever order."""

import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from annotator.errors import FileError, FormatError, WrongDataError
from annotator.formats.files import cannot_read
from annotator.formats.foci import FoundFocus, attributes_from_plain, id_of, id_of_uid, plain_label
from annotator.formats.format import Context
from annotator.formats.grid import normal_of, slice_at, voxels_on
from annotator.formats.seg_binding import bound_pixels, bound_place
from annotator.formats.series_binding import (
    are_same_pixels,
    elsewhere,
    lie_together,
    may_be_part,
    other_pixels,
    pixels_of,
)
from annotator.i18n import gettext as _
from annotator.model.layers import Where
from annotator.model.volume import Affine, Series

BINARY, LABELMAP = "1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7"
_DEFLATED = "1.2.840.10008.1.2.1.99"
_MOST_DEFLATED_BYTES = 2**20
"""Deflate packs up to 1032 to 1: a file of this size may become a gigabyte, a larger one more."""
_MOST_BYTES = 2**30
Dataset = Any  # pydicom has no types
Pixels = npt.NDArray[np.integer[Any]]


def segmentation(path: Path) -> Dataset:
    """Return the file's dataset once it is known to be a segmentation of honest size.

    Raises
    ------
    FileError
        If it cannot be read, or is none.
    """
    import pydicom  # noqa: PLC0415 - a tenth of a second, only when one is read

    with told(path):
        size = path.stat().st_size
        _refuse_flood(path, size)
        dataset = pydicom.dcmread(path)
        if str(dataset.get("SOPClassUID", "")) not in {BINARY, LABELMAP}:
            problem = _("it is DICOM, but no segmentation")
            raise FormatError(path, problem, _("choose the segmentation itself"))
        frame_bits = int(dataset.Rows) * int(dataset.Columns) * int(dataset.BitsAllocated)
        frames = int(dataset.get("NumberOfFrames", 1))
        if len(dataset.PerFrameFunctionalGroupsSequence) != frames:
            raise FormatError(path, _("it does not say where each frame lies"), _EXPORT_AGAIN())
        if not _is_packed(dataset) and len(dataset.PixelData) * 8 < frame_bits * frames:
            problem = _("it is cut off: {frames} frames need more bytes than it has")
            raise FormatError(path, problem.format(frames=frames), _EXPORT_AGAIN())
        return dataset


def require_same_data(dataset: Dataset, context: Context, path: Path) -> None:
    """Refuse a segmentation of another series.

    A copy with other UIDs is known by its pixels, where the segmentation is one of ours; its
    voxels are found by their millimetres, so the copy must lie where the series lay.

    Raises
    ------
    WrongDataError
        If it names images of which the series has none, another frame of reference, or the same
        images with other pixels or in another place.
    """
    series = context.series
    if series is None:
        return
    remedy = _("open the series that it was made for")
    same_pixels = _are_same_pixels(dataset, context)
    if same_pixels:
        if not lie_together(bound_place(dataset), series):
            raise elsewhere(path)
        return
    named = {
        str(item.ReferencedSOPInstanceUID)
        for of_series in dataset.get("ReferencedSeriesSequence", None) or ()
        for item in of_series.get("ReferencedInstanceSequence", None) or ()
    }
    if named:
        if named.isdisjoint(s.sop_uid for s in series.slices):
            problem = _("it was made for other images; the series has none of those it names")
            raise WrongDataError(path, problem, remedy)
        if same_pixels is False:
            raise other_pixels(path)
        return
    theirs = str(dataset.get("FrameOfReferenceUID", ""))
    if theirs and series.frame_of_reference_uid and theirs != series.frame_of_reference_uid:
        problem = _("it lies in another frame of reference than the series")
        raise WrongDataError(path, problem, remedy)


def _are_same_pixels(dataset: Dataset, context: Context) -> bool | None:
    """Compare pixels; of a part of the series, whether its slices are among those it was."""
    slices, theirs = bound_pixels(dataset)
    ours = pixels_of(context)
    if slices in {0, len(ours.slices)}:
        return are_same_pixels(theirs, ours)
    return None if may_be_part(theirs, ours) else False


def found_foci(dataset: Dataset, series: Series, path: Path) -> list[FoundFocus]:
    """Return one focus per segment that has voxels, in the order of the segments."""
    voxels: dict[int, list[Where]] = {}
    is_ours = bool(bound_pixels(dataset)[0])
    with told(path):
        limit = 4 * series.shape[1] * series.shape[2]
        if int(dataset.Rows) * int(dataset.Columns) > max(limit, 2**20):
            problem = _("its pictures are larger than the series'")
            raise WrongDataError(path, problem, _("open the series that it was made for"))
        for number, frame, rows, columns in marked(dataset):
            placed = _placed(dataset, frame, series, path)
            pixels = np.stack([columns, rows, np.zeros_like(rows)], axis=1)
            corners = _corners(dataset, series)
            where = voxels_on(series, placed, np.concatenate([corners, pixels]), path)
            if is_ours and not _are_corners(where[: len(corners)], series):
                raise elsewhere(path)
            voxels.setdefault(number, []).append(where[len(corners) :])
        segments = {int(s.SegmentNumber): s for s in dataset.SegmentSequence}
        unknown = set(voxels) - set(segments)
        if unknown:
            problem = _("it marks segment {number}, which it does not describe")
            raise FormatError(path, problem.format(number=min(unknown)), _EXPORT_AGAIN())
        return [
            _focus(segments[n], np.unique(np.concatenate(voxels[n])), dataset)
            for n in sorted(voxels)
            if not _is_background(segments[n])
        ]


def marked(
    dataset: Dataset,
) -> Iterator[tuple[int, int, npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
    """Go through segment number, frame, and the rows and columns of its marked pixels."""
    is_map = dataset.SOPClassUID == LABELMAP or dataset.get("SegmentationType") == "LABELMAP"
    background = int(dataset.get("PixelPaddingValue", 0)) if is_map else 0
    for frame, pixels in enumerate(_frames(dataset)):
        if is_map:
            for number in np.unique(pixels).tolist():
                if number != background:
                    rows, columns = np.nonzero(pixels == number)
                    yield int(number), frame, rows, columns
        else:
            rows, columns = np.nonzero(pixels >= _least(dataset))
            if len(rows):
                yield _segment_of(dataset, frame), frame, rows, columns


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what a damaged file makes pydicom say into one sentence."""
    from pydicom.errors import InvalidDicomError  # noqa: PLC0415 - as above

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # oddities of strangers' headers
            yield
    except FileError:
        raise
    except InvalidDicomError as error:
        raise FormatError(path, _("it is no DICOM file"), _("choose a segmentation")) from error
    except RecursionError as error:
        problem = _("it is nested deeper than any segmentation")
        raise FormatError(path, problem, _EXPORT_AGAIN()) from error
    except OSError as error:
        raise cannot_read(path, error) from error
    except Exception as error:  # pydicom raises whatever its parsing meets
        problem = _("it is damaged or incomplete ({reason})").format(reason=str(error)[:120])
        raise FormatError(path, problem, _EXPORT_AGAIN()) from error


def _EXPORT_AGAIN() -> str:  # noqa: N802 - reads as the constant that translation forbids
    return _("export it again from the tool that made it")


def _refuse_flood(path: Path, size: int) -> None:
    with path.open("rb") as file:
        start = file.read(4096)
    deflated = _DEFLATED.encode("ascii") in start
    if size > (_MOST_DEFLATED_BYTES if deflated else _MOST_BYTES):
        problem = _("it has {size} bytes, more than a segmentation can need").format(size=size)
        raise FormatError(path, problem, _("save it uncompressed or in parts"))


def _is_packed(dataset: Dataset) -> bool:
    return bool(dataset.file_meta.TransferSyntaxUID.is_encapsulated)


def _frames(dataset: Dataset) -> Iterator[Pixels]:
    rows, columns = int(dataset.Rows), int(dataset.Columns)
    if int(dataset.BitsAllocated) != 1 or _is_packed(dataset):
        from pydicom.pixels import iter_pixels  # noqa: PLC0415 - as above

        yield from iter_pixels(dataset)
        return
    # Frames of single bits run on without padding: PS3.5, 8.1.1.
    packed, area = np.frombuffer(dataset.PixelData, np.uint8), rows * columns
    for frame in range(int(dataset.get("NumberOfFrames", 1))):
        first = frame * area
        part = packed[first // 8 : -(-(first + area) // 8)]
        bits = np.unpackbits(part, bitorder="little")[first % 8 : first % 8 + area]
        yield bits.reshape(rows, columns)


def _least(dataset: Dataset) -> float:
    """Return from which value on a pixel belongs: half, where a file gives shares."""
    if dataset.get("SegmentationType") == "FRACTIONAL":
        return float(dataset.get("MaximumFractionalValue", 255)) / 2
    return 1


def _segment_of(dataset: Dataset, frame: int) -> int:
    return int(_group(dataset, frame, "SegmentIdentificationSequence").ReferencedSegmentNumber)


def _group(dataset: Dataset, frame: int, name: str) -> Dataset:
    for groups in (
        dataset.PerFrameFunctionalGroupsSequence[frame],
        *(dataset.get("SharedFunctionalGroupsSequence", None) or ()),
    ):
        if groups.get(name, None):
            return groups[name][0]
    raise ValueError(f"frame {frame + 1} has no {name}")


def _placed(dataset: Dataset, frame: int, series: Series, path: Path) -> Affine:
    """Return (4, 4): LPS from (column, row, 0, 1) of a frame, put on the series' even steps."""
    axes = np.array(
        _group(dataset, frame, "PlaneOrientationSequence").ImageOrientationPatient, float
    )
    at = np.array(_group(dataset, frame, "PlanePositionSequence").ImagePositionPatient, float)
    down_mm, across_mm = _group(dataset, frame, "PixelMeasuresSequence").PixelSpacing
    normal = normal_of(series.lps_from_voxel)
    own = np.cross(axes[:3], axes[3:])
    if abs(own @ normal) > 1 - 1e-4:
        k = slice_at(series, at, path)
        _require_named(dataset, frame, series.slices[k].sop_uid, series, path)
        even = series.lps_from_voxel @ [0, 0, k, 1]
        at = at + even[:3] - series.slices[k].position_mm
        own = series.lps_from_voxel[:3, 2]
    else:
        own = own * series.spacing_mm[0]
    placed = np.eye(4)
    placed[:3] = np.stack([axes[:3] * across_mm, axes[3:] * down_mm, own, at], axis=1)
    return placed


def _corners(dataset: Dataset, series: Series) -> npt.NDArray[np.int64]:
    """Return the outermost pixels of a frame as large as a slice: it must cover one, no less."""
    rows, columns = int(dataset.Rows), int(dataset.Columns)
    if sorted((rows, columns)) != sorted(series.shape[1:]):
        return np.zeros((0, 3), np.int64)
    return np.array([[0, 0, 0], [columns - 1, rows - 1, 0]], np.int64)


def _are_corners(where: Where, series: Series) -> bool:
    """Tell whether a frame lies on a slice as it is, neither turned nor mirrored."""
    area = series.shape[1] * series.shape[2]
    return bool(np.array_equal(where % area, [0, area - 1]))


def _require_named(dataset: Dataset, frame: int, sop_uid: str, series: Series, path: Path) -> None:
    """Refuse a frame on another slice than those of the series that it names as its sources."""
    named = _sources(dataset, frame) & {one.sop_uid for one in series.slices}
    if named and sop_uid not in named:
        raise elsewhere(path)


def _sources(dataset: Dataset, frame: int) -> set[str]:
    """Return the images that a frame was drawn on: PS3.3, C.7.6.16.2.6."""
    groups = dataset.PerFrameFunctionalGroupsSequence[frame]
    return {
        str(image.ReferencedSOPInstanceUID)
        for derived in groups.get("DerivationImageSequence", None) or ()
        for image in derived.get("SourceImageSequence", None) or ()
    }


def _focus(segment: Dataset, where: Where, dataset: Dataset) -> FoundFocus:
    tracking = str(segment.get("TrackingUID", "") or "")
    number = int(segment.SegmentNumber)
    own = id_of_uid(tracking) if tracking else id_of(dataset.SOPInstanceUID, number)
    said = _said(str(segment.get("SegmentDescription", "") or ""))
    if said is None:
        name = str(segment.get("SegmentLabel", "") or f"segment {number}")
        return FoundFocus(where, plain_label(name), own)
    label = said.get("class")
    return FoundFocus(
        where,
        None if label is None else str(label),
        own,
        attributes_from_plain(said.get("attributes")),
        int(said["instance"]),
    )


def _is_background(segment: Dataset) -> bool:
    """Tell whether a segment of a label map says what is no segment: (125040, DCM, Background)."""
    return any(
        code.get("CodeValue") == "125040" for code in segment.SegmentedPropertyTypeCodeSequence
    )


def _said(description: str) -> dict[str, Any] | None:
    """Return what our own writer put into a description; None for another tool's words."""
    try:
        said = json.loads(description)
        attributes_from_plain(said.get("attributes"))
    except (AttributeError, ValueError, RecursionError):
        return None
    instance = said.get("instance")
    return said if type(instance) is int and 0 < instance < 2**32 else None
