"""Where measurements keep their files, and the scans they draw; made once and kept."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

WORK = Path(__file__).resolve().parent / "work"
CLOUDS = WORK / "clouds"
JITTER_M = 0.02
SEEN_M = 6.0
_BASE_POINTS = 400_000


def garage_m(points: int) -> npt.NDArray[np.float32]:
    """Return a made garage of exactly so many points, shape (N, 3), in the order of a drive."""
    path = CLOUDS / f"drive_{points}.npy"
    if not path.exists():
        _write_atomically(path, _made(points))
    loaded: npt.NDArray[np.float32] = np.load(path)
    return loaded


def intensity(points: int) -> npt.NDArray[np.float32]:
    """Return one number per point."""
    return np.random.default_rng(5).random(points, dtype=np.float32)


def pcd_file(points: int) -> Path:
    """Return the garage as a binary PCD with intensity."""
    path = CLOUDS / f"drive_{points}.pcd"
    if not path.exists():
        fields = "x y z intensity"
        header = (
            f"# .PCD v0.7\nVERSION 0.7\nFIELDS {fields}\nSIZE 4 4 4 4\nTYPE F F F F\n"
            f"COUNT 1 1 1 1\nWIDTH {points}\nHEIGHT 1\nVIEWPOINT 0 0 0 1 0 0 0\n"
            f"POINTS {points}\nDATA binary\n"
        )
        table = np.column_stack([garage_m(points), intensity(points)])
        _write_bytes(path, header.encode(), table)
    return path


def ply_file(points: int) -> Path:
    """Return the garage as a binary PLY with an instance number per point."""
    path = CLOUDS / f"drive_{points}.ply"
    if not path.exists():
        properties = "".join(f"property float {axis}\n" for axis in "xyz")
        header = (
            f"ply\nformat binary_little_endian 1.0\nelement vertex {points}\n{properties}"
            "property int treeID\nend_header\n"
        )
        xyz = garage_m(points)
        table = np.empty(points, [("xyz", "<f4", 3), ("treeID", "<i4")])
        table["xyz"] = xyz
        table["treeID"] = (xyz[:, 0] // 6 + 10 * (xyz[:, 1] // 6)).astype(np.int32) + 1
        _write_bytes(path, header.encode(), table)
    return path


def frames_folder(frames: int, points: int) -> Path:
    """Return a folder of scans of one size, each a little different, as binary PCD."""
    folder = CLOUDS / f"frames_{points}"
    folder.mkdir(parents=True, exist_ok=True)
    whole = pcd_file(points).read_bytes()
    for n in range(frames):
        path = folder / f"frame_{n:04d}.pcd"
        if not path.exists():
            path.write_bytes(whole)
    return folder


def _made(points: int) -> npt.NDArray[np.float32]:
    """Take points of one scan again and again, moved by the noise of a scanner."""
    from bench.garages import Recipe, make  # noqa: PLC0415 - only where a file is missing

    base = make(Recipe(points=_BASE_POINTS)).xyz_m
    rng = np.random.default_rng(points)
    rows = rng.integers(0, len(base), points)
    xyz_m = base[rows] + rng.normal(0, JITTER_M, (points, 3)).astype(np.float32)
    # A scanner that drives along x sees what is some metres before and behind it.
    frames = np.floor(xyz_m[:, 0] + rng.normal(0, SEEN_M, points)).astype(np.int16)
    return xyz_m[np.argsort(frames, kind="stable")]


def _write_atomically(path: Path, array: npt.NDArray[np.float32]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part.npy")
    np.save(part, array)
    part.replace(path)


def _write_bytes(path: Path, header: bytes, table: npt.NDArray[np.generic]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        file.write(header)
        table.tofile(file)
    part.replace(path)
