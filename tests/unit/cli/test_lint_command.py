"""`annotator lint`: findings as lines and as JSON, and its exit status."""

import json
from pathlib import Path

import pytest

from annotator.app.data import context_of, only_candidate
from annotator.app.exchange import write_labels
from annotator.cli import main
from annotator.model.annotations import Annotation
from annotator.model.document import Document
from annotator.model.shapes import Box3D

SCAN = Path(__file__).parents[3] / "sample_data" / "garage" / "scans" / "000005.pcd"


def labels(tmp_path: Path, *annotations: Annotation) -> Path:
    context = context_of(only_candidate(SCAN))
    document = Document(context.extents(), {a.id: a for a in annotations})
    out = tmp_path / "labels.json"
    write_labels(document, context, "native", out)
    return out


def lint(path: Path, *words: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(["lint", str(path), "--data", str(SCAN), *words])
    assert isinstance(left.value.code, int)
    return left.value.code


def test_a_box_in_the_air_is_a_finding_and_status_1(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    in_the_air = Annotation("car", Box3D((0, 0, 40), (4, 2, 1.5)))
    path = labels(tmp_path, in_the_air)

    status = lint(path, "--json")

    (fact,) = json.loads(capfd.readouterr().out)
    assert status == 1
    assert fact["code"] == "too-few-points"
    assert fact["annotation"] == in_the_air.id


def test_labels_without_a_fault_are_status_0(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "C")

    status = lint(labels(tmp_path))

    assert status == 0
    assert capfd.readouterr().out.strip() == "nothing to point at"
