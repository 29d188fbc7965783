"""What scripts learn of candidates and scores."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from annotator.cli import main

CHEST = Path(__file__).parents[3] / "sample_data" / "chest"


@pytest.fixture
def facts(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("LANG", "C")

    def say(*words: object, status: int = 0) -> Any:
        with pytest.raises(SystemExit) as left:
            main([str(word) for word in words])
        assert left.value.code == status
        return json.loads(capfd.readouterr().out)

    return say


def test_suggest_writes_the_list_that_the_rail_shows(facts: Any, tmp_path: Path) -> None:
    truth = json.loads((CHEST / "truth.json").read_text("utf-8"))
    out = tmp_path / "建议.json"

    told = facts("suggest", CHEST / "B30f", "-o", out, "--json")

    expected = sorted(focus["voxels"] for focus in truth["foci"] if focus["voxels"])
    assert sorted(one["voxels"] for one in told["suggestions"]) == expected
    assert told["set_aside"] == sum(told["set_aside_as"].values()) == len(truth["bones"])
    written = json.loads(out.read_text("utf-8"))
    assert [a["id"] for a in written["annotations"]] == [s["id"] for s in told["suggestions"]]
    assert {a["origin"] for a in written["annotations"]} == {"suggestion"}
    assert {a["attributes"]["site"] for a in written["annotations"]} <= {
        "nodule",
        "lung",
        "pleura",
        "node",
        "vessel wall",
    }


def test_measure_prints_scores_with_their_rule_and_counts_no_suggestion(
    facts: Any, tmp_path: Path
) -> None:
    out = tmp_path / "labels.json"
    facts("suggest", CHEST / "B30f", "-o", out, "--json")
    suggested = facts("measure", CHEST / "B30f", out, "--json")
    assert suggested["scores"]["agatston"] == 0

    accepted = json.loads(out.read_text("utf-8"))
    for annotation in accepted["annotations"]:
        annotation["origin"] = "hand"
    out.write_text(json.dumps(accepted), "utf-8")
    told = facts("measure", CHEST / "B30f", out, "--json")

    scores = told["scores"]
    assert told["measurable"] is True
    assert scores["rule"].startswith("CAL-130 v1; 120 kV; ≥ 130 HU; 8/26-connected; ≥ 1 mm²")
    assert scores["volume_mm3"] == pytest.approx(sum(f["volume_mm3"] for f in told["foci"]))
    assert scores["agatston"] == pytest.approx(sum(f["agatston"] for f in told["foci"]))
    assert {other["rule"] for other in scores["others"]} >= {"DeepCAC", "AI-CAC"}
    assert scores["threshold_by_kv"]["100"] == 145


def test_measure_refuses_volumes_of_a_series_with_gaps_until_they_are_acknowledged(
    facts: Any, tmp_path: Path
) -> None:
    gappy = tmp_path / "gappy"
    shutil.copytree(CHEST / "B30f", gappy)
    for number in (50, 51, 52):
        (gappy / f"IM{number:04d}.dcm").unlink()
    out = tmp_path / "labels.json"
    suggested = facts("suggest", gappy, "-o", out, "--json")
    assert {one["volume_mm3"] for one in suggested["suggestions"]} == {None}

    told = facts("measure", gappy, out, "--json", status=1)

    assert told["measurable"] is False
    assert told["scores"] is None
    assert {focus[name] for focus in told["foci"] for name in ("volume_mm3", "agatston")} == {None}
    assert all(focus["voxels"] and focus["max_hu"] for focus in told["foci"])
    noted = facts("measure", gappy, out, "--acknowledge", "--json")
    assert noted["scores"]["rule"]
    assert all(focus["volume_mm3"] for focus in noted["foci"])
    assert "missing-slices" in {finding["code"] for finding in told["findings"]}
    assert all(finding["text"] for finding in told["findings"])
