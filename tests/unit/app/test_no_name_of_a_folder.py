"""Folders of CT may be named after patients: nothing that the program shows or keeps names one."""

from pathlib import Path

import pytest

from annotator.app.discovery import discover
from annotator.app.export_words import made_in_words
from annotator.app.workspace import Workspace
from annotator.errors import FileError
from tests.unit.formats.dicom.ct_maker import ct_slice, save

PATIENTS = ("ZHANG^SANFENG 1961", "LI_SI")
NAMES = ("ZHANG", "LI_SI")


@pytest.fixture
def incoming(tmp_path: Path) -> Path:
    """Return a folder of two patients whose series are described in the same words."""
    for number, patient in enumerate(PATIENTS, start=1):
        for k in range(3):
            save(ct_slice(k, series=str(number)), tmp_path / "in" / patient / f"{k}.dcm")
    return tmp_path / "in"


def is_named(text: str) -> bool:
    return any(name in text for name in NAMES)


def test_series_of_one_description_are_told_apart_without_their_folders(incoming: Path) -> None:
    names = [candidate.name for candidate in discover(incoming).candidates]

    assert len(set(names)) == 2
    assert not any(map(is_named, names))


def test_series_are_called_the_same_at_the_next_start_and_when_others_come(incoming: Path) -> None:
    before = {candidate.name for candidate in discover(incoming).candidates}
    for k in range(3):
        save(ct_slice(k, series="3"), incoming / "A NEW ONE" / f"{k}.dcm")

    assert before < {candidate.name for candidate in discover(incoming).candidates}


def test_images_that_cannot_be_opened_are_said_by_the_number_of_their_folder(
    incoming: Path,
) -> None:
    def placeless(ct: object) -> None:
        del ct.ImagePositionPatient  # type: ignore[attr-defined]

    for k in range(2):
        save(ct_slice(k, series="9", change=placeless), incoming / PATIENTS[0] / "a" / f"{k}.dcm")

    (said,) = discover(incoming).refusals()

    assert said.startswith("2 images of folder 2/1 cannot be opened")


def test_a_folder_without_anything_to_annotate_is_not_named(tmp_path: Path) -> None:
    folder = tmp_path / PATIENTS[0] / PATIENTS[1]
    folder.mkdir(parents=True)
    (folder / "notes.dcm").write_text("nothing")

    with pytest.raises(FileError) as refusal:
        discover(tmp_path / PATIENTS[0])

    assert not is_named(str(refusal.value))


def test_an_export_and_the_recent_list_call_a_series_by_no_folder(incoming: Path) -> None:
    workspace = Workspace("a")
    item, other = workspace.take(incoming, workspace.look(incoming))
    places = []
    for one in (item, other):
        workspace.begin(one)
        places.append(workspace.beside_data())

        assert not is_named(workspace.place_in_words())
    workspace.close()

    assert len(set(places)) == 2
    assert not any(is_named(place.name) for place in places)


def test_a_name_that_an_older_version_kept_in_the_project_is_replaced(incoming: Path) -> None:
    workspace = Workspace("a")
    found = workspace.look(incoming)
    before = workspace.take(incoming, found)
    assert workspace.project is not None
    workspace.project._update(before[0].id, name="CT series · ZHANG^SANFENG")

    after = workspace.take(incoming, found)
    workspace.close()

    assert after == before


def test_two_series_that_lost_their_uids_are_two_items(tmp_path: Path) -> None:
    def nameless(ct: object) -> None:
        del ct.SeriesInstanceUID  # type: ignore[attr-defined]

    for patient in PATIENTS:
        for k in range(3):
            save(
                ct_slice(k, series=str(len(patient)), change=nameless), tmp_path / patient / str(k)
            )
    workspace = Workspace("a")

    items = workspace.take(tmp_path, workspace.look(tmp_path))
    workspace.close()

    assert len({item.id for item in items}) == 2


def test_parts_of_one_series_are_exported_to_places_of_their_own(tmp_path: Path) -> None:
    for number in (1, 2):
        for k in range(4):
            ct = ct_slice(k, uid=f"1.{number}.{k}", position_mm=(0.0, 0.0, 0.4 * number + k))
            ct.AcquisitionNumber = str(number)
            save(ct, tmp_path / f"{number}_{k}")
    workspace = Workspace("a")
    places = set()

    for item in workspace.take(tmp_path, workspace.look(tmp_path)):
        workspace.begin(item)
        places.add(workspace.beside_data())
    workspace.close()

    assert len(places) == 2


def test_findings_name_images_without_their_folders(tmp_path: Path) -> None:
    folder = tmp_path / PATIENTS[0]
    for k in range(6):
        colour = {"PhotometricInterpretation": "RGB", "SamplesPerPixel": 3} if k == 3 else {}
        save(ct_slice(k, change=lambda ct, said=colour: ct.update(said)), folder / f"{k}.dcm")  # type: ignore[misc]
    for k in range(3):
        coronal = ct_slice(50 + k, orientation=(1, 0, 0, 0, 0, -1), position_mm=(0, k, 0))
        save(coronal, folder / f"other {k}.dcm")

    findings = [
        finding.text
        for candidate in discover(tmp_path).candidates
        if candidate.series is not None
        for finding in candidate.series.findings
    ]

    assert any("3.dcm" in text for text in findings)
    assert any("other 0.dcm" in text for text in findings)
    assert not any(map(is_named, findings))


def test_an_export_beside_its_data_is_said_without_a_folder(incoming: Path) -> None:
    target = incoming / "CT_3_slices_labels.json"

    assert made_in_words([target], beside=incoming) == (
        "Exported CT_3_slices_labels.json to the folder that holds the opened data"
    )
