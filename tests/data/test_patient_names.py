"""Names are read only when a person asks, in the character set of the file."""

from pathlib import Path

import pytest

from annotator.formats.dicom.patient import patient_of
from annotator.formats.dicom.series import find_series

pytestmark = pytest.mark.shared


def test_a_gb18030_name_is_read_as_it_was_written(shared_data: Path) -> None:
    series = find_series(shared_data / "ct" / "derived_odd" / "08_gb18030_chinese_name").series[0]

    assert any("\u4e00" <= letter <= "\u9fff" for letter in patient_of(series))


def test_a_series_itself_holds_no_name(shared_data: Path) -> None:
    series = find_series(shared_data / "ct" / "derived_odd" / "08_gb18030_chinese_name").series[0]

    name = patient_of(series).split("(")[0].strip()
    assert name not in f"{series.description} {series.kernel}"
