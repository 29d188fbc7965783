"""The formats that come with the program, as data: no format is imported to list them."""

from typing import NamedTuple

from annotator.formats.format import FormatInfo, Holds
from annotator.i18n import mark as _

SHAPES = (
    Holds.BOX
    | Holds.TILTED_BOX
    | Holds.CYLINDER
    | Holds.POLYLINE
    | Holds.WALL
    | Holds.POLYGON
    | Holds.POINT
    | Holds.FOCUS
)
LAYERS = Holds.POINT_LABEL | Holds.POINT_INSTANCE
EVERYTHING = SHAPES | LAYERS | Holds.ATTRIBUTES | Holds.TRACK | Holds.FRAMES


class BuiltIn(NamedTuple):
    """Where a built-in format lives, and what it says of itself."""

    info: FormatInfo
    module: str
    class_name: str


NATIVE = FormatInfo("native", _("Annotator JSON"), (".json",), EVERYTHING)
KITTI = FormatInfo(
    "kitti",
    _("KITTI object labels"),
    (".txt",),
    Holds.BOX | Holds.FRAMES,
    is_per_scan=True,
    needs=("cloud",),
)
SEMANTICKITTI = FormatInfo(
    "semantickitti",
    _("SemanticKITTI point labels"),
    (".label",),
    LAYERS | Holds.FRAMES,
    is_per_scan=True,
    needs=("cloud",),
)
PCD = FormatInfo(
    "pcd",
    _("PCD with labels"),
    (".pcd",),
    LAYERS | Holds.FRAMES,
    is_per_scan=True,
    needs=("cloud",),
)
DICOM_SEG = FormatInfo(
    "dicom-seg",
    _("DICOM segmentation"),
    (".dcm",),
    Holds.FOCUS | Holds.POINT_INSTANCE | Holds.ATTRIBUTES,
    needs=("volume",),
)
NIFTI = FormatInfo(
    "nifti",
    _("NIfTI label map"),
    (".nii.gz", ".nii"),
    Holds.FOCUS | Holds.POINT_INSTANCE | Holds.ATTRIBUTES,
    needs=("volume",),
)
CSV = FormatInfo(
    "csv",
    _("Table (CSV)"),
    (".csv",),
    Holds.BOX | Holds.TILTED_BOX | Holds.POINT | Holds.ATTRIBUTES | Holds.TRACK | Holds.FRAMES,
)

BUILT_IN = (
    BuiltIn(NATIVE, "annotator.formats.native", "Native"),
    BuiltIn(KITTI, "annotator.formats.kitti", "Kitti"),
    BuiltIn(SEMANTICKITTI, "annotator.formats.semantickitti", "SemanticKitti"),
    BuiltIn(PCD, "annotator.formats.pcd", "Pcd"),
    BuiltIn(DICOM_SEG, "annotator.formats.dicom_seg", "DicomSeg"),
    BuiltIn(NIFTI, "annotator.formats.nifti", "Nifti"),
    BuiltIn(CSV, "annotator.formats.csv_table", "CsvTable"),
)
