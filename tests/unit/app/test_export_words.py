"""An export says what it leaves out by class and reason, and what it has made."""

from pathlib import Path

import pytest

from annotator.app.export_words import losses_in_words, made_in_words, verdict
from annotator.formats.format import Holds, Level, Loss
from annotator.i18n import set_language
from annotator.model.annotations import Annotation
from annotator.model.document import Document
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D, Polyline3D

WALLS = [Annotation("wall", Polyline3D(((0, 0, 0), (n + 1, 0, 0)), 3.0)) for n in range(4)]
CARS = [Annotation("car", Box3D((0, 5 * n, 0), (4, 2, 1.5)), track=f"{n}") for n in range(2)]
DOCUMENT = Document(((10,),), {a.id: a for a in (*WALLS, *CARS)})
NO_WALL = [Loss(Level.DROPPED, Holds.WALL, a.id, "this format has no wall") for a in WALLS]
NO_TRACK = [Loss(Level.DROPPED, Holds.TRACK, a.id, "labels have no track") for a in CARS]
ROUNDED = [Loss(Level.ROUNDED, Holds.BOX, a.id, "numbers keep four decimals", 1e-4) for a in CARS]


@pytest.fixture(autouse=True)
def english() -> None:
    set_language("en")


def test_what_is_lost_for_one_reason_is_one_line_with_counts_and_names() -> None:
    lines = losses_in_words([*ROUNDED, *NO_TRACK, *NO_WALL], DOCUMENT, GARAGE)

    assert lines == [
        "Left out · 4 × Wall · this format has no wall",
        "Not kept · 2 × Car · labels have no track",
        "Rounded · 2 × Car · numbers keep four decimals",
    ]
    assert not any(a.id[:8] in line for a in (*WALLS, *CARS) for line in lines)


def test_layers_are_called_by_what_they_are() -> None:
    (line,) = losses_in_words(
        [Loss(Level.DROPPED, Holds.POINT_LABEL, "layer:semantic", "no room")], DOCUMENT, GARAGE
    )

    assert line == "Left out · labels of points · no room"


@pytest.mark.parametrize(
    ("losses", "said"),
    [
        ([], "everything that was labelled"),
        ([*NO_WALL, *NO_TRACK], "4 things are left out"),
        (NO_WALL[:1], "1 thing is left out"),
        (NO_TRACK, "not all that was said"),
        (ROUNDED, "rounds or changes"),
    ],
)
def test_the_verdict_counts_things_and_not_lines(losses: list[Loss], said: str) -> None:
    assert said in verdict(losses)


def test_one_file_is_named_with_its_folder(tmp_path: Path) -> None:
    target = tmp_path / "scan.txt"

    assert made_in_words([target]) == f"Exported scan.txt to {tmp_path}"


def test_files_beside_each_other_are_named_one_by_one(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("scan.csv", "scan_scores.csv")]

    assert made_in_words(files) == f"Exported scan.csv, scan_scores.csv to {tmp_path}"


def test_a_folder_is_named_with_what_is_in_it(tmp_path: Path) -> None:
    root = tmp_path / "scans_labels_kitti"
    files = [root / folder / "000000.txt" for folder in ("label_2", "calib")]
    for file in files:
        file.parent.mkdir(parents=True)

    assert made_in_words(files) == f"Exported 2 files to {root} (calib/, label_2/)"
