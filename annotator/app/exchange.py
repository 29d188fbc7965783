"""Label files in and out: which format, what is lost, and what must not be overwritten."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from annotator.app.plugins import all_formats
from annotator.errors import AnnotatorError, FileError
from annotator.formats.format import Context, Format, FormatInfo, Loss, Problem
from annotator.i18n import gettext as _
from annotator.i18n import listed
from annotator.model.document import Document
from annotator.model.findings import Severity


@dataclass(frozen=True, slots=True)
class Written:
    """What an export made, and what it could not say."""

    files: tuple[Path, ...]
    losses: tuple[Loss, ...]


def format_named(name: str) -> Format:
    """Return a format by the name that scripts use.

    Raises
    ------
    AnnotatorError
        If there is none, with those that there are.
    """
    registry = all_formats()
    names = [entry.info.name for entry in registry.entries()]
    if name not in names:
        raise AnnotatorError(
            _("there is no format {name}; choose one of {names}").format(
                name=name, names=", ".join(names)
            )
        )
    return registry.load(name)


def is_label_file(path: Path) -> bool:
    """Tell whether a file holds labels rather than data; reads 64 KiB at most."""
    return path.is_file() and all_formats().sniffed(path) is not None


def reads_as(path: Path, name: str = "") -> Format:
    """Return the format to read a file with: the named one, or the likeliest.

    Raises
    ------
    FileError
        If no format recognises the file.
    """
    if name:
        return format_named(name)
    if not path.exists():
        raise FileError(path, _("there is no such file or folder"), _("check the path"))
    found = all_formats().sniffed(path)
    if found is None:
        raise FileError(
            path,
            _("no format recognises it as a label file"),
            _("choose a file, or a folder, of a kind that `annotator formats` lists"),
        )
    return found


def read_labels(path: Path, context: Context, form: Format) -> Document:
    """Return what a label file says about the data.

    Classes that the context does not know get the numbers that `with_classes_of` gives them.
    """
    return form.read(path, with_classes_of(path, context, form))


def with_classes_of(path: Path, context: Context, form: Format) -> Context:
    """Return the context, its taxonomy grown by the classes that a label file names."""
    if not path.exists():
        raise FileError(path, _("there is no such file or folder"), _("check the path"))
    names = getattr(form, "class_names", None)
    taxonomy = context.taxonomy
    for name in names(path) if names else ():
        taxonomy = taxonomy.grown_by(name)
    return replace(context, taxonomy=taxonomy)


def write_labels(document: Document, context: Context, name: str, target: Path) -> Written:
    """Write a document in a format, whole or not at all."""
    form = format_named(name)
    _require(form, context, target)
    losses = tuple(form.plan(document, context))
    return Written(tuple(form.write(document, context, target)), losses)


def problems_of(path: Path, form: Format, context: Context | None = None) -> list[Problem]:
    """Check a label file's structure and, with its data, that it can be read over them."""
    problems = form.validate(path)
    if context is None or any(p.severity is Severity.ERROR for p in problems):
        return problems
    try:
        form.read(path, context)
    except AnnotatorError as error:
        problems.append(Problem(Severity.ERROR, path.name, str(error)))
    return problems


def formats_for(context: Context) -> list[tuple[FormatInfo, str]]:
    """Return the formats that write, each with the reason why it cannot be used here, if any."""
    offered = [entry.info for entry in all_formats().entries() if entry.info.writes]
    return [(info, _why_not(info, context)) for info in offered]


def _why_not(info: FormatInfo, context: Context) -> str:
    lacking = [need for need in info.needs if not _has(context, need)]
    if lacking and context.series is not None and "cloud" in lacking:
        return _("for scans, not for CT")
    if lacking and context.clouds and "cloud" not in lacking:
        return _("for CT, not for scans")
    return _("needs {what}").format(what=_in_words(lacking)) if lacking else ""


def _require(form: Format, context: Context, target: Path) -> None:
    lacking = [need for need in form.info.needs if not _has(context, need)]
    if lacking:
        raise FileError(
            target,
            _("{title} needs {what}").format(title=_(form.info.title), what=_in_words(lacking)),
            _("export from an item that has it, or choose another format"),
        )


def _in_words(needs: Iterable[str]) -> str:
    words = {"cloud": _("a scan"), "volume": _("a CT series"), "series": _("a CT series")}
    return listed(words.get(need, need) for need in needs)


def _has(context: Context, need: str) -> bool:
    return bool(context.clouds) if need == "cloud" else getattr(context, need, None) is not None
