"""Scans of a sequence that need not all be in memory."""

from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path

from annotator.model.cloud import PointCloud


class Scans(Sequence[PointCloud]):
    """Scans in order, whose sizes and files are known before one of them is read.

    Looking at a scan may read it, and so may raise `FileError`.
    """

    @property
    @abstractmethod
    def counts(self) -> tuple[int, ...]:
        """How many points each scan has."""

    @property
    @abstractmethod
    def paths(self) -> tuple[Path | None, ...]:
        """The file of each scan."""


def counts_of(clouds: Sequence[PointCloud]) -> tuple[int, ...]:
    """Return how many points each scan has, without reading one for it."""
    return clouds.counts if isinstance(clouds, Scans) else tuple(len(cloud) for cloud in clouds)


def paths_of(clouds: Sequence[PointCloud]) -> tuple[Path | None, ...]:
    """Return the file of each scan, without reading one for it."""
    return clouds.paths if isinstance(clouds, Scans) else tuple(cloud.path for cloud in clouds)
