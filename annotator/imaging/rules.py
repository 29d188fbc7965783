"""What counts as a calcification, written down so that it can be computed."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

Cuts = tuple[float, float, float, float]

# Threshold and lowest peaks of weights 2, 3 and 4 by tube voltage. Gräni 2018 gives the largest
# peak of the weight below (120 kV: 130/199/299/399), hence the "+ 1"; 120 kV is Agatston's own.
CUTS_BY_KV: dict[int, Cuts] = {
    70: (207, 318 + 1, 477 + 1, 636 + 1),
    80: (177, 271 + 1, 408 + 1, 544 + 1),
    100: (145, 222 + 1, 334 + 1, 446 + 1),
    120: (130, 200, 300, 400),
    135: (119, 183 + 1, 274 + 1, 364 + 1),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """What an annotator marks: a project setting that every number is printed with.

    A focus is 26-connected across slices; a lesion, of which scores count the area, is
    8-connected within a slice.

    Attributes
    ----------
    name, version
        Said beside every number that follows from the rule.
    at_least_hu
        Threshold where the tube voltage is unknown or not in the table.
    follows_kv
        Whether the threshold is the table's for the series' tube voltage.
    flag_below_mm2
        A focus whose largest slice is smaller is flagged, not dropped.
    cuts_by_kv
        The table: tube voltage with the threshold and the lowest peaks of weights 2, 3 and 4.
    connectivity
        8 or 4 neighbours make a lesion of a slice.
    """

    name: str = "CAL-130"
    version: str = "1"
    at_least_hu: float = 130.0
    follows_kv: bool = True
    flag_below_mm2: float = 1.0
    cuts_by_kv: tuple[tuple[int, Cuts], ...] = tuple(CUTS_BY_KV.items())
    connectivity: Literal[4, 8] = 8

    def __post_init__(self) -> None:
        thresholds = (self.at_least_hu, *(cuts[0] for _kv, cuts in self.cuts_by_kv))
        if not all(math.isfinite(hu) for hu in thresholds):
            raise ValueError("a threshold must be a number")
        if not self.flag_below_mm2 >= 0:
            raise ValueError(f"the least area cannot be negative, got {self.flag_below_mm2} mm²")

    def cuts(self, kvp: float | None) -> Cuts:
        """Return the threshold and the lowest peaks of weights 2, 3 and 4 at a tube voltage."""
        if kvp is not None and self.follows_kv and self.knows(kvp):
            return dict(self.cuts_by_kv)[round(kvp)]
        return (self.at_least_hu, *CUTS_BY_KV[120][1:])

    def knows(self, kvp: float | None) -> bool:
        """Tell whether the table has a threshold for a tube voltage."""
        return kvp is not None and round(kvp) in dict(self.cuts_by_kv)

    def threshold_hu(self, kvp: float | None) -> float:
        """Return the lowest value that belongs to a focus at a tube voltage."""
        return self.cuts(kvp)[0]

    @property
    def enough_mm2(self) -> float:
        """The least area that is not flagged, less a hair: 3.9999… of 4 pixels is 4."""
        return self.flag_below_mm2 - 1e-9

    def title(self) -> str:
        """Return name and version, as numbers are printed with."""
        return f"{self.name} v{self.version}"

    def told_apart(self, known: Iterable["Rule"]) -> "Rule":
        """Return the rule under the first version that no known rule with other numbers bears.

        A number printed with a rule's title must mean one rule for ever.
        """
        taken = {rule.title(): rule for rule in known}
        rule, number = self, int(self.version) if self.version.isdecimal() else 1
        while taken.get(rule.title(), rule) != rule:
            number += 1
            version = number if self.version.isdecimal() else f"{self.version}.{number}"
            rule = replace(self, version=str(version))
        return rule


CAL_130 = Rule()
