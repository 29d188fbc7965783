"""Compiles the message catalogues, so that a built package speaks every language it has."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileCatalogues(BuildHookInterface):  # type: ignore[type-arg]
    """Turns every ``.po`` under ``annotator/locale`` into the ``.mo`` that gettext reads."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Write the compiled catalogues before the files are collected."""
        for catalogue in Path(self.root, "annotator", "locale").rglob("*.po"):
            compile_catalogue(catalogue)


def compile_catalogue(catalogue: Path) -> None:
    """Write the ``.mo`` beside a ``.po``."""
    with catalogue.open("rb") as source, catalogue.with_suffix(".mo").open("wb") as target:
        write_mo(target, read_po(source))
