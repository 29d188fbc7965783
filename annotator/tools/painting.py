"""What tools that label points have in common: the class, what is protected, and the answer."""

from annotator.commands.instances import NO_EDIT, instance_of_most, paint_class, paint_object
from annotator.commands.points import changing_rows
from annotator.i18n import gettext as _
from annotator.model.labels import Label
from annotator.model.layers import Where
from annotator.tools.cloud_scene import CloudScene
from annotator.tools.tool import CLEAR, Keys, Preview, Reply


def painted(scene: CloudScene, rows: Where, keys: Keys) -> Reply:
    """Give points the active class, or take it away with Ctrl."""
    erases = bool(keys & Keys.CTRL)
    label = None if erases else scene.active_label()
    if label is None and not erases:
        return Reply(preview=CLEAR, hint=_("Choose a class first"))
    edit = paint_class(
        scene.document,
        rows,
        label,
        taxonomy=scene.taxonomy,
        protected=scene.protected,
        frame=scene.frame,
    )
    if edit == NO_EDIT:
        return Reply(preview=CLEAR, hint=why_unchanged(scene, rows))
    return Reply(CLEAR, edit, _("Erase labels of points") if erases else _("Label points"))


def painted_object(scene: CloudScene, rows: Where, label: Label | None) -> Reply:
    """Make points one object of a class; what is mostly an object already stays that one."""
    if label is None:
        return Reply(preview=CLEAR, hint=_("Choose a class first"))
    edit = paint_object(
        scene.document,
        rows,
        label,
        instance_of_most(scene.document, rows, label, scene.frame),
        taxonomy=scene.taxonomy,
        protected=scene.protected,
        frame=scene.frame,
    )
    if edit == NO_EDIT:
        return Reply(preview=CLEAR, hint=why_unchanged(scene, rows))
    return Reply(CLEAR, edit, _("Label object's points"))


def shown(scene: CloudScene, rows: Where, *, warning: bool = False) -> Preview:
    """Preview the points that would change."""
    return Preview(rows=changing(scene, rows, scene.active_label()), warning=warning)


def changing(scene: CloudScene, rows: Where, label: Label | None) -> Where:
    """Return those of the rows that would change if they got a class, or lost theirs."""
    value = 0 if label is None else label.value
    return changing_rows(
        scene.document, rows, value, scene.taxonomy, protected=scene.protected, frame=scene.frame
    )


def why_unchanged(scene: CloudScene, rows: Where) -> str:
    """Say why painting would change nothing."""
    if not len(rows):
        return _("There are no points here")
    if scene.protected:
        return _("Nothing changes: these points have the class already, or are protected")
    return _("Nothing changes: these points have the class already")
