"""Make a chest CT with known calcifications: two series of one study as real DICOM, and the truth.

Run ``python -m sample_data.make_chest`` in the repository to make ``sample_data/chest`` again.
"""

import argparse
import json
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, JPEGLSLossless
from scipy import ndimage

from sample_data.chest_body import Body, Field, Grid, add_lung_vessels, empty_chest
from sample_data.chest_foci import Placed, put_all

HERE = Path(__file__).parent
THRESHOLD_HU = 130
INTERCEPT_HU = -1024
OURS = uuid.UUID("6f1d0c1e-0f5b-4e39-9d1b-3d4f6c0a7a11")
Stored = npt.NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Kernel:
    """How a scanner turns the chest into pixels.

    Attributes
    ----------
    blur_px
        Width (sigma) of the point spread in the slice; across slices it is 0.5 for both.
    edge
        How much of the difference to a blurred copy is added, as sharp kernels do.
    noise_hu, grain_px
        Strength and grain of the noise in soft tissue.
    """

    name: str
    description: str
    number: int
    blur_px: float
    edge: float
    noise_hu: float
    grain_px: float


SOFT = Kernel("B30f", "Chest 1.25 B30f", 2, 0.6, 0.0, 12.0, 0.8)
SHARP = Kernel("B70f", "Chest 1.25 B70f", 3, 0.45, 0.5, 34.0, 0.35)


def make_chest(
    folder: Path,
    *,
    seed: int = 7,
    shape: tuple[int, int, int] = (100, 320, 320),
    spacing_mm: tuple[float, float, float] = (1.25, 1.0, 1.0),
    kernels: tuple[Kernel, ...] = (SOFT, SHARP),
) -> dict[str, Any]:
    """Write one study into ``folder``: a folder of DICOM files per kernel, and ``truth.json``.

    Parameters
    ----------
    seed
        Another seed puts vessels, nodules and foci elsewhere and draws other noise; the same one
        gives the same truth, byte for byte.
    shape, spacing_mm
        (slices, rows, columns) and millimetres in that order. At least about 80 mm × 300 mm ×
        300 mm are needed to hold the chest.

    Returns
    -------
    dict
        What ``truth.json`` says; see the README for its keys.
    """
    grid = Grid(shape, spacing_mm)
    body, placed = _patient(grid, seed)
    series: dict[str, Stored] = {
        kernel.name: _scanned(body, kernel, np.random.default_rng([seed, kernel.number]))
        for kernel in kernels
    }
    for kernel in kernels:
        _write_series(folder / kernel.name, series[kernel.name], grid, kernel, seed)
    truth = _truth(grid, seed, body, placed, series[kernels[0].name])
    truth["series"] = {k.name: _uid(seed, "series", k.name) for k in kernels}
    (folder / "truth.json").write_text(json.dumps(truth, indent=1) + "\n", "utf-8")
    return truth


def voxels_of(focus: dict[str, Any]) -> npt.NDArray[np.int64]:
    """Return the sorted flat indices, into (slices, rows, columns), of one focus of the truth."""
    runs = [np.arange(start, start + length) for start, length in focus["runs"]]
    return np.concatenate(runs) if runs else np.zeros(0, np.int64)


def _patient(grid: Grid, seed: int) -> tuple[Body, tuple[Placed, ...]]:
    chance = np.random.default_rng([seed, 1])
    body = empty_chest(grid)
    add_lung_vessels(body, chance)
    return body, put_all(body, chance)


def _scanned(body: Body, kernel: Kernel, chance: np.random.Generator) -> Stored:
    blurred = _blurred(body.hu, kernel.blur_px)
    if kernel.edge:
        blurred += np.float32(kernel.edge) * (blurred - _blurred(blurred, 1.2))
    grain = chance.standard_normal(body.grid.shape, np.float32)
    grain = ndimage.gaussian_filter(grain, (0.3, kernel.grain_px, kernel.grain_px))
    # Less dose is lost in lung and air than in tissue, so their noise is lower.
    strength = np.interp(body.hu, (-1000, -860, 40), (0.25, 0.6, 1.0)).astype(np.float32)
    noisy = blurred + grain * strength * np.float32(kernel.noise_hu / float(grain.std()))
    return np.asarray(np.clip(np.rint(noisy) - INTERCEPT_HU, 0, 4095), np.uint16)


def _blurred(hu: Field, blur_px: float) -> Field:
    return np.asarray(ndimage.gaussian_filter(hu, (0.5, blur_px, blur_px)), np.float32)


def _truth(
    grid: Grid, seed: int, body: Body, placed: tuple[Placed, ...], stored: Stored
) -> dict[str, Any]:
    hu = stored.astype(np.int16) + INTERCEPT_HU
    parts, _count = ndimage.label(hu >= THRESHOLD_HU, np.ones((3, 3, 3)))
    first = grid.first_mm
    bones = [int(n) for n in np.unique(parts[body.bone]) if n]
    return {
        "seed": seed,
        "threshold_hu": THRESHOLD_HU,
        "shape": list(grid.shape),
        "spacing_mm": list(grid.spacing_mm),
        "lps_from_voxel": _lps_from_voxel(grid),
        "foci": [_focus_truth(p, grid, parts, hu) for p in placed],
        "bones": [_bone_truth(parts, n) for n in bones],
        "first_voxel_lps_mm": list(first),
    }


def _focus_truth(
    placed: Placed, grid: Grid, parts: npt.NDArray[np.int32], hu: npt.NDArray[np.int16]
) -> dict[str, Any]:
    near = parts[grid.around(placed.at_mm, placed.lesion.reach_mm)]
    numbers = [int(n) for n in np.unique(near) if n]
    where = np.flatnonzero(np.isin(parts, numbers)) if numbers else np.zeros(0, np.int64)
    if (len(numbers) != 1) == (placed.lesion.pattern != "absent"):
        raise ValueError(f"{placed.lesion.name} became {len(numbers)} foci: take another seed")
    return {
        "name": placed.lesion.name,
        "pattern": placed.lesion.pattern,
        "site": placed.lesion.site,
        "diameter_mm": placed.lesion.diameter_mm,
        "center_lps_mm": list(placed.center_mm),
        "voxels": len(where),
        "max_hu": int(hu.ravel()[where].max()) if len(where) else None,
        "runs": _runs(where),
    }


def _bone_truth(parts: npt.NDArray[np.int32], number: int) -> dict[str, Any]:
    where = np.flatnonzero(parts == number)
    seed = np.unravel_index(int(where[0]), parts.shape)
    return {"voxels": len(where), "seed_kji": [int(v) for v in seed]}


def _runs(where: npt.NDArray[np.int64]) -> list[list[int]]:
    if not len(where):
        return []
    starts = np.flatnonzero(np.diff(where, prepend=where[0] - 2) != 1)
    lengths = np.diff([*starts.tolist(), len(where)])
    pairs = zip(where[starts].tolist(), lengths.tolist(), strict=True)
    return [[start, length] for start, length in pairs]


def _lps_from_voxel(grid: Grid) -> list[list[float]]:
    (x, y, z), (dz, dy, dx) = grid.first_mm, grid.spacing_mm
    return [[dx, 0, 0, x], [0, dy, 0, y], [0, 0, dz, z], [0, 0, 0, 1]]


def _write_series(folder: Path, stored: Stored, grid: Grid, kernel: Kernel, seed: int) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    # Named from the head downward, as many scanners do, so that names are not the order.
    for k, pixels in enumerate(stored):
        number = grid.shape[0] - k
        image = _image(pixels, grid, kernel, seed, k)
        image.InstanceNumber = number
        image.compress(JPEGLSLossless, encoding_plugin="pyjpegls", generate_instance_uid=False)
        image.save_as(folder / f"IM{number:04d}.dcm", enforce_file_format=True)


def _image(pixels: Stored, grid: Grid, kernel: Kernel, seed: int, k: int) -> FileDataset:
    uid = _uid(seed, kernel.name, k)
    image = FileDataset("", {}, file_meta=_file_meta(uid), preamble=b"\0" * 128)
    image.SOPClassUID, image.SOPInstanceUID = CTImageStorage, uid
    _say_who(image, seed)
    _say_how(image, kernel, seed)
    _say_where(image, grid, seed, k)
    image.SamplesPerPixel, image.PhotometricInterpretation = 1, "MONOCHROME2"
    image.Rows, image.Columns = pixels.shape
    image.BitsAllocated, image.BitsStored, image.HighBit = 16, 12, 11
    image.PixelRepresentation = 0
    image.RescaleIntercept, image.RescaleSlope, image.RescaleType = INTERCEPT_HU, 1, "HU"
    image.WindowCenter, image.WindowWidth = [40, -600], [400, 1500]
    image.PixelData = pixels.astype("<u2").tobytes()
    return image


def _file_meta(uid: str) -> FileMetaDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = CTImageStorage
    meta.MediaStorageSOPInstanceUID = uid
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = f"2.25.{OURS.int}"
    return meta


def _say_who(image: Dataset, seed: int) -> None:
    image.PatientName = "Phantom^Chest"
    image.PatientID = f"PHANTOM-{seed:04d}"
    image.PatientBirthDate, image.PatientSex = "19600101", "O"
    image.StudyInstanceUID, image.StudyID = _uid(seed, "study"), str(seed)
    image.AccessionNumber, image.ReferringPhysicianName = "", ""
    image.StudyDescription = "Synthetic chest phantom"
    for what in ("Study", "Series", "Acquisition", "Content"):
        setattr(image, f"{what}Date", "20260105")
        setattr(image, f"{what}Time", "093000")


def _say_how(image: Dataset, kernel: Kernel, seed: int) -> None:
    image.Modality, image.Manufacturer = "CT", "Annotator sample data"
    image.ManufacturerModelName = "Computed phantom"
    image.SeriesInstanceUID = _uid(seed, "series", kernel.name)
    image.SeriesNumber, image.SeriesDescription = kernel.number, kernel.description
    image.AcquisitionNumber = 1
    image.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    image.KVP, image.ConvolutionKernel = 120, kernel.name
    image.XRayTubeCurrent, image.ExposureTime = 100, 500
    image.PatientPosition, image.BodyPartExamined = "HFS", "CHEST"


def _say_where(image: Dataset, grid: Grid, seed: int, k: int) -> None:
    (x, y, z), (dz, dy, dx) = grid.first_mm, grid.spacing_mm
    image.FrameOfReferenceUID, image.PositionReferenceIndicator = _uid(seed, "frame"), ""
    image.ImagePositionPatient = [round(x, 6), round(y, 6), round(z + k * dz, 6)]
    image.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    image.PixelSpacing, image.SliceThickness = [dy, dx], dz
    image.SliceLocation = round(z + k * dz, 6)


def _uid(seed: int, *what: object) -> str:
    """Return a UID of the root 2.25 (PS3.5 B.2) that the same seed always gives again."""
    return f"2.25.{uuid.uuid5(OURS, '/'.join(map(str, (seed, *what)))).int}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=HERE / "chest")
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    made = make_chest(arguments.folder, seed=arguments.seed)
    for focus in made["foci"]:
        print(f"{focus['name']:18} {focus['voxels']:4} voxels, max {focus['max_hu']} HU")
