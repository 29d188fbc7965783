"""Whether what is open is being reviewed, rather than labelled."""

from annotator.app.workspace import Workspace
from annotator.model.items import ItemKind, Status


def is_under_review(workspace: Workspace) -> bool:
    """Tell whether the key that marks as right means it.

    In a CT the same key accepts candidates while the series is being labelled, and a mark
    that nobody meant would pass for a review. So a CT is under review only where it is closed,
    shown and not edited, or where a reviewer has left a mark already. A cloud always is.
    """
    session = workspace.session
    if session is None or session.item is None or session.item.kind is not ItemKind.CT:
        return True
    return session.read_only or bool(workspace.remarks()) or _is_closed(workspace)


def _is_closed(workspace: Workspace) -> bool:
    project, item_id = workspace.project, workspace.current_id
    if project is None or item_id is None:
        return False
    return project.item(item_id).status is Status.DONE
