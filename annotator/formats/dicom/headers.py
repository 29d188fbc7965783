"""Reads what one CT file says about itself, without its pixels.

References
----------
DICOM PS3.3, C.7.6 "Common Image IE Modules".
"""

import hashlib
import math
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from annotator.errors import FormatError
from annotator.formats.dicom.dataset import damaged, elements_of, start_of
from annotator.formats.dicom.elements import Elements
from annotator.formats.dicom.sources import Source
from annotator.formats.dicom.syntaxes import ALWAYS_LOSSY, DEFLATED, EXPLICIT_BIG, MAYBE_LOSSY
from annotator.formats.dicom.values import Said, described
from annotator.i18n import gettext as _
from annotator.model.shapes import Vec3
from annotator.model.volume import HeaderWindow

_MAX_PIXELS = 100_000_000
_MAX_FRAMES = 20_000
_NO_AGENT = frozenset(["NONE", "NO", "N", "0", "FALSE", "NO CONTRAST", "UNENHANCED"])
ENHANCED_CT = frozenset(["1.2.840.10008.5.1.4.1.1.2.1", "1.2.840.10008.5.1.4.1.1.2.2"])

_CHARSET, _IMAGE_TYPE, _SOP_CLASS, _SOP_UID = 0x00080005, 0x00080008, 0x00080016, 0x00080018
_MODALITY, _DESCRIPTION = 0x00080060, 0x0008103E
_STUDY_DATE, _PATIENT_ID, _EXPLANATION = 0x00080020, 0x00100020, 0x00281055
_CONTRAST, _THICKNESS, _KVP = 0x00180010, 0x00180050, 0x00180060
_CONTRAST_ROUTE, _CONTRAST_VOLUME, _CONTRAST_START = 0x00181040, 0x00181041, 0x00181042
_KERNEL = 0x00181210
_STUDY, _SERIES, _SERIES_NUMBER = 0x0020000D, 0x0020000E, 0x00200011
_ACQUISITION, _NUMBER = 0x00200012, 0x00200013
_POSITION, _ORIENTATION, _FRAME_OF_REFERENCE = 0x00200032, 0x00200037, 0x00200052
_SAMPLES, _PHOTOMETRIC, _FRAMES, _ROWS, _COLUMNS, _SPACING = (
    0x00280002, 0x00280004, 0x00280008, 0x00280010, 0x00280011, 0x00280030,
)  # fmt: skip
_ALLOCATED, _STORED, _HIGH_BIT, _SIGNED, _PADDING = (
    0x00280100, 0x00280101, 0x00280102, 0x00280103, 0x00280120,
)  # fmt: skip
_BURNED_IN, _CENTER, _WIDTH, _INTERCEPT, _SLOPE, _LOSSY = (
    0x00280301, 0x00281050, 0x00281051, 0x00281052, 0x00281053, 0x00282110,
)  # fmt: skip
_WANTED = frozenset(
    [
        *(_CHARSET, _IMAGE_TYPE, _SOP_CLASS, _SOP_UID, _MODALITY, _DESCRIPTION, _CONTRAST),
        *(_CONTRAST_ROUTE, _CONTRAST_VOLUME, _CONTRAST_START),
        *(_THICKNESS, _KVP, _KERNEL, _STUDY, _SERIES, _ACQUISITION, _NUMBER, _POSITION),
        *(_ORIENTATION, _FRAME_OF_REFERENCE, _SAMPLES, _PHOTOMETRIC, _FRAMES, _ROWS, _COLUMNS),
        *(_SPACING, _ALLOCATED, _STORED, _HIGH_BIT, _SIGNED, _PADDING, _BURNED_IN, _CENTER),
        *(_WIDTH, _INTERCEPT, _SLOPE, _LOSSY, _EXPLANATION, _PATIENT_ID, _STUDY_DATE),
        _SERIES_NUMBER,
    ]
)


class Layout(NamedTuple):
    """How the pixels of a file are stored.

    Attributes
    ----------
    at, length
        Offset of the pixels in the (inflated) file and their bytes; None where encapsulated.
    """

    syntax: str
    rows: int
    columns: int
    frames: int
    allocated: int
    stored: int
    high_bit: int
    signed: bool
    padding: int | None
    at: int
    length: int | None

    @property
    def frame_bytes(self) -> int:
        """Bytes of one decoded frame."""
        return self.rows * self.columns * self.allocated // 8


class Header(NamedTuple):
    """What one CT image says, without a patient's name. A multi-frame file gives several."""

    path: str
    frame: int
    sop_uid: str
    series_uid: str
    study_uid: str
    frame_of_reference_uid: str
    image_type: tuple[str, ...]
    position_mm: Vec3
    orientation: tuple[float, ...]
    spacing_mm: tuple[float, float]
    """(down, across): between rows, between columns."""
    slope: float
    intercept: float
    has_rescale: bool
    thickness_mm: float | None
    description: str
    kernel: str
    kvp: float | None
    windows: tuple[HeaderWindow, ...]
    patient_key: str
    study_date: str
    has_contrast: bool
    burned_in: bool
    lossy: bool
    acquisition: str
    series_number: str
    number: int
    layout: Layout


class ImageError(FormatError):
    """An image that is no slice of the series that it says it belongs to.

    Attributes
    ----------
    series_uid
        Of that series; empty where the file does not say.
    """

    def __init__(self, path: Path | str, problem: str, remedy: str, series_uid: str = "") -> None:
        super().__init__(path, problem, remedy)
        self.series_uid = series_uid


def read_headers(source: Source) -> list[Header]:
    """Return the header of a CT image, or one for each frame of a multi-frame one.

    Raises
    ------
    FormatError
        If it is no DICOM, no CT image, or one that cannot be placed or decoded, in words.
    """
    start = start_of(source)
    found = elements_of(source, start, _WANTED)
    said = Said(source.path, found.values, start.syntax == EXPLICIT_BIG)
    try:
        return _headers(source, said, start.syntax, found)
    except FormatError as error:
        raise ImageError(error.path, error.problem, error.remedy, said.text(_SERIES)) from error


def _headers(source: Source, said: Said, syntax: str, found: Elements) -> list[Header]:
    _refuse_other_kinds(said, found)
    layout = _layout(said, syntax, found)
    _refuse_lies(said, layout, source.size)
    if said.text(_SOP_CLASS) in ENHANCED_CT:
        from annotator.formats.dicom.frames import frame_headers  # noqa: PLC0415 - brings pydicom

        return frame_headers(source, _header(said, layout, placed=False))
    if layout.frames > 1:
        raise FormatError(
            source.path,
            _("its frames do not say where they lie"),
            _("export it as enhanced CT, or as one file for each slice"),
        )
    return [_header(said, layout, placed=True)]


def is_placed(header: Header) -> bool:
    """Tell whether place, orientation, spacing and rescale of an image can be computed with."""
    numbers = (*header.position_mm, *header.orientation, *header.spacing_mm)
    rescale = (header.slope, header.intercept)
    if len(header.orientation) != 6 or not all(map(math.isfinite, (*numbers, *rescale))):
        return False
    return min(header.spacing_mm) > 0 and header.slope != 0 and _orthonormal(header.orientation)


def _refuse_other_kinds(said: Said, elements: Elements) -> None:
    """Refuse what is not a grey CT image, saying what it is instead."""
    modality = said.text(_MODALITY)
    kinds = {
        "RTSTRUCT": _("it is a structure set, not an image"),
        "RTPLAN": _("it is a treatment plan, not an image"),
        "RTDOSE": _("it is a dose, not a CT image"),
        "SEG": _("it is a segmentation, not a CT image"),
        "SR": _("it is a report, not an image"),
    }
    if modality != "CT":
        other = _("it is {modality}, not CT").format(modality=modality or "?")
        raise FormatError(said.path, kinds.get(modality, other), _("leave it out"))
    if elements.pixels_at is None:
        raise FormatError(said.path, _("it has no pixels"), _("export the series again"))
    if said.whole(_SAMPLES, 1) != 1 or not said.text(_PHOTOMETRIC).startswith("MONOCHROME"):
        raise FormatError(said.path, _("it is a colour picture, not a CT slice"), _("leave it out"))


def _layout(said: Said, syntax: str, elements: Elements) -> Layout:
    allocated = said.whole(_ALLOCATED)
    stored = said.whole(_STORED, allocated)
    signed = said.whole(_SIGNED) == 1
    padding = said.whole(_PADDING) if len(said.values.get(_PADDING, b"")) >= 2 else None
    if padding is not None and signed and padding >= 1 << 15:
        padding -= 1 << 16
    if elements.pixels_at is None:
        raise AssertionError("pixels were looked for before")
    return Layout(
        syntax=syntax,
        rows=said.whole(_ROWS),
        columns=said.whole(_COLUMNS),
        frames=_frames(said),
        allocated=allocated,
        stored=stored,
        high_bit=said.whole(_HIGH_BIT, stored - 1),
        signed=signed,
        padding=padding,
        at=elements.pixels_at,
        length=elements.pixels_length,
    )


def _frames(said: Said) -> int:
    count = said.number(_FRAMES)
    return 1 if count is None else int(count)


def _refuse_lies(said: Said, layout: Layout, size: int) -> None:
    """Check what is declared against what is there, before anybody allocates."""
    pixels = layout.rows * layout.columns
    if pixels == 0 or pixels > _MAX_PIXELS:
        raise damaged(
            said.path,
            _("it declares {rows} × {columns} pixels").format(
                rows=layout.rows, columns=layout.columns
            ),
        )
    fits = 0 < layout.stored <= layout.allocated and layout.stored - 1 <= layout.high_bit
    if layout.allocated not in {8, 16, 32} or not fits or layout.high_bit >= layout.allocated:
        raise damaged(said.path, _("its bits per pixel make no sense"))
    if not 0 < layout.frames <= _MAX_FRAMES:
        raise damaged(said.path, _("it declares {count} frames").format(count=layout.frames))
    if layout.length is None:
        return
    there = layout.length if layout.syntax == DEFLATED else min(layout.length, size - layout.at)
    if layout.frame_bytes * layout.frames > there:
        raise damaged(said.path, _("it has fewer pixels than it declares"))


def _header(said: Said, layout: Layout, *, placed: bool) -> Header:
    """Make a header; ``placed`` is false where the frames say the geometry."""
    slope, intercept = said.number(_SLOPE), said.number(_INTERCEPT)
    if slope == 0:
        raise damaged(said.path, _("its rescale slope is zero"))
    number = said.numbers(_NUMBER)
    return Header(
        path=said.path,
        frame=0,
        sop_uid=said.text(_SOP_UID),
        series_uid=said.text(_SERIES),
        study_uid=said.text(_STUDY),
        frame_of_reference_uid=said.text(_FRAME_OF_REFERENCE),
        image_type=said.parts(_IMAGE_TYPE),
        position_mm=_position(said) if placed else (0.0, 0.0, 0.0),
        orientation=_orientation(said) if placed else (),
        spacing_mm=_spacing(said) if placed else (1.0, 1.0),
        slope=1.0 if slope is None else slope,
        intercept=0.0 if intercept is None else intercept,
        has_rescale=slope is not None or intercept is not None,
        thickness_mm=said.number(_THICKNESS) or None,
        description=described(said.values.get(_DESCRIPTION, b""), said.text(_CHARSET)),
        kernel=" ".join(said.parts(_KERNEL)),
        kvp=said.number(_KVP) or None,
        windows=header_windows(
            said.numbers(_CENTER),
            said.numbers(_WIDTH),
            described(said.values.get(_EXPLANATION, b""), said.text(_CHARSET)),
        ),
        study_date=said.text(_STUDY_DATE),
        patient_key=_patient_key(said.values.get(_PATIENT_ID, b"").strip(b"\0 ")),
        has_contrast=_has_contrast(said),
        burned_in=said.text(_BURNED_IN).upper() == "YES",
        lossy=_is_lossy(layout.syntax, said.text(_LOSSY)),
        acquisition=said.text(_ACQUISITION),
        series_number=said.text(_SERIES_NUMBER),
        number=int(number[0]) if number else 0,
        layout=layout,
    )


@lru_cache(maxsize=256)
def header_windows(
    centers: tuple[float, ...], widths: tuple[float, ...], names: str
) -> tuple[HeaderWindow, ...]:
    """Return the windows that a header brings, all of them (PS3.3, C.11.2.1.2)."""
    said = [name.strip() for name in names.split("\\")]
    pairs = zip(centers, widths, strict=False)
    return tuple(
        HeaderWindow(center, max(1.0, width), said[n] if n < len(said) else "")
        for n, (center, width) in enumerate(pairs)
    )


@lru_cache(maxsize=256)
def _patient_key(patient_id: bytes) -> str:
    """Recognise a patient without keeping who it is."""
    return hashlib.sha256(patient_id).hexdigest()[:16] if patient_id else ""


def _has_contrast(said: Said) -> bool:
    """Tell whether contrast was given: stations name the agent, or say it by route and volume."""
    agent = said.text(_CONTRAST).upper()
    if agent:
        return agent not in _NO_AGENT
    route, start = said.text(_CONTRAST_ROUTE).upper(), said.text(_CONTRAST_START)
    ml = said.text(_CONTRAST_VOLUME).strip("0. ")
    return bool(start or ml or (route and route not in _NO_AGENT))


def _position(said: Said) -> Vec3:
    found = said.numbers(_POSITION)
    if len(found) != 3:
        raise _placeless(said.path)
    return found[0], found[1], found[2]


def _orientation(said: Said) -> tuple[float, ...]:
    found = said.numbers(_ORIENTATION)
    if len(found) != 6:
        raise _placeless(said.path)
    if not _orthonormal(found):
        raise damaged(said.path, _("its rows and columns are not at right angles"))
    return found


def _spacing(said: Said) -> tuple[float, float]:
    found = said.numbers(_SPACING)
    if len(found) != 2:
        raise _placeless(said.path)
    if min(found) <= 0:
        raise damaged(said.path, _("its pixel spacing is not positive"))
    return found[0], found[1]


@lru_cache(maxsize=256)
def _orthonormal(orientation: tuple[float, ...]) -> bool:
    across, down = orientation[:3], orientation[3:]
    lengths = math.hypot(*across), math.hypot(*down)
    crossed = sum(a * b for a, b in zip(across, down, strict=True))
    return all(abs(length - 1) < 0.01 for length in lengths) and abs(crossed) < 0.01


def _is_lossy(syntax: str, flag: str) -> bool:
    """Tell whether detail was lost; JPEG-LS and JPEG 2000 of these syntaxes may be whole."""
    return flag == "01" or syntax in ALWAYS_LOSSY or (syntax in MAYBE_LOSSY and flag != "00")


def _placeless(path: str) -> FormatError:
    return FormatError(
        path,
        _("it does not say where the slice lies in the patient"),
        _("export the series again with its geometry"),
    )
