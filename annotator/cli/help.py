"""Help in the person's language: the parser is built in English, then its texts are translated."""

import gettext as parser_gettext
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import typer

import annotator
from annotator.i18n import gettext as _
from annotator.i18n import mark

COMMANDS = (
    "info",
    "formats",
    "labels",
    "fit",
    "render",
    "measure",
    "suggest",
    "lint",
    "window",
    "doctor",
)

# What the parser says of itself; it looks them up in the catalogue that `speak` gives it.
PARSER_WORDS = (
    mark("Arguments"),
    mark("Options"),
    mark("Commands"),
    mark("required"),
    mark("default: {default}"),
    mark("Missing command."),
    mark("No such command {name!r}."),
)

# What it says of a wrong call, in English only.
PARSER_FAULTS = (
    mark("Missing argument {name}"),
    mark("Missing option {name}"),
    mark("No such option: {name}"),
    mark("Invalid value for {name}: {reason}"),
)


def whole_command(app: typer.Typer) -> Any:  # noqa: ANN401 - the parser's own type is private
    """Return the command with all its subcommands; their modules are imported here."""
    for name in COMMANDS:
        import_module(f"annotator.cli.{name}")
    return typer.main.get_command(app)


def speak(command: Any) -> None:  # noqa: ANN401 - as above
    """Translate the help of a command and of all below it."""
    parser_gettext.bindtextdomain("annotator", Path(annotator.__file__).parent / "locale")
    parser_gettext.textdomain("annotator")
    for part in _parts(command):
        part.help = _(part.help)


def fault_in_words(said: str) -> str:
    """Return what the parser says of a wrong call, translated where its sentence is known."""
    sentence = said.strip().rstrip(".")
    for text in PARSER_FAULTS:
        known = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+?)", re.escape(text))
        found = re.fullmatch(known, sentence, re.DOTALL)
        if found:
            return _(text).format(**found.groupdict())
    return sentence


def help_texts(app: typer.Typer) -> Iterator[str]:
    """Yield every text of the help, for the catalogue; docstrings cannot be marked."""
    for part in _parts(whole_command(app)):
        yield part.help


def _parts(command: Any) -> Iterator[Any]:  # noqa: ANN401 - as above
    """Yield what has help: the command, its options, its subcommands and theirs."""
    asks_help = command.get_help_option(typer.Context(command))
    for part in (command, *command.params, asks_help):
        if part is not None and part.help:
            yield part
    for below in getattr(command, "commands", {}).values():
        yield from _parts(below)
