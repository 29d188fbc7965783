"""What is wrong with a scan that opens all the same."""

import numpy as np

from annotator.i18n import gettext as _
from annotator.model.cloud import PointCloud
from annotator.model.findings import Finding, Severity

SPOT_M = 0.01


def scan_findings(cloud: PointCloud) -> tuple[Finding, ...]:
    """Return why nothing can be labelled in a scan; empty where something can.

    Scripts rely on the codes ``no-points``, ``no-place`` and ``one-spot``.
    """
    if not len(cloud):
        return (_found("no-points", _("the scan has no points; export it again")),)
    bounds = cloud.bounds_m()
    if bounds is None:
        text = _("no point has a place: every coordinate is missing; export the scan again")
        return (_found("no-place", text),)
    if np.ptp(bounds, axis=0).max() < SPOT_M:
        text = _("all points lie in one spot; check the unit and the columns of the file")
        return (_found("one-spot", text),)
    return ()


def _found(code: str, text: str) -> Finding:
    return Finding(code, text, Severity.ERROR)
