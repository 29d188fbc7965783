"""The language the program speaks."""

import gettext as _gettext
import locale
import os
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "zh_CN")
_LOCALE_DIR = Path(__file__).parent / "locale"
_catalogue: _gettext.NullTranslations = _gettext.NullTranslations()
_language = "en"


def system_language() -> str:
    """Return the language of this system among `LANGUAGES`; English where it is another."""
    wanted = (
        os.environ.get("LANGUAGE")
        or os.environ.get("LC_ALL")
        or os.environ.get("LC_MESSAGES")
        or os.environ.get("LANG")
        or locale.getlocale()[0]
        or ""
    )
    return "zh_CN" if wanted.lower().startswith(("zh", "chinese")) else "en"


def set_language(language: str) -> None:
    """Speak ``language`` from now on; texts that were already made stay as they are."""
    global _catalogue, _language  # noqa: PLW0603 - a process speaks one language at a time
    _language = language
    _catalogue = _catalogue_of(language)


def current_language() -> str:
    """Return the language that texts are made in."""
    return _language


def gettext(message: str) -> str:
    """Return ``message`` in the current language."""
    return _catalogue.gettext(message) if message else ""


def in_all_languages(message: str) -> tuple[str, ...]:
    """Return ``message`` in each language, for a search that knows them all."""
    return tuple(_catalogue_of(language).gettext(message) for language in LANGUAGES)


def retold(text: str) -> str:
    """Return a text that was kept in any language in the current one; as it is if none knows it.

    A text with a number or a name in it is known to none.
    """
    return gettext(_originals().get(text, text))


def ngettext(singular: str, plural: str, count: int) -> str:
    """Return the form for ``count`` things in the current language."""
    return _catalogue.ngettext(singular, plural, count)


def in_one(sentences: Iterable[str]) -> str:
    """Return several sentences as one, parted as the current language parts them."""
    return gettext("; ").join(sentences)


def listed(names: Iterable[str]) -> str:
    """Return names as a list, parted as the current language parts them."""
    return gettext(", ").join(names)


def told_of(subject: str, said: str) -> str:
    """Return what is said of something, after its name."""
    return gettext("{subject}: {said}").format(subject=subject, said=said)


def mark(message: str) -> str:
    """Mark a text for the catalogue that is translated later, where it is shown."""
    return message


@cache
def _originals() -> Mapping[str, str]:
    """Return the English of each translated text; of several, one that begins with a capital."""
    catalogues = [_catalogue_of(language) for language in LANGUAGES]
    texts = [c._catalog.items() for c in catalogues if isinstance(c, _gettext.GNUTranslations)]  # type: ignore[attr-defined]  # gettext has no other list of them
    known = [(text, said) for each in texts for text, said in each if isinstance(text, str)]
    return {said: text for text, said in sorted(known, reverse=True)}


def _catalogue_of(language: str) -> _gettext.NullTranslations:
    return _gettext.translation("annotator", _LOCALE_DIR, [language], fallback=True)
