"""The tutorial plugin reads and writes what a person can read in a table."""

import math
from pathlib import Path

import pytest

from annotator.api import Annotation, Box3D, Context, Document, FormatError, Level
from annotator.model.labels import GARAGE
from plugins.csv_boxes import HEADER, CsvBoxes

CONTEXT = Context(GARAGE)
CAR = Box3D((1.0, 2.5, -0.25), (4.5, 1.8, 1.6), math.radians(90))


def document(*annotations: Annotation) -> Document:
    return Document(((0,),), {a.id: a for a in annotations})


def test_a_row_is_what_a_person_would_write(tmp_path: Path) -> None:
    CsvBoxes().write(document(Annotation("car", CAR)), CONTEXT, tmp_path / "a.csv")

    assert (tmp_path / "a.csv").read_text() == f"{HEADER}\ncar,1.0,2.5,-0.25,4.5,1.8,1.6,90.0,\n"


def test_a_box_comes_back(tmp_path: Path) -> None:
    CsvBoxes().write(document(Annotation("car", CAR)), CONTEXT, tmp_path / "a.csv")

    (back,) = CsvBoxes().read(tmp_path / "a.csv", CONTEXT).annotations.values()

    assert back.label == "car"
    assert back.shape == CAR


def test_what_has_no_column_is_said_before_it_is_lost() -> None:
    made = document(Annotation("car", CAR, attributes={"moving": True}, track="7"))

    losses = CsvBoxes().plan(made, CONTEXT)

    assert [x.level for x in losses] == [Level.ROUNDED, Level.DROPPED, Level.DROPPED]


def test_a_label_is_never_a_spreadsheets_formula(tmp_path: Path) -> None:
    bad = Annotation("=1+1", CAR)

    CsvBoxes().write(document(bad), CONTEXT, tmp_path / "a.csv")

    assert "\n1+1," in (tmp_path / "a.csv").read_text()
    assert CsvBoxes().plan(document(bad), CONTEXT)[0].level is Level.CHANGED


@pytest.mark.parametrize("row", ["car,1", "car,x,0,0,1,1,1,0,", "car,0,0,0,1,1,-1,0,"])
def test_a_damaged_row_is_named_by_its_line(tmp_path: Path, row: str) -> None:
    (tmp_path / "a.csv").write_text(f"{HEADER}\ncar,0,0,0,1,1,1,0,\n{row}\n")

    with pytest.raises(FormatError, match="line 3"):
        CsvBoxes().read(tmp_path / "a.csv", CONTEXT)
    assert [p.where for p in CsvBoxes().validate(tmp_path / "a.csv")] == ["a.csv:3"]
