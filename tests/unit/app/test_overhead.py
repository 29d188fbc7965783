"""One looks into a scan from above: its ceilings are hidden, each where it is."""

import numpy as np

from annotator.app.overhead import Overhead
from annotator.geometry.survey import survey
from annotator.model.cloud import PointCloud


def ramp(under_m: float) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Return floor and ceiling of a ramp that rises by 10 %."""
    xy = np.random.default_rng(3).uniform(0, 30, (60_000, 2))
    z = under_m + 0.1 * xy[:, 0] + np.where(np.arange(60_000) % 2, 2.8, 0.0)
    return np.column_stack([xy, z]).astype(np.float32)


def test_the_whole_ceiling_of_a_ramp_is_hidden_and_nothing_of_its_floor() -> None:
    cloud = PointCloud(ramp(0.0))
    overhead = Overhead.found(survey(cloud.xyz_m), cloud.origin_m)

    assert overhead is not None
    seen = overhead.seen_below(cloud)

    assert seen[::2].all()
    assert not seen[1::2].any()


def test_another_scan_of_the_same_place_is_looked_into_before_its_floor_is_found() -> None:
    first = PointCloud(ramp(0.0))
    overhead = Overhead.found(survey(first.xyz_m), first.origin_m)
    other = PointCloud(ramp(-7.0), origin_m=(0.0, 0.0, 7.0))

    assert overhead is not None
    seen = overhead.seen_below(other)

    assert seen[::2].all()
    assert not seen[1::2].any()


def test_under_open_sky_there_is_nothing_overhead() -> None:
    floor = ramp(0.0)[::2]

    assert Overhead.found(survey(floor), (0.0, 0.0, 0.0)) is None
