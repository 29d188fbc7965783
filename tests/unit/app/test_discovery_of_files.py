"""A single file is opened as what it is, whatever it is called."""

from pathlib import Path

import pytest

from annotator.app.discovery import discover
from annotator.app.exchange import write_labels
from annotator.errors import FileError
from annotator.formats.format import Context
from annotator.model.annotations import Annotation
from annotator.model.document import Document
from annotator.model.items import ItemKind
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D


@pytest.mark.parametrize(("name", "format_name"), [("a.json", "native"), ("a.csv", "csv")])
def test_of_a_label_file_it_is_said_over_what_it_is_shown(
    tmp_path: Path, name: str, format_name: str
) -> None:
    made = Annotation("car", Box3D((10.0, 3.0, 0.8), (4.5, 1.8, 1.6)))
    document = Document(((0,),), {made.id: made})
    write_labels(document, Context(GARAGE), format_name, tmp_path / name)

    with pytest.raises(FileError, match="Show label file"):
        discover(tmp_path / name)


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.asc"])
def test_columns_of_numbers_are_a_scan_whatever_they_are_called(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("x,y,z,label\n1,2,3,4\n5,6,7,8\n", encoding="utf-8")

    (candidate,) = discover(tmp_path / name).candidates

    assert candidate.kind is ItemKind.CLOUD
