"""Reads a scan of any format: told by its content first, by its extension second."""

from collections.abc import Callable
from pathlib import Path

from annotator.errors import AnnotatorError, FileError, FormatError
from annotator.formats.points.records import Progress
from annotator.i18n import gettext as _
from annotator.model.cloud import PointCloud

HEAD_BYTES = 1 << 12
_TEXTS = frozenset({".xyz", ".csv", ".txt", ".pts", ".asc", ".xyzn", ".xyzrgb", ".tsv"})
_BY_EXTENSION = {
    ".pcd": "PCD", ".ply": "PLY", ".las": "LAS", ".laz": "LAS", ".npy": "NPY", ".npz": "NPZ",
}  # fmt: skip
_FOREIGN = (
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"BM6", "BMP"),
    (b"%PDF", "PDF"),
    (b"ASTM-E57", "E57"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"Rar!", "RAR"),
    (b"\x89HDF", "HDF5"),
    (b"SQLite format 3", "SQLite"),
    (b"\x7fELF", "ELF"),
    (b"MZ\x90", "EXE"),
    (b"#ROSBAG", "ROS bag"),
)


def read_cloud(
    path: Path, *, layout: str | None = None, progress: Progress | None = None
) -> PointCloud:
    """Read one scan.

    Parameters
    ----------
    layout
        What the columns of bare numbers (.bin, .npy, text) mean, such as ``nuscenes`` or
        ``x,y,z,intensity,ring``; told by evidence where it is not set.
    progress
        Told how much is done, 0 to 1.

    Raises
    ------
    FileError
        If the file cannot be read, with what is wrong and what to do.
    """
    try:
        return _READERS[kind_of(path)](path, layout, progress)
    except AnnotatorError:
        raise
    except MemoryError as error:
        raise FileError(
            path,
            _("it needs more memory than there is"),
            _("close other programs, or split or thin the scan"),
        ) from error
    except OSError as error:
        raise FileError(
            path,
            _("it cannot be read ({reason})").format(reason=error.strerror or error),
            _("check the disk and that you may read the file"),
        ) from error
    except Exception as error:
        raise FormatError(path, _("it is damaged"), _("copy or export it again")) from error


def kind_of(path: Path) -> str:
    """Return the name of the file's format.

    Raises
    ------
    FileError
        If there is no such file, it is empty, or of a kind that holds no scan.
    """
    head = _head(path)
    suffix = path.suffix.lower()
    if suffix == ".bin":
        return _bin_or(_by_content(head))
    found = _by_content(head)
    if found:
        return found
    _refuse_foreign(path, head)
    if suffix in _BY_EXTENSION:
        says = _("it is no {name} file, whatever its extension says")
        name = _BY_EXTENSION[suffix]
        raise FormatError(path, says.format(name=name), _("copy or export it again"))
    if suffix in _TEXTS or _is_text(head):
        return "TEXT"
    raise FormatError(
        path, _("it is of no known kind"), _("open a scan as PCD, PLY, LAS, BIN, NPY or XYZ")
    )


def _refuse_foreign(path: Path, head: bytes) -> None:
    """Say of what is known, and no scan, what it is."""
    if path.name.lower().endswith((".nii", ".nii.gz")):
        raise FormatError(
            path,
            _("it is a NIfTI volume, whose slices nobody can trace back to the scanner's"),
            _("open the CT as DICOM; a label map is shown over it"),
        )
    name = next((name for magic, name in _FOREIGN if head.startswith(magic)), None)
    if name is not None:
        raise FormatError(
            path,
            _("it is a file of kind {name}, which cannot be read as a scan").format(name=name),
            _("open or export the scan as PCD, PLY, LAS or XYZ"),
        )


def _head(path: Path) -> bytes:
    if path.is_dir():
        raise FileError(path, _("it is a folder"), _("name one scan in it"))
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except FileNotFoundError as error:
        raise FileError(path, _("there is no such file"), _("check the path")) from error
    except OSError as error:
        raise FileError(
            path,
            _("it cannot be read ({reason})").format(reason=error.strerror or error),
            _("check the disk and that you may read the file"),
        ) from error
    if not head:
        raise FormatError(path, _("it is empty"), _("copy or export it again"))
    return head


def _by_content(head: bytes) -> str:
    if head.startswith(b"LASF"):
        return "LAS"
    if head.startswith((b"ply\n", b"ply\r", b"ply ")):
        return "PLY"
    if head.startswith(b"\x93NUMPY"):
        return "NPY"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "NPZ"
    return "PCD" if _is_pcd(head) else ""


def _bin_or(found: str) -> str:
    """Trust a magic word of four bytes or more over the extension .bin, and nothing shorter."""
    return found or "BIN"


def _is_pcd(head: bytes) -> bool:
    lines = [line.strip().upper() for line in head.removeprefix(b"\xef\xbb\xbf").splitlines()[:40]]
    return lines[:1] == [b"# .PCD"] or any(
        line.startswith((b"# .PCD", b"FIELDS ", b"DATA ASCII", b"DATA BINARY")) for line in lines
    )


def _is_text(head: bytes) -> bool:
    return b"\0" not in head and sum(byte < 9 for byte in head) == 0


def _pcd(path: Path, _layout: str | None, progress: Progress | None) -> PointCloud:
    from annotator.formats.points.pcd import read_pcd  # noqa: PLC0415 - one reader is needed

    return read_pcd(path, progress=progress)


def _ply(path: Path, _layout: str | None, progress: Progress | None) -> PointCloud:
    from annotator.formats.points.ply import read_ply  # noqa: PLC0415 - one reader is needed

    return read_ply(path, progress=progress)


def _las(path: Path, _layout: str | None, progress: Progress | None) -> PointCloud:
    from annotator.formats.points.las import read_las  # noqa: PLC0415 - one reader is needed

    return read_las(path, progress=progress)


def _bin(path: Path, layout: str | None, progress: Progress | None) -> PointCloud:
    from annotator.formats.points.bin import read_bin  # noqa: PLC0415 - one reader is needed

    return read_bin(path, layout=layout, progress=progress)


def _npy(path: Path, layout: str | None, progress: Progress | None) -> PointCloud:
    from annotator.formats.points.npy import read_npy  # noqa: PLC0415 - one reader is needed

    return read_npy(path, layout=layout, progress=progress)


def _npz(path: Path, layout: str | None, progress: Progress | None) -> PointCloud:
    from annotator.formats.points.npy import read_npz  # noqa: PLC0415 - one reader is needed

    return read_npz(path, layout=layout, progress=progress)


def _text(path: Path, layout: str | None, progress: Progress | None) -> PointCloud:
    from annotator.formats.points.text import read_text  # noqa: PLC0415 - one reader is needed

    return read_text(path, layout=layout, progress=progress)


_Reader = Callable[[Path, str | None, Progress | None], PointCloud]
_READERS: dict[str, _Reader] = {
    "PCD": _pcd,
    "PLY": _ply,
    "LAS": _las,
    "BIN": _bin,
    "NPY": _npy,
    "NPZ": _npz,
    "TEXT": _text,
}
