"""What the person is working with at the moment; never stored, never undone."""

from psygnal import Signal

from annotator.model.annotations import AnnotationId


class Selection:
    """The selected annotations, and the class that new ones get."""

    changed = Signal()

    def __init__(self, label: str = "") -> None:
        self.ids: tuple[AnnotationId, ...] = ()
        self.label = label

    def set(self, ids: tuple[AnnotationId, ...]) -> None:
        """Select these annotations and no others."""
        if ids != self.ids:
            self.ids = ids
            self.changed.emit()

    def choose(self, label: str) -> None:
        """Give new annotations this class."""
        if label != self.label:
            self.label = label
            self.changed.emit()
