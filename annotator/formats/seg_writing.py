"""Makes a binary DICOM segmentation: one segment per focus, bound to the CT's own images.

How a focus was made is not kept voxel by voxel. What reaches the rule everywhere is called
SEMIAUTOMATIC, as clicks, candidates and the brush take nothing else unless a person says so; what
holds darker voxels was drawn, and what came from other files is nobody's here: both are MANUAL
(PS3.3, C.8.20.2).
"""

import io
import json
import uuid
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from annotator import __version__
from annotator.errors import FileError
from annotator.formats.dicom.sources import Sources
from annotator.formats.foci import Part, attributes_as_plain, id_of, uid_of
from annotator.formats.format import Context
from annotator.formats.seg_binding import bind_pixels, bind_rule
from annotator.formats.series_binding import pixels_of
from annotator.i18n import gettext as _
from annotator.imaging.rules import CAL_130
from annotator.model.annotations import Annotation, Origin
from annotator.model.volume import Series

DESCRIPTION_LENGTH = 1024
"""SegmentDescription is a Short Text: PS3.5, 6.2."""

_LONG_STRING = 64
_FOCUS = ("49755003", "SCT", "Morphologically Abnormal Structure")
_TYPES = {
    "calcification": ("18115005", "SCT", "Pathologic calcification"),
    "nodule": ("27925004", "SCT", "Nodule"),
}
_SITES = {
    "nodule": ("39607008", "SCT", "Lung"),
    "lung": ("39607008", "SCT", "Lung"),
    "pleura": ("3120008", "SCT", "Pleura"),
    "node": ("59441001", "SCT", "Lymph node"),
}
_CT_IMAGE = "1.2.840.10008.5.1.4.1.1.2"
_MAY_BE_EMPTY = (
    "PatientID",
    "PatientName",
    "PatientBirthDate",
    "PatientSex",
    "AccessionNumber",
    "StudyID",
    "StudyDate",
    "StudyTime",
    "ReferringPhysicianName",
    "PositionReferenceIndicator",
)
_IDS = frozenset({"PatientID", "AccessionNumber", "StudyID"})
_WORDS = frozenset({"LO", "LT", "PN", "SH", "ST", "UC", "UT"})
_ABOUT_PEOPLE = frozenset({0x0008, 0x0010, 0x0032, 0x0038, 0x0040})
"""Groups of the standard whose sequences name patients, physicians and orders."""
_TRIAL = 0x0012


def segmentation_bytes(parts: Sequence[Part], context: Context, target: Path) -> bytes:
    """Return the file of a segmentation.

    Raises
    ------
    FileError
        If the CT's own images cannot be read, or lack what is copied from them.
    """
    series = context.series
    if series is None:
        raise FileError(target, _("a segmentation needs its CT series"), _("open the series first"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # values of the CT's own headers are the scanner's
            return _bytes(_segmentation(parts, context, series))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        text = _("the series lacks what a segmentation must copy ({reason})")
        problem = text.format(reason=str(error)[:200])
        raise FileError(target, problem, _("choose another format")) from error


def description(part: Part) -> str:
    """Return what is said about a part as JSON; too long where `DESCRIPTION_LENGTH` is passed."""
    if part.annotation is None:
        return json.dumps({"instance": part.instance})
    said: dict[str, Any] = {"class": part.annotation.label, "instance": part.instance}
    return _json(said | {"attributes": attributes_as_plain(part.annotation)})


def _segmentation(parts: Sequence[Part], context: Context, series: Series) -> Any:  # noqa: ANN401
    import highdicom as hd  # noqa: PLC0415 - takes half a second

    slices = sorted({int(k) for part in parts for k in np.unique(part.where // _area(series))})
    slices = slices or [0]
    images = _images(series, slices)
    multi_frame = "NumberOfFrames" in images[0]
    sop_uid, series_uid = f"2.25.{uuid.uuid4().int}", f"2.25.{uuid.uuid4().int}"
    segmentation = hd.seg.Segmentation(
        source_images=images[:1] if multi_frame else images,
        pixel_array=_pixels(parts, series, slices),
        segmentation_type=hd.seg.SegmentationTypeValues.BINARY,
        segment_descriptions=[_described(n, p, context) for n, p in enumerate(parts, start=1)]
        or [_nothing()],
        omit_empty_frames=bool(parts),
        series_instance_uid=series_uid,
        series_number=900,
        sop_instance_uid=sop_uid,
        instance_number=1,
        manufacturer="Annotator",
        manufacturer_model_name="Annotator",
        software_versions=__version__,
        device_serial_number="1",
        content_label="FOCI",
        content_description=_rule_told("Foci by", context, series),
        series_description=_rule_told("Foci", context, series),
        **(_geometry(series, slices) if multi_frame else {}),
    )
    bind_pixels(segmentation, pixels_of(context), series.lps_from_voxel)
    bind_rule(segmentation, _rule_told("", context, series))
    return segmentation


def _rule_told(about: str, context: Context, series: Series) -> str:
    """Name the rule with its threshold, in what fits a Long String (PS3.5, 6.2)."""
    rule = context.rule or CAL_130
    threshold = f" >= {rule.threshold_hu(series.kvp):g} HU"
    title = rule.title().replace("\\", "/")
    room = _LONG_STRING - len(threshold) - len(about) - 1
    return f"{about} {title[:room]}{threshold}".strip()


def _images(series: Series, slices: Sequence[int]) -> list[Any]:
    """Return the headers of the CT's own images, one per slice."""
    with Sources() as sources:
        return [_image(series.slices[k].path, series, sources) for k in slices]


def _image(path: str, series: Series, sources: Sources) -> Any:  # noqa: ANN401 - pydicom has no types
    import pydicom  # noqa: PLC0415 - with highdicom

    try:
        source = sources.open(path)
        try:
            raw = io.BytesIO(source.read(0, source.size))
        finally:
            source.close()
        image = pydicom.dcmread(raw, stop_before_pixels=True, force=True)
    except OSError as error:
        problem = _("the CT's own image cannot be read")
        raise FileError(path, problem, _("put it back where it was")) from error
    _complete(image, series)
    image.decode()
    image.SpecificCharacterSet = "ISO_IR 192"  # UTF-8, whatever the CT's names were in
    return image


def _complete(image: Any, series: Series) -> None:  # noqa: ANN401
    """Add what anonymisers take away and PS3.3 asks for, and leave out who the patient is.

    A study and its images are found by their UIDs, a patient by an ID; a name has no place in a
    label file. PS3.3 lets both be empty (Type 2, C.7.1.1).
    """
    _forget_words(image)
    image.PatientBirthDate = ""
    for name in _MAY_BE_EMPTY:
        if name not in image:
            setattr(image, name, "")
    if not image.get("SOPClassUID"):
        image.SOPClassUID = _CT_IMAGE
    if not image.get("FrameOfReferenceUID"):
        image.FrameOfReferenceUID = uid_of(id_of(series.series_uid, "frame of reference"))
    if not image.get("SliceThickness"):
        image.SliceThickness = round(series.spacing_mm[0], 6)


def _forget_words(image: Any) -> None:  # noqa: ANN401
    """Leave out all that people typed: a name may stand in any description or comment."""
    from pydicom.datadict import dictionary_has_tag, dictionary_VR, keyword_for_tag  # noqa: PLC0415

    for tag in list(image.keys()):
        kind = dictionary_VR(tag) if dictionary_has_tag(tag) else ""
        is_words = kind in _WORDS and keyword_for_tag(tag) not in _IDS
        is_about_people = kind == "SQ" and tag.group in _ABOUT_PEOPLE
        if not kind or is_words or is_about_people or tag.group == _TRIAL:
            del image[tag]


def _pixels(parts: Sequence[Part], series: Series, slices: Sequence[int]) -> Any:  # noqa: ANN401
    _slices, rows, columns = series.shape
    dtype = np.uint8 if len(parts) < 256 else np.uint16
    pixels = np.zeros((len(slices), rows * columns), dtype)
    for number, part in enumerate(parts, start=1):
        frame = np.searchsorted(slices, part.where // _area(series))
        pixels[frame, part.where % _area(series)] = number
    return pixels.reshape(len(slices), rows, columns)


def _area(series: Series) -> int:
    return series.shape[1] * series.shape[2]


def _described(number: int, part: Part, context: Context) -> Any:  # noqa: ANN401
    import highdicom as hd  # noqa: PLC0415 - as above

    annotation = part.annotation
    label = annotation.label if annotation else ""
    by_hand = _is_manual(part, context)
    described = hd.seg.SegmentDescription(
        segment_number=number,
        segment_label=_short(f"{label or 'unnamed'} {part.instance}"),
        segmented_property_category=_coded(_FOCUS),
        segmented_property_type=_coded(_TYPES.get(label, _FOCUS)),
        algorithm_type="MANUAL" if by_hand else "SEMIAUTOMATIC",
        algorithm_identification=None if by_hand else _algorithm(),
        tracking_uid=uid_of(annotation.id) if annotation else None,
        tracking_id=_short(f"{label} {part.instance}") if annotation else None,
        anatomic_regions=_regions(annotation),
        display_color=_color(label, context),
    )
    text = description(part)
    if len(text) <= DESCRIPTION_LENGTH:
        described.SegmentDescription = text
    else:
        said = {"class": label, "instance": part.instance}
        described.SegmentDescription = _json(said)[:DESCRIPTION_LENGTH]
    return described


def _is_manual(part: Part, context: Context) -> bool:
    """Tell whether a person, or somebody else's program, chose the voxels of a part."""
    if part.annotation is None or part.annotation.origin is Origin.IMPORT:
        return True
    series, volume = context.series, context.volume
    if series is None or volume is None or part.annotation.origin is not Origin.HAND:
        return False
    at_least_hu = (context.rule or CAL_130).threshold_hu(series.kvp)
    return bool((volume.hu.ravel()[part.where] < at_least_hu).any())


def _nothing() -> Any:  # noqa: ANN401
    """Describe the segment, without a pixel, that says that somebody looked and found none."""
    import highdicom as hd  # noqa: PLC0415 - as above

    return hd.seg.SegmentDescription(
        segment_number=1,
        segment_label="no focus",
        segmented_property_category=_coded(_FOCUS),
        segmented_property_type=_coded(_FOCUS),
        algorithm_type="MANUAL",
    )


def _algorithm() -> Any:  # noqa: ANN401
    import highdicom as hd  # noqa: PLC0415 - as above
    from pydicom.sr.codedict import codes  # noqa: PLC0415 - as above

    return hd.AlgorithmIdentificationSequence(
        name="Annotator threshold and connection",
        version=__version__,
        family=codes.cid7162.MorphologicalOperations,
    )


def _regions(annotation: Annotation | None) -> list[Any] | None:
    site = annotation.attributes.get("site") if annotation else None
    return [_coded(_SITES[site])] if isinstance(site, str) and site in _SITES else None


def _coded(code: tuple[str, str, str]) -> Any:  # noqa: ANN401
    from pydicom.sr.coding import Code  # noqa: PLC0415 - as above

    return Code(*code)


def _color(label: str, context: Context) -> Any:  # noqa: ANN401
    import highdicom as hd  # noqa: PLC0415 - as above

    if label not in context.taxonomy:
        return None
    return hd.color.CIELabColor.from_rgb(*context.taxonomy[label].color)


def _geometry(series: Series, slices: Sequence[int]) -> dict[str, Any]:
    """Say where the planes are, for a CT whose slices are the frames of one file."""
    import highdicom as hd  # noqa: PLC0415 - as above

    axes = series.lps_from_voxel[:3, :2] / np.linalg.norm(series.lps_from_voxel[:3, :2], axis=0)
    dz, dy, dx = series.spacing_mm
    return {
        "pixel_measures": hd.PixelMeasuresSequence(
            pixel_spacing=(dy, dx), slice_thickness=series.thickness_mm or dz
        ),
        "plane_orientation": hd.PlaneOrientationSequence("PATIENT", axes.T.ravel().tolist()),
        "plane_positions": [
            hd.PlanePositionSequence("PATIENT", series.slices[k].position_mm) for k in slices
        ],
    }


def _bytes(segmentation: Any) -> bytes:  # noqa: ANN401
    segmentation.SpecificCharacterSet = "ISO_IR 192"
    whole = io.BytesIO()
    segmentation.save_as(whole, enforce_file_format=True)
    return whole.getvalue()


def _short(text: str) -> str:
    """Return text that a Long String may hold: 64 characters, no backslash (PS3.5, 6.2)."""
    return "".join("_" if c == "\\" or not c.isprintable() else c for c in text)[:64].strip()


def _json(said: dict[str, Any]) -> str:
    text = json.dumps(said, ensure_ascii=False)
    return text if text.isprintable() else json.dumps(said)
