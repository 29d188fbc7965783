"""Makes small CT series, whole and damaged, for tests."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pydicom
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

ROOT = "1.2.826.0.1.3680043.8.498"
ROWS, COLUMNS = 8, 12
Change = Callable[[pydicom.Dataset], None]


def ct_slice(
    k: int,
    *,
    series: str = "1",
    position_mm: tuple[float, float, float] | None = None,
    orientation: tuple[float, ...] = (1, 0, 0, 0, 1, 0),
    uid: str = "",
    change: Change | None = None,
) -> FileDataset:
    """Make slice ``k`` of a series whose stored values are ``100 k + column``."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = CTImageStorage
    meta.MediaStorageSOPInstanceUID = uid or f"{ROOT}.{series}.{k + 1}"
    ct = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    ct.SOPClassUID, ct.SOPInstanceUID = CTImageStorage, meta.MediaStorageSOPInstanceUID
    ct.Modality, ct.ImageType = "CT", ["ORIGINAL", "PRIMARY", "AXIAL"]
    ct.PatientName, ct.PatientID = "Nobody^Here", "0"
    ct.StudyInstanceUID = f"{ROOT}.9"
    ct.SeriesInstanceUID = f"{ROOT}.{series}"
    ct.FrameOfReferenceUID = f"{ROOT}.8"
    ct.ConvolutionKernel, ct.KVP, ct.SliceThickness = "B30f", "120", "1.25"
    ct.InstanceNumber = str(1000 - k)
    ct.ImagePositionPatient = list(position_mm or (-10.0, -20.0, float(k)))
    ct.ImageOrientationPatient = list(orientation)
    ct.PixelSpacing = [0.5, 0.75]
    ct.Rows, ct.Columns = ROWS, COLUMNS
    ct.SamplesPerPixel, ct.PhotometricInterpretation = 1, "MONOCHROME2"
    ct.BitsAllocated, ct.BitsStored, ct.HighBit, ct.PixelRepresentation = 16, 16, 15, 1
    ct.RescaleSlope, ct.RescaleIntercept = "1", "-1024"
    stored = np.tile(np.arange(COLUMNS, dtype=np.int16) + 100 * k, (ROWS, 1))
    ct.PixelData = stored.tobytes()
    if change:
        change(ct)
    return ct


def save(ct: FileDataset, path: Path) -> Path:
    """Write a slice."""
    path.parent.mkdir(parents=True, exist_ok=True)
    ct.save_as(path, enforce_file_format=True)
    return path


def save_series(
    folder: Path, places_mm: list[float], *, series: str = "1", change: Change | None = None
) -> Path:
    """Write a series with slices at ``places_mm``, its files in no order of theirs."""
    count = len(places_mm)
    for k, z in enumerate(places_mm):
        ct = ct_slice(k, series=series, position_mm=(-10.0, -20.0, z), change=change)
        save(ct, folder / f"{(7 * k) % count if count % 7 else k:04d}")
    return folder


def damaged_copies(top: Path) -> dict[str, Path]:
    """Write the same series of 64 slices eight times, damaged in the usual ways."""
    whole = [float(k) for k in range(64)]
    gone = {5, 6, 13, 20, 27, 33, 34, 41, 50, 58}
    copies = {
        "intact": save_series(top / "intact", whole),
        "ten missing": save_series(top / "ten", [z for z in whole if z not in gone]),
        "one missing": save_series(top / "one", [z for z in whole if z != 30]),
        "tilt": _tilted(top / "tilt", math.radians(15)),
        "scout": save_series(top / "scout", whole),
        "duplicate": save_series(top / "duplicate", whole),
        "two spacings": save_series(
            top / "two", [*whole[:33], *(32 + 2.0 * k for k in range(1, 32))]
        ),
        "chinese path": save_series(top / "钙化灶" / "胸部CT 平扫", whole),
    }
    scout = ct_slice(99, position_mm=(0, -300, 200), orientation=(0, 1, 0, 0, 0, -1))
    scout.ImageType = ["ORIGINAL", "PRIMARY", "LOCALIZER"]
    save(scout, copies["scout"] / "scout")
    save(ct_slice(77, position_mm=(-10, -20, 30)), copies["duplicate"] / "twin")
    return copies


def _tilted(folder: Path, angle_rad: float) -> Path:
    for k in range(64):
        along = (-10.0, -20.0 + k * math.sin(angle_rad), k * math.cos(angle_rad))
        save(ct_slice(k, position_mm=along), folder / f"{k:04d}")
    return folder
