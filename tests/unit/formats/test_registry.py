"""One registry knows all formats, and a broken one stops nothing."""

# ruff: noqa: ARG002 - stand-ins keep the contract's signatures

import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import ClassVar

import pytest

from annotator.errors import AnnotatorError
from annotator.formats.built_in import BuiltIn
from annotator.formats.format import (
    API,
    Context,
    Format,
    FormatInfo,
    Holds,
    Loss,
    Problem,
)
from annotator.formats.registry import Registry, built_in_formats
from annotator.model.document import Document


class Sure:
    """A format that is certain of every file."""

    info: ClassVar[FormatInfo] = FormatInfo("sure", "Sure", (".sure",), Holds.BOX)
    sureness: ClassVar[float] = 1.0

    def plan(self, document: Document, context: Context) -> list[Loss]:
        return []

    def write(self, document: Document, context: Context, target: Path) -> list[Path]:
        return []

    def sniff(self, path: Path) -> float:
        return self.sureness

    def read(self, path: Path, context: Context) -> Document:
        return Document(())

    def validate(self, path: Path) -> list[Problem]:
        return []


class Doubtful(Sure):
    info = FormatInfo("doubtful", "Doubtful", (".d",), Holds.BOX)
    sureness = 0.4


class SameName(Sure):
    info = FormatInfo("sure", "Another", (".x",), Holds.BOX)


class FromTheFuture(Sure):
    info = FormatInfo("future", "Future", (".f",), Holds.BOX, api=API + 1)


class Falls(Sure):
    info = FormatInfo("falls", "Falls", (".y",), Holds.BOX)

    def sniff(self, path: Path) -> float:
        raise RuntimeError("never mind")


class Incomplete:
    info = FormatInfo("incomplete", "Incomplete", (".z",), Holds.BOX)


def names(registry: Registry) -> list[str]:
    return [entry.info.name for entry in registry.entries()]


def test_listing_the_formats_imports_none_of_them() -> None:
    code = (
        "import sys; from annotator.formats.registry import built_in_formats as b;"
        "print(len(b().entries()), [m for m in sys.modules if m.startswith(('pydicom', 'highdicom',"
        " 'nibabel', 'open3d', 'scipy', 'annotator.formats.kitti'))])"
    )

    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert out.stdout.strip() == "7 []"


def test_the_names_that_scripts_use_are_these() -> None:
    assert names(built_in_formats()) == [
        "native", "kitti", "semantickitti", "pcd", "dicom-seg", "nifti", "csv",
    ]  # fmt: skip


def test_the_later_of_two_formats_with_one_name_is_refused_and_listed() -> None:
    registry = Registry()

    registry.add(Sure, "first")
    registry.add(SameName, "second")

    assert [(e.info.title, e.source) for e in registry.entries()] == [("Sure", "first")]
    assert registry.refused() == (("second", "the name sure is taken by: first"),)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (FromTheFuture, "version 2 of the plugin interface"),
        (Incomplete, "it lacks plan, write, sniff, read, validate"),
        (object, "FormatInfo"),
    ],
)
def test_what_does_not_keep_the_contract_is_refused_with_the_reason(
    kind: type, reason: str
) -> None:
    registry = Registry()

    registry.add(kind, "somewhere")

    assert not registry.entries()
    assert reason in registry.refused()[0].reason


def test_installed_packages_bring_formats_and_a_broken_one_stops_nothing() -> None:
    registry = Registry()
    broken = EntryPoint("gone", "no_such_package:Format", "annotator.formats")
    sound = EntryPoint("sure", f"{Sure.__module__}:Sure", "annotator.formats")
    sys.modules[Sure.__module__] = sys.modules[__name__]

    registry.add_installed([broken, sound])

    assert names(registry) == ["sure"]
    assert registry.refused()[0].name == "gone"
    assert "no_such_package" in registry.refused()[0].reason


def test_the_surest_format_is_taken_and_a_doubtful_or_falling_one_is_not(tmp_path: Path) -> None:
    registry = Registry()
    registry.add(Doubtful, "here")
    registry.add(Falls, "here")
    before = registry.sniffed(tmp_path / "a")
    registry.add(Sure, "here")

    found = registry.sniffed(tmp_path / "a")

    assert before is None
    assert found is not None
    assert found.info.name == "sure"
    assert registry.refused() == (("falls", "RuntimeError: never mind"),)


def test_a_format_is_made_once_and_a_missing_one_is_said_in_words() -> None:
    registry = Registry()
    registry.add(Sure, "here")
    registry.declare(BuiltIn(Doubtful.info, "annotator.no_such_module", "Doubtful"))

    made: list[Format] = [registry.load("sure"), registry.load("sure")]

    assert made[0] is made[1]
    with pytest.raises(AnnotatorError, match="no format absent"):
        registry.load("absent")
    with pytest.raises(AnnotatorError, match="doubtful cannot be loaded"):
        registry.load("doubtful")
