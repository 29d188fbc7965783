"""Finds what there is to annotate at a path."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from annotator.app.exchange import format_named, is_label_file
from annotator.app.series_names import told_apart
from annotator.errors import FileError
from annotator.formats.points.sequence import ordered_scans, pose_file
from annotator.i18n import gettext as _
from annotator.i18n import ngettext
from annotator.model.items import ItemKind
from annotator.model.volume import Series

SCANS = frozenset({".pcd", ".ply", ".las", ".laz", ".bin", ".npy", ".npz", ".xyz", ".pts"})
TABLES = frozenset({".csv", ".txt"})
ARCHIVES = frozenset({".zip"})
LABELS = "_labels"
"""What an export adds to the name of the data that it lies beside."""

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that can become an item.

    Attributes
    ----------
    sources
        The scans in order, or the one place that holds the series.
    series
        What the headers said, for a CT.
    """

    kind: ItemKind
    name: str
    sources: tuple[Path, ...]
    series: Series | None = None


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found at a path, and what was passed over with the reason."""

    candidates: tuple[Candidate, ...]
    skipped: tuple[tuple[str, str], ...] = ()
    faults: tuple[FileError, ...] = ()
    """Why a folder that looks like a sequence is none; a person must be told."""
    refused: tuple[tuple[str, str], ...] = ()
    """Folder and reason of skipped DICOM images: a person will look for them in the list."""

    def refused_folders(self) -> dict[tuple[str, str], int]:
        """Return how many images were refused, by folder and reason."""
        return Counter(self.refused)

    def refusals(self) -> list[str]:
        """Return one sentence for each folder and reason of refused images."""
        return [
            ngettext(
                "{count} image of {folder} cannot be opened: {reason}",
                "{count} images of {folder} cannot be opened: {reason}",
                count,
            ).format(count=count, folder=folder, reason=reason)
            for (folder, reason), count in self.refused_folders().items()
        ]


def discover(path: Path, *, progress: Progress | None = None) -> Discovery:
    """Find every scan, sequence and CT series at or below a path.

    Raises
    ------
    FileError
        If nothing is there, or nothing that can be annotated.
    """
    if not path.exists():
        raise FileError(path, _("there is no such file or folder"), _("check the path"))
    found = _in_folder(path, progress) if path.is_dir() else _in_file(path, progress)
    if found.candidates:
        return found
    shown = _("this folder") if path.is_dir() else path
    raise FileError(shown, _nothing(found), _("open a scan, or a folder with a CT series"))


def part_uids(candidates: Iterable[Candidate]) -> list[str]:
    """Return the UID of each series; ``UID#2`` and so on where several bear it; else nothing."""
    seen: Counter[str] = Counter()
    named: list[str] = []
    for candidate in candidates:
        if candidate.series is None:
            named.append("")
            continue
        uid = candidate.series.series_uid
        seen[uid] += 1
        named.append(f"{uid}#{seen[uid]}" if seen[uid] > 1 else uid)
    return named


def holds_labels(path: Path) -> bool:
    """Tell whether a file that looks like a scan has labels of points in it."""
    return path.suffix.lower() == ".pcd" and format_named("pcd").sniff(path) > 0


def is_dicom(path: Path) -> bool:
    """Tell whether a file looks like DICOM: by its prefix (PS3.10, 7.1), or by its first tag."""
    try:
        with path.open("rb") as file:
            head = file.read(132)
    except OSError:
        return False
    return head[128:132] == b"DICM" or head[:4] in {b"\x08\x00\x05\x00", b"\x08\x00\x08\x00"}


def _nothing(found: Discovery) -> str:
    if not found.skipped:
        return _("it holds nothing that can be annotated")
    name, reason = found.skipped[0]
    return _("it holds nothing that can be annotated ({name}: {reason})").format(
        name=Path(name).name, reason=reason
    )


def _in_file(path: Path, progress: Progress | None) -> Discovery:
    suffix = path.suffix.lower()
    dicom = is_dicom(path) or path.name == "DICOMDIR" or suffix in ARCHIVES | {".dcm", ".dicom"}
    if dicom:
        return _series_at(path, progress)
    if suffix not in SCANS and is_label_file(path):
        raise FileError(
            path,
            _("it is a label file, which lies over the data that it was made for"),
            _("open its data, then show it with File ▸ Show label file…, or drop both together"),
        )
    return Discovery((Candidate(ItemKind.CLOUD, path.name, (path,)),))


def _in_folder(folder: Path, progress: Progress | None) -> Discovery:
    scans, dicom = _sorted_out(folder)
    own_labels = {file for file in scans if _lies_beside_its_scan(file) and holds_labels(file)}
    scans = [file for file in scans if file not in own_labels]
    clouds, faults = _clouds_below(scans, folder)
    if not dicom:
        return Discovery(tuple(clouds), faults=tuple(faults))
    found = _series_at(folder, progress)
    clouds_named = {file.name for file in scans}
    skipped = tuple(entry for entry in found.skipped if entry[0] not in clouds_named)
    refused = [entry for entry in skipped if is_dicom(folder / entry[0])]
    said = tuple(zip(_folders_in_words(folder, refused), [why for _n, why in refused], strict=True))
    return Discovery((*clouds, *found.candidates), skipped, tuple(faults), said)


def _folders_in_words(top: Path, files: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Say the folder of each file by its number: its name may be a patient's."""
    known: dict[Path, str] = {}
    for name, _reason in files:
        parent = Path(name).parent
        if parent not in known:
            known[parent] = _folder_in_words(top, parent)
        yield known[parent]


def _folder_in_words(top: Path, parent: Path) -> str:
    numbers = []
    for part in parent.parts:
        beside = sorted((one for one in top.iterdir() if one.is_dir()), key=_as_counted)
        numbers.append(str([one.name for one in beside].index(part) + 1))
        top = top / part
    return _("folder {number}").format(number="/".join(numbers)) if numbers else _("this folder")


def _clouds_below(scans: list[Path], top: Path) -> tuple[list[Candidate], list[FileError]]:
    """Return scans and sequences, and why the scans of some folder are not one sequence."""
    found: list[Candidate] = []
    faults: list[FileError] = []
    for parent, files in groupby(scans, key=lambda file: file.parent):
        together = tuple(files)
        try:
            found += _clouds_in(parent, together, top)
        except FileError as fault:
            found += _one_by_one(together, top)
            faults.append(_listed(fault))
    return found, faults


def _listed(fault: FileError) -> FileError:
    """Say what became of the scans of a folder that is no whole sequence."""
    remedy = _("its scans are listed one by one; add that scan and open the folder again")
    return FileError(fault.path, fault.problem, remedy)


def _sorted_out(folder: Path) -> tuple[list[Path], bool]:
    scans: list[Path] = []
    dicom = False
    for file in _files(folder):
        if file.suffix.lower() in SCANS:
            scans.append(file)
        elif not dicom:
            dicom = file.suffix.lower() in {".dcm", ".zip"} or is_dicom(file)
    return scans, dicom


def _lies_beside_its_scan(file: Path) -> bool:
    """Tell whether a file is named, or lies in a folder that is, after data beside it."""
    if file.stem.endswith(LABELS):
        name = file.stem.removesuffix(LABELS)
        return any(file.with_name(name + suffix).exists() for suffix in {*SCANS, *TABLES})
    folder = file.parent
    return (
        folder.name.endswith(LABELS) and folder.with_name(folder.name.removesuffix(LABELS)).is_dir()
    )


def _files(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir(), key=_as_counted):
        if entry.name.startswith("."):
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from _files(entry)
        elif entry.is_file():
            yield entry


def _as_counted(path: Path) -> tuple[list[tuple[bool, int, str]], str]:
    """Return what sorts names as people count them: scan 2 before scan 10."""
    parts = re.findall(r"\d+|\D+", path.name)
    counted = [(not p.isdecimal(), int(p) if p.isdecimal() else 0, p.casefold()) for p in parts]
    return counted, path.name


def _clouds_in(parent: Path, files: tuple[Path, ...], top: Path) -> list[Candidate]:
    if len(files) > 1 and pose_file(parent) is not None:
        scans = ordered_scans(parent)
        return [Candidate(ItemKind.SEQUENCE, _relative_name(parent, top), scans)]
    return _one_by_one(files, top)


def _one_by_one(files: tuple[Path, ...], top: Path) -> list[Candidate]:
    return [Candidate(ItemKind.CLOUD, _relative_name(file, top), (file,)) for file in files]


def _relative_name(path: Path, top: Path) -> str:
    relative = path.relative_to(top).as_posix()
    return path.name if relative == "." else relative


def _series_at(path: Path, progress: Progress | None) -> Discovery:
    from annotator.app.reading_ct import open_series  # noqa: PLC0415 - brings the DICOM readers

    found = open_series(path, progress=progress)
    named = told_apart(found.series)
    return Discovery(
        tuple(Candidate(ItemKind.CT, name, (path,), one) for name, one in named), found.skipped
    )
