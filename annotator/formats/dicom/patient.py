"""Reads a patient's name from the file, at the moment when a person asks to see it."""

import contextlib
import io

from annotator.errors import FileError
from annotator.formats.dicom.sources import Sources
from annotator.i18n import gettext as _
from annotator.model.volume import Series

_HEAD_BYTES = 1 << 20


def patient_of(series: Series) -> str:
    """Return the name and the ID of the series' patient, decoded by the file's character set.

    It is never kept: not in a `Series`, not in a project, not in a log.

    References
    ----------
    DICOM PS3.5, 6.1.2.5 (GB18030 and GBK among the character sets).
    """
    import pydicom  # noqa: PLC0415 - takes 0.2 s

    path = series.slices[0].path
    with Sources() as sources, contextlib.closing(sources.open(path)) as source:
        head = source.read(0, _HEAD_BYTES)
    try:
        header = pydicom.dcmread(
            io.BytesIO(head),
            stop_before_pixels=True,
            force=True,
            specific_tags=["PatientName", "PatientID", "SpecificCharacterSet"],
        )
    except Exception as error:
        raise FileError(path, _("its header cannot be read"), _("open the series again")) from error
    name = str(header.get("PatientName", "")).replace("^", " ").strip()
    return f"{name} ({header.get('PatientID', '')})".strip()
