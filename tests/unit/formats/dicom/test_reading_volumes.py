import zipfile
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
    JPEGLSLossless,
    RLELossless,
)

from annotator.errors import FileError
from annotator.formats.dicom.series import find_series
from annotator.formats.dicom.volume import read_volume
from annotator.model.volume import HeaderWindow, Volume
from tests.unit.formats.dicom.ct_maker import COLUMNS, ROWS, Change, ct_slice, save, save_series

RAMP = np.arange(COLUMNS) - 1024


def _volume(path: Path) -> Volume:
    found = find_series(path)
    assert len(found.series) == 1, found.skipped
    return read_volume(found.series[0])


def _with(**values: object) -> Change:
    def change(ct: object) -> None:
        for name, value in values.items():
            setattr(ct, name, value)

    return change


@pytest.mark.parametrize(
    "syntax",
    [
        ImplicitVRLittleEndian,
        DeflatedExplicitVRLittleEndian,
        ExplicitVRBigEndian,
        RLELossless,
        JPEGLSLossless,
    ],
)
def test_every_compression_gives_the_same_voxels_and_hash(syntax: str, tmp_path: Path) -> None:
    plain = _volume(save_series(tmp_path / "plain", [0, 1, 2]))

    for k in range(3):
        ct = ct_slice(k, position_mm=(-10, -20, k))
        if syntax in {RLELossless, JPEGLSLossless}:
            ct.compress(syntax, generate_instance_uid=False)
            save(ct, tmp_path / "other" / str(k))
            continue
        ct.file_meta.TransferSyntaxUID = syntax
        if syntax == ExplicitVRBigEndian:
            ct.PixelData = np.frombuffer(ct.PixelData, "<i2").astype(">i2").tobytes()
        fresh = Dataset()
        fresh.update(ct)
        fresh.file_meta, fresh.preamble = ct.file_meta, ct.preamble
        path = tmp_path / "other" / str(k)
        path.parent.mkdir(exist_ok=True)
        fresh.save_as(path, enforce_file_format=True)
    other = _volume(tmp_path / "other")

    assert np.array_equal(plain.hu, other.hu)
    assert plain.slice_hashes == other.slice_hashes


def test_whole_rescales_give_int16_and_others_float32(tmp_path: Path) -> None:
    whole = _volume(save_series(tmp_path / "whole", [0, 1]))
    broken = _volume(save_series(tmp_path / "broken", [0, 1], change=_with(RescaleSlope="0.5")))

    assert whole.hu.dtype == np.int16
    assert broken.hu.dtype == np.float32
    assert broken.hu[0, 0].tolist() == (np.arange(COLUMNS) * 0.5 - 1024).tolist()


def test_twelve_bits_in_sixteen_lose_what_an_overlay_left_above(tmp_path: Path) -> None:
    stored = np.tile(np.arange(COLUMNS, dtype=np.uint16) | 0xF000, (ROWS, 1))
    change = _with(BitsStored=12, HighBit=11, PixelRepresentation=0, PixelData=stored.tobytes())
    save(ct_slice(0, change=change), tmp_path / "one")

    assert _volume(tmp_path).hu[0, 0].tolist() == RAMP.tolist()


def test_signed_twelve_bits_keep_their_sign(tmp_path: Path) -> None:
    stored = np.tile((np.arange(COLUMNS) - 5).astype(np.int16) & 0x0FFF, (ROWS, 1))
    change = _with(BitsStored=12, HighBit=11, RescaleIntercept="0", PixelData=stored.tobytes())
    save(ct_slice(0, change=change), tmp_path / "one")

    assert _volume(tmp_path).hu[0, 0].tolist() == (np.arange(COLUMNS) - 5).tolist()


def test_values_beyond_int16_stay_at_its_limit(tmp_path: Path) -> None:
    stored = np.full((ROWS, COLUMNS), 65535, np.uint16)
    change = _with(PixelRepresentation=0, RescaleIntercept="0", PixelData=stored.tobytes())
    save(ct_slice(0, change=change), tmp_path / "one")

    assert set(_volume(tmp_path).hu.ravel().tolist()) == {32767}


def test_bright_padding_becomes_air_and_no_calcium(tmp_path: Path) -> None:
    stored = np.tile(np.arange(COLUMNS, dtype=np.int16), (ROWS, 1))
    stored[:, -1] = 4000
    change = _with(PixelData=stored.tobytes(), PixelPaddingValue=4000)
    save(ct_slice(0, change=change), tmp_path / "one")

    assert _volume(tmp_path).hu[0, 0, -1] == -1024


def test_monochrome1_says_how_to_show_values_and_changes_none(tmp_path: Path) -> None:
    change = _with(PhotometricInterpretation="MONOCHROME1")
    save(ct_slice(0, change=change), tmp_path / "one")

    assert _volume(tmp_path).hu[0, 0].tolist() == RAMP.tolist()


def test_the_middle_slice_comes_first_and_every_slice_comes(tmp_path: Path) -> None:
    series = find_series(save_series(tmp_path, [float(k) for k in range(9)])).series[0]
    seen: list[int] = []

    read_volume(series, on_slice=lambda k, _hu: seen.append(k))

    assert seen[0] == 4
    assert sorted(seen) == list(range(9))


def test_the_slice_on_show_can_be_asked_for_first(tmp_path: Path) -> None:
    series = find_series(save_series(tmp_path, [0, 1, 2])).series[0]
    seen: list[int] = []

    read_volume(series, on_slice=lambda k, _hu: seen.append(k), first=2)

    assert seen[0] == 2


def test_a_slice_that_went_bad_is_air_and_said(tmp_path: Path) -> None:
    series = find_series(save_series(tmp_path, [float(k) for k in range(4)])).series[0]
    Path(series.slices[3].path).write_bytes(b"gone")

    volume = read_volume(series)

    assert volume.missing == {3}
    assert set(volume.hu[3].ravel().tolist()) == {-1024}
    assert volume.series.findings[0].text.startswith("1 slice could not be read: 4 (")
    assert not volume.series.measurable


def test_a_series_without_a_readable_slice_is_an_error(tmp_path: Path) -> None:
    series = find_series(save_series(tmp_path, [0, 1])).series[0]
    for image in series.slices:
        Path(image.path).write_bytes(b"gone")

    with pytest.raises(FileError, match="it is not DICOM"):
        read_volume(series)


def test_an_anonymised_and_renamed_copy_has_the_same_hash(tmp_path: Path) -> None:
    original = _volume(save_series(tmp_path / "a", [0, 1, 2]))
    copy = _volume(
        save_series(tmp_path / "b", [0, 1, 2], series="5", change=_with(PatientName="X"))
    )

    assert original.slice_hashes == copy.slice_hashes


def test_an_archive_reads_as_its_folder_does(tmp_path: Path) -> None:
    folder = save_series(tmp_path / "胸部", [0, 1, 2])
    with zipfile.ZipFile(tmp_path / "胸部.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for file in folder.iterdir():
            archive.write(file, f"病人/{file.name}")

    volume = _volume(tmp_path / "胸部.zip")

    assert np.array_equal(volume.hu, _volume(folder).hu)


def test_all_windows_of_a_header_are_read_with_their_names(tmp_path: Path) -> None:
    brought = _with(
        SpecificCharacterSet="GB18030",
        WindowCenter=["40", "-600"],
        WindowWidth=["400", "0"],
        WindowCenterWidthExplanation=["纵隔", "LUNG"],
    )

    (series,) = find_series(save_series(tmp_path, [0, 1, 2], change=brought)).series

    assert series.windows == (HeaderWindow(40, 400, "纵隔"), HeaderWindow(-600, 1, "LUNG"))


def test_a_patient_is_recognised_and_not_named(tmp_path: Path) -> None:
    def key_of(folder: str, **values: object) -> str:
        path = save_series(tmp_path / folder, [0, 1, 2], change=_with(**values))
        return find_series(path).series[0].patient_key

    first, again = key_of("a", PatientID="P17"), key_of("b", PatientID="P17", StudyID="2")

    assert first == again != key_of("c", PatientID="P18")
    assert "P17" not in first
    assert not key_of("d", PatientID="")
