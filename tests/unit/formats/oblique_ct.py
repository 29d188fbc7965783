"""A small CT that hides no mistake: oblique, with pixels not square and no two sizes equal."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from annotator.formats.format import Context
from annotator.model.annotations import Annotation
from annotator.model.document import Document
from annotator.model.labels import CHEST
from annotator.model.layers import INSTANCE, Layer, LayerKey
from annotator.model.shapes import Focus

SHAPE = (5, 7, 11)
SPACING_MM = (2.5, 0.5, 0.75)
FIRST_MM = np.array([-31.0, 17.0, 205.0])
BIG = [(1, 2, 3), (1, 2, 4), (1, 3, 3), (2, 2, 3), (2, 2, 4), (2, 2, 5)]
SMALL = [(3, 5, 9), (4, 6, 10)]


def axes() -> npt.NDArray[np.float64]:
    """Return (3, 3): the directions of columns, rows and slices, as columns."""
    a, b = np.radians(20), np.radians(15)
    about_z = [[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]]
    about_x = [[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]]
    return np.array(about_z) @ np.array(about_x)


def write_ct(
    folder: Path,
    *,
    series: str = "1",
    name: str = "Nobody^Here",
    charset: str = "ISO_IR 100",
    shear_mm: float = 0.0,
    change: Callable[[Any], None] = lambda _ct: None,
) -> Path:
    """Write the series; a shear shifts each slice along the rows, as a tilted gantry does."""
    from pydicom.dataset import FileDataset, FileMetaDataset
    from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

    folder.mkdir(parents=True, exist_ok=True)
    slices, rows, columns = SHAPE
    dz, dy, dx = SPACING_MM
    for k in range(slices):
        uid = f"1.2.826.0.1.3680043.8.498.{series}.{k + 1}"
        meta = FileMetaDataset()
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
        meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = CTImageStorage, uid
        ct = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
        ct.SpecificCharacterSet = charset
        ct.SOPClassUID, ct.SOPInstanceUID = CTImageStorage, uid
        ct.Modality, ct.ImageType = "CT", ["ORIGINAL", "PRIMARY", "AXIAL"]
        ct.PatientName, ct.PatientID = name, "P1"
        ct.PatientBirthDate, ct.PatientSex = "19600101", "O"
        ct.StudyInstanceUID = "1.2.826.0.1.3680043.8.498.900"
        ct.SeriesInstanceUID = f"1.2.826.0.1.3680043.8.498.{series}"
        ct.FrameOfReferenceUID = "1.2.826.0.1.3680043.8.498.901"
        ct.StudyDate, ct.StudyTime, ct.StudyID = "20260105", "093000", "1"
        ct.AccessionNumber, ct.ReferringPhysicianName = "", ""
        ct.SeriesNumber, ct.InstanceNumber, ct.Manufacturer = 1, k + 1, "Maker"
        ct.PositionReferenceIndicator, ct.KVP, ct.SliceThickness = "", "120", str(dz)
        at = FIRST_MM + axes() @ [0, shear_mm * k, dz * k]
        ct.ImagePositionPatient = [round(float(v), 6) for v in at]
        ct.ImageOrientationPatient = [round(float(v), 7) for v in axes()[:, :2].T.ravel()]
        ct.PixelSpacing, ct.Rows, ct.Columns = [dy, dx], rows, columns
        ct.SamplesPerPixel, ct.PhotometricInterpretation = 1, "MONOCHROME2"
        ct.BitsAllocated, ct.BitsStored, ct.HighBit, ct.PixelRepresentation = 16, 16, 15, 1
        ct.RescaleSlope, ct.RescaleIntercept, ct.RescaleType = "1", "0", "HU"
        ct.PixelData = (np.arange(rows * columns, dtype="<i2") + 100 * k).tobytes()
        change(ct)
        ct.save_as(folder / f"{(3 * k) % slices}.dcm", enforce_file_format=True)
    return folder


def brighten(ct: Any) -> None:
    """Change the pixels of a slice, as those of any other series differ."""
    ct.PixelData = (np.frombuffer(ct.PixelData, "<i2") + 1).tobytes()


def context_of(folder: Path) -> Context:
    """Return the one series of a folder, with its voxels."""
    from annotator.formats.dicom.series import find_series
    from annotator.formats.dicom.volume import read_volume

    (series,) = find_series(folder).series
    return Context(CHEST, series=series, volume=read_volume(series))


def two_foci() -> Document:
    """Return a document with two foci of different size, neither of them symmetric."""
    layer = Layer(SHAPE)
    for number, voxels in ((3, BIG), (7, SMALL)):
        layer.put(flat(voxels), np.array([number], np.uint32))
    big = Annotation("calcification", Focus(3), attributes={"pattern": "solid", "note": "主动脉"})
    small = Annotation("nodule", Focus(7), attributes={"confidence": "unsure"})
    return Document((SHAPE,), {a.id: a for a in (big, small)}, {LayerKey(INSTANCE): layer})


def flat(voxels: list[tuple[int, int, int]]) -> npt.NDArray[np.int64]:
    """Return sorted flat indices of (slice, row, column)."""
    return np.sort(np.ravel_multi_index(np.array(voxels).T, SHAPE)).astype(np.int64)


def places_mm(voxels: list[tuple[int, int, int]]) -> npt.NDArray[np.float64]:
    """Return where voxels lie in LPS, worked out apart from the program; sorted rows, (N, 3)."""
    kji = np.array(voxels, float)
    return in_order(FIRST_MM + (kji * SPACING_MM)[:, ::-1] @ axes().T)


def in_order(places: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Sort rows of millimetres so that two sets can be compared."""
    return places[np.lexsort(np.round(places, 2).T)]
