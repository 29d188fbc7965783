"""How the cloud view shows a scan; never stored as an edit, never undone."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from psygnal import Signal

from annotator.app.renderers.choosing import Wanted
from annotator.geometry.colouring import ColourBy, ColourMap

_KEPT = (
    "colour_by",
    "colour_map",
    "point_px",
    "sizes_by_doubt",
    "tints",
    "hides_ceiling",
    "grid",
    "legend",
    "panes",
)
_LARGEST_PX = 8
UNLABELLED = 0
"""The label value of points without a class."""


@dataclass(frozen=True, slots=True)
class Look:
    """One way to show a scan.

    Attributes
    ----------
    sizes_by_doubt
        Whether a point is drawn larger where its sensor is less sure of its place.
    slab_m
        Lowest and highest world height shown; None where nothing is cut.
    storey
        Which storey alone is shown, 0 for the lowest; None where all are.
    hides_ceiling
        Whether no ceiling is shown, nor what hangs close below one.
    tints
        Whether points of a class take its colour on whatever they are coloured by.
    hidden, solo, faded
        Label values not shown, the only ones shown, and those hardly to be seen; 0 is of points
        without a class.
    protected
        Classes whose points are not repainted.
    arrows
        Whether arrows show how a radar's points move; None: while they are coloured by that.
    grid, legend, panes
        Whether a grid lies on the floor, the legend is unfolded, and the panes are shown.
    """

    colour_by: ColourBy = ColourBy.HEIGHT
    colour_map: ColourMap = ColourMap.SPECTRUM
    point_px: int = 2
    sizes_by_doubt: bool = False
    tints: bool = True
    slab_m: tuple[float | None, float | None] = (None, None)
    storey: int | None = None
    hides_ceiling: bool = False
    hidden: frozenset[int] = field(default_factory=frozenset)
    solo: frozenset[int] = field(default_factory=frozenset)
    faded: frozenset[int] = field(default_factory=frozenset)
    protected: frozenset[str] = field(default_factory=frozenset)
    arrows: bool | None = None
    grid: bool = False
    legend: bool = True
    panes: bool = True

    @property
    def draws_arrows(self) -> bool:
        """Whether arrows show how points move."""
        return self.colour_by is ColourBy.VELOCITY if self.arrows is None else self.arrows

    @property
    def cuts_classes(self) -> bool:
        """Whether points of any class are hidden or faded."""
        return bool(self.hidden or self.solo or self.faded)

    def draws_like(self, other: "Look") -> bool:
        """Tell whether points look the same: only what lies over or beside them differs."""
        names = ("protected", "arrows", "grid", "legend", "panes")
        beside = {name: getattr(self, name) for name in names}
        return self == replace(other, **beside)

    def kept(self) -> dict[str, str | int | bool]:
        """Return what is for the next scan and the next start as well, by its name."""
        return {name: getattr(self, name) for name in _KEPT}

    @classmethod
    def from_kept(cls, kept: Mapping[str, object]) -> Self:
        """Return the look that was kept; what nobody knows any more is as usual."""
        look = cls()
        for name, value in kept.items():
            usual = getattr(look, name) if name in _KEPT else None
            with contextlib.suppress(ValueError):  # a map of another version
                if isinstance(usual, bool) and isinstance(value, bool):
                    look = replace(look, **{name: value})  # type: ignore[arg-type]  # as was asked
                elif isinstance(usual, ColourMap):
                    look = replace(look, colour_map=ColourMap(str(value)))
                elif isinstance(usual, ColourBy):
                    look = replace(look, colour_by=ColourBy(str(value)))
                elif type(usual) is int and type(value) is int:
                    look = replace(look, point_px=min(max(value, 1), _LARGEST_PX))
        return look

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

    def show_all_classes(self) -> None:
        """Hide, single out and fade no class any more."""
        nothing: frozenset[int] = frozenset()
        self.set(hidden=nothing, solo=nothing, faded=nothing)

    def show_all_heights(self) -> None:
        """Cut nothing above or below any more, and show all storeys."""
        self.set(slab_m=(None, None), storey=None)

    def resize_points(self, by: int) -> None:
        """Draw points larger or smaller, from 1 to 8 px."""
        self.set(point_px=min(max(self.look.point_px + by, 1), _LARGEST_PX))
