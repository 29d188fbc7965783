"""Times things: warm-up first, then medians."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Times:
    """How long each run took, in milliseconds."""

    each_ms: tuple[float, ...]

    @property
    def median_ms(self) -> float:
        """Half of the runs were quicker."""
        return statistics.median(self.each_ms)

    @property
    def median_s(self) -> float:
        """The same in seconds."""
        return self.median_ms / 1000

    def share_ms(self, share: float) -> float:
        """Return what that share of the runs did not exceed."""
        ordered = sorted(self.each_ms)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def timed(do: Callable[[int], object], runs: int, *, warm: int = 2) -> Times:
    """Do something often and time each; it is told its number, so that no two are alike."""
    for n in range(warm):
        do(n)
    each = []
    for n in range(warm, warm + runs):
        began = time.perf_counter()
        do(n)
        each.append((time.perf_counter() - began) * 1000)
    return Times(tuple(each))
