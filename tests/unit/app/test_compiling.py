"""Nobody waits for a compiler: every kernel is compiled when the program is installed."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import annotator
from annotator.app.compiling import compile_all

PACKAGE = Path(annotator.__file__).parent


def test_installing_compiles_every_kernel_that_the_program_calls() -> None:
    compile_all()

    left = [f"{module}.{name}" for module, name in _called() if not _signatures(module, name)]
    assert not left


def _signatures(module: str, name: str) -> list[Any]:
    found: list[Any] = getattr(import_module(module), name).signatures
    return found


def _called() -> Iterator[tuple[str, str]]:
    """Go through the kernels that something else than a kernel calls."""
    trees = {_module(file): ast.parse(file.read_text("utf-8")) for file in PACKAGE.rglob("*.py")}
    everywhere = {name for tree in trees.values() for name in _names_outside_kernels(tree)}
    for module, tree in trees.items():
        here = _names_outside_kernels(tree)
        for name in (
            node.name
            for node in tree.body
            if isinstance(node, ast.FunctionDef) and _is_kernel(node)
        ):
            if name in (here if name.startswith("_") else everywhere):
                yield module, name


def _module(file: Path) -> str:
    return ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts)


def _names_outside_kernels(tree: ast.Module) -> set[str]:
    nodes = [node for top in tree.body if not _is_kernel(top) for node in ast.walk(top)]
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return names | {node.attr for node in nodes if isinstance(node, ast.Attribute)}


def _is_kernel(node: ast.stmt) -> bool:
    if not isinstance(node, ast.FunctionDef):
        return False
    return any(isinstance(mark, ast.Name) and mark.id == "kernel" for mark in node.decorator_list)
