"""Which file of a folder belongs to which scan of a sequence."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from annotator.errors import FormatError, WrongDataError
from annotator.formats.format import Context
from annotator.i18n import gettext as _
from annotator.model.scans import paths_of


def frame_count(context: Context) -> int:
    """Return how many scans an item has; one where nothing of its data is known."""
    return max(1, len(context.clouds))


def scan_names(context: Context) -> list[str]:
    """Return what each scan's files are called: its own file's stem, or six digits."""
    own = [path.stem if path else "" for path in paths_of(context.clouds)]
    if all(own) and len(set(own)) == len(own):
        return own
    return [f"{frame:06d}" for frame in range(frame_count(context))]


def target_files(target: Path, context: Context, *, folder: str, suffix: str) -> list[Path]:
    """Return where each scan's labels go.

    One scan's go to ``target`` itself. A sequence's go into a folder of that name (without the
    format's suffix), each under its scan's name: ``target/folder/000000.suffix``.
    """
    if frame_count(context) == 1:
        return [target]
    root = target.with_suffix("") if target.suffix == suffix else target
    return [root / folder / f"{name}{suffix}" for name in scan_names(context)]


def source_files(
    path: Path, context: Context, *, folder: str, suffix: str
) -> list[tuple[int, Path]]:
    """Return (scan, file) pairs of a label file, or of a folder of them, by the scans' names.

    Raises
    ------
    FormatError
        If a folder holds no such file.
    WrongDataError
        If the files cannot be told to belong to these scans.
    """
    if not path.is_dir():
        return [(_frame_of(path, context), path)]
    place = path / folder if (path / folder).is_dir() else path
    files = sorted(place.glob(f"*{suffix}"))
    if not files:
        problem = _("there is no {suffix} file in it").format(suffix=suffix)
        raise FormatError(path, problem, _("choose the folder that holds the label files"))
    names = {name: frame for frame, name in enumerate(scan_names(context))}
    matching = [(names[file.stem], file) for file in files if file.stem in names]
    if matching:
        return matching
    if not context.clouds or len(files) == frame_count(context):
        return list(enumerate(files))
    problem = _("its {files} files have other names than the {scans} scans").format(
        files=len(files), scans=frame_count(context)
    )
    raise WrongDataError(path, problem, _("open the scans that it was made for"))


def has_files(folder: Path, suffix: str) -> bool:
    """Tell whether a folder holds a file with this suffix; false where it cannot be looked into."""
    try:
        return folder.is_dir() and any(folder.glob(f"*{suffix}"))
    except OSError:
        return False


def cloud_from_world(context: Context, frame: int) -> npt.NDArray[np.float64]:
    """Return the (4, 4) pose that takes world points into one scan's own axes."""
    if frame >= len(context.world_from_cloud):
        return np.eye(4)
    return np.asarray(np.linalg.inv(context.world_from_cloud[frame]))


def _frame_of(path: Path, context: Context) -> int:
    if frame_count(context) == 1:
        return 0
    names = scan_names(context)
    if path.stem in names:
        return names.index(path.stem)
    problem = _("the sequence has no scan of this name")
    raise WrongDataError(path, problem, _("choose the folder that holds one file per scan"))
