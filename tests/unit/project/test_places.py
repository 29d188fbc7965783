"""A project lies beside its data, unless work could be lost there."""

import tempfile
from pathlib import Path, PurePosixPath, PureWindowsPath

import platformdirs
import pytest

from annotator.errors import FileError
from annotator.project import places
from annotator.project.places import file_system, place_for
from annotator.project.project import Project


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's data directory, out of the way."""
    own = tmp_path / "own"
    monkeypatch.setattr(platformdirs, "user_data_path", lambda *_args, **_named: own)
    return own


def test_a_scans_project_lies_beside_it(tmp_path: Path) -> None:
    scan = tmp_path / "车库.pcd"
    scan.touch()

    place = place_for(scan)

    assert (place.file, place.folder) == (tmp_path / "project.annotator", tmp_path)
    assert not place.reason


def test_a_folder_that_cannot_be_written_gets_a_project_in_the_users_own_directory(
    tmp_path: Path, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "Zhang San"
    secret.mkdir()

    def refuse(*_args: object, **_named: object) -> None:
        raise PermissionError

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)

    place = place_for(secret)

    assert place.file.is_relative_to(own_folder)
    assert "Zhang" not in str(place.file.relative_to(own_folder))
    assert "cannot be written" in place.reason
    assert place.folder == secret


def test_data_on_a_network_share_gets_its_project_on_this_computer(
    tmp_path: Path, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = tmp_path / "share"
    share.mkdir()
    monkeypatch.setattr(places, "_mounts", lambda: [("/", "ext4"), (str(share), "cifs")])

    place = place_for(share)

    assert place.file.is_relative_to(own_folder)
    assert "network share" in place.reason


def test_a_project_file_on_a_network_share_is_refused_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "_mounts", lambda: [("/", "ext4"), (str(tmp_path), "nfs4")])

    with pytest.raises(FileError, match=r"network share.*PostgreSQL"):
        Project.create(tmp_path / "project.annotator")

    assert not list(tmp_path.glob("project*"))


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/data", "ext4"),
        ("/mnt/share/x", "cifs"),
        ("/mnt/share/local/x", "xfs"),
        ("/mnt/sharealike", "ext4"),
        ("/twice/x", "nfs"),
    ],
)
def test_the_deepest_and_latest_mount_decides(path: str, kind: str) -> None:
    mounts = [
        ("/", "ext4"),
        ("/twice", "ext4"),
        ("/mnt/share/local", "xfs"),
        ("/mnt/share", "cifs"),
        ("/twice", "nfs"),
    ]

    assert file_system(PurePosixPath(path), mounts) == kind


def test_a_windows_share_is_recognised_by_its_name() -> None:
    assert places._is_remote_drive(PureWindowsPath(r"\\server\share\scan.pcd"))
