"""What scripts learn of candidates and scores."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from annotator.app.ct_rule import acknowledge, change_rule
from annotator.app.workspace import Workspace
from annotator.cli import main
from annotator.imaging.rules import Rule

PROJECTS = shutil.ignore_patterns("*.annotator*")
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


def test_what_was_acknowledged_in_the_window_is_measured_on_the_command_line(
    facts: Any, tmp_path: Path
) -> None:
    gappy = Path(shutil.copytree(CHEST / "B30f", tmp_path / "gappy", ignore=PROJECTS))
    (gappy / "IM0050.dcm").unlink()
    workspace = Workspace()
    items = workspace.take(gappy, workspace.look(gappy))
    acknowledge(workspace.start(items[0], workspace.read(items[0])))
    workspace.close()

    suggested = facts("suggest", gappy, "-o", tmp_path / "labels.json", "--json")
    told = facts("measure", gappy, tmp_path / "labels.json", "--json")

    assert all(one["volume_mm3"] for one in suggested["suggestions"])
    assert told["measurable"] is False
    assert told["scores"]["rule"]


def test_suggest_tells_of_each_candidate_what_the_rule_says_and_by_which_rule(
    facts: Any, tmp_path: Path
) -> None:
    chest = Path(shutil.copytree(CHEST / "B30f", tmp_path / "chest", ignore=PROJECTS))

    told = facts("suggest", chest, "-o", tmp_path / "labels.json", "--json")

    assert told["rule"] == "CAL-130 v1"
    assert told["rule_from"] == "the usual one: no project beside the data"
    for one in told["suggestions"]:
        assert one["margin_hu"] == one["max_hu"] - 130
        assert 130 <= one["mean_hu"] <= one["max_hu"]
        assert 1 <= one["slice"] <= 100
        assert one["below_minimum"] is False


def test_what_is_below_the_least_area_of_the_projects_rule_is_suggested_last_and_flagged(
    facts: Any, tmp_path: Path
) -> None:
    chest = Path(shutil.copytree(CHEST / "B30f", tmp_path / "study" / "chest", ignore=PROJECTS))
    keep_rule(chest.parent, Rule("HOUSE", "3", at_least_hu=160.0, follows_kv=False))
    keep_rule(chest.parent, Rule("HOUSE", "4", 160.0, follows_kv=False, flag_below_mm2=20.0))
    out = tmp_path / "labels.json"

    told = facts("suggest", chest, "-o", out, "--json")
    out.write_text(out.read_text("utf-8").replace('"suggestion"', '"hand"'), "utf-8")
    measured = facts("measure", chest, out, "--json")
    table = facts(
        *("convert", out, "--data", chest, "--to", "csv", "-o", tmp_path / "a.csv", "--json")
    )

    flags = [one["below_minimum"] for one in told["suggestions"]]
    assert flags == sorted(flags)
    assert set(flags) == {False, True}
    assert (told["rule"], told["threshold_hu"]) == ("HOUSE v4", 160.0)
    assert told["rule_from"].endswith("project.annotator")
    assert measured["scores"]["rule"].startswith("HOUSE v4; 120 kV; ≥ 160 HU")
    assert table["rule"] == "HOUSE v4"
    assert "HOUSE v4" in (tmp_path / "a.csv").read_text("utf-8-sig")


def test_a_threshold_on_the_command_line_outdoes_the_projects_rule(
    facts: Any, tmp_path: Path
) -> None:
    chest = Path(shutil.copytree(CHEST / "B30f", tmp_path / "chest", ignore=PROJECTS))
    keep_rule(chest, Rule("HOUSE", "3", at_least_hu=160.0, follows_kv=False))

    told = facts("suggest", chest, "-o", tmp_path / "a.json", "--threshold", "200", "--json")

    assert (told["rule"], told["threshold_hu"]) == ("HU-200 v1", 200.0)
    assert told["rule_from"] == "told by --threshold"


def test_a_threshold_that_is_no_number_is_refused_in_a_sentence(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["suggest", str(CHEST / "B30f"), "-o", str(tmp_path / "a"), "--threshold", "nan"])

    assert left.value.code == 2
    assert "it is no number of HU" in capfd.readouterr().err


def keep_rule(folder: Path, rule: Rule) -> None:
    """Open a folder as the window does, and choose another rule."""
    workspace = Workspace()
    items = workspace.take(folder, workspace.look(folder))
    session = workspace.start(items[0], workspace.read(items[0]))
    change_rule(session, rule)
    workspace.close()
