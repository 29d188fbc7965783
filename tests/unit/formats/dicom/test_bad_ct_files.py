"""Files that lie, are cut, or are bombs: one sentence each, and no memory."""

import struct
import tracemalloc
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGExtended12Bit,
    JPEGLSLossless,
    RLELossless,
)

from annotator.errors import FileError
from annotator.formats.dicom import sources
from annotator.formats.dicom.series import find_series
from annotator.formats.dicom.volume import read_volume
from tests.unit.formats.dicom.ct_maker import Change, ct_slice, save, save_series


def _with(**values: object) -> Change:
    def change(ct: pydicom.Dataset) -> None:
        for name, value in values.items():
            setattr(ct, name, value)

    return change


def _reason(path: Path) -> str:
    found = find_series(path)
    assert found.series == ()
    ((_name, reason),) = found.skipped
    return reason


@pytest.fixture
def little_memory() -> Iterator[None]:
    """Fail where a reader allocates more than 64 MB."""
    tracemalloc.start()
    yield
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64 << 20, f"{peak / 1e6:.0f} MB"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is not DICOM"),
        (b"no dicom at all\n" * 50, "it is not DICOM"),
        (b"\0" * 128 + b"DICM", "it is ?, not CT"),
    ],
)
def test_what_is_no_image_is_passed_over_with_a_reason(
    content: bytes, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "x.dcm"
    path.write_bytes(content)

    assert _reason(path) == reason


@pytest.mark.parametrize("share", [0.05, 0.2, 0.4, 0.6])
def test_a_file_cut_in_its_header_is_passed_over(share: float, tmp_path: Path) -> None:
    path = save(ct_slice(0), tmp_path / "cut")
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])

    assert find_series(path).skipped


def test_a_file_cut_in_its_pixels_is_passed_over(tmp_path: Path) -> None:
    path = save(ct_slice(0), tmp_path / "cut")
    path.write_bytes(path.read_bytes()[:-50])

    assert _reason(path) == "it ends in the middle of its header" or "fewer pixels" in _reason(path)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"Rows": 65535, "Columns": 65535}, "it declares 65535 × 65535 pixels"),
        ({"Rows": 0}, "it declares 0 × 12 pixels"),
        ({"NumberOfFrames": "2000000000"}, "it declares 2000000000 frames"),
        ({"Rows": 4000, "Columns": 4000}, "it has fewer pixels than it declares"),
        ({"PixelSpacing": [0, 0]}, "its pixel spacing is not positive"),
        ({"BitsAllocated": 13}, "its bits per pixel make no sense"),
        ({"BitsStored": 40}, "its bits per pixel make no sense"),
        ({"RescaleSlope": "0"}, "its rescale slope is zero"),
        ({"ImageOrientationPatient": [1, 0, 0, 1, 0, 0]}, "its rows and columns are not at right"),
        ({"ImagePositionPatient": None}, "it does not say where the slice lies in the patient"),
        ({"SamplesPerPixel": 3, "PhotometricInterpretation": "RGB"}, "it is a colour picture"),
        ({"Modality": "RTSTRUCT"}, "it is a structure set, not an image"),
        ({"Modality": "MR"}, "it is MR, not CT"),
    ],
)
def test_a_header_that_lies_is_refused_in_words(
    values: dict[str, object], reason: str, tmp_path: Path, little_memory: None
) -> None:
    path = save(ct_slice(0, change=_with(**values)), tmp_path / "x")

    assert _reason(path).startswith(reason)


def test_an_image_without_pixels_is_refused(tmp_path: Path) -> None:
    def change(ct: pydicom.Dataset) -> None:
        del ct.PixelData

    assert _reason(save(ct_slice(0, change=change), tmp_path / "x")) == "it has no pixels"


def test_a_number_that_is_none_is_refused(tmp_path: Path) -> None:
    path = save(ct_slice(0), tmp_path / "x")
    data = path.read_bytes()
    path.write_bytes(data.replace(b"1.25", b"nan "))

    assert _reason(path) == "a number in its header is none"


def test_two_thousand_nested_sequences_are_stepped_over(tmp_path: Path) -> None:
    path = save(ct_slice(0), tmp_path / "x")
    data = path.read_bytes()
    nested = b"\x08\x00\x15\x11SQ\0\0" + b"\xff" * 4 + b"\xfe\xff\x00\xe0" + b"\xff" * 4
    closed = b"\xfe\xff\x0d\xe0" + b"\0" * 4 + b"\xfe\xff\xdd\xe0" + b"\0" * 4
    at = data.index(b"\x08\x00\x16\x00UI", 300)
    path.write_bytes(data[:at] + nested * 2000 + closed * 2000 + data[at:])

    assert len(find_series(path).series) == 1


def test_a_deflated_bomb_is_not_inflated(tmp_path: Path, little_memory: None) -> None:
    path = save(ct_slice(0), tmp_path / "x")
    data = path.read_bytes()
    meta = data[: data.index(b"\x08\x00\x08\x00")].replace(
        b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2.1.99"
    )
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    head = b"\x08\x00\x05\x01OB\0\0" + struct.pack("<L", 1 << 31)
    body = squeeze.compress(head) + squeeze.compress(b"\0" * (8 << 20)) + squeeze.flush()
    path.write_bytes(meta.replace(b"UI\x14\0", b"UI\x16\0", 1) + body)
    assert DeflatedExplicitVRLittleEndian.encode() in path.read_bytes()

    assert find_series(path).skipped


def test_an_rle_bomb_is_refused_before_it_allocates(tmp_path: Path, little_memory: None) -> None:
    ct = ct_slice(0)
    ct.compress(RLELossless, generate_instance_uid=False)
    ct.Rows = ct.Columns = 10_000
    series = find_series(save(ct, tmp_path / "x")).series[0]

    with pytest.raises(FileError, match="damaged"):
        _read_one(series)


def _read_one(series: object) -> None:
    from annotator.formats.dicom.headers import read_headers
    from annotator.formats.dicom.pixels import read_frame
    from annotator.model.volume import Series

    assert isinstance(series, Series)
    source = sources.DiskFile(series.slices[0].path)
    try:
        read_frame(source, read_headers(source)[0].layout, 0)
    finally:
        source.close()


@pytest.mark.parametrize("syntax", [RLELossless, JPEGLSLossless])
def test_damaged_code_is_one_missing_slice(syntax: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    for k in range(4):
        noise = rng.integers(0, 2000, (8, 12), dtype=np.int16)
        ct = ct_slice(k, change=_with(PixelData=noise.tobytes()))
        ct.compress(syntax, generate_instance_uid=False)
        if k == 2:
            code = bytearray(ct.PixelData)
            code[20:60] = b"\xff" * 40
            ct.PixelData = bytes(code)
        save(ct, tmp_path / str(k))
    series = find_series(tmp_path).series[0]

    assert read_volume(series).missing == {2}


def test_a_code_stream_of_another_size_is_refused(tmp_path: Path) -> None:
    ct = ct_slice(0)
    ct.compress(JPEGLSLossless, generate_instance_uid=False)
    ct.Rows = 4000
    series = find_series(save(ct, tmp_path / "x")).series[0]

    with pytest.raises(FileError, match="its compressed pixels are damaged"):
        read_volume(series)


def test_what_cannot_be_decoded_says_so_and_what_to_ask_for(tmp_path: Path) -> None:
    ct = ct_slice(0)
    ct.compress(JPEGLSLossless, generate_instance_uid=False)
    ct.file_meta.TransferSyntaxUID = JPEGExtended12Bit
    path = save(ct, tmp_path / "x")

    assert _reason(path) == (
        "it is compressed with JPEG Extended 12-bit, which cannot be decoded here"
    )


def test_garbage_in_place_of_jpeg_2000_is_an_error_in_words(tmp_path: Path) -> None:
    ct = ct_slice(0)
    ct.compress(JPEGLSLossless, generate_instance_uid=False)
    ct.file_meta.TransferSyntaxUID = JPEG2000Lossless
    series = find_series(save(ct, tmp_path / "x")).series[0]

    with pytest.raises(FileError, match="its compressed pixels are damaged"):
        read_volume(series)


def test_one_bad_file_spoils_no_folder(tmp_path: Path) -> None:
    save_series(tmp_path, [0, 1, 2])
    (tmp_path / "report.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "empty").write_bytes(b"")

    found = find_series(tmp_path)

    assert found.series[0].shape[0] == 3
    assert set(found.skipped) == {("empty", "it is not DICOM"), ("report.pdf", "it is not DICOM")}


def test_an_archive_bomb_is_not_unpacked(tmp_path: Path, little_memory: None) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.dcm", b"\0" * (32 << 20))

    ((_name, reason),) = find_series(tmp_path / "bomb.zip").skipped

    assert reason == "it would unpack to far more than an image needs"


def test_an_archive_that_is_none_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"PK but no archive")

    with pytest.raises(FileError, match="it is not a whole zip archive"):
        find_series(tmp_path / "x.zip")


def test_a_path_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no such file"):
        find_series(tmp_path / "nothing")


def test_an_index_reaches_nothing_outside_its_folder(tmp_path: Path) -> None:
    save_series(tmp_path / "outside", [0, 1])
    save_series(tmp_path / "disc" / "A", [0, 1, 2], series="3")
    listed = [["A", "0000"], ["..", "outside", "0000"], ["A", "X\0Y"], ["A", "GONE"]]
    index = pydicom.Dataset()
    index.DirectoryRecordSequence = [pydicom.Dataset() for _each in listed]
    index.file_meta = pydicom.dataset.FileMetaDataset()
    index.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    index.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.1.3.10"
    index.file_meta.MediaStorageSOPInstanceUID = "1.2.3"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for record, parts in zip(index.DirectoryRecordSequence, listed, strict=True):
            record.add_new(0x00041500, "CS", "\\".join(parts))
        index.save_as(tmp_path / "disc" / "DICOMDIR", enforce_file_format=True)

    found = find_series(tmp_path / "disc" / "DICOMDIR")

    assert [series.shape[0] for series in found.series] == [1]
    assert len(found.skipped) == 3
