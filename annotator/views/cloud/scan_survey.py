"""Has floor, ceiling and a search index of the shown scan found beside the window."""

from collections.abc import Callable
from concurrent.futures import Executor, Future

from PySide6.QtCore import QObject, QTimer, Signal

from annotator.geometry.survey import Survey, survey
from annotator.model.cloud import PointCloud
from annotator.model.shapes import Vec3

_PASSING_MS = 80
"""A scan that is left sooner was only passed: its floor is not looked for."""


class ScanSurvey(QObject):
    """Surveys the latest scan it was asked for.

    Parameters
    ----------
    take
        Is given what was found, on the window's thread.
    """

    _found = Signal(object)

    def __init__(self, pool: Executor, take: Callable[[Survey], None], parent: QObject) -> None:
        super().__init__(parent)
        self._pool, self._take = pool, take
        self._cloud: PointCloud | None = None
        self._sensor_m: Vec3 | None = None
        self._running: Future[None] | None = None
        self._soon = QTimer(self, singleShot=True, interval=_PASSING_MS)
        self._soon.timeout.connect(self._begin)
        self._found.connect(self._deliver)

    def ask(self, cloud: PointCloud, sensor_m: Vec3 | None = None, *, soon: bool) -> None:
        """Survey a scan at once, or ``soon``, if it is still the one shown then."""
        self._cloud, self._sensor_m = cloud, sensor_m
        if soon:
            self._soon.start()
        else:
            self._begin()

    def stop(self) -> None:
        """Begin no more."""
        self._soon.stop()

    def _begin(self) -> None:
        if self._running is not None:
            self._running.cancel()
        cloud = self._cloud
        if cloud is not None and len(cloud):
            at = None if self._sensor_m is None else cloud.own_m(self._sensor_m)
            self._running = self._pool.submit(lambda: self._found.emit(survey(cloud.xyz_m, at)))

    def _deliver(self, found: Survey) -> None:
        """Pass on what was found, unless another scan is shown by now."""
        if self._cloud is not None and found.index.xyz_m is self._cloud.xyz_m:
            self._take(found)
