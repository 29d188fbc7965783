"""NIfTI label maps on the CT's own grid, with the names of their values in a JSON file beside.

``name.nii.gz`` holds one value per focus, ``name.labels.json`` what each value means. Masks of
other tools are turned onto the series' grid where theirs lies exactly on it, else refused. A value
that no file names becomes one focus: of the class with that number, or ``label-N``.

Options
-------
label
    The class of values that no file names.

References
----------
NIfTI-1 Data Format, "3D image orientation"; its axes are RAS where DICOM's are LPS.
"""

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from annotator.errors import FileError, FormatError, WrongDataError
from annotator.formats.built_in import NIFTI
from annotator.formats.files import cannot_read, head, read_whole, write_whole
from annotator.formats.foci import (
    FoundFocus,
    Part,
    attributes_as_plain,
    attributes_from_plain,
    document_of,
    foci_losses,
    id_of,
    parts_of,
    uid_of,
)
from annotator.formats.format import Context, FormatInfo, Holds, Level, Loss, Problem
from annotator.formats.grid import is_sheared, voxels_on
from annotator.formats.losses import layer_subject
from annotator.formats.series_binding import (
    Pixels,
    are_same_pixels,
    elsewhere,
    lie_together,
    other_pixels,
    pixels_of,
    place_said,
)
from annotator.i18n import gettext as _
from annotator.model.document import Document
from annotator.model.findings import Severity
from annotator.model.layers import INSTANCE
from annotator.model.volume import Affine, Series

_RAS_FROM_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])
_MOST = 65_535
_SUFFIXES = (".nii.gz", ".nii")
_NAMES = ".labels.json"
Image = Any  # nibabel has no types
Plain = dict[str, Any]


class Nifti:
    """Foci for programs that learn from label maps."""

    info: ClassVar[FormatInfo] = NIFTI

    def plan(self, document: Document, context: Context) -> list[Loss]:
        """Say what a label map cannot hold, and whether it can hold this series' grid."""
        losses = list(foci_losses(document))
        subject = layer_subject(INSTANCE)
        if context.series is not None and is_sheared(context.series.lps_from_voxel):
            losses.append(Loss(Level.DROPPED, Holds.FOCUS, subject, _sheared()))
        elif context.series is not None and not _is_even(context.series):
            reason = _("its slices are uneven; others will draw them at even distances")
            losses.append(Loss(Level.CHANGED, Holds.FOCUS, subject, reason))
        return losses

    def write(self, document: Document, context: Context, target: Path) -> list[Path]:
        """Write the map and the names of its values."""
        series = context.series
        if series is None:
            problem = _("a label map needs its CT series")
            raise FileError(target, problem, _("open the series first"))
        if is_sheared(series.lps_from_voxel):
            raise FileError(target, _sheared(), _("write a DICOM segmentation"))
        parts = parts_of(document)
        if len(parts) > _MOST or max(series.shape) > 32_767:
            problem = _("it has more foci or voxels than a label map can count")
            raise FileError(target, problem, _("write a DICOM segmentation"))
        values = _values(parts)
        return write_whole(
            {
                _names_file(target): _names_text(parts, values, context, series).encode(),
                target: _map_bytes(parts, values, series, packed=target.name.endswith(".gz")),
            }
        )

    def sniff(self, path: Path) -> float:
        """Recognise the header, packed or not."""
        start = head(path)
        if start[:2] == b"\x1f\x8b":
            try:
                start = zlib.decompressobj(31).decompress(start, 540)
            except zlib.error:
                return 0.0
        is_first = start[344:348] in {b"n+1\0", b"ni1\0"}
        return 1.0 if is_first or start[4:8] in {b"n+2\0", b"ni2\0"} else 0.0

    def read(self, path: Path, context: Context) -> Document:
        """Return a focus for each value of the map."""
        series = context.series
        if series is None:
            problem = _("a label map says nothing without its CT")
            raise FileError(path, problem, _("open the series first"))
        names = _names(path)
        _require_same_data(names, context, series, path)
        image = _opened(path)
        lps_from_pixel = _RAS_FROM_LPS @ _affine(image, path)
        _require_same_place(names, lps_from_pixel, series, path)
        _require_same_grid(image, series, path)
        values = _whole_values(image, path)
        pixels = np.argwhere(values)
        corners = np.array([[0, 0, 0], [n - 1 for n in values.shape]])
        where = voxels_on(series, lps_from_pixel, np.concatenate([corners, pixels]), path)[2:]
        of = values[tuple(pixels.T)]
        return document_of(series.shape, _foci(where, of, names, context, path))

    def validate(self, path: Path) -> list[Problem]:
        """Check that the map says where it lies, holds whole numbers, and names them."""
        try:
            names, image = _names(path), _opened(path)
            _affine(image, path)
            used = set(np.unique(_whole_values(image, path)).tolist()) - {0}
        except FileError as error:
            return [Problem(Severity.ERROR, error.path.name, error.problem)]
        unnamed = sorted(used - {int(value) for value in names.get("labels", {})})
        text = _("no name is given for this value")
        return [Problem(Severity.NOTE, f"value {n}", text) for n in unnamed[:20]]


def _values(parts: list[Part]) -> list[int]:
    """Return the value of each part: its own number, or where that is too large, a new one."""
    if all(part.instance <= _MOST for part in parts):
        return [part.instance for part in parts]
    return list(range(1, len(parts) + 1))


def _map_bytes(parts: list[Part], values: list[int], series: Series, *, packed: bool) -> bytes:
    import nibabel as nib  # noqa: PLC0415 - a fifth of a second, only when one is written

    flat = np.zeros(int(np.prod(series.shape)), np.uint16)
    for part, value in zip(parts, values, strict=True):
        flat[part.where] = value
    affine = _RAS_FROM_LPS @ series.lps_from_voxel
    image = nib.Nifti1Image(flat.reshape(series.shape).transpose(2, 1, 0), affine)
    image.set_sform(affine, code=1)
    image.set_qform(affine, code=1)
    image.header.set_xyzt_units("mm")
    image.header["descrip"] = series.series_uid.encode("ascii", "replace")[:79]
    image.header["cal_max"] = max(values, default=0)
    raw: bytes = image.to_bytes()
    return gzip.compress(raw, compresslevel=4, mtime=0) if packed else raw


def _names_text(parts: list[Part], values: list[int], context: Context, series: Series) -> str:
    said: Plain = {"format": "annotator-labels", "version": 1, "series_uid": series.series_uid}
    said |= pixels_of(context).as_plain() | {"lps_from_voxel": series.lps_from_voxel.tolist()}
    said["labels"] = {str(value): _said(part) for part, value in zip(parts, values, strict=True)}
    return json.dumps(said, indent=1) + "\n"


def _said(part: Part) -> Plain:
    annotation = part.annotation
    if annotation is None:
        return {"instance": part.instance}
    return {
        "name": f"{annotation.label} {part.instance}",
        "class": annotation.label,
        "instance": part.instance,
        "id": annotation.id,
        "trackingUID": uid_of(annotation.id),
        "attributes": attributes_as_plain(annotation),
    }


def _names_file(path: Path) -> Path:
    stem = next((path.name[: -len(s)] for s in _SUFFIXES if path.name.endswith(s)), path.stem)
    return path.with_name(stem + _NAMES)


def _names(path: Path) -> Plain:
    """Return what the file beside says of the values; nothing where there is none."""
    for file in (_names_file(path), path.with_name("labels.json")):
        if not file.is_file():
            continue
        try:
            said = json.loads(read_whole(file, limit_bytes=2**28))
        except (ValueError, RecursionError) as error:
            problem = _("it is no JSON ({reason})").format(reason=str(error)[:80])
            raise FormatError(file, problem, _("write the labels again, or delete it")) from error
        table = said.get("labels") if isinstance(said, dict) else None
        if isinstance(table, dict) and all(
            value.isdecimal() and isinstance(row, dict) for value, row in table.items()
        ):
            return dict(said)
        if file.name.endswith(_NAMES):
            problem = _("it does not say what the values mean")
            raise FormatError(file, problem, _("write the labels again, or delete it"))
    return {}


def _require_same_data(
    names: Mapping[str, Any], context: Context, series: Series, path: Path
) -> None:
    theirs = names.get("series_uid")
    same_pixels = are_same_pixels(Pixels.said(names), pixels_of(context))
    if theirs == series.series_uid and same_pixels is False:
        raise other_pixels(path)
    if theirs and theirs != series.series_uid and not same_pixels:
        problem = _("it was made for another series")
        raise WrongDataError(path, problem, _("open the series that it was made for"))


def _require_same_place(
    names: Mapping[str, Any], lps_from_pixel: Affine, series: Series, path: Path
) -> None:
    """Refuse a map of ours where the series lies elsewhere now; an older one is its own witness."""
    place = place_said(names)
    if not lie_together(lps_from_pixel if place is None and "pixels" in names else place, series):
        raise elsewhere(path)


def _opened(path: Path) -> Image:
    """Return the image with its header read and checked; no voxel yet."""
    import nibabel as nib  # noqa: PLC0415 - as above
    from nibabel.filebasedimages import ImageFileError  # noqa: PLC0415 - as above
    from nibabel.spatialimages import HeaderDataError  # noqa: PLC0415 - as above

    try:
        image = nib.load(path)
    except (ImageFileError, HeaderDataError, ValueError, EOFError, zlib.error) as error:
        problem = _("it is no NIfTI image, or its header is damaged")
        raise FormatError(path, problem, _("export it again")) from error
    except OSError as error:
        raise _unreadable(path, error) from error
    if not isinstance(image, nib.Nifti1Image | nib.Nifti2Image):
        raise FormatError(path, _("it is no NIfTI image"), _("save it as NIfTI"))
    if len([n for n in image.shape if n != 1]) > 3 or len(image.shape) < 3 or min(image.shape) < 1:
        problem = _("it has no three dimensions")
        raise FormatError(path, problem, _("export one volume of labels"))
    return image


def _affine(image: Image, path: Path) -> Affine:
    header = image.header
    if not int(header["sform_code"]) and not int(header["qform_code"]):
        problem = _("it does not say where its voxels lie")
        raise FormatError(path, problem, _("export it with its orientation"))
    affine = np.asarray(image.affine, np.float64)
    if not np.isfinite(affine).all() or abs(np.linalg.det(affine)) < 1e-12:
        raise FormatError(path, _("its orientation is no orientation"), _("export it again"))
    return affine


def _require_same_grid(image: Image, series: Series, path: Path) -> None:
    if sorted(image.shape[:3]) != sorted(series.shape):
        text = _("it has {theirs} voxels, the series has {ours}")
        problem = text.format(
            theirs=" × ".join(str(n) for n in image.shape[:3]),
            ours=" × ".join(str(n) for n in series.shape[::-1]),
        )
        raise WrongDataError(path, problem, _("open the series that it was made for"))


def _whole_values(image: Image, path: Path) -> npt.NDArray[np.int64]:
    """Return the values, (columns, rows, slices); they must be whole numbers from 0 on."""
    if np.prod(image.shape, dtype=np.float64) > 2**31:
        raise FormatError(path, _("it declares more voxels than a CT has"), _("export it again"))
    try:
        raw = np.asanyarray(image.dataobj)
    except (ValueError, EOFError, zlib.error) as error:
        problem = _("it is cut off or damaged")
        raise FormatError(path, problem, _("copy or export it again")) from error
    except OSError as error:
        raise _unreadable(path, error) from error
    if raw.dtype.kind not in "uif" or not np.isfinite(raw).all() or np.any(raw != np.rint(raw)):
        problem = _("it holds shares or colours, not numbers of labels")
        raise FormatError(path, problem, _("export labels as whole numbers"))
    if raw.min() < 0 or raw.max() >= 2**32:
        problem = _("it holds a label below 0 or above 4294967295")
        raise FormatError(path, problem, _("export labels as whole numbers"))
    return np.asarray(raw.reshape(raw.shape[:3]), np.int64)


def _foci(
    where: npt.NDArray[np.int64],
    values: npt.NDArray[np.int64],
    names: Plain,
    context: Context,
    path: Path,
) -> Iterator[FoundFocus]:
    order = np.lexsort((where, values))
    found, starts = np.unique(values[order], return_index=True)
    ends = [*starts[1:].tolist(), len(order)][: len(found)]
    for value, start, end in zip(found.tolist(), starts.tolist(), ends, strict=True):
        said = names.get("labels", {}).get(str(value))
        yield _focus(where[order[start:end]], value, said, context, path)


def _focus(
    where: npt.NDArray[np.int64], value: int, said: Plain | None, context: Context, path: Path
) -> FoundFocus:
    if said is None:
        series_uid = context.series.series_uid if context.series else ""
        own = id_of(series_uid, path.name, value)
        return FoundFocus(where, _label_of(value, context), own, instance=value)
    instance, label = said.get("instance", value), said.get("class")
    try:
        attributes = attributes_from_plain(said.get("attributes"))
    except ValueError as error:
        problem = _("value {value}: {reason}").format(value=value, reason=error)
        raise FormatError(_names_file(path), problem, _("write the labels again")) from error
    return FoundFocus(
        where,
        None if label is None else str(label),
        str(said.get("id") or id_of(path.name, value)),
        attributes,
        instance if type(instance) is int and 0 < instance < 2**32 else value,
    )


def _label_of(value: int, context: Context) -> str:
    chosen = context.options.get("label")
    known = context.taxonomy.of_value(value) if value <= _MOST else None
    return str(chosen) if chosen else known.name if known else f"label-{value}"


def _is_even(series: Series) -> bool:
    at = np.array([s.position_mm for s in series.slices], np.float64)
    steps = np.arange(len(at))[:, None] * series.lps_from_voxel[:3, 2]
    off_mm = np.abs(at - series.lps_from_voxel[:3, 3] - steps).max(initial=0.0)
    return bool(off_mm <= 0.1 * series.spacing_mm[0])


def _unreadable(path: Path, error: OSError) -> FileError:
    if isinstance(error, gzip.BadGzipFile) or error.errno is None:
        problem = _("it is cut off or damaged")
        return FormatError(path, problem, _("copy or export it again"))
    return cannot_read(path, error)


def _sheared() -> str:
    return _("the gantry was tilted, and a label map cannot hold slanted slices")
