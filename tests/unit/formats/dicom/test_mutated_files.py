"""Whatever happens to the bytes of a slice: it is read, or refused in words."""

import contextlib
import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.uid import JPEGLSLossless, RLELossless

from annotator.errors import AnnotatorError
from annotator.formats.dicom.series import find_series
from annotator.formats.dicom.volume import read_volume
from tests.unit.formats.dicom.ct_maker import ct_slice, save

VALUES = st.sampled_from([b"\xff" * 4, b"\0" * 4, b"\x7f\xff", struct.pack("<L", 1 << 31), b"9"])


def _whole(folder: Path, kind: str) -> bytes:
    ct = ct_slice(0)
    if kind:
        ct.compress(kind, generate_instance_uid=False)
    return save(ct, folder / "whole").read_bytes()


@pytest.mark.parametrize("kind", ["", RLELossless, JPEGLSLossless])
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.floats(0, 1), VALUES), min_size=1, max_size=3), st.floats(0.3, 1))
def test_a_mutated_slice_is_read_or_refused_in_words(
    kind: str, tmp_path: Path, hits: list[tuple[float, bytes]], kept: float
) -> None:
    data = bytearray(_whole(tmp_path, kind))
    for place, value in hits:
        at = int(place * (len(data) - len(value)))
        data[at : at + len(value)] = value
    path = tmp_path / "mutated"
    path.write_bytes(data[: int(len(data) * kept)] if kept < 0.9 else data)

    found = find_series(path)

    assert found.series or found.skipped
    for series in found.series:
        with contextlib.suppress(AnnotatorError):
            read_volume(series)
