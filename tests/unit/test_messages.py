"""The Chinese catalogue says everything that the program says, with the same blanks and keys."""

import re
import string
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from annotator import i18n
from annotator.cli.help import fault_in_words
from annotator.errors import FileError
from scripts.messages import catalogue_path, collected, texts, untranslated

# Keys are called the same in both languages; buttons of the mouse are not.
KEYS = re.compile(r"\b(?:Ctrl|Shift|Alt|Esc|Enter|Tab|F1)\b")


@pytest.fixture(scope="module")
def source() -> Catalog:
    return collected()


@pytest.fixture(scope="module")
def chinese() -> Catalog:
    with catalogue_path("zh_CN").open("rb") as file:
        return read_po(file, locale="zh_CN")


def pairs(chinese: Catalog) -> list[tuple[str, str]]:
    """Return each text with its translation; a plural stands for its singular as well."""
    return [
        (list(_forms(message.id))[-1], translation)
        for message in chinese
        if message.id
        for translation in _forms(message.string)
    ]


def blanks(text: str) -> Counter[tuple[str, str, str]]:
    """Count a text's placeholders, with how each is to be written."""
    return Counter(
        (name, spec or "", conversion or "")
        for _text, name, spec, conversion in string.Formatter().parse(text)
        if name is not None
    )


def test_every_text_of_the_program_is_in_the_chinese_catalogue(
    source: Catalog, chinese: Catalog
) -> None:
    assert _ids(source) - _ids(chinese) == set()


def test_no_text_is_left_in_english(chinese: Catalog) -> None:
    assert untranslated(chinese) == []


def test_no_translation_outlives_its_text(source: Catalog, chinese: Catalog) -> None:
    assert _ids(chinese) - _ids(source) == set()
    assert not chinese.obsolete


def test_no_translation_is_a_guess(chinese: Catalog) -> None:
    assert [message.id for message in chinese if message.fuzzy] == []


def test_counted_texts_have_every_plural_form_that_chinese_has(
    source: Catalog, chinese: Catalog
) -> None:
    counted = [message for message in source if isinstance(message.id, tuple)]

    assert counted
    for message in counted:
        assert len(_forms(_same(chinese, message).string)) == chinese.num_plurals == 1


def test_translations_have_the_blanks_of_their_texts(chinese: Catalog) -> None:
    for text, translation in pairs(chinese):
        assert blanks(translation) == blanks(text), text


def test_translations_name_the_keys_that_their_texts_name(chinese: Catalog) -> None:
    for text, translation in pairs(chinese):
        assert Counter(KEYS.findall(translation)) == Counter(KEYS.findall(text)), text


def test_a_button_that_asks_for_more_says_so_in_chinese_too(chinese: Catalog) -> None:
    for text, translation in pairs(chinese):
        assert translation.endswith("…") == text.endswith("…"), text


def test_texts_are_found_wherever_they_stand() -> None:
    module = """
_("one")
said = f"{_('two')}; {x}"
ngettext("{n} box", "{n} boxes", n)
TITLE = mark("three" " four")
_(title)
"""

    assert set(texts(module)) == {"one", "two", ("{n} box", "{n} boxes"), "three four"}


def test_help_speaks_the_language_of_the_system(chinese: Catalog, tmp_path: Path) -> None:
    compile_into(tmp_path, chinese)
    code = (
        "import sys; from pathlib import Path; import annotator.i18n as i18n;"
        "i18n._LOCALE_DIR = Path(sys.argv.pop(1));"
        "from annotator.cli.program import main; main()"
    )

    said = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path), "convert", "--help"],
        env={"LANGUAGE": "zh_CN", "PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(_ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout

    assert str(_of(chinese, "Where to write.")) in said
    assert str(_of(chinese, "Show this message and exit.")) in said
    assert "Write labels" not in said


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Missing argument 'path'.", "缺少参数 'path'"),
        ("No such option: --nix", "没有选项 --nix"),
        ("Invalid value for '--frame': 'x' is not a valid int.", "'--frame' 的值无效：'x' is not"),
        ("Nothing that is known.", "Nothing that is known"),
    ],
)
def test_a_wrong_call_is_told_in_chinese(
    chinese: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, told: str
) -> None:
    compile_into(tmp_path, chinese)
    monkeypatch.setattr(i18n, "_LOCALE_DIR", tmp_path)
    i18n.set_language("zh_CN")

    assert fault_in_words(said).startswith(told)


def compile_into(folder: Path, chinese: Catalog) -> None:
    compiled = folder / "zh_CN" / "LC_MESSAGES" / "annotator.mo"
    compiled.parent.mkdir(parents=True)
    with compiled.open("wb") as file:
        write_mo(file, chinese)


_ROOT = Path(__file__).resolve().parents[2]


def _ids(catalog: Catalog) -> set[str | tuple[str, ...]]:
    return {m.id if isinstance(m.id, str) else tuple(m.id) for m in catalog if m.id}


def _forms(said: object) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)  # type: ignore[arg-type]


def _same(chinese: Catalog, message: Message) -> Message:
    found = chinese.get(message.id)
    assert found is not None, message.id
    return found


def _of(chinese: Catalog, text: str) -> object:
    found = chinese.get(text)
    assert found is not None
    return found.string


def test_a_file_s_fault_is_told_with_the_marks_of_its_language(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(i18n, "_catalogue", i18n._catalogue_of("zh_CN"))

    fault = FileError("a.pcd", "坏了", "请重新导出")

    assert str(fault) == "a.pcd：坏了；请重新导出"
