"""The command line: shapes that scripts rely on, and how it fails."""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from annotator.cli import main
from annotator.views import application
from tests.unit.formats.dicom.ct_maker import ct_slice, save, save_series

GARAGE = Path(__file__).parents[3] / "sample_data" / "garage" / "scans"
CHEST = Path(__file__).parents[3] / "sample_data" / "chest"


class Answer:
    """What a command said, and its exit status."""

    def __init__(self, status: object, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err

    @property
    def facts(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("LANG", "C")

    def say(*words: object) -> Answer:
        with pytest.raises(SystemExit) as left:
            main([str(word) for word in words])
        captured = capfd.readouterr()
        return Answer(left.value.code, captured.out, captured.err)

    return say


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "车库.npy"
    points = np.random.default_rng(1).uniform(-5, 5, (500, 3)).astype(np.float32)
    np.save(path, points)
    return path


def test_info_says_what_a_scan_is(run: Any, scan: Path) -> None:
    answer = run("info", scan, "--json")

    assert answer.status == 0
    assert answer.facts["kind"] == "cloud"
    assert answer.facts["points"] == 500
    assert answer.facts["fields"] == ["x", "y", "z"]
    assert np.shape(answer.facts["bounds_m"]) == (2, 3)


def test_info_says_what_each_series_is(run: Any) -> None:
    answer = run("info", CHEST, "--json")

    assert answer.status == 0
    assert answer.facts["kind"] == "ct"
    for series in answer.facts["series"]:
        assert len(series["shape"]) == len(series["spacing_mm"]) == 3
        assert series["slices"] == series["shape"][0]
        assert {"series_uid", "hu_min", "hu_max", "findings"} <= series.keys()
        assert all({"code", "text"} <= finding.keys() for finding in series["findings"])


def test_the_sharp_kernel_of_the_sample_is_pointed_at(run: Any) -> None:
    answer = run("info", CHEST, "--json")

    codes = [{f["code"] for f in series["findings"]} for series in answer.facts["series"]]
    assert sum("sharp-kernel" in found for found in codes) == 1


def test_info_says_how_a_series_was_made_also_where_nothing_is_wrong(run: Any) -> None:
    answer = run("info", CHEST / "B30f", "--json")

    (series,) = answer.facts["series"]
    assert series["findings"] == []
    assert (series["kvp"], series["kernel"], series["threshold_hu"]) == (120, "B30f", 130)
    assert series["slice_thickness_mm"] == series["increment_mm"] == 1.25
    assert not any(series[name] for name in ("contrast", "tilted", "lossy", "threshold_unsure"))


def test_findings_of_all_series_are_also_at_the_top(run: Any) -> None:
    answer = run("info", CHEST, "--json")

    assert [f["code"] for f in answer.facts["findings"]] == ["sharp-kernel"]
    sharp = next(one for one in answer.facts["series"] if one["findings"])
    assert answer.facts["findings"][0]["part"] == sharp["part"]


def test_a_part_of_a_split_series_is_named_on_the_command_line(run: Any, tmp_path: Path) -> None:
    save_series(tmp_path, [0, 1, 2, 3])
    for k in range(3):
        sharp = ct_slice(k, uid=f"1.2.{k}")
        sharp.ConvolutionKernel = "B70f"
        save(sharp, tmp_path / f"sharp{k}")
    soft, other = run("info", tmp_path, "--json").facts["series"]
    assert other["part"] == f"{soft['part']}#2"

    answer = run("suggest", tmp_path, "--series", other["part"], "-o", tmp_path / "a.json")
    nothing = run("suggest", tmp_path, "--series", "1.2", "-o", tmp_path / "b.json")

    assert (answer.status, nothing.status) == (0, 2)


def test_formats_lists_every_built_in_format(run: Any) -> None:
    answer = run("formats", "--json")

    names = {entry["name"] for entry in answer.facts}
    assert {"native", "kitti", "semantickitti", "pcd", "dicom-seg", "nifti", "csv"} <= names
    keys = {"name", "title", "extensions", "reads", "writes", "holds", "source"}
    assert all(keys <= entry.keys() for entry in answer.facts)


def test_fit_answers_once_per_place(run: Any, scan: Path) -> None:
    answer = run("fit", scan, "--at", "100,100", "--at", "-90,3", "--json")

    assert len(answer.facts) == 2
    assert all("error" in one for one in answer.facts)
    assert answer.status == 1


@pytest.mark.parametrize(
    "words",
    [
        ("info", "absent.pcd"),
        ("fit", "absent.pcd", "--at", "1,2"),
        ("fit", "absent.pcd", "--at", "one,two"),
        ("validate", "absent.json"),
        ("measure", "absent", "absent.json"),
        ("convert", "absent.json", "--data", "absent", "--to", "csv", "-o", "x.csv"),
        ("open", "absent"),
        ("info",),
        ("nonsense",),
    ],
)
def test_a_wrong_call_is_one_sentence_and_status_2(run: Any, words: tuple[str, ...]) -> None:
    answer = run(*words)

    assert answer.status == 2
    assert answer.err.startswith("annotator: ")
    assert answer.err.count("\n") == 1
    assert "Traceback" not in answer.err
    assert answer.out == ""


def test_an_empty_file_is_named_with_its_fault(run: Any, tmp_path: Path) -> None:
    empty = tmp_path / "scan.pcd"
    empty.touch()

    answer = run("info", empty)

    assert answer.status == 2
    assert answer.err.startswith("annotator: scan.pcd: ")
    assert ";" in answer.err


def test_validate_names_what_is_wrong(run: Any, tmp_path: Path) -> None:
    label = tmp_path / "000000.txt"
    label.write_text("Car 0 0 0 1 2 3 4 1.5 1.8\n")

    answer = run("validate", label, "--format", "kitti", "--json")

    assert answer.status == 1
    assert answer.facts["ok"] is False
    assert {"severity", "where", "message"} <= answer.facts["problems"][0].keys()


def test_both_entry_points_lead_somewhere() -> None:
    from importlib.metadata import distribution

    ours = distribution("annotator").entry_points

    assert {point.name for point in ours} == {"annotator", "annotator-window"}
    assert all(callable(point.load()) for point in ours)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a screen")
def test_without_a_screen_nothing_named_is_answered_with_the_whole_help(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)

    said = run()

    assert said.status == 0
    assert len(said.out.splitlines()) > 20
    assert "open" in said.out
    assert said.err == ""


def test_with_a_screen_nothing_named_opens_the_window(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path | None] = []

    def show(path: Path | None, *_rest: object, **_more: object) -> int:
        opened.append(path)
        return 0

    monkeypatch.setenv("DISPLAY", ":1")
    monkeypatch.setattr(application, "run", show)

    said = run()

    assert said.status == 0
    assert opened == [None]


@pytest.mark.parametrize(
    ("points", "code"),
    [
        (np.zeros((0, 3), np.float32), "no-points"),
        (np.full((50, 3), np.nan, np.float32), "no-place"),
        (np.full((50, 3), 4.25, np.float32), "one-spot"),
    ],
)
def test_a_scan_in_which_nothing_can_be_labelled_is_said_to_be_one(
    run: Any, tmp_path: Path, points: np.ndarray[Any, Any], code: str
) -> None:
    path = tmp_path / "odd.pcd"
    write_plain_pcd(path, points)

    answer = run("info", path, "--json")
    fitted = run("fit", path, "--at", "4.25,4.25")

    assert [finding["code"] for finding in answer.facts["findings"]] == [code]
    assert fitted.status == 2
    assert answer.facts["findings"][0]["text"] in fitted.err


def write_plain_pcd(path: Path, points: np.ndarray[Any, Any]) -> None:
    head = (
        "# .PCD v0.7\nVERSION 0.7\nFIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\n"
        f"WIDTH {len(points)}\nHEIGHT 1\nVIEWPOINT 0 0 0 1 0 0 0\nPOINTS {len(points)}\n"
        "DATA binary\n"
    )
    path.write_bytes(head.encode() + points.astype("<f4").tobytes())


@pytest.mark.parametrize(("kind", "is_coarse"), [(np.float32, True), (np.float64, False)])
def test_map_coordinates_in_32_bits_are_said_to_be_coarse(
    run: Any, tmp_path: Path, kind: type, *, is_coarse: bool
) -> None:
    path = tmp_path / "far.npy"
    near = np.random.default_rng(1).uniform(-5, 5, (500, 3))
    np.save(path, (near + np.array([4e6, 4e6, 30])).astype(kind))

    answer = run("info", path, "--json")

    assert ("steps of 0.25 m" in answer.facts["layout"]) is is_coarse
