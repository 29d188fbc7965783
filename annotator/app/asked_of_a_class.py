"""Changes what a class is called and what it asks of its objects, as a person words it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from annotator.commands.tracks import objects_of
from annotator.errors import AnnotatorError
from annotator.i18n import gettext as _
from annotator.i18n import ngettext
from annotator.model.annotations import Annotation
from annotator.model.items import Item
from annotator.model.labels import CHEST, GARAGE, Attribute, AttributeKind, Label, Taxonomy

_HALF_WIDTH = str.maketrans({"：": ":", "，": ",", "、": ",", "；": ",", ";": ","})


def with_class(taxonomy: Taxonomy, title: str) -> tuple[Taxonomy, Label]:
    """Return classes with one more, and that one.

    Raises
    ------
    AnnotatorError
        If there is one of that name.
    """
    name = _name(title)
    _refuse_twice(title, taxonomy)
    grown = taxonomy.grown_by(name)
    label = replace(grown[name], title=title.strip())
    return grown.with_label(label), label


def is_own(label: Label) -> bool:
    """Tell whether a person or a file brought a class: tools know the others by their names."""
    return label.name not in GARAGE and label.name not in CHEST


def refuse_use(label: Label, using: Sequence[Item]) -> None:
    """Refuse to remove a class that anything is of: it would have none that is known.

    Raises
    ------
    AnnotatorError
        If any item uses it, with one of them by name.
    """
    if using:
        text = ngettext(
            "“{name}” is the class of something in {n} item, “{item}”;"
            " give that another class first",
            "“{name}” is the class of something in {n} items, one is “{item}”;"
            " give that another class first",
            len(using),
        )
        title = _(label.title)
        raise AnnotatorError(text.format(item=using[0].name, n=len(using), name=title))


def renamed(taxonomy: Taxonomy, label: Label, title: str) -> Label:
    """Return a class that is called otherwise; files know it by its old name.

    Raises
    ------
    AnnotatorError
        If there is one of that name.
    """
    _refuse_twice(title, (x for x in taxonomy if x.name != label.name))
    return replace(label, title=title.strip())


def asking(label: Label, words: str) -> tuple[Label, Attribute]:
    """Return a class that asks one thing more, and that: a name, and choices after a colon.

    Punctuation may be full-width, as a Chinese keyboard writes it.

    Raises
    ------
    AnnotatorError
        If it asks that already, or no name stands before the colon.
    """
    title, _colon, listed = words.translate(_HALF_WIDTH).partition(":")
    if not title.strip():
        raise AnnotatorError(_("a name comes before the colon"))
    _refuse_twice(title, label.attributes)
    choices = tuple(dict.fromkeys(c.strip() for c in listed.split(",") if c.strip()))
    kind = AttributeKind.CHOICE if choices else AttributeKind.TEXT
    asked = Attribute(_name(title), title.strip(), kind, choices)
    return replace(label, attributes=(*label.attributes, asked)), asked


def asking_otherwise(label: Label, asked: Attribute, title: str) -> Label:
    """Return a class with an attribute called otherwise; what was answered stays its answer.

    Raises
    ------
    AnnotatorError
        If it has another of that name.
    """
    _refuse_twice(title, (x for x in label.attributes if x != asked))
    called = replace(asked, title=title.strip())
    return replace(label, attributes=tuple(called if x == asked else x for x in label.attributes))


def asking_no_more(label: Label, asked: Attribute) -> Label:
    """Return a class without an attribute; objects keep what was answered."""
    return replace(label, attributes=tuple(x for x in label.attributes if x != asked))


def answered(annotations: Iterable[Annotation], label: Label, asked: Attribute) -> int:
    """Return how many objects of a class have an answer."""
    return len(
        objects_of(
            a
            for a in annotations
            if a.label == label.name and a.attributes.get(asked.name) not in {None, ""}
        )
    )


def _refuse_twice(title: str, known: Iterable[Label | Attribute]) -> None:
    if _name(title) in {_name(text) for x in known for text in (x.name, x.title, _(x.title))}:
        raise AnnotatorError(_("there is one called “{name}” already").format(name=title.strip()))


def _name(title: str) -> str:
    return "_".join(title.split()).lower()
