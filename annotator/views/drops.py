"""What is dropped on the window: data to open, and label files to lay over them."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData

IsLabelFile = Callable[[Path], bool]


@dataclass(frozen=True, slots=True)
class Dropped:
    """What is to be done with what was dropped.

    Attributes
    ----------
    data
        What is opened anew: one path, or the folder that holds all of them.
    labels
        What is laid over it, or over the open item where there is no data.
    """

    data: Path | None = None
    labels: Path | None = None


def local_paths(mime: QMimeData) -> list[Path]:
    """Return the files and folders among what is dragged; a page of the web is none."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]


def sorted_out(paths: Sequence[Path], is_label_file: IsLabelFile, *, may_overlay: bool) -> Dropped:
    """Tell data from label files.

    Parameters
    ----------
    may_overlay
        Whether an item is open that labels alone could lie over.
    """
    labels = [path for path in paths if is_label_file(path)]
    data = [path for path in paths if path not in labels]
    if not data and not may_overlay:
        return Dropped(data=labels[0] if labels else None)
    whole = Path(os.path.commonpath(data)) if len(data) > 1 else next(iter(data), None)
    return Dropped(whole, next(iter(labels), None))
