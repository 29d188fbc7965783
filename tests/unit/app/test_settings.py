"""Settings survive a restart, a damaged file and another version."""

from pathlib import Path

import pytest

from annotator.app.settings import MOST_RECENT, Settings
from annotator.errors import FileError


def test_settings_come_back_as_they_were_saved(tmp_path: Path) -> None:
    settings = Settings(language="zh_CN", theme="light", layout="00ff", who="李雷")
    settings.keys = {"edit.undo": ("Ctrl+Z", "Alt+Backspace")}
    settings.remember(tmp_path / "车库", holds_patients=False)
    file = tmp_path / "config" / "settings.json"

    settings.save(file)

    assert Settings.load(file) == settings
    assert [path.name for path in file.parent.iterdir()] == ["settings.json"]


@pytest.mark.parametrize(
    "content", [b"", b"{half", b"[]", b'{"theme": 3}', b"\xff\xfe", b'{"recent": [{}]}']
)
def test_a_damaged_file_gives_the_defaults(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "settings.json"
    file.write_bytes(content)

    assert Settings.load(file) == Settings()


def test_what_a_newer_version_added_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text('{"theme": "light", "from_the_future": {"a": 1}}', "utf-8")

    assert Settings.load(file).theme == "light"


def test_settings_that_cannot_be_written_are_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(FileError):
        Settings().save(tmp_path / "file" / "settings.json")


def test_the_recent_list_is_short_newest_first_and_without_doubles(tmp_path: Path) -> None:
    settings = Settings()
    for number in [*range(MOST_RECENT + 5), 3]:
        settings.remember(tmp_path / str(number), holds_patients=False)

    paths = [Path(path).name for path, _words in settings.recent_in_words()]

    assert len(paths) == MOST_RECENT
    assert paths[:2] == ["3", str(MOST_RECENT + 4)]


def test_where_patients_are_only_the_last_folders_name_is_kept(tmp_path: Path) -> None:
    settings = Settings()
    settings.remember(tmp_path / "Zhang San 1961" / "series 2", holds_patients=True)
    file = tmp_path / "settings.json"

    settings.save(file)

    assert "Zhang" not in file.read_text("utf-8")
    assert Settings.load(file).recent[0].name == "series 2"
