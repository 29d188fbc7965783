"""Writes the open item in every format there is, and reads each file back."""

from pathlib import Path

from annotator.app.exchange import format_named, formats_for, read_labels
from annotator.app.workspace import Workspace
from annotator.errors import AnnotatorError
from annotator.formats.format import FormatInfo, Level
from annotator.i18n import gettext as _
from annotator.model.document import Document
from annotator.views.tour.checks import Checks


def export_all(workspace: Workspace, folder: Path, name: str, checks: Checks) -> list[Path]:
    """Export in every format that can be used here, and note whether each comes back."""
    session = workspace.session
    assert session is not None
    made: list[Path] = []
    for info, why_not in formats_for(session.context):
        if why_not:
            checks.note(f"{name} → {info.name}", holds=True, detail=why_not)
            continue
        try:
            made += _there_and_back(workspace, folder, info, name, checks)
        except AnnotatorError as error:
            checks.note(f"{name} → {info.name}", holds=False, detail=error)
    return made


def _there_and_back(
    workspace: Workspace, folder: Path, info: FormatInfo, name: str, checks: Checks
) -> list[Path]:
    session = workspace.session
    assert session is not None
    suffix = info.extensions[0] if info.extensions and not info.is_folder else ""
    target = folder / f"{name}_{info.name}{suffix}"
    written = workspace.export(info.name, target)
    made = target if target.exists() else target.with_suffix("")  # a sequence fills a folder
    back = read_labels(made, session.context, format_named(info.name))
    changed = {x.subject for x in written.losses if x.level >= Level.CHANGED}
    kept = [a for a in session.document.annotations.values() if a.id not in changed]
    told = _("{annotations} annotations and {values} labelled values back, {losses} losses told")
    told = told.format(
        annotations=len(back.annotations), values=_labelled(back), losses=len(written.losses)
    )
    checks.note(f"{name} → {info.name}", holds=len(back.annotations) >= len(kept), detail=told)
    return list(written.files)


def _labelled(document: Document) -> int:
    return sum(sum(layer.counts().values()) for layer in document.layers.values())
