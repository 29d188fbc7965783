"""Formats from loose modules, which run only after a person said yes to their very bytes."""

import hashlib
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType

from platformdirs import user_config_path, user_data_path

from annotator.errors import FileError
from annotator.formats.files import read_whole, write_whole
from annotator.formats.registry import Registry, built_in_formats
from annotator.i18n import gettext as _

LARGEST_PLUGIN_BYTES = 4 * 2**20


@dataclass(frozen=True, slots=True)
class PluginFile:
    """A module that somebody put into a plugins folder, read but not run.

    Attributes
    ----------
    sha256
        Of `code`. A person trusts this, so that one changed byte asks again.
    """

    path: Path
    code: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        """The hash that a person says yes to, 64 hexadecimal digits."""
        return hashlib.sha256(self.code).hexdigest()


class Trust:
    """The hashes a person said yes to.

    They are kept in the person's settings, never in a project: that comes from somebody else.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or user_config_path("annotator", appauthor=False) / "trusted.json"

    def __contains__(self, plugin: PluginFile) -> bool:
        return plugin.sha256 in self._hashes()

    def give(self, plugin: PluginFile) -> None:
        """Note that the person said yes to these very bytes."""
        self._keep(self._hashes() | {plugin.sha256: plugin.path.name})

    def take_back(self, plugin: PluginFile) -> None:
        """Note that the person no longer trusts these bytes."""
        self._keep({k: v for k, v in self._hashes().items() if k != plugin.sha256})

    def _hashes(self) -> dict[str, str]:
        try:
            kept = json.loads(self._path.read_text("utf-8"))["plugins"]
            return {str(k): str(v) for k, v in kept.items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}  # trusting nobody is the safe reading of a damaged file

    def _keep(self, hashes: dict[str, str]) -> None:
        text = json.dumps({"plugins": hashes}, indent=1, sort_keys=True, ensure_ascii=False)
        write_whole({self._path: text.encode()})
        all_formats.cache_clear()


@cache
def all_formats(project_folder: Path | None = None) -> Registry:
    """Return every format there is: built in, installed, and from trusted plugins.

    Parameters
    ----------
    project_folder
        A project whose ``plugins`` folder is looked into as well.
    """
    registry = built_in_formats()
    registry.add_installed()
    add_plugins(registry, plugin_files(plugin_folders(project_folder), registry), Trust())
    return registry


def plugin_folders(project_folder: Path | None = None) -> tuple[Path, ...]:
    """Return where loose plugins are looked for: the person's folder, then the project's."""
    own = user_data_path("annotator", appauthor=False) / "plugins"
    return (own,) if project_folder is None else (own, project_folder / "plugins")


def plugin_files(folders: Iterable[Path], registry: Registry) -> list[PluginFile]:
    """Return the modules in plugins folders; what cannot be read is listed as refused."""
    found: list[PluginFile] = []
    for folder in folders:
        for path in sorted(folder.glob("*.py")) if folder.is_dir() else ():
            if path.name.startswith("_"):
                continue
            try:
                found.append(PluginFile(path, read_whole(path, limit_bytes=LARGEST_PLUGIN_BYTES)))
            except FileError as error:
                registry.refuse(path.name, error.problem)
    return found


def add_plugins(registry: Registry, plugins: Iterable[PluginFile], trust: Trust) -> None:
    """Run the trusted plugins and take their formats; list the others with the reason."""
    for plugin in plugins:
        name = plugin.path.name
        if plugin not in trust:
            registry.refuse(name, _("nobody has said yes to running it"))
            continue
        try:
            kinds = tuple(_run(plugin).FORMATS)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a stranger's module
            registry.refuse(name, f"{type(error).__name__}: {error}")
            continue
        for kind in kinds:
            registry.add(kind, f"plugin {name}")


def _run(plugin: PluginFile) -> ModuleType:
    """Return the module made of the very bytes that were hashed.

    Not through the import system: it would read the file anew, or a compiled copy beside it that
    nobody said yes to.
    """
    module = ModuleType(f"annotator_plugin_{plugin.sha256[:16]}")
    module.__file__ = str(plugin.path)
    sys.modules[module.__name__] = module  # dataclasses look their module up here
    try:
        exec(compile(plugin.code, str(plugin.path), "exec"), module.__dict__)  # noqa: S102 - trusted
    except BaseException:
        del sys.modules[module.__name__]
        raise
    return module
