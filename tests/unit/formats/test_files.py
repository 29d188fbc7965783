"""Files are written whole or not at all."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.errors import FileError
from annotator.formats.files import head, read_whole, write_whole


def test_a_file_is_written_whole_into_a_folder_that_did_not_exist(tmp_path: Path) -> None:
    target = tmp_path / "标注" / "a.txt"

    written = write_whole({target: [b"one ", b"two"]})

    assert written == [target]
    assert target.read_bytes() == b"one two"


def test_a_source_that_breaks_halfway_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path,
) -> None:
    target = tmp_path / "a.txt"
    target.write_bytes(b"old")

    def parts() -> Iterator[bytes]:
        yield b"new"
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(FileError, match=r"a\.txt: it cannot be written \(No space left"):
        write_whole({target: parts()})

    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("failing", [0, 1, 2])
def test_files_that_belong_together_change_together_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    targets = [tmp_path / name for name in ("new", "old", "last")]
    targets[1].write_bytes(b"before")
    replace, calls = Path.replace, iter(range(99))

    def fails_once(self: Path, target: Path) -> Path:
        if next(calls) == failing:
            raise OSError(errno.EIO, "Input/output error")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fails_once)

    with pytest.raises(FileError):
        write_whole(dict.fromkeys(targets, b"after"))

    assert [p.name for p in tmp_path.iterdir()] == ["old"]
    assert targets[1].read_bytes() == b"before"


def test_a_folder_where_the_file_should_be_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="same name"):
        write_whole({tmp_path: b"x"})


def test_a_missing_file_and_a_monstrous_one_are_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"12345")

    with pytest.raises(FileError, match="no such file"):
        read_whole(tmp_path / "absent")
    with pytest.raises(FileError, match="5 bytes, more than"):
        read_whole(tmp_path / "big", limit_bytes=4)


def test_the_head_of_what_cannot_be_read_is_empty(tmp_path: Path) -> None:
    assert head(tmp_path) == head(tmp_path / "absent") == head(Path("a\0b")) == b""
