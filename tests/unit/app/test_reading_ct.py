"""CT series are opened so that slices show early and nothing waits in vain."""

from pathlib import Path

import numpy as np
import pytest
from pydicom.uid import JPEGLSLossless

from annotator.app.reading_ct import open_series, open_volume
from annotator.errors import CancelledError, FileError
from annotator.formats.dicom.volume import read_volume
from tests.unit.formats.dicom.ct_maker import ct_slice, save, save_series


@pytest.fixture(scope="module")
def compressed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A series whose slices are decoded in processes of their own."""
    folder = tmp_path_factory.mktemp("压缩")
    for k in range(20):
        ct = ct_slice(k)
        ct.compress(JPEGLSLossless, generate_instance_uid=False)
        save(ct, folder / f"{k:02d}")
    return folder


def test_a_series_decoded_by_other_processes_is_the_same(compressed: Path) -> None:
    series = open_series(compressed).series[0]

    volume = open_volume(series)

    assert np.array_equal(volume.hu, read_volume(series).hu)
    assert volume.slice_hashes == read_volume(series).slice_hashes


def test_the_middle_slice_shows_first_and_all_slices_come(compressed: Path) -> None:
    series = open_series(compressed).series[0]
    seen: list[int] = []
    shown: dict[int, int] = {}

    def show(k: int, hu: np.ndarray) -> None:
        seen.append(k)
        shown[k] = int(hu[0, 0])

    open_volume(series, on_slice=show)

    assert seen[0] == 10
    assert shown == {k: 100 * k - 1024 for k in range(20)}


def test_a_volume_can_be_given_up_while_it_is_read(compressed: Path, tmp_path: Path) -> None:
    plain = open_series(save_series(tmp_path, [float(k) for k in range(8)])).series[0]

    for series in (open_series(compressed).series[0], plain):
        with pytest.raises(CancelledError):
            open_volume(series, cancelled=lambda: True)


def test_a_slice_that_went_bad_is_missing_and_the_others_are_there(tmp_path: Path) -> None:
    for k in range(4):
        ct = ct_slice(k)
        ct.compress(JPEGLSLossless, generate_instance_uid=False)
        save(ct, tmp_path / str(k))
    series = open_series(tmp_path).series[0]
    Path(series.slices[0].path).write_bytes(b"gone")

    volume = open_volume(series)

    assert volume.missing == {0}
    assert volume.hu[3, 0, 0] == 300 - 1024


def test_a_path_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no such file or folder"):
        open_series(tmp_path / "absent")
