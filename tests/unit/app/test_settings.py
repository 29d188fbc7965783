"""Settings survive a restart, a damaged file and another version."""

from pathlib import Path

import pytest

from annotator.app.settings import MOST_RECENT, Settings
from annotator.errors import FileError


def test_settings_come_back_as_they_were_saved(tmp_path: Path) -> None:
    settings = Settings(language="zh_CN", theme="light", layout="00ff", who="李雷")
    settings.keys = {"edit.undo": ("Ctrl+Z", "Alt+Backspace")}
    settings.remember(tmp_path / "车库")
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
        (tmp_path / str(number)).mkdir(exist_ok=True)
        settings.remember(tmp_path / str(number))

    paths = [place.name for recent in settings.recent if (place := recent.place())]

    assert len(paths) == MOST_RECENT
    assert paths[:2] == ["3", str(MOST_RECENT + 4)]


def test_where_patients_are_no_folder_is_named_and_the_place_is_found_again(
    tmp_path: Path,
) -> None:
    place, file = tmp_path / "Zhang San 1961" / "series 2", tmp_path / "settings.json"
    place.mkdir(parents=True)
    settings = Settings()
    settings.remember(place, words="CT 20 slices")

    settings.save(file)

    (recent,) = Settings.load(file).recent
    assert not any(part in file.read_text("utf-8") for part in ("Zhang", "series", tmp_path.name))
    assert recent.in_words() == "CT 20 slices"
    assert recent.place() == place


def test_a_place_that_is_gone_is_not_found_again(tmp_path: Path) -> None:
    settings = Settings()
    settings.remember(tmp_path / "Zhang San 1961", words="CT 20 slices")

    assert settings.recent[0].place() is None


def test_names_of_patients_that_an_older_version_kept_are_forgotten(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text('{"recent": [{"name": "ZHANG^SANFENG", "holds_patients": true}]}', "utf-8")

    settings = Settings.load(file)
    settings.save(file)

    assert settings.recent == ()
    assert "ZHANG" not in file.read_text("utf-8")
