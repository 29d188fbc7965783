"""Reads where each frame of an enhanced, multi-frame CT lies.

References
----------
DICOM PS3.3, A.38 "Enhanced CT Image IOD"; C.7.6.16 "Multi-frame Functional Groups".
"""

import warnings
from io import BytesIO
from typing import Any

from annotator.errors import FormatError
from annotator.formats.dicom.headers import Header, header_windows, is_placed
from annotator.formats.dicom.sources import Source
from annotator.formats.dicom.syntaxes import DEFLATED
from annotator.i18n import gettext as _
from annotator.model.volume import HeaderWindow


def frame_headers(source: Source, of_file: Header) -> list[Header]:
    """Return one header for each frame.

    Parameters
    ----------
    of_file
        What the file says about all its frames.

    Raises
    ------
    FormatError
        If the frames do not say where they lie, or there are more or fewer than declared.
    """
    dataset = _dataset(source, of_file)
    try:
        shared = _first(dataset, "SharedFunctionalGroupsSequence")
        groups = list(dataset.get("PerFrameFunctionalGroupsSequence") or [])
        headers = [_frame(of_file, frame, own, shared) for frame, own in enumerate(groups)]
    except Exception as error:  # a stranger's sequences make pydicom raise anything
        raise _placeless(source.path) from error
    if len(headers) != of_file.layout.frames or not all(map(is_placed, headers)):
        raise _placeless(source.path)
    return headers


def _dataset(source: Source, of_file: Header) -> Any:  # noqa: ANN401 - pydicom has no types
    import pydicom  # noqa: PLC0415 - heavy, and only for multi-frame files

    if of_file.layout.syntax == DEFLATED:
        raise FormatError(
            source.path, _("it is a deflated multi-frame file"), _("export it uncompressed")
        )
    head = source.read(0, of_file.layout.at)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return pydicom.dcmread(BytesIO(head), stop_before_pixels=True, force=True)
    except (Exception, RecursionError) as error:
        raise _placeless(source.path) from error


def _frame(of_file: Header, frame: int, own: Any, shared: Any) -> Header:  # noqa: ANN401
    def group(name: str) -> Any:  # noqa: ANN401
        return _first(own, name) or _first(shared, name)

    measures, rescale = group("PixelMeasuresSequence"), group("PixelValueTransformationSequence")
    window, kind = group("FrameVOILUTSequence"), group("CTImageFrameTypeSequence")
    x, y, z = map(float, group("PlanePositionSequence").ImagePositionPatient)
    down, across = map(float, measures.PixelSpacing)
    if min(down, across) <= 0:
        raise ValueError("pixel spacing is not positive")
    frame_type = kind.get("FrameType") if kind else None
    return of_file._replace(
        frame=frame,
        image_type=tuple(map(str, frame_type)) if frame_type else of_file.image_type,
        position_mm=(x, y, z),
        orientation=tuple(map(float, group("PlaneOrientationSequence").ImageOrientationPatient)),
        spacing_mm=(down, across),
        slope=float(rescale.RescaleSlope) if rescale else of_file.slope,
        intercept=float(rescale.RescaleIntercept) if rescale else of_file.intercept,
        has_rescale=bool(rescale) or of_file.has_rescale,
        thickness_mm=_number(measures, "SliceThickness") or of_file.thickness_mm,
        kernel=_kernel(group("CTReconstructionSequence")) or of_file.kernel,
        kvp=_number(group("CTXRayDetailsSequence"), "KVP") or of_file.kvp,
        windows=_windows(window) or of_file.windows,
        number=frame,
    )


def _first(dataset: Any, name: str) -> Any:  # noqa: ANN401
    items = dataset.get(name) if dataset is not None else None
    return items[0] if items else None


def _number(dataset: Any, name: str) -> float | None:  # noqa: ANN401
    value = dataset.get(name) if dataset is not None else None
    return None if value is None else float(value)


def _kernel(reconstruction: Any) -> str:  # noqa: ANN401
    said = reconstruction.get("ConvolutionKernel") if reconstruction is not None else None
    if said is None:
        return ""
    return said if isinstance(said, str) else " ".join(map(str, said))


def _windows(group: Any) -> tuple[HeaderWindow, ...]:  # noqa: ANN401
    if group is None:
        return ()
    centers, widths, names = (
        _values(group.get(name))
        for name in ("WindowCenter", "WindowWidth", "WindowCenterWidthExplanation")
    )
    return header_windows(
        tuple(map(float, centers)), tuple(map(float, widths)), "\\".join(map(str, names))
    )


def _values(said: Any) -> tuple[Any, ...]:  # noqa: ANN401
    """Return one or several values of an element as several."""
    if said is None:
        return ()
    is_one = isinstance(said, str) or not hasattr(said, "__len__")
    return (said,) if is_one else tuple(said)


def _placeless(path: str) -> FormatError:
    return FormatError(
        path,
        _("its frames do not say where they lie"),
        _("export it as one file for each slice"),
    )
