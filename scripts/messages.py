"""Collects the texts of the interface into the catalogues, and compiles them.

Run ``make messages`` after a text was added or changed, then translate what is empty.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from annotator import __version__
from annotator.cli.help import help_texts
from annotator.cli.program import app

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "annotator" / "locale"
HEADER = "# The texts of Annotator, collected by scripts/messages.py; translate what is empty."


def collected() -> Catalog:
    """Return every text of the program, without line numbers, which would change every day."""
    catalog = Catalog(project="annotator", charset="utf-8")
    for file in sorted((ROOT / "annotator").rglob("*.py")):
        place = (file.relative_to(ROOT).as_posix(), 0)
        for message in texts(file.read_text(encoding="utf-8")):
            catalog.add(message, locations=[place])
    for text in help_texts(app):
        catalog.add(text, locations=[("annotator/cli/help.py", 0)])
    return catalog


def texts(source: str) -> Iterator[str | tuple[str, ...]]:
    """Yield the texts that a module marks, also those inside f-strings, which Babel overlooks."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(
                func=ast.Name(id="_" | "gettext" | "mark"), args=[ast.Constant(str(text))]
            ):
                yield text
            case ast.Call(
                func=ast.Name(id="ngettext"),
                args=[ast.Constant(str(one)), ast.Constant(str(many)), _],
            ):
                yield one, many
            case _:
                pass


def updated(language: str) -> Catalog:
    """Return a language's catalogue with today's texts, translations kept."""
    catalog = _empty(language)
    with catalogue_path(language).open("rb") as file:
        before = read_po(file, locale=language)
    catalog.creation_date = catalog.revision_date = before.creation_date
    for message in collected():
        if message.id:
            known = before.get(message.id)
            same_kind = known is not None and type(known.id) is type(message.id)
            string = known.string if known is not None and same_kind else None
            catalog.add(message.id, string, locations=message.locations, context=message.context)
    return catalog


def catalogue_path(language: str) -> Path:
    """Return where a language's texts are."""
    return LOCALE / language / "LC_MESSAGES" / "annotator.po"


def untranslated(catalog: Catalog) -> list[str]:
    """Return the texts that say nothing yet in the catalogue's language."""
    return [str(m.id) for m in catalog if m.id and (not _all_there(m.string) or m.fuzzy)]


def _empty(language: str) -> Catalog:
    return Catalog(
        locale=language,
        header_comment=HEADER,
        project="Annotator",
        version=__version__,
        msgid_bugs_address="-",
        last_translator="Annotator",
        language_team=language,
        fuzzy=False,
    )


def _all_there(string: object) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


def main() -> int:
    """Update and compile zh_CN; say what is still to translate."""
    path = catalogue_path("zh_CN")
    if not path.exists():
        path.parent.mkdir(parents=True)
        with path.open("wb") as file:
            write_po(file, _empty("zh_CN"))
    catalog = updated("zh_CN")
    with path.open("wb") as file:
        write_po(
            file, catalog, width=100, sort_output=True, omit_header=False, include_lineno=False
        )
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)
    missing = untranslated(catalog)
    for text in missing:
        print(text, file=sys.stderr)
    print(f"{len(catalog)} texts, {len(missing)} to translate")
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
