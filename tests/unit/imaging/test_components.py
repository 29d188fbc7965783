import numpy as np
import pytest
import scipy.ndimage
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.imaging.components import Connectivity, components, connected_parts

EVERYWHERE = np.ones((3, 3, 3))
shapes = st.tuples(st.integers(1, 8), st.integers(1, 12), st.integers(1, 140))


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    shape=shapes,
    share=st.sampled_from([0.02, 0.1, 0.3, 0.8]),
    threads=st.sampled_from([1, 3]),
)
def test_the_components_are_scipys_in_scipys_order(
    seed: int, shape: tuple[int, int, int], share: float, threads: int
) -> None:
    hu = np.random.default_rng(seed).integers(0, 1000, shape).astype(np.int16)
    threshold = 1000 * (1 - share)

    found = components(hu, at_least_hu=threshold, threads=threads)

    labels, count = scipy.ndimage.label(hu >= threshold, EVERYWHERE)
    numbers = np.arange(1, count + 1)
    assert len(found) == count
    for n in range(count):
        np.testing.assert_array_equal(found.where(n), np.flatnonzero(labels == n + 1))
    everywhere = np.arange(hu.size)
    np.testing.assert_array_equal(found.of(everywhere), labels.ravel() - 1)
    if count:
        np.testing.assert_array_equal(found.voxels, np.bincount(labels.ravel())[1:])
        np.testing.assert_array_equal(found.max_hu, scipy.ndimage.maximum(hu, labels, numbers))
        np.testing.assert_allclose(found.mean_hu, scipy.ndimage.mean(hu, labels, numbers))
        centers = scipy.ndimage.center_of_mass(labels > 0, labels, numbers)
        np.testing.assert_allclose(found.centroid, centers)
        boxes = scipy.ndimage.find_objects(labels)
        assert found.low.tolist() == [[s.start for s in box] for box in boxes]
        assert found.high.tolist() == [[s.stop - 1 for s in box] for box in boxes]


def test_a_scan_without_bright_voxels_has_no_components() -> None:
    found = components(np.zeros((4, 5, 6), np.int16), at_least_hu=130)

    assert len(found) == 0
    assert len(found.where_all(np.zeros(0, bool))) == 0


def test_fractional_hounsfield_units_are_compared_unrounded() -> None:
    hu = np.array([[[129.9, 130.0, 130.1, 0, 200]]], np.float32)

    found = components(hu, at_least_hu=130)

    assert found.voxels.tolist() == [2, 1]


def test_several_components_are_found_together_and_sorted() -> None:
    hu = np.random.default_rng(3).integers(0, 1000, (4, 30, 30)).astype(np.int16)
    found = components(hu, at_least_hu=900)
    small = found.voxels < 3

    where = found.where_all(small)

    expected = np.sort(np.concatenate([found.where(int(n)) for n in np.flatnonzero(small)]))
    np.testing.assert_array_equal(where, expected)


def test_each_component_offers_a_voxel_of_its_own() -> None:
    hu = np.random.default_rng(4).integers(0, 1000, (4, 30, 30)).astype(np.int16)
    found = components(hu, at_least_hu=900)

    seeds = found.seeds()

    assert all(seeds[n] in found.where(n) for n in range(len(found)))


@pytest.mark.parametrize("connectivity", [4, 8, 6, 26])
@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), share=st.sampled_from([0.05, 0.2, 0.6]))
def test_the_parts_of_a_set_of_voxels_are_scipys(
    connectivity: Connectivity, seed: int, share: float
) -> None:
    taken = np.random.default_rng(seed).random((5, 9, 11)) < share
    corners = connectivity in {8, 26}
    near = scipy.ndimage.generate_binary_structure(3, 3 if corners else 1)
    if connectivity in {4, 8}:
        near[[0, 2]] = 0

    parts = connected_parts(np.flatnonzero(taken), taken.shape, connectivity=connectivity)

    labels, _ = scipy.ndimage.label(taken, near)
    np.testing.assert_array_equal(parts, labels[taken] - 1)
