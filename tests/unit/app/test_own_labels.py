"""Labels that were exported beside a scan do not become items at the next opening."""

import shutil
from pathlib import Path

import pytest

from annotator.app.data import context_of
from annotator.app.discovery import discover
from annotator.app.workspace import Workspace

SCANS = Path(__file__).parents[3] / "sample_data" / "garage" / "scans"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("000000.pcd", "000001.pcd"):
        shutil.copy(SCANS / name, tmp_path)
    return tmp_path


def opened(folder: Path) -> Workspace:
    workspace = Workspace("a")
    workspace.take(folder, workspace.look(folder))
    return workspace


def names(workspace: Workspace) -> list[str]:
    return [item.name for item in workspace.items()]


def exported(folder: Path, name: str) -> None:
    workspace = opened(folder)
    item = workspace.items()[0]
    workspace.start(item, context_of(discover(folder).candidates[0]))
    workspace.export("pcd", folder / name)
    workspace.close()


@pytest.mark.parametrize("name", ["000000_labels.pcd", "for the customer.pcd"])
def test_an_exported_scan_with_labels_is_no_item_at_the_next_opening(
    folder: Path, name: str
) -> None:
    exported(folder, name)

    again = opened(folder)

    assert (folder / name).exists()
    assert names(again) == ["000000.pcd", "000001.pcd"]
    again.close()


def test_beside_its_scan_it_is_none_on_another_computer(folder: Path) -> None:
    exported(folder, "000000_labels.pcd")

    found = discover(folder)

    assert [one.name for one in found.candidates] == ["000000.pcd", "000001.pcd"]


def test_alone_it_is_opened_as_a_scan(folder: Path) -> None:
    exported(folder, "for the customer.pcd")

    again = opened(folder / "for the customer.pcd")

    assert names(again) == ["for the customer.pcd"]
    again.close()


def test_a_plain_scan_of_that_name_stays_an_item(folder: Path) -> None:
    shutil.copy(SCANS / "000002.pcd", folder / "000000_labels.pcd")

    assert len(discover(folder).candidates) == 3
