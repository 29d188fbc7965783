"""What the person is working with at the moment; never stored, never undone."""

from psygnal import Signal

from annotator.model.annotations import AnnotationId


class Selection:
    """The selected annotations or instances of points, and what new ones become.

    Attributes
    ----------
    ids
        The selected annotations.
    instances
        The selected instances of points, instead of annotations; the first is painted on.
    label
        The class of what is made new.
    makes_instances
        Whether points that are painted while nothing is selected become an instance.
    frame
        The scan of a sequence that is looked at, and whose points the instances are.
    """

    changed = Signal()

    def __init__(self, label: str = "") -> None:
        self.ids: tuple[AnnotationId, ...] = ()
        self.instances: tuple[int, ...] = ()
        self.label = label
        self.makes_instances = False
        self.frame = 0

    def set(self, ids: tuple[AnnotationId, ...]) -> None:
        """Select these annotations and nothing else."""
        self._select(ids, ())

    def set_instances(self, instances: tuple[int, ...]) -> None:
        """Select these instances of points and nothing else."""
        self._select((), instances)

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

    def look_at(self, frame: int) -> None:
        """Look at another scan of the sequence."""
        if frame != self.frame:
            self.frame = frame
            self.changed.emit()

    def _select(self, ids: tuple[AnnotationId, ...], instances: tuple[int, ...]) -> None:
        if (ids, instances) != (self.ids, self.instances):
            self.ids, self.instances = ids, instances
            self.changed.emit()
