"""What is wrong with a scan that opens all the same."""

import numpy as np
import numpy.typing as npt

from annotator.i18n import gettext as _
from annotator.model.cloud import PointCloud
from annotator.model.findings import Finding, Severity

SPOT_M = 0.01
_FEW = 1000


def scan_findings(cloud: PointCloud) -> tuple[Finding, ...]:
    """Return why nothing can be labelled in a scan; empty where something can.

    Scripts rely on the codes ``no-points``, ``no-place`` and ``one-spot``.
    """
    if not len(cloud):
        return (_found("no-points", _("the scan has no points; export it again")),)
    if cloud.bounds_m() is None:
        text = _("no point has a place: every coordinate is missing; export the scan again")
        return (_found("no-place", text),)
    if is_one_spot(cloud):
        return (_found("one-spot", one_spot_in_words()),)
    return ()


def is_one_spot(cloud: PointCloud) -> bool:
    """Tell whether all points lie in one spot; of nearly every scan a few tell that they do not."""
    few = cloud.xyz_m[:: max(1, len(cloud) // _FEW)]
    return _spans_nothing(few) and _spans_nothing(cloud.xyz_m)


def one_spot_in_words() -> str:
    """Say that all points lie in one spot, and what to do."""
    return _("all points lie in one spot; check the unit and the columns of the file")


def _spans_nothing(xyz_m: npt.NDArray[np.float32]) -> bool:
    known = xyz_m[np.isfinite(xyz_m).all(axis=1)]
    return not len(known) or bool(np.ptp(known, axis=0).max() < SPOT_M)


def _found(code: str, text: str) -> Finding:
    return Finding(code, text, Severity.ERROR)
