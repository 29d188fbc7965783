"""What a tool shows while the pointer rests, because it takes longer than a hover may."""

from collections.abc import Callable

from annotator.errors import AnnotatorError
from annotator.model.shapes import Vec3
from annotator.tools.tool import CLEAR, NOTHING, Preview, Reply


class AtRest:
    """Nothing → (rest) worked out → (still there) shown → (move away) nothing."""

    def __init__(self) -> None:
        self._place: Vec3 | None = None
        self._is_shown = False

    def moved(self, place: Vec3 | None) -> Reply:
        """Show nothing any more where the pointer has gone elsewhere."""
        if place == self._place:
            return NOTHING
        was, self._is_shown, self._place = self._is_shown, False, None
        return Reply(preview=CLEAR) if was else NOTHING

    def rested(self, place: Vec3 | None, make: Callable[[], Preview]) -> Reply:
        """Answer with what is made of a place, if the pointer is still there once it is known."""
        if place is None or place == self._place:
            return NOTHING
        self._place = place

        def later() -> Reply:
            try:
                shown = make() if self._place == place else CLEAR
            except AnnotatorError:
                return NOTHING
            if self._place != place:
                return NOTHING
            self._is_shown = True
            return Reply(preview=shown)

        return Reply(later=later)

    def forget(self) -> None:
        """Want nothing shown that is still worked out."""
        self._place, self._is_shown = None, False

    def stay(self, place: Vec3 | None) -> None:
        """Want nothing shown of a place before the pointer has been elsewhere."""
        self._place, self._is_shown = place, False
