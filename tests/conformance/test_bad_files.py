"""No format half-writes, none is confused, and none falls over a damaged file."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from annotator.errors import AnnotatorError, FileError
from annotator.formats.format import Context, Format
from annotator.formats.registry import Registry
from annotator.model.document import Document

Sample = Callable[[Format], tuple[Document, Context]]
SOMETIMES = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def written(form: Format, sample: Sample, folder: Path) -> tuple[Path, Context]:
    document, context = sample(form)
    suffix = form.info.extensions[0] if form.info.extensions else ""
    target = folder / f"000000{suffix}"
    form.write(document, context, target)
    return target, context


def tree(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@contextmanager
def full_disk(bytes_left: int) -> Iterator[None]:
    """Let every write beyond a size fail in the system itself, whoever calls it."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    calm = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_left, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, calm)


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are POSIX's")
@pytest.mark.parametrize("share", [0.0, 0.3, 0.7, 0.999])
def test_a_full_disk_leaves_everything_as_it_was(
    writer: Format, sample: Sample, tmp_path: Path, share: float
) -> None:
    target, _context = written(writer, sample, tmp_path)
    size = target.stat().st_size
    target.write_bytes(b"what was there before")
    before = tree(tmp_path)
    document, context = sample(writer)

    with full_disk(int(size * share)), pytest.raises(FileError):
        writer.write(document, context, target)

    assert tree(tmp_path) == before


def test_a_file_is_recognised_as_what_it_is(
    writer: Format, sample: Sample, registry: Registry, tmp_path: Path
) -> None:
    target, _context = written(writer, sample, tmp_path)

    found = registry.sniffed(target)

    assert found is not None
    assert found.info.name == writer.info.name


def test_what_its_info_says_is_what_is_declared(form: Format, registry: Registry) -> None:
    declared = {entry.info.name: entry.info for entry in registry.entries()}

    assert declared[form.info.name] == form.info
    assert all(extension.startswith(".") for extension in form.info.extensions)


@SOMETIMES
@given(st.binary(max_size=400))
def test_sniffing_never_raises_and_stays_within_its_bounds(
    form: Format, tmp_path: Path, content: bytes
) -> None:
    for extension in (".txt", *form.info.extensions):
        path = tmp_path / f"a{extension}"
        path.write_bytes(content)

        assert 0 <= form.sniff(path) <= 1

    for odd in (tmp_path, tmp_path / "absent", Path("a\0b")):
        assert 0 <= form.sniff(odd) <= 1


@pytest.mark.parametrize("share", [0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98])
def test_a_truncated_file_is_said_in_a_sentence_never_in_a_traceback(
    writer: Format, sample: Sample, tmp_path: Path, share: float
) -> None:
    target, context = written(writer, sample, tmp_path)
    whole = target.read_bytes()
    target.write_bytes(whole[: int(len(whole) * share)])

    _require_calm(writer, target, context)


@SOMETIMES
@given(place=st.floats(0, 1, exclude_max=True), new=st.binary(min_size=1, max_size=6))
def test_a_damaged_file_is_said_in_a_sentence_never_in_a_traceback(
    writer: Format, sample: Sample, tmp_path: Path, place: float, new: bytes
) -> None:
    target, context = written(writer, sample, tmp_path)
    whole = bytearray(target.read_bytes())
    start = int(len(whole) * place)
    whole[start : start + len(new)] = new
    target.write_bytes(whole)

    _require_calm(writer, target, context)


def test_a_file_of_another_kind_is_refused_in_words(
    form: Format, sample: Sample, tmp_path: Path
) -> None:
    path = tmp_path / f"a{(*form.info.extensions, '')[0]}"
    path.write_bytes("这不是标注文件 \x00\x01\x02 no label file\n".encode() * 3)

    with pytest.raises(FileError) as caught:
        form.read(path, sample(form)[1])

    assert path.name in str(caught.value)
    assert caught.value.remedy
    assert form.validate(path)


def test_an_absent_file_and_a_folder_are_problems_and_sentences(
    form: Format, sample: Sample, tmp_path: Path
) -> None:
    for path in (tmp_path / "absent.xyz", tmp_path):
        with pytest.raises(FileError):
            form.read(path, sample(form)[1])

        assert form.validate(path)


def _require_calm(form: Format, path: Path, context: Context) -> None:
    form.sniff(path)
    problems = form.validate(path)
    assert all(problem.message for problem in problems)
    try:
        form.read(path, context)
    except AnnotatorError as error:
        assert "\n" not in str(error)  # noqa: PT017 - reading a damaged file may also succeed
