"""What the person is working with at the moment; never stored, never undone."""

from dataclasses import dataclass

from psygnal import Signal

from annotator.imaging.windows import Window
from annotator.model.annotations import Annotation, AnnotationId
from annotator.model.document import Document
from annotator.model.layers import Where


@dataclass(frozen=True, slots=True, eq=False)
class Offer:
    """Voxels that wait for a person's word: no annotation holds them all yet.

    Attributes
    ----------
    number
        Of the component, as its list counts.
    where
        Flat indices, sorted.
    site
        Where it lies.
    is_guess
        Whether that is a guess that no person has confirmed.
    why_unasked
        Why it is not put to a person unless one asks, in words; empty where it is.
    doubt
        What speaks against it, in words; empty where nothing does.
    """

    number: int
    where: Where
    site: str = ""
    is_guess: bool = True
    why_unasked: str = ""
    doubt: str = ""


class Selection:
    """The selected annotations or instances of points, and what new ones become.

    Attributes
    ----------
    ids
        The selected annotations.
    instances
        The selected instances of points, instead of annotations; the first is painted on.
    offer
        The candidate that is looked at, instead of annotations, while nobody has decided it.
    wants_candidates
        Whether candidates are shown by themselves where some are open: not since they were hidden.
    label
        The class of what is made new.
    makes_instances
        Whether points that are painted while nothing is selected become an instance.
    paints_all
        Whether painting takes the scans that are laid over the one at hand, too.
    window
        The window of grey values that a person chose last, for the next series as well.
    frame
        The scan of a sequence that is looked at, and whose points the instances are.
    """

    changed = Signal()

    def __init__(self, label: str = "") -> None:
        self.ids: tuple[AnnotationId, ...] = ()
        self.instances: tuple[int, ...] = ()
        self.offer: Offer | None = None
        self.wants_candidates = True
        self.label = label
        self.makes_instances = False
        self.paints_all = True
        self.window: Window | None = None
        self.frame = 0

    def set(self, ids: tuple[AnnotationId, ...]) -> None:
        """Select these annotations and nothing else."""
        self._select(ids, ())

    def annotations(self, document: Document) -> list[Annotation]:
        """Return what is selected as a document has it; what it has no longer is left out."""
        found = document.annotations
        return [found[one] for one in self.ids if one in found]

    def set_instances(self, instances: tuple[int, ...]) -> None:
        """Select these instances of points and nothing else."""
        self._select((), instances)

    def put_forward(self, offer: Offer) -> None:
        """Look at a candidate that nobody has decided, and at nothing else."""
        self.ids, self.instances, self.offer = (), (), offer
        self.changed.emit()

    def choose(self, label: str) -> None:
        """Give new annotations and points this class, and no longer add to an instance."""
        if label != self.label or self.instances:
            self.label, self.instances = label, ()
            self.changed.emit()

    def make_instances(self, *, on: bool) -> None:
        """Let painted points become an instance, or have only a class."""
        if on != self.makes_instances:
            self.makes_instances = on
            self.changed.emit()

    def paint_all(self, *, on: bool) -> None:
        """Let painting take the scans that are laid over the one at hand, or that one alone."""
        if on != self.paints_all:
            self.paints_all = on
            self.changed.emit()

    def look_at(self, frame: int) -> None:
        """Look at another scan of the sequence."""
        if frame != self.frame:
            self.frame = frame
            self.changed.emit()

    def _select(self, ids: tuple[AnnotationId, ...], instances: tuple[int, ...]) -> None:
        if (ids, instances) != (self.ids, self.instances) or self.offer is not None:
            self.ids, self.instances, self.offer = ids, instances, None
            self.changed.emit()
