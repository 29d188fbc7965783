"""What tools that label points have in common: what they paint, what is protected, the answer."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypedDict

import numpy as np

from annotator.commands.instances import class_of, instance_of_most, next_instance
from annotator.commands.points import (
    NO_EDIT,
    Protected,
    changing_rows,
    paint_class,
    paint_instance,
)
from annotator.geometry.inside import between, rows_in
from annotator.i18n import gettext as _
from annotator.i18n import ngettext
from annotator.model.annotations import Annotation
from annotator.model.edits import Batch, Edit, Paint, parts
from annotator.model.labels import Label, Rgb, Taxonomy
from annotator.model.layers import Where
from annotator.tools.cloud_scene import CloudScene
from annotator.tools.keys import keyed
from annotator.tools.tool import CLEAR, Keys, Pointer, Preview, Reply

_ERASED: Rgb = (242, 244, 248)


@dataclass(frozen=True, slots=True)
class Aim:
    """What painting makes of points.

    Attributes
    ----------
    instance
        What they become part of; 0 for the class alone.
    is_new
        Whether the instance has no points yet.
    """

    label: Label
    instance: int = 0
    is_new: bool = False


class _Rules(TypedDict):
    """Which scan is painted, and what of it stays as it is."""

    taxonomy: Taxonomy
    protected: Protected
    frame: int


def aim(scene: CloudScene) -> Aim | None:
    """Return what painting would do: add to the selected instance, make one, or give a class.

    None where there is no class.
    """
    for number in scene.instances[:1]:
        label = class_of(scene.document, number, scene.taxonomy, scene.frame)
        if label is not None:
            return Aim(label, number)
    label = scene.active_label()
    if label is None:
        return None
    if not scene.makes_instances:
        return Aim(label)
    return Aim(label, next_instance(scene.document), is_new=True)


def painted(scene: CloudScene, rows: Where, keys: Keys) -> Reply:
    """Paint points as `aim` says, or take their labels away with Ctrl.

    While an instance is selected, Ctrl takes away from that one alone.
    """
    if keys & Keys.CTRL:
        return _erased(scene, rows)
    towards = aim(scene)
    if towards is None:
        return Reply(preview=CLEAR, hint=_("Choose a class first"))
    if towards.instance:
        return _joined(scene, rows, towards)
    edit = _in_each(scene, rows, partial(_classed, scene, towards.label))
    if edit == NO_EDIT:
        return Reply(preview=CLEAR, hint=why_unchanged(scene, rows))
    return Reply(CLEAR, edit, _("Label points"), hint=done_in_words(edit, towards.label))


def standing(scene: CloudScene, rows: Where, keys: Keys) -> Where:
    """Return the points that an outline means: of what stands, none of floor and ceiling.

    An outline goes around an object as it is seen, with the floor behind it. What is erased, what
    is of floor or ceiling, and what has no size of its own, as a mark on the floor, is taken whole.
    """
    return between(rows, scene.painted_survey) if leaves_floor(scene, keys) else rows


def rows_inside(scene: CloudScene, annotation: Annotation) -> Where:
    """Return the rows of what is drawn in a box or a pillar, without the floor's.

    What holds in every scan has its points in all that painting takes.
    """
    if annotation.frame is None:
        return rows_in(scene.painted_cloud, annotation.shape, scene.painted_survey)
    return rows_in(scene.cloud, annotation.shape, scene.survey)


def leaves_floor(scene: CloudScene, keys: Keys) -> bool:
    """Tell whether an outline takes no points of floor and ceiling."""
    towards = aim(scene)
    if towards is None or keys & Keys.CTRL or scene.painted_survey is None:
        return False
    return towards.label.usual_size_m is not None or towards.label.name == "wall"


def painted_object(scene: CloudScene, rows: Where, label: Label | None) -> Reply:
    """Make points one instance of a class; what is mostly an instance already stays that one."""
    if label is None:
        return Reply(preview=CLEAR, hint=_("Choose a class first"))
    own = scene.by_scan(rows).get(scene.frame, np.zeros(0, np.int64))
    number = instance_of_most(scene.document, own, label, scene.frame)
    return _joined(scene, rows, Aim(label, number or next_instance(scene.document)))


def shown(scene: CloudScene, rows: Where, keys: Keys = Keys.NONE) -> Preview:
    """Preview the points that would change."""
    return Preview(rows=changing(scene, rows, keys), color=paint_color(scene, keys))


def paint_color(scene: CloudScene, keys: Keys) -> Rgb:
    """Return the colour that painted points would have."""
    towards = aim(scene)
    return _ERASED if keys & Keys.CTRL or towards is None else towards.label.color


def changing(scene: CloudScene, rows: Where, keys: Keys = Keys.NONE) -> Where:
    """Return those of the rows, of what is drawn, that `painted` would change."""
    towards, scans = aim(scene), scene.painted_scans
    found = [np.zeros(0, np.int64)]
    for frame, own in scene.by_scan(rows).items():
        start = 0 if scans is None else scans.starts[scans.frames.index(frame)]
        found.append(_changing(scene, own, frame, towards, keys) + start)
    return np.concatenate(found)


def _changing(scene: CloudScene, rows: Where, frame: int, towards: Aim | None, keys: Keys) -> Where:
    if keys & Keys.CTRL:
        own = _own(scene, rows, frame)
        return changing_rows(scene.document, own, 0, **_rules(scene, frame))
    if towards is None:
        return np.zeros(0, np.int64)
    value, instance = towards.label.value, towards.instance or None
    return changing_rows(scene.document, rows, value, instance=instance, **_rules(scene, frame))


def paints_in_all(scene: CloudScene, keys: Keys = Keys.NONE) -> str:
    """Say what becomes of the points that a gesture takes, and in how many scans it takes them."""
    return in_all(scene, paints_in_words(scene, keys))


def in_all(scene: CloudScene, said: str) -> str:
    """Say of what a gesture does in how many scans it does so, where it is in several."""
    scans = scene.painted_scans
    if scans is None:
        return said
    return _("{result}, in {n} scans").format(result=said, n=len(scans.frames))


def paints_in_words(scene: CloudScene, keys: Keys = Keys.NONE) -> str:
    """Say what becomes of the points that a gesture takes."""
    towards = aim(scene)
    if keys & Keys.CTRL:
        whose = _("takes them out of the selected instance")
        return whose if scene.instances else _("takes their labels away")
    if towards is None:
        return _("choose a class first")
    title = _(towards.label.title)
    if not towards.instance:
        return _("makes them {label}").format(label=title)
    if towards.is_new:
        return _("makes them an instance of {label}").format(label=title)
    return _("adds them to {label} {n}").format(label=title, n=towards.instance)


def paints_otherwise(scene: CloudScene) -> str:
    """Say which key lets painting make something else, or take other scans."""
    if scene.around is None:
        return _makes_otherwise(scene)
    one, all_of = (
        _("{points_all_scans} takes this scan alone"),
        _("{points_all_scans} takes all these scans"),
    )
    return f"{keyed(one if scene.paints_all else all_of)} · {_makes_otherwise(scene)}"


def _makes_otherwise(scene: CloudScene) -> str:
    if scene.instances:
        return keyed(_("{gesture_back_out} lets the instance go"))
    if scene.makes_instances:
        return keyed(_("{points_instances} gives them a class only"))
    return keyed(_("{points_instances} makes them instances"))


def picked(scene: CloudScene, pointer: Pointer) -> Reply:
    """Select the instance of the point under the pointer, or none."""
    number = instance_under(scene, pointer)
    if not number:
        hint = _("There is no instance here; drag around points to take them")
        return Reply(preview=CLEAR, hint=hint, instances=())
    return Reply(preview=CLEAR, instances=(number,))


def instance_under(scene: CloudScene, pointer: Pointer) -> int:
    """Return the instance of the point under the pointer; 0 for none."""
    if pointer.row is None or pointer.row >= len(scene.cloud):
        return 0
    return int(scene.document.instances(scene.frame).take(np.array([pointer.row]))[0])


def why_unchanged(scene: CloudScene, rows: Where) -> str:
    """Say why painting would change nothing."""
    if not len(rows):
        return _("There are no points here")
    if scene.protected:
        return _("Nothing changes: these points have the class already, or are protected")
    return _("Nothing changes: these points have the class already")


def _joined(scene: CloudScene, rows: Where, towards: Aim) -> Reply:
    edit = _in_each(scene, rows, partial(_numbered, scene, towards))
    if edit == NO_EDIT:
        return Reply(preview=CLEAR, hint=why_unchanged(scene, rows))
    said = done_in_words(edit, towards.label, towards.instance)
    text = _("Label an instance's points")
    return Reply(CLEAR, edit, text, hint=said, instances=(towards.instance,))


def _erased(scene: CloudScene, rows: Where) -> Reply:
    edit = _in_each(scene, rows, partial(_classed, scene, None))
    if edit == NO_EDIT:
        return Reply(preview=CLEAR, hint=_why_not_erased(scene, rows))
    return Reply(CLEAR, edit, _("Erase labels of points"), hint=done_in_words(edit, None))


def _in_each(scene: CloudScene, rows: Where, edit_of: Callable[[Where, int], Edit]) -> Edit:
    """Return what an edit is in every scan that rows are of; `NO_EDIT` if it changes none."""
    edits = [edit_of(own, frame) for frame, own in scene.by_scan(rows).items()]
    changing_some = tuple(edit for edit in edits if edit != NO_EDIT)
    return changing_some[0] if len(changing_some) == 1 else Batch(changing_some)


def _classed(scene: CloudScene, label: Label | None, rows: Where, frame: int) -> Edit:
    own = _own(scene, rows, frame) if label is None else rows
    return paint_class(scene.document, own, label, **_rules(scene, frame))


def _numbered(scene: CloudScene, towards: Aim, rows: Where, frame: int) -> Edit:
    rules = _rules(scene, frame)
    return paint_instance(scene.document, rows, towards.label, towards.instance, **rules)


def done_in_words(edit: Edit, label: Label | None, instance: int = 0) -> str:
    """Say how many points have become what; none of a class have lost theirs."""
    count, scans = _count(edit)
    if label is None:
        text = ngettext("{n} point has no label now", "{n} points have no label now", count)
        said = text.format(n=f"{count:,}")
    else:
        name = f"{_(label.title)} {instance}" if instance else _(label.title)
        text = ngettext("{n} point → {label}", "{n} points → {label}", count)
        said = text.format(n=f"{count:,}", label=name)
    return said if scans < 2 else _("{result}, in {n} scans").format(result=said, n=scans)


def labelled_in_words(edit: Edit) -> str:
    """Say how many points have a label now, of whatever class."""
    count, _scans = _count(edit)
    text = ngettext("{n} point labelled", "{n} points labelled", count)
    return text.format(n=f"{count:,}")


def _count(edit: Edit) -> tuple[int, int]:
    """Return how many points an edit paints, and in how many scans."""
    rows: dict[int, list[Where]] = {}
    for part in parts(edit):
        if isinstance(part, Paint):
            rows.setdefault(part.layer.frame, []).append(part.where)
    return sum(_different(lists) for lists in rows.values()), len(rows)


def _different(rows: list[Where]) -> int:
    """Return how many different rows there are in lists that are sorted, without repeats, each.

    `np.unique` would take seconds for millions.
    """
    if len(rows) < 2:
        return sum(len(part) for part in rows)
    joined = np.sort(np.concatenate(rows), kind="stable")  # quick on what is sorted in runs
    return int(np.count_nonzero(joined[1:] != joined[:-1])) + min(len(joined), 1)


def _own(scene: CloudScene, rows: Where, frame: int) -> Where:
    """Return those of the points that are in the selected instances; all if none is selected."""
    if not scene.instances:
        return rows
    own: Where = rows[np.isin(scene.document.instances(frame).take(rows), scene.instances)]
    return own


def _why_not_erased(scene: CloudScene, rows: Where) -> str:
    if not len(rows):
        return _("There are no points here")
    if scene.instances:
        return _("Nothing changes: none of these points is in the selected instance")
    return _("Nothing changes: these points have no label that may be taken away")


def _rules(scene: CloudScene, frame: int) -> _Rules:
    return _Rules(taxonomy=scene.taxonomy, protected=scene.protected, frame=frame)
