"""Rules about the source that no linter knows."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "annotator"
MODULES = sorted(PACKAGE.rglob("*.py"))
# The four edits, and the store that fills a document as it was kept.
MAY_WRITE = {"model/edits.py", "model/document.py", "model/layers.py", "project/documents.py"}
# Readers fill a document, or a layer of one, that nobody else has seen yet.
MAY_WRITE |= {"formats/foci.py", "formats/packed.py", "formats/values.py"}
# Arrays that come back from our own child process; no file's bytes are ever unpickled.
MAY_PICKLE = {"app/transfer.py"}
MUTATORS = {"pop", "popitem", "update", "clear", "setdefault", "put", "load"}
FORBIDDEN = ("manager", "controller", "handler", "helper", "utils", "common", "misc")
# Modifiers of the mouse are no keys that anybody can choose: Shift+click, Alt+wheel.
KEY = re.compile(
    r"\b(Esc|Enter|Return|Backspace|Space|PgUp|PgDown|Del|F\d+)\b|\b(Ctrl|Alt|Shift)\+[A-Z0-9]\b"
    r"|(^| )[\[\]]( |$)|\bTab (?=[a-z])"
)
# Names that Qt or Python's libraries chose.
THEIRS = {"handler", "Handlers", "commonpath", "commonprefix"}


def named(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def writes_to_a_document(tree: ast.AST) -> list[int]:
    """Return the lines that write to a document's annotations or layers."""
    return [node.lineno for node in ast.walk(tree) if isinstance(node, ast.expr) and _writes(node)]


def _writes(node: ast.expr) -> bool:
    match node:
        case ast.Subscript(
            ctx=ast.Store() | ast.Del(),
            value=ast.Attribute(value=value, attr="annotations" | "layers" | "numbers"),
        ):
            return _is_document(value)
        case ast.Attribute(
            ctx=ast.Store() | ast.Del(), value=value, attr="annotations" | "layers" | "numbers"
        ):
            return _is_document(value)
        case ast.Call(func=ast.Attribute(value=value, attr=name)) if name in MUTATORS:
            return _is_part_of_a_document(value)
        case _:
            return False


def _is_document(node: ast.expr) -> bool:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return "document" in name
        case _:
            return False


def _is_part_of_a_document(node: ast.expr) -> bool:
    match node:
        case ast.Attribute(value=value, attr="annotations" | "layers" | "numbers"):
            return _is_document(value)
        case ast.Subscript(value=inner):
            return _is_part_of_a_document(inner)
        case ast.Call(func=ast.Attribute(value=value, attr="layer" | "semantic" | "instances")):
            return _is_document(value)
        case ast.Name(id="layer"):
            return True
        case _:
            return False


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_only_edits_and_the_store_write_to_a_document(path: Path) -> None:
    if named(path) in MAY_WRITE:
        return

    lines = writes_to_a_document(ast.parse(path.read_text("utf-8")))

    assert not lines, f"{named(path)}: lines {lines} write to a document; return an edit instead"


@pytest.mark.parametrize(
    "code",
    [
        "document.annotations[a.id] = a",
        "del self.document.annotations['x']",
        "session.document.annotations.pop('x')",
        "document.layers[key].put(where, values)",
        "self.session.document.semantic(0).put(where, values)",
        "layer.load(3, values)",
        "document.layers = {}",
        "document.numbers[a.id] = 3",
    ],
)
def test_the_rule_sees_every_way_to_write(code: str) -> None:
    assert writes_to_a_document(ast.parse(code)) == [1]


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_no_name_says_nothing(path: Path) -> None:
    names = {named(path)} | _defined(ast.parse(path.read_text("utf-8")))

    vague = {n for n in names - THEIRS if any(word in n.lower() for word in FORBIDDEN)}

    assert not vague


def _defined(tree: ast.AST) -> set[str]:
    """Return the names of classes, functions, arguments and variables that a module makes up."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                found.add(name)
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case _:
                pass
    return found


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_nothing_runs_what_a_file_says(path: Path) -> None:
    if named(path) in MAY_PICKLE:
        return
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Import(names=names):
                assert not {n.name for n in names} & {"pickle", "dill", "shelve", "marshal"}
            case ast.ImportFrom(module="pickle" | "dill" | "shelve" | "marshal"):
                pytest.fail(f"line {node.lineno} imports {node.module}")
            case ast.Call(func=ast.Name(id="eval")):
                pytest.fail(f"line {node.lineno} evaluates text")
            case ast.Call(func=ast.Attribute(value=ast.Name(id="yaml"), attr="load")):
                pytest.fail(f"line {node.lineno} lets YAML make objects")
            case ast.keyword(arg="allow_pickle", value=ast.Constant(value=True)):
                pytest.fail(f"line {node.value.lineno} lets an array file make objects")
            case _:
                pass


def keys_in_texts(tree: ast.AST) -> list[str]:
    """Return the texts for people that write a key out, though a person may have chosen another."""
    said = [
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"_", "mark", "gettext"}
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    ]
    return [text for text in said if KEY.search(text)]


@pytest.mark.parametrize(
    "path", [m for m in MODULES if named(m).startswith(("tools/", "views/", "app/"))], ids=named
)
def test_no_text_writes_a_key_out(path: Path) -> None:
    assert keys_in_texts(ast.parse(path.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "text", ["Esc goes back", "press Enter", "Ctrl+Z brings it back", "F1 shows keys", "[ shrinks"]
)
def test_the_rule_sees_a_key_in_a_text(text: str) -> None:
    assert keys_in_texts(ast.parse(f"_({text!r})")) == [text]


def test_what_a_plugin_imports_costs_no_more_than_numpy() -> None:
    heavy = {
        "scipy", "numba", "open3d", "pydicom", "highdicom", "nibabel", "laspy", "PySide6",
        "pyqtgraph", "sqlalchemy", "alembic", "typer",
    }  # fmt: skip
    code = "import sys, annotator.api; print(*sorted({m.partition('.')[0] for m in sys.modules}))"

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert not heavy & set(done.stdout.split())


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    place = re.compile(rb"(?<![\w.])(?:/home/\w+/|/Users/\w+/|/root/|/work/|[A-Z]:\\Users\\\w)")
    own = Path(__file__).relative_to(ROOT).as_posix()
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    texts = (".py", ".md", ".toml", ".sh", ".yaml", ".yml", ".json", ".po", ".cfg", "Makefile")

    found = [
        f"{name}: {match.group().decode()}"
        for name in listed.stdout.splitlines()
        if name.endswith(texts) and name != own and (ROOT / name).is_file()
        for match in place.finditer((ROOT / name).read_bytes())
    ]

    assert not found
