"""The whole path on the sample data, in the real window."""

from pathlib import Path

import pytest

from annotator.views.tour import tour

SAMPLE = Path(__file__).parents[2] / "sample_data"


@pytest.mark.slow
def test_the_tour_of_the_sample_data_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))

    status = tour(SAMPLE, tmp_path / "out")

    assert status == 0, capsys.readouterr().out
    assert len(list((tmp_path / "out" / "pictures").glob("*.png"))) >= 7
