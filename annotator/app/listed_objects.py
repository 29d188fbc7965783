"""The objects of an item for a list: one entry each, however many scans an object is in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from annotator.app.states_in_words import sign_in_words, sign_of
from annotator.i18n import gettext as _
from annotator.i18n import ngettext
from annotator.model.annotations import Annotation, AnnotationId, Origin
from annotator.model.document import Document
from annotator.model.labels import Taxonomy


@dataclass(frozen=True, slots=True)
class ListedObject:
    """An object with its boxes, in the order of their scans; most have one, in every scan.

    Attributes
    ----------
    number
        Which of the item it is for good, see `numbers_of`; 0 where it is called otherwise.
    """

    boxes: tuple[Annotation, ...]
    number: int = 0

    def name(self, title: str) -> str:
        """Return what it is called: its class's title, and what tells it from others of it."""
        return " ".join(filter(None, (title, self.boxes[0].track, numbered(self.number))))

    def seen_from(self, frame: int) -> Annotation:
        """Return what it has in a scan, or else in the nearest one."""
        return min(self.boxes, key=lambda box: abs(_scan(box, frame) - frame))

    def is_in(self, frame: int) -> bool:
        """Tell whether it has anything in a scan."""
        return self.seen_from(frame).frame in {None, frame}

    def scans_in_words(self, frame: int) -> str:
        """Say in how many scans it is, or in which one; a sign says how it came to the shown one.

        Parameters
        ----------
        frame
            The scan that is shown.
        """
        box = self.seen_from(frame)
        if box.frame is None:
            return _("every scan")
        if len(self.boxes) == 1:
            return f"{sign_of(box)} {_('scan {n}').format(n=box.frame + 1)}".strip()
        count = len(self.boxes)
        text = ngettext("{n} scan", "{n} scans", count).format(n=count)
        return f"{sign_of(box)} {text}" if box.frame == frame else text

    def scans_in_full(self) -> str:
        """Say which scans those are, a line for each way in which its boxes came about."""
        lines: dict[str, list[str]] = {}
        for box in self.boxes:
            if box.frame is not None:
                lines.setdefault(sign_in_words(box), []).append(str(box.frame + 1))
        told = _("{how}: scans {numbers}")
        return "\n".join(
            told.format(how=how, numbers=", ".join(numbers)) for how, numbers in lines.items()
        )


def objects_listed(document: Document, taxonomy: Taxonomy) -> tuple[ListedObject, ...]:
    """Return objects by class, number and scan; what is equal in these stays in its order.

    A suggestion is an object of its own: it is nobody's box yet.
    """
    boxes: dict[tuple[str, bool], list[Annotation]] = {}
    for one in document.annotations.values():
        is_box = one.track is not None and one.origin is not Origin.SUGGESTION
        boxes.setdefault((one.track or one.id, is_box), []).append(one)
    places = {label.name: place for place, label in enumerate(taxonomy)}
    numbers = numbers_of(document)
    found = [
        ListedObject(tuple(sorted(of_one, key=_own_scan)), numbers.get(of_one[0].id, 0))
        for of_one in boxes.values()
    ]
    return tuple(sorted(found, key=lambda one: _place(one.boxes[0], places)))


def numbers_of(document: Document) -> dict[AnnotationId, int]:
    """Return what objects are called for good; what moves is called by its track."""
    annotations = document.annotations
    return {
        one: number
        for one, number in document.numbers.items()
        if one in annotations and annotations[one].track is None
    }


def numbered(number: int) -> str:
    """Return a number as lists and findings write it; empty for none."""
    return f"#{number}" if number else ""


def rows_with(objects: Sequence[ListedObject], ids: Iterable[AnnotationId]) -> list[int]:
    """Return the places in a list of the objects that some annotations are of."""
    wanted = set(ids)
    return [n for n, one in enumerate(objects) if any(box.id in wanted for box in one.boxes)]


def _place(one: Annotation, places: dict[str, int]) -> tuple[int, bool, int, str, int]:
    track = one.track or ""
    number = int(track) if track.isascii() and track.isdigit() else 0
    return places.get(one.label, len(places)), not track, number, track, _own_scan(one)


def _own_scan(box: Annotation) -> int:
    return _scan(box, -1)


def _scan(box: Annotation, frame: int) -> int:
    """Return a box's scan; of what holds in every scan, the one that is asked for."""
    return frame if box.frame is None else box.frame
