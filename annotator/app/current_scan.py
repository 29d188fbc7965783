"""Which scan of a sequence the person looks at, and how many around it; never stored."""

from psygnal import Signal

MOST_REACH = 20


class CurrentScan:
    """A place in a sequence. It never leaves the sequence; whoever asks for more gets its end.

    Attributes
    ----------
    frame
        The scan that is worked on.
    reach
        How many scans on each side are laid over it; 0 for none.
    makes_static
        Whether what is labelled now holds in every scan.
    """

    changed = Signal()

    def __init__(self, count: int) -> None:
        if count < 1:
            raise ValueError("a sequence has at least one scan")
        self.count = count
        self.frame = 0
        self.reach = 0
        self.makes_static = False
        self.goes_forward = True

    @property
    def is_last(self) -> bool:
        """Whether no scan comes after it."""
        return self.frame == self.count - 1

    def go(self, frame: int) -> None:
        """Look at a scan."""
        wanted = min(max(frame, 0), self.count - 1)
        if wanted != self.frame:
            self.goes_forward = wanted > self.frame
            self.frame = wanted
            self.changed.emit()

    def step(self, by: int) -> None:
        """Look at the scan that many after this one."""
        self.go(self.frame + by)

    def accumulate(self, reach: int) -> None:
        """Lay so many scans on each side over this one."""
        wanted = min(max(reach, 0), MOST_REACH, self.count - 1)
        if wanted != self.reach:
            self.reach = wanted
            self.changed.emit()

    def make_static(self, *, on: bool) -> None:
        """Let what is labelled from now on hold in every scan, or in this one only."""
        if on != self.makes_static:
            self.makes_static = on
            self.changed.emit()
