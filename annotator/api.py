"""What a plugin may use. Importing this costs no more than numpy."""

from annotator.errors import (
    AnnotatorError,
    CancelledError,
    FileError,
    FormatError,
    WrongDataError,
)
from annotator.formats.files import head, read_whole, write_whole
from annotator.formats.format import (
    API,
    Calibration,
    Context,
    Format,
    FormatInfo,
    Holds,
    Level,
    Loss,
    Problem,
)
from annotator.formats.losses import (
    kind_of,
    layer_losses,
    layer_subject,
    shape_dropped,
    shape_words,
    suggestion_losses,
    told,
)
from annotator.i18n import gettext
from annotator.model.annotations import Annotation, AttributeValue, Origin, new_id
from annotator.model.cloud import PointCloud
from annotator.model.document import Document
from annotator.model.edits import Batch, Drop, Edit, Paint, Put
from annotator.model.findings import Finding, Severity
from annotator.model.labels import Attribute, AttributeKind, Label, Taxonomy
from annotator.model.layers import INSTANCE, SEMANTIC, Layer, LayerKey
from annotator.model.shapes import (
    Box3D,
    Cylinder3D,
    Face,
    Focus,
    Opening,
    Point3D,
    Polygon3D,
    Polyline3D,
    Shape,
    Vec3,
)
from annotator.model.volume import Series, Slice, Volume

__all__ = [
    "API",
    "INSTANCE",
    "SEMANTIC",
    "Annotation",
    "AnnotatorError",
    "Attribute",
    "AttributeKind",
    "AttributeValue",
    "Batch",
    "Box3D",
    "Calibration",
    "CancelledError",
    "Context",
    "Cylinder3D",
    "Document",
    "Drop",
    "Edit",
    "Face",
    "FileError",
    "Finding",
    "Focus",
    "Format",
    "FormatError",
    "FormatInfo",
    "Holds",
    "Label",
    "Layer",
    "LayerKey",
    "Level",
    "Loss",
    "Opening",
    "Origin",
    "Paint",
    "Point3D",
    "PointCloud",
    "Polygon3D",
    "Polyline3D",
    "Problem",
    "Put",
    "Series",
    "Severity",
    "Shape",
    "Slice",
    "Taxonomy",
    "Vec3",
    "Volume",
    "WrongDataError",
    "gettext",
    "head",
    "kind_of",
    "layer_losses",
    "layer_subject",
    "new_id",
    "read_whole",
    "shape_dropped",
    "shape_words",
    "suggestion_losses",
    "told",
    "write_whole",
]
