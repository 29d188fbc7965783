"""Says in a few lines what a format cannot hold, and what an export has made."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from annotator.formats.format import Holds, Level, Loss
from annotator.i18n import gettext as _
from annotator.i18n import listed, ngettext
from annotator.model.document import Document
from annotator.model.labels import Taxonomy

_OF_THE_WHOLE = ~(Holds.ATTRIBUTES | Holds.TRACK | Holds.FRAMES)
_NAMED = 4
"""As many files are named one by one."""
_ORDER = (Level.DROPPED, Level.CHANGED, Level.ROUNDED)


def verdict(losses: Sequence[Loss]) -> str:
    """Return one sentence about all losses together."""
    if not losses:
        return _("This format holds everything that was labelled.")
    left_out = {loss.subject for loss in losses if _is_left_out(loss)}
    if left_out:
        return ngettext(
            "{count} thing is left out: this format cannot hold it.",
            "{count} things are left out: this format cannot hold them.",
            len(left_out),
        ).format(count=len(left_out))
    if any(loss.level is Level.DROPPED for loss in losses):
        return _("Everything is written, but not all that was said about it.")
    return _("This format rounds or changes some things.")


def losses_in_words(losses: Iterable[Loss], document: Document, taxonomy: Taxonomy) -> list[str]:
    """Return a line for each reason, the worst first: how many of which class it is about."""
    groups: dict[tuple[Level, bool, str], Counter[str]] = {}
    for loss in losses:
        key = (loss.level, _is_left_out(loss), loss.reason)
        groups.setdefault(key, Counter())[_who(loss.subject, document, taxonomy)] += 1
    ordered = sorted(groups.items(), key=lambda group: (_ORDER.index(group[0][0]), not group[0][1]))
    return [
        f"{_what_happens(level, whole=whole)} · {_counted(who)} · {reason}"
        for (level, whole, reason), who in ordered
    ]


def made_in_words(files: Sequence[Path], *, beside: Path | None = None) -> str:
    """Return what was written and where, so that it is found.

    Parameters
    ----------
    beside
        The folder that data of patients lie in: it may be named after one, and is not said.
    """
    root = _folder_of_all(files)
    if len(files) <= _NAMED and all(file.parent == root for file in files):
        names = ", ".join(file.name for file in files)
        folder = _folder_in_words(root, beside)
        return _("Exported {name} to {folder}").format(name=names, folder=folder)
    parts = sorted({file.relative_to(root).parts[0] for file in files if file != root})
    folders = [part for part in parts if (root / part).is_dir()]
    text = ngettext(
        "Exported {count} file to {folder}", "Exported {count} files to {folder}", len(files)
    )
    said = text.format(count=len(files), folder=_folder_in_words(root, beside))
    return f"{said} ({', '.join(f'{part}/' for part in folders)})" if folders else said


def _folder_in_words(folder: Path, beside: Path | None) -> str:
    return _("the folder that holds the opened data") if folder == beside else str(folder)


def _folder_of_all(files: Sequence[Path]) -> Path:
    """Return the deepest folder that holds all files."""
    shared = files[0].parent
    while not all(file.is_relative_to(shared) for file in files):
        shared = shared.parent
    return shared


def _is_left_out(loss: Loss) -> bool:
    return loss.level is Level.DROPPED and bool(loss.kind & _OF_THE_WHOLE)


def _what_happens(level: Level, *, whole: bool) -> str:
    if level is Level.DROPPED:
        return _("Left out") if whole else _("Not kept")
    return _("Changed") if level is Level.CHANGED else _("Rounded")


def _who(subject: str, document: Document, taxonomy: Taxonomy) -> str:
    """Return what a person calls the thing that a loss is about."""
    annotation = document.annotations.get(subject)
    if annotation is None:
        return _of_layer(document) if subject.startswith("layer:") else subject
    return taxonomy.title_of(annotation.label)


def _of_layer(document: Document) -> str:
    is_cloud = all(len(extent) == 1 for extent in document.extents)
    return _("labels of points") if is_cloud else _("labels of voxels")


def _counted(who: Counter[str]) -> str:
    return listed(f"{count} × {name}" if count > 1 else name for name, count in who.most_common())
