"""Rooms import downward only; every contract holds, and fails when it is broken."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def lint(folder: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    """Run import-linter on a checkout."""
    chosen = [word for name in contracts for word in ("--contract", name)]
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache", *chosen],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources that may be broken."""
    folder = tmp_path_factory.mktemp("checkout")
    only_source = shutil.ignore_patterns("__pycache__", "locale", "*.mo", "*.nbi", "*.nbc")
    for name in ("annotator", "plugins"):
        shutil.copytree(ROOT / name, folder / name, ignore=only_source)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_all_contracts_hold(copy: Path) -> None:
    done = lint(copy)

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("contract", "module", "line"),
    [
        ("rooms", "annotator/model/items.py", "import annotator.formats.format"),
        ("rooms", "annotator/geometry/__init__.py", "import annotator.imaging"),
        ("rooms", "annotator/project/schema.py", "import annotator.app.session"),
        ("qt", "annotator/app/session.py", "import PySide6"),
        ("qt", "annotator/tools/tool.py", "import pyqtgraph"),
        ("model", "annotator/model/layers.py", "import scipy"),
        ("plugins", "plugins/__init__.py", "import annotator.model.labels"),
        ("nobody-imports-plugins", "annotator/app/session.py", "import plugins"),
        ("nobody-imports-plugins", "annotator/formats/format.py", "import annotator.api"),
    ],
)
def test_a_broken_contract_is_noticed(copy: Path, contract: str, module: str, line: str) -> None:
    path = copy / module
    before = path.read_text("utf-8")
    path.write_text(f"{before}\n\n{line}\n", "utf-8")

    done = lint(copy, contract)

    path.write_text(before, "utf-8")
    assert done.returncode != 0
    assert "BROKEN" in done.stdout, done.stdout + done.stderr
