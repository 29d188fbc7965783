"""How the cloud view shows a scan; never stored as an edit, never undone."""

from dataclasses import dataclass, field, replace

from psygnal import Signal

from annotator.app.renderers.choosing import Wanted
from annotator.geometry.colouring import ColourBy, ColourMap

_THINNEST_M = 0.05


@dataclass(frozen=True, slots=True)
class Look:
    """One way to show a scan.

    Attributes
    ----------
    sizes_by_doubt
        Whether a point is drawn larger where its sensor is less sure of its place.
    slab_m
        Lowest and highest world height shown; None where nothing is cut.
    tints
        Whether points of a class take its colour on whatever they are coloured by.
    hidden, solo, faded
        Label values not shown, the only ones shown, and those hardly to be seen.
    protected
        Classes whose points are not repainted.
    """

    colour_by: ColourBy = ColourBy.HEIGHT
    colour_map: ColourMap = ColourMap.SPECTRUM
    point_px: int = 2
    sizes_by_doubt: bool = False
    tints: bool = True
    slab_m: tuple[float | None, float | None] = (None, None)
    hidden: frozenset[int] = field(default_factory=frozenset)
    solo: frozenset[int] = field(default_factory=frozenset)
    faded: frozenset[int] = field(default_factory=frozenset)
    protected: frozenset[str] = field(default_factory=frozenset)

    def shows(self, value: int) -> bool:
        """Tell whether a class is shown."""
        return value in self.solo if self.solo else value not in self.hidden


class CloudSettings:
    """The present look; ``changed`` tells the one before."""

    changed = Signal(object)
    renderer_changed = Signal()
    drawn_by_changed = Signal(str)

    def __init__(self, look: Look | None = None, renderer: Wanted = Wanted.SOFTWARE) -> None:
        self.look = look or Look()
        self.renderer = renderer
        self.drawn_by = ""

    def set(self, **what: object) -> None:
        """Change some parts of the look."""
        before, self.look = self.look, replace(self.look, **what)  # type: ignore[arg-type]  # replace checks names
        if before != self.look:
            self.changed.emit(before)

    def choose_renderer(self, wanted: Wanted) -> None:
        """Draw another way from now on; the same again tries again."""
        self.renderer = wanted
        self.renderer_changed.emit()

    def tell_drawn_by(self, name: str) -> None:
        """Say which renderer draws now."""
        if name != self.drawn_by:
            self.drawn_by = name
            self.drawn_by_changed.emit(name)

    def resize_points(self, by: int) -> None:
        """Draw points larger or smaller, from 1 to 8 px."""
        self.set(point_px=min(max(self.look.point_px + by, 1), 8))

    def move_slab(self, by_m: float, between_m: tuple[float, float], *, of_floor: bool) -> None:
        """Shift the height below (``of_floor``) or above which nothing is shown.

        Parameters
        ----------
        between_m
            Lowest and highest height of the scan: there the slab is open.
        """
        lowest, highest = between_m
        low, high = self.look.slab_m
        low = lowest if low is None else low
        high = highest if high is None else high
        if of_floor:
            low = min(max(low + by_m, lowest), high - _THINNEST_M)
        else:
            high = max(min(high + by_m, highest), low + _THINNEST_M)
        self.set(slab_m=(low if low > lowest else None, high if high < highest else None))
