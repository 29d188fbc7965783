"""A loose plugin runs only after a person said yes to its very bytes."""

from pathlib import Path

import pytest

from annotator.app.plugins import PluginFile, Trust, add_plugins, plugin_files, plugin_folders
from annotator.formats.registry import Registry

GOOD = """
from pathlib import Path
from annotator.api import Context, Document, FormatInfo, Holds, Loss, Problem
Path(__file__).with_suffix(".ran").touch()
class Mine:
    info = FormatInfo("mine", "Mine", (".mine",), Holds.BOX)
    def plan(self, document, context): return []
    def write(self, document, context, target): return []
    def sniff(self, path): return 0.0
    def read(self, path, context): return Document(())
    def validate(self, path): return []
FORMATS = [Mine]
"""


def loaded(folder: Path, trust: Trust, *, say_yes: bool) -> Registry:
    registry = Registry()
    plugins = plugin_files([folder], registry)
    if say_yes:
        for plugin in plugins:
            trust.give(plugin)
    add_plugins(registry, plugins, trust)
    return registry


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "plugins"
    made.mkdir()
    return made


@pytest.fixture
def trust(tmp_path: Path) -> Trust:
    return Trust(tmp_path / "settings" / "trusted.json")


def test_a_plugin_nobody_trusts_does_not_run(folder: Path, trust: Trust) -> None:
    (folder / "mine.py").write_text(GOOD)

    registry = loaded(folder, trust, say_yes=False)

    assert not registry.entries()
    assert registry.refused() == (("mine.py", "nobody has said yes to running it"),)
    assert not (folder / "mine.ran").exists()


def test_a_trusted_plugin_brings_its_format_also_at_the_next_start(
    folder: Path, trust: Trust, tmp_path: Path
) -> None:
    (folder / "mine.py").write_text(GOOD)
    loaded(folder, trust, say_yes=True)

    later = loaded(folder, Trust(tmp_path / "settings" / "trusted.json"), say_yes=False)

    assert [(e.info.name, e.source) for e in later.entries()] == [("mine", "plugin mine.py")]


def test_one_changed_byte_asks_again(folder: Path, trust: Trust) -> None:
    (folder / "mine.py").write_text(GOOD)
    loaded(folder, trust, say_yes=True)
    (folder / "mine.py").write_text(GOOD + " ")

    assert not loaded(folder, trust, say_yes=False).entries()


def test_trust_can_be_taken_back_and_damaged_settings_trust_nobody(
    folder: Path, trust: Trust, tmp_path: Path
) -> None:
    plugin = PluginFile(folder / "a.py", b"FORMATS = []")
    trust.give(plugin)
    trusted_first = plugin in trust

    trust.take_back(plugin)
    trusted_after = plugin in trust
    trust.give(plugin)
    (tmp_path / "settings" / "trusted.json").write_text("[]")

    assert (trusted_first, trusted_after, plugin in trust) == (True, False, False)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("FORMATS = [", "SyntaxError"),
        ("raise RuntimeError('no licence')", "no licence"),
        ("import sys; sys.exit(3)", "SystemExit"),
        ("x = 1", "FORMATS"),
        ("FORMATS = [int]", "FormatInfo"),
    ],
)
def test_a_broken_plugin_is_listed_with_its_reason_and_stops_nothing(
    folder: Path, trust: Trust, code: str, reason: str
) -> None:
    (folder / "broken.py").write_text(code)
    (folder / "mine.py").write_text(GOOD)
    (folder / "_draft.py").write_text("raise SystemExit")

    registry = loaded(folder, trust, say_yes=True)

    assert [e.info.name for e in registry.entries()] == ["mine"]
    assert len(registry.refused()) == 1
    assert reason in registry.refused()[0].reason


def test_a_project_folder_adds_its_plugins_after_the_persons_own(tmp_path: Path) -> None:
    folders = plugin_folders(tmp_path)

    assert folders[-1] == tmp_path / "plugins"
    assert plugin_folders() == folders[:1]
