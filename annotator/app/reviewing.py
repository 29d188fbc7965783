"""The review of what is open."""

from annotator.app.workspace import Workspace
from annotator.model.annotations import AnnotationId, Origin
from annotator.model.items import ItemKind, Status


def is_under_review(workspace: Workspace) -> bool:
    """Tell whether the key that marks as right means it.

    The same key takes what a tool or the program proposes while an item is being labelled, and a
    mark that nobody meant would pass for a review. So an item is under review only where it is
    closed, shown and not edited, or where a reviewer has left a mark already; and in a scan, what
    came from a label file was made before.
    """
    session = workspace.session
    if session is None or session.item is None:
        return True
    begun = session.read_only or bool(workspace.remarks()) or _is_closed(workspace)
    return begun or (session.item.kind is not ItemKind.CT and _is_all_imported(workspace))


def next_unmarked(workspace: Workspace) -> AnnotationId | None:
    """Return the first annotation after the selected one that nobody has marked."""
    session, chosen = workspace.session, workspace.selection.ids
    ids = list(session.document.annotations) if session is not None else []
    marked = workspace.remarks()
    at = ids.index(chosen[-1]) + 1 if chosen else 0
    return next((i for i in ids[at:] + ids[:at] if i not in marked), None)


def _is_all_imported(workspace: Workspace) -> bool:
    """Tell whether all that is selected came from a label file."""
    assert workspace.session is not None
    chosen = workspace.selection.annotations(workspace.session.document)
    return bool(chosen) and all(a.origin is Origin.IMPORT for a in chosen)


def _is_closed(workspace: Workspace) -> bool:
    project, item_id = workspace.project, workspace.current_id
    if project is None or item_id is None:
        return False
    return project.item(item_id).status is Status.DONE
