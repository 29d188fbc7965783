"""Opens scans in the reading process, so that the program outlives whatever the file does."""

from collections.abc import Callable
from pathlib import Path

from annotator.app.child import USUAL, Limits, reader
from annotator.app.child_side import Report
from annotator.errors import FileError
from annotator.i18n import gettext as _
from annotator.model.cloud import PointCloud

_READERS = ("annotator.formats.points.pcd", "annotator.formats.points.lzf")


def prepare() -> None:
    """Start the reading process, so that the first scan does not wait for it; returns at once."""
    reader().prepare("annotator.formats.points.reading", *_READERS)


def open_cloud(
    path: Path,
    *,
    layout: str | None = None,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    limits: Limits = USUAL,
) -> PointCloud:
    """Read a scan of any format in the reading process; may be called from any thread.

    Parameters
    ----------
    layout
        What the columns of bare numbers mean; told by evidence where it is not set.
    progress
        Told how much is done, 0 to 1, in the calling thread.
    cancelled
        Asked often whether the person has had enough.

    Raises
    ------
    FileError
        If the file cannot be read: what is wrong and what to do, in one sentence.
    CancelledError
        If ``cancelled`` said so.
    """
    if not path.exists():
        raise FileError(path, _("there is no such file"), _("check the path"))
    return reader().run(
        read_in_child,
        path.absolute(),
        layout,
        about=path,
        limits=limits,
        progress=progress,
        cancelled=cancelled,
    )


def read_in_child(report: Report, path: Path, layout: str | None) -> PointCloud:
    """Read a scan; runs in the reading process."""
    from annotator.formats.points.reading import read_cloud  # noqa: PLC0415 - not in the window

    return read_cloud(path, layout=layout, progress=report)
