import numpy as np
import pytest

from annotator.geometry.scan_findings import is_one_spot
from annotator.model.cloud import PointCloud


@pytest.mark.parametrize(("last_m", "expected"), [(2.0, True), (2.5, False), (np.nan, True)])
def test_all_points_are_in_one_spot_only_if_not_one_is_elsewhere(
    last_m: float, *, expected: bool
) -> None:
    xyz = np.full((5001, 3), 2.0, np.float32)
    xyz[-2] = last_m

    assert is_one_spot(PointCloud(xyz)) is expected
