"""Tables: what a spreadsheet shows of foci and boxes, and what comes back from it."""

import csv
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from annotator.errors import FormatError, WrongDataError
from annotator.formats.csv_columns import BOX_COLUMNS, FOCI_COLUMNS
from annotator.formats.csv_table import CsvTable
from annotator.formats.format import Context, Level
from annotator.imaging.rules import CAL_130
from annotator.model.annotations import Annotation
from annotator.model.document import Document
from annotator.model.labels import CHEST, GARAGE
from annotator.model.shapes import Box3D, Face, Point3D, Polyline3D
from tests.unit.formats.oblique_ct import BIG, context_of, places_mm, two_foci, write_ct

TABLE = CsvTable()
SCAN = Context(GARAGE)


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Context:
    return context_of(write_ct(tmp_path_factory.mktemp("ct")))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def boxes(*annotations: Annotation) -> Document:
    return Document((), {a.id: a for a in annotations})


def test_each_focus_is_a_row_of_measures_with_units_in_the_header(
    context: Context, tmp_path: Path
) -> None:
    document = two_foci()

    (path,) = TABLE.write(document, context, tmp_path / "foci.csv")

    big, small = rows(path)
    assert tuple(big) == FOCI_COLUMNS
    assert (big["class"], big["voxels"], small["voxels"]) == ("calcification", "6", "2")
    assert float(big["volume_mm3"]) == pytest.approx(6 * 2.5 * 0.5 * 0.75, abs=1e-3)
    assert float(big["max_hu"]) == 2 * 11 + 5 + 200
    center = [float(big[f"{axis}_lps_mm"]) for axis in "xyz"]
    np.testing.assert_allclose(center, places_mm(BIG).mean(axis=0), atol=1e-3)


def test_foci_are_read_back_as_points_and_the_plan_says_so(
    context: Context, tmp_path: Path
) -> None:
    document = two_foci()

    losses = {loss.subject: loss.level for loss in TABLE.plan(document, context)}
    (path,) = TABLE.write(document, context, tmp_path / "foci.csv")
    after = TABLE.read(path, context)

    assert losses == dict.fromkeys(document.annotations, Level.CHANGED) | {
        "layer:instance": Level.DROPPED
    }
    assert all(isinstance(a.shape, Point3D) for a in after.annotations.values())
    assert set(after.annotations) == set(document.annotations)


def test_a_box_comes_back_with_all_its_words(tmp_path: Path) -> None:
    box = Box3D((1.5, -2.0, 0.1), (4.2, 1.8, 1.5), -3.0, 0.1, 0.0, frozenset({Face.BACK}))
    before = Annotation("car", box, attributes={"occluded": "partly"}, frame=3, track="t7")

    (path,) = TABLE.write(boxes(before), SCAN, tmp_path / "boxes.csv")
    (after,) = TABLE.read(path, SCAN).annotations.values()

    assert tuple(rows(path)[0]) == BOX_COLUMNS
    assert float(rows(path)[0]["yaw_deg"]) == pytest.approx(math.degrees(-3.0))
    assert isinstance(after.shape, Box3D)
    assert after.shape.yaw_rad == pytest.approx(-3.0)
    assert (after.id, after.frame, after.track) == (before.id, 3, "t7")
    assert (after.shape.center_m, after.shape.assumed) == (box.center_m, box.assumed)
    assert dict(after.attributes) == {"occluded": "partly"}


@pytest.mark.parametrize("label", ["=1+1", "+cmd", "-2", "@SUM(A1)", "'=1", "\tx", 'a,"b"\r\nc'])
def test_no_text_is_a_formula_and_every_text_comes_back(tmp_path: Path, label: str) -> None:
    before = Annotation(label, Point3D((0.0, 0.0, 0.0)))

    (path,) = TABLE.write(boxes(before), SCAN, tmp_path / "a.csv")

    assert not rows(path)[0]["label"].startswith(("=", "+", "-", "@", "\t"))
    assert [a.label for a in TABLE.read(path, SCAN).annotations.values()] == [label]


def test_lines_end_as_rfc_4180_says(tmp_path: Path) -> None:
    (path,) = TABLE.write(boxes(Annotation("car", Point3D((0, 0, 0)))), SCAN, tmp_path / "a.csv")

    assert path.read_bytes().count(b"\r\n") == path.read_bytes().count(b"\n") == 2


def test_excel_gets_its_mark_where_asked(tmp_path: Path) -> None:
    wish = Context(GARAGE, options={"excel": True})

    (path,) = TABLE.write(boxes(Annotation("车", Point3D((0, 0, 0)))), wish, tmp_path / "a.csv")

    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert TABLE.sniff(path) == 1
    assert next(iter(TABLE.read(path, SCAN).annotations.values())).label == "车"


def test_a_wall_has_no_row_and_the_plan_says_so(tmp_path: Path) -> None:
    wall = Annotation("wall", Polyline3D(((0, 0, 0), (1, 0, 0)), 2.5))

    (loss,) = TABLE.plan(boxes(wall), SCAN)
    (path,) = TABLE.write(boxes(wall), SCAN, tmp_path / "a.csv")

    assert (loss.level, loss.subject) == (Level.DROPPED, wall.id)
    assert not rows(path)


def test_nodules_of_luna16_are_points(context: Context, tmp_path: Path) -> None:
    path = tmp_path / "annotations.csv"
    assert context.series is not None
    uid = context.series.series_uid
    path.write_text(f"seriesuid,coordX,coordY,coordZ,diameter_mm\n{uid},-3.5,2,7.25,5.6\n")

    (nodule,) = TABLE.read(path, context).annotations.values()

    assert nodule.label == "nodule"
    assert nodule.shape == Point3D((-3.5, 2.0, 7.25))
    assert nodule.attributes["diameter_mm"] == 5.6
    assert "nodule" in CHEST


def test_foci_of_another_series_are_refused(context: Context, tmp_path: Path) -> None:
    (path,) = TABLE.write(two_foci(), context, tmp_path / "foci.csv")
    other = context_of(write_ct(tmp_path / "other", series="2"))

    with pytest.raises(WrongDataError, match="another series"):
        TABLE.read(path, other)


@pytest.mark.parametrize(
    ("cell", "wrong"), [("four", "length_m needs a number"), ("-1", "positive"), ("nan", "finite")]
)
def test_a_wrong_number_is_named_with_its_line(tmp_path: Path, cell: str, wrong: str) -> None:
    (path,) = TABLE.write(
        boxes(Annotation("car", Box3D((0, 0, 0), (4.25, 2, 1)))), SCAN, tmp_path / "a.csv"
    )
    path.write_bytes(path.read_bytes().replace(b"4.25", cell.encode()))

    with pytest.raises(FormatError, match="line 2") as caught:
        TABLE.read(path, SCAN)

    assert wrong in str(caught.value)
    assert TABLE.validate(path)[0].where == "line 2"


def test_a_row_says_by_which_rule_it_was_measured_and_by_whom(
    context: Context, tmp_path: Path
) -> None:
    rule = replace(CAL_130, version="2", cuts_by_kv=((120, (200.0, 250.0, 300.0, 400.0)),))
    asked = replace(context, rule=rule, who="Ada")

    (path,) = TABLE.write(two_foci(), asked, tmp_path / "foci.csv")

    big = rows(path)[0]
    said = ("rule", "at_least_hu", "kv", "connectivity", "least_area_mm2", "rater")
    assert [big[name] for name in said] == ["CAL-130 v2", "200.0", "120.0", "8", "1.0", "Ada"]
    assert float(big["increment_mm"]) == pytest.approx(2.5)
    assert len(TABLE.read(path, asked).annotations) == 2


def test_a_doubtful_series_holds_sizes_and_scores_back_and_the_plan_says_so(
    context: Context, tmp_path: Path
) -> None:
    assert context.series is not None
    doubtful = replace(context, series=replace(context.series, measurable=False))
    sizes = ("volume_mm3", "area_mm2", "long_axis_mm", "agatston")

    losses = TABLE.plan(two_foci(), doubtful)
    (path,) = TABLE.write(two_foci(), doubtful, tmp_path / "foci.csv")

    assert sum("left empty" in loss.reason for loss in losses) == 2
    big = rows(path)[0]
    assert {big[name] for name in sizes} == {""}
    assert (big["voxels"], big["max_hu"]) == ("6", "227.0")

    noted = replace(doubtful, acknowledged=True)
    (path,) = TABLE.write(two_foci(), noted, tmp_path / "noted.csv")

    assert not any("left empty" in loss.reason for loss in TABLE.plan(two_foci(), noted))
    assert all(rows(path)[0][name] for name in sizes)


def test_a_focus_above_a_gap_is_written_where_its_slice_is(
    context: Context, tmp_path: Path
) -> None:
    series, volume = context.series, context.volume
    assert series is not None
    assert volume is not None
    step = series.lps_from_voxel[:3, 2]
    moved = tuple(
        replace(one, position_mm=tuple(one.position_mm + 10 * step * (k > 0)))
        for k, one in enumerate(series.slices)
    )
    gapped = replace(series, slices=moved)
    there = replace(context, series=gapped, volume=replace(volume, series=gapped))
    (path,) = TABLE.write(two_foci(), context, tmp_path / "even.csv")
    (other,) = TABLE.write(two_foci(), there, tmp_path / "gap.csv")

    for before, after in zip(rows(path), rows(other), strict=True):
        assert before["k_slice"] == after["k_slice"]
        shift = [float(after[f"{a}_lps_mm"]) - float(before[f"{a}_lps_mm"]) for a in "xyz"]
        assert float(np.linalg.norm(shift)) == pytest.approx(10 * 2.5, rel=0.2)
