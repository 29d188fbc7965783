"""What everything that works on an open sequence shares."""

from dataclasses import dataclass

from annotator.app.current_scan import CurrentScan
from annotator.app.scans import WorldScans
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.commands import tracks
from annotator.commands.tracks import State
from annotator.model.annotations import Annotation
from annotator.model.shapes import Vec2


@dataclass(frozen=True, slots=True, eq=False)
class OpenSequence:
    """A sequence of scans, the place in it, and what is selected."""

    session: Session
    selection: Selection
    current: CurrentScan
    scans: WorldScans

    def selected(self) -> Annotation | None:
        """Return the one selected annotation as the document has it now."""
        ids = self.selection.ids
        return self.session.document.annotations.get(ids[0]) if len(ids) == 1 else None

    def chosen(self) -> list[Annotation]:
        """Return all selected annotations as the document has them now."""
        return self.selection.annotations(self.session.document)

    def states(self) -> dict[int, State]:
        """Return how the selected object's box came about in each scan that has one of its own."""
        return {
            frame: tracks.state_of(annotation)
            for frame, annotation in self.boxes_of(self.selected()).items()
            if annotation.frame is not None
        }

    def is_static(self) -> bool:
        """Tell whether the selected object holds in every scan."""
        selected = self.selected()
        return selected is not None and selected.frame is None

    def sensor_m(self, frame: int) -> Vec2 | None:
        """Return where a scan was taken, seen from above; None without poses."""
        place = self.scans.sensor_m(frame)
        return None if place is None else place[:2]

    def boxes_of(self, chosen: Annotation | None) -> dict[int, Annotation]:
        """Return what an object has in each scan; what is static holds in all."""
        if chosen is None:
            return {}
        if chosen.track is not None:
            return tracks.boxes_of(self.session.document, chosen.track)
        if chosen.frame is not None:
            return {chosen.frame: chosen}
        return dict.fromkeys(range(self.current.count), chosen)
