"""Moves the floor and the ceiling of the height slab, between which points are drawn."""

from enum import StrEnum

from annotator.app.cloud_settings import CloudSettings

_THINNEST_M = 0.05


class Edge(StrEnum):
    """One of the slab's two edges."""

    FLOOR = "floor"
    CEILING = "ceiling"


class HeightSlab:
    """The slab of the present look.

    Parameters
    ----------
    settings
        Whose look it is.
    """

    def __init__(self, settings: CloudSettings) -> None:
        self._settings = settings

    def edge_m(self, edge: Edge, between_m: tuple[float, float]) -> float:
        """Return where an edge is; at the end of the scan where nothing is cut.

        Parameters
        ----------
        between_m
            Lowest and highest height of the scan.
        """
        low, high = self._settings.look.slab_m
        if edge is Edge.FLOOR:
            return between_m[0] if low is None else low
        return between_m[1] if high is None else high

    def put(self, edge: Edge, at_m: float, between_m: tuple[float, float]) -> None:
        """Put an edge somewhere; at the end of the scan, or past it, nothing is cut."""
        low, high = (self.edge_m(e, between_m) for e in Edge)
        if edge is Edge.FLOOR:
            low = min(max(at_m, between_m[0]), high - _THINNEST_M)
        else:
            high = max(min(at_m, between_m[1]), low + _THINNEST_M)
        self._settings.set(
            slab_m=(
                low if low > between_m[0] else None,
                high if high < between_m[1] else None,
            )
        )

    def shift(self, edge: Edge, by_m: float, between_m: tuple[float, float]) -> None:
        """Move an edge by some metres."""
        self.put(edge, self.edge_m(edge, between_m) + by_m, between_m)
