import math

import numpy as np
import numpy.typing as npt

from annotator.geometry.faces import Usual, measured_footprint

CAR = Usual((4.5, 1.8, 1.5), (0.29, 0.072, 0.105))


def body(seed: int) -> npt.NDArray[np.float64]:
    """A front, a side with a window over its rear half that is drawn in, and a roof."""
    rng = np.random.default_rng(seed)
    front = rng.uniform((2.25, -0.6, 0.2), (2.25, 0.6, 0.8), (8, 3))
    side = rng.uniform((-2.0, 0.9, 0.2), (2.0, 0.9, 0.8), (10, 3))
    window = rng.uniform((-2.0, 0.78, 0.9), (-0.3, 0.87, 1.3), (8, 3))
    roof = rng.uniform((-1.8, -0.6, 1.5), (0.5, 0.6, 1.5), (12, 3))
    points = np.concatenate([front, side, window, roof])
    return points + rng.normal(0, 0.01, points.shape)


def test_windows_behind_a_side_of_few_points_do_not_turn_the_box() -> None:
    rough = np.array([0.02, 2.2, -2.3, 0.95, -0.85])

    turns = [
        math.remainder(measured_footprint(body(seed), rough, CAR).yaw_rad, math.pi)
        for seed in range(20)
    ]

    assert np.median(np.abs(turns)) < math.radians(0.25)


def test_a_roof_of_two_points_apart_is_a_roof() -> None:
    points = body(3)
    few = np.concatenate([points[:26], [(-1.5, -0.4, 1.5), (0.2, 0.3, 1.51)]])

    measured = measured_footprint(few, np.array([0.0, 2.25, -2.25, 0.9, -0.9]), CAR)

    assert abs(measured.height_m - 1.505) < 0.015


def test_a_front_of_few_points_is_turned_as_most_around_lies() -> None:
    rough = np.array([0.08, 2.2, -2.3, 0.95, -0.85])
    rng = np.random.default_rng(1)
    fronts = [body(seed)[[*range(4), *range(26, 32)]] for seed in range(20)]
    fronts = [few + rng.normal(0, 0.02, few.shape) for few in fronts]

    alone, among = (
        [measured_footprint(few, rough, CAR, along_rad=way).yaw_rad for few in fronts]
        for way in (None, 0.01)
    )

    assert np.abs(among).mean() < 0.5 * np.abs(alone).mean()


def test_what_lies_askew_to_all_around_stays_so() -> None:
    rough = np.array([0.02, 2.2, -2.3, 0.95, -0.85])

    measured = measured_footprint(body(3), rough, CAR, along_rad=math.radians(20))

    assert abs(measured.yaw_rad) < math.radians(1)
