"""Labels objects as a person would, and counts every click, drag and key."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from statistics import median

import numpy as np
from PySide6.QtCore import Qt

from annotator.app.session import Session
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation
from annotator.model.shapes import Face
from annotator.views.tour.checks import Checks
from annotator.views.tour.improving import best_drag, middle_of
from annotator.views.tour.looking import look_at, seen_place, view_of, workbench_of
from annotator.views.tour.person import Person
from annotator.views.tour.targets import Target, rows_of

LEAST_IOU = 0.85
MOST_INPUTS = 2.0
_MOST_DRAGS = 8
_LONGEST_FIT_S = 3.0
_TOOLS = {"car": "one_click_box", "movable": "one_click_box", "wall": "wall"}


@dataclass(frozen=True, slots=True)
class Labelled:
    """How well an object was labelled, and the clicks, drags and keys for it alone."""

    label: str
    agreement: float
    inputs: int


class _Spent:
    """Counts a person's clicks, drags and keys by the target that they are for."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._inputs = Counter[int]()

    @contextmanager
    def on(self, target: Target) -> Iterator[None]:
        """Count what is done meanwhile."""
        before = self._person.inputs
        yield
        self._inputs[id(target)] += self._person.inputs - before

    def inputs(self, target: Target) -> int:
        """Return how many it took."""
        return self._inputs[id(target)]


def label_all(person: Person, targets: list[Target]) -> list[Labelled]:
    """Label each target until it agrees with the truth, and return how that went."""
    spent = _Spent(person)
    _label_rows(person, _of("car", targets), spent)
    _label_pillars(person, _of("pillar", targets), spent)
    _label_by_hand(person, _of("movable", targets), spent)
    for label, tool in _TOOLS.items():
        person.choose(tool, label=label)
        _label_by_clicks(person, _of(label, targets), spent)
        person.picture(f"garage_{label}")
    _improve_the_rest(person, targets, spent)
    return [Labelled(t.label, _agreement(person, t), spent.inputs(t)) for t in targets]


def note_all(results: list[Labelled], inputs: int, checks: Checks) -> None:
    """Note class by class, and together, how well objects were labelled and with how much."""
    for label in ("car", "pillar", "movable", "wall"):
        _note(label, [result for result in results if result.label == label], checks)
    good = sum(result.agreement >= LEAST_IOU for result in results)
    told = _("all {count} objects reach IoU {iou:.2f}, median {median:g} inputs, mean {mean:.1f}")
    if good < len(results):
        told = _("{good} of {count} objects reach IoU {iou:.2f}, median {median:g} inputs")
    middle = median(result.inputs for result in results)
    checks.note(
        _("every object labelled"),
        holds=good == len(results) and middle <= MOST_INPUTS,
        detail=told.format(
            good=good,
            count=len(results),
            iou=LEAST_IOU,
            median=middle,
            mean=inputs / max(1, len(results)),
        ),
    )


def _note(label: str, results: list[Labelled], checks: Checks) -> None:
    good = sum(result.agreement >= LEAST_IOU for result in results)
    told = _("{good} of {count}, inputs {inputs}").format(
        good=good, count=len(results), inputs=" ".join(str(r.inputs) for r in results)
    )
    if label != "wall":
        low = min((result.agreement for result in results), default=0.0)
        told += _(", lowest IoU {iou:.2f}").format(iou=low)
    checks.note(_("{name}: labelled").format(name=label), holds=good == len(results), detail=told)


def _of(label: str, targets: list[Target]) -> list[Target]:
    return [target for target in targets if target.label == label]


def _label_rows(person: Person, cars: list[Target], spent: _Spent) -> None:
    person.choose("row", label="car")
    for number, row in enumerate(rows_of(cars)):
        with spent.on(row[0]):
            _drag_row(person, row, picture="" if number else "garage_row")


def _label_pillars(person: Person, pillars: list[Target], spent: _Spent) -> None:
    """Click the first of them, and take what is proposed for the others."""
    person.choose("pillar", label="pillar")
    for target in pillars:
        with spent.on(target):
            if _found(person, target) is None and _click(person, target) and _offers(person):
                person.key(view_of(person), Qt.Key.Key_Return)
    person.picture("garage_pillar")


def _label_by_hand(person: Person, movables: list[Target], spent: _Spent) -> None:
    """Draw one of them corner by corner, and drag around another."""
    for target, way in zip(movables, (_draw_by_hand, _drag_around), strict=False):
        with spent.on(target):
            way(person, target)
            _improve(person, target)


def _label_by_clicks(person: Person, targets: list[Target], spent: _Spent) -> None:
    """Click each of them that nothing was found for yet."""
    for target in targets:
        if _found(person, target) is None:
            with spent.on(target):
                _click(person, target)
                _improve(person, target)


def _improve_the_rest(person: Person, targets: list[Target], spent: _Spent) -> None:
    """Select each of them that is not exact enough yet, and drag its grips."""
    person.choose("select_box")
    for target in targets:
        if _agreement(person, target) < LEAST_IOU:
            with spent.on(target):
                _select(person, target)
                _improve(person, target)


def _drag_row(person: Person, row: list[Target], *, picture: str) -> None:
    """Press on the best seen car of a row's end, and drag over the others."""
    view = view_of(person)
    rows = [target.rows for target in row]
    look_at(person, np.concatenate(rows))
    first, last = (row[0], row[-1]) if len(rows[0]) >= len(rows[-1]) else (row[-1], row[0])
    start = seen_place(person, first.rows)
    if start is None:
        return
    low = [(*t.box.center_m[:2], t.box.center_m[2] - t.box.size_m[2] / 2) for t in (first, last)]
    (ax, ay), (bx, by) = view.scene.to_px(low).tolist()
    way = [(ax + share * (bx - ax), ay + share * (by - ay)) for share in (0.3, 0.6, 0.8, 1.0)]
    person.drag(view, [start, *way], picture=picture)
    person.rest(0.5)
    if _offers(person):
        person.key(view, Qt.Key.Key_Return)


def _click(person: Person, target: Target) -> bool:
    """Look at an object from close by, click a point of it, and wait for what that makes."""
    session = _session(person)
    before = set(session.document.annotations)
    look_at(person, target.rows)
    at_px = seen_place(person, target.rows)
    if at_px is None:
        return False
    person.click(view_of(person), at_px)
    return person.waits(lambda: set(session.document.annotations) != before, _LONGEST_FIT_S)


def _draw_by_hand(person: Person, target: Target) -> None:
    """Click one end of an object, where its points are, then its other end and its side."""
    person.choose("draw_box", label=target.label)
    view, box = view_of(person), target.box
    points = look_at(person, target.rows)[:, :2]
    ends = [middle_of(box, face) for face in (Face.BACK, Face.FRONT, Face.LEFT)]
    near, far = sorted(ends[:2], key=lambda end: np.hypot(*(points - end[:2]).T).min())
    closest = np.hypot(*(points - near[:2]).T).argsort()
    first_px = seen_place(person, target.rows[closest], middle_first=False)
    low_m = box.center_m[2] - box.size_m[2] / 2
    on_floor = view.scene.to_px([(*end[:2], low_m) for end in (far, ends[2])]).tolist()
    if first_px is not None:
        for x, y in (first_px, *on_floor):
            person.click(view, (x, y))


def _drag_around(person: Person, target: Target) -> None:
    """Drag a rectangle around an object, with Ctrl held."""
    person.choose("one_click_box", label=target.label)
    session = _session(person)
    before = set(session.document.annotations)
    places = view_of(person).scene.to_px(look_at(person, target.rows))
    (x0, y0), (x1, y1) = (places.min(axis=0) - 6).tolist(), (places.max(axis=0) + 6).tolist()
    held = Qt.KeyboardModifier.ControlModifier
    person.drag(view_of(person), [(x0, y0), (x1, y0), (x1, y1)], held=held)
    person.waits(lambda: set(session.document.annotations) != before, _LONGEST_FIT_S)


def _offers(person: Person) -> bool:
    """Tell whether the tool in hand waits for a key that takes what it proposes."""
    person.rest(0.2)
    preview = view_of(person).preview
    return preview is not None and bool(preview.annotations)


def _select(person: Person, target: Target) -> None:
    look_at(person, target.rows)
    at_px = seen_place(person, target.rows)
    if at_px is not None:
        person.click(view_of(person), at_px)


def _improve(person: Person, target: Target) -> None:
    """Drag grips in the panes, the most telling one first, until the box is good enough."""
    for _turn in range(_MOST_DRAGS):
        made = view_of(person).selected()
        if made is None or target.label == "wall" or target.agreement(made) >= LEAST_IOU:
            return
        if not person.waits(partial(_are_shown, person, made), _LONGEST_FIT_S):
            return
        drag = best_drag(workbench_of(person).panes.panes, made, target.box)
        if drag is None:
            return
        (ax, ay), (bx, by) = drag.from_px, drag.to_px
        person.drag(drag.pane, [(ax, ay), ((ax + bx) / 2, (ay + by) / 2), (bx, by)])


def _are_shown(person: Person, made: Annotation) -> bool:
    panes = workbench_of(person).panes.panes
    return all(pane.shown is not None and pane.shown.annotation == made for pane in panes)


def _found(person: Person, target: Target) -> Annotation | None:
    """Return the label that means an object."""
    likely = list(_likely(person, target))
    best = max(likely, key=target.agreement, default=None)
    return best if best is not None and target.agreement(best) > 0.3 else None


def _likely(person: Person, target: Target) -> Iterator[Annotation]:
    for annotation in _session(person).document.annotations.values():
        if annotation.label == target.label:
            yield annotation


def _agreement(person: Person, target: Target) -> float:
    found = _found(person, target)
    return 0.0 if found is None else target.agreement(found)


def _session(person: Person) -> Session:
    session = person.window.workspace.session
    assert session is not None
    return session
