"""Our own JSON: all that a document holds, without a loss, bound to the data it is about.

The file is one object: ``format`` ("annotator"), ``version``, ``data`` (what recognises the data
again, see `binding`), ``extents``, ``taxonomy``, ``annotations`` and ``layers`` (see `packed`).
Writing what was read gives the same bytes.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from annotator.errors import FileError, FormatError, WrongDataError
from annotator.formats.binding import Match, binding, matched
from annotator.formats.built_in import NATIVE
from annotator.formats.files import head, read_whole, write_whole
from annotator.formats.format import Context, FormatInfo, Loss, Problem
from annotator.formats.packed import layer_as_plain, layer_from_plain
from annotator.formats.plain import (
    annotation_as_plain,
    annotation_from_plain,
    taxonomy_as_plain,
    taxonomy_from_plain,
)
from annotator.formats.series_binding import elsewhere
from annotator.formats.values import renumbered_layer, renumbering
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation, AnnotationId
from annotator.model.document import Document
from annotator.model.findings import Severity
from annotator.model.labels import Taxonomy
from annotator.model.layers import SEMANTIC, Layer, LayerKey
from annotator.model.shapes import Focus

VERSION = 1
_FIRST_KEY = re.compile(rb'\s*\{\s*"format"\s*:\s*"annotator"')
_LARGEST_SIZE = 2**33
"""Values a layer may declare where no data says how many there are."""

Plain = dict[str, Any]


class Native:
    """All of a document, for a colleague, a backup, or a later day."""

    info: ClassVar[FormatInfo] = NATIVE

    def plan(self, document: Document, context: Context) -> list[Loss]:  # noqa: ARG002
        """Say that nothing is lost."""
        return []

    def write(self, document: Document, context: Context, target: Path) -> list[Path]:
        """Write all that the document holds, with what recognises its data."""
        plain = _as_plain(document, context)
        lines = ",\n".join(f"{json.dumps(key)}: {_text(value)}" for key, value in plain.items())
        return write_whole({target: f"{{{lines}}}\n".encode("utf-8", "surrogatepass")})

    def sniff(self, path: Path) -> float:
        """Recognise the first key."""
        return 1.0 if _FIRST_KEY.match(head(path)) else 0.0

    def read(self, path: Path, context: Context) -> Document:
        """Return the document, its scans and slices put where the data at hand has them."""
        plain = _parsed(path)
        try:
            layers_said = _list_of_tables(plain, "layers")
            said = plain.get("data")
            data = said if isinstance(said, Mapping) else None
            match = matched(path, data, context, has_layers=bool(layers_said))
            extents = _placed_extents(path, plain, context, match)
            annotations = dict(_annotations(plain, match, len(extents)))
            if match.is_elsewhere and any(not _is_focus(a) for a in annotations.values()):
                raise elsewhere(path)
            layers = dict(_layers(plain, match, extents, context.taxonomy))
        except ValueError as error:
            raise _damaged(path, str(error)) from error
        return Document(extents, annotations, layers)

    def validate(self, path: Path) -> list[Problem]:
        """Name each annotation and layer that is damaged."""
        try:
            plain = _parsed(path)
            return list(_problems(path, plain))
        except FileError as error:
            return [Problem(Severity.ERROR, path.name, error.problem)]
        except ValueError as error:
            return [Problem(Severity.ERROR, path.name, str(error))]

    def taxonomy(self, path: Path) -> Taxonomy:
        """Return the classes that a file was labelled with.

        Raises
        ------
        FormatError
            If the file is damaged.
        """
        try:
            return _taxonomy(_parsed(path))
        except ValueError as error:
            raise _damaged(path, str(error)) from error


def _as_plain(document: Document, context: Context) -> Plain:
    held = {k: v for k, v in sorted(document.layers.items()) if any(True for _c in v.chunks())}
    return {
        "format": "annotator",
        "version": VERSION,
        "data": binding(context),
        "extents": [list(extent) for extent in document.extents],
        "taxonomy": taxonomy_as_plain(context.taxonomy),
        "annotations": [annotation_as_plain(a) for a in document.annotations.values()],
        "layers": [
            {"name": key.name, "frame": key.frame, **layer_as_plain(layer)}
            for key, layer in held.items()
        ],
    }


def _text(value: object) -> str:
    """Return JSON with one annotation or layer a line, so that two files can be compared."""
    if not isinstance(value, list) or not value or not isinstance(value[0], Mapping):
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    rows = (json.dumps(row, ensure_ascii=False, allow_nan=False) for row in value)
    return "[\n" + ",\n".join(rows) + "\n]"


def _parsed(path: Path) -> Plain:
    raw = read_whole(path)
    try:
        plain = json.loads(raw.decode("utf-8", "surrogatepass"), parse_constant=_refuse)
    except UnicodeDecodeError as error:
        raise _damaged(path, _("it is not UTF-8 text")) from error
    except RecursionError as error:
        raise _damaged(path, _("it is nested deeper than any label file")) from error
    except json.JSONDecodeError as error:
        is_cut_off = not error.doc.rstrip().endswith("}")
        text = _("it is cut off at line {line}") if is_cut_off else _("line {line} is no JSON")
        problem = text.format(line=error.lineno)
        raise _damaged(path, problem) from error
    except ValueError as error:
        raise _damaged(path, str(error)) from error
    if not isinstance(plain, dict) or plain.get("format") != "annotator":
        raise _damaged(path, _("it is no Annotator label file"))
    version = plain.get("version")
    if not isinstance(version, int) or version > VERSION:
        text = _("it was written by a newer version of Annotator ({version})")
        raise FormatError(path, text.format(version=version), _("update Annotator"))
    return plain


def _refuse(word: str) -> float:
    raise ValueError(_("{word} is no number of JSON").format(word=word))


def _placed_extents(
    path: Path, plain: Plain, context: Context, match: Match
) -> tuple[tuple[int, ...], ...]:
    """Return the data's extents, or the file's own where there is no data."""
    said, here = _extents(plain), context.extents()
    if not here:
        return said
    fits = len(match.frames) >= len(said) and all(
        frame < len(here) and here[frame] == extent
        for frame, extent in zip(match.frames, said, strict=False)
    )
    if not fits:
        text = _("its labels are about {theirs}; the data has {ours}")
        problem = text.format(theirs=_counts(said), ours=_counts(here))
        raise WrongDataError(path, problem, _("open the data that it was made for"))
    return here


def _counts(extents: tuple[tuple[int, ...], ...]) -> str:
    many = [str(math.prod(extent)) for extent in extents]
    return _("{counts} points or voxels").format(counts=" + ".join(many[:4]))


def _extents(plain: Plain) -> tuple[tuple[int, ...], ...]:
    said = plain.get("extents")
    if not isinstance(said, list):
        raise ValueError(_("{key}: is missing or not a list").format(key="extents"))  # noqa: TRY004 - the file's fault
    return tuple(_extent(value) for value in said)


def _extent(value: object) -> tuple[int, ...]:
    match value:
        case [int(points)] if 0 <= points <= _LARGEST_SIZE:
            return (points,)
        case [int(k), int(j), int(i)] if min(k, j, i) >= 0 and k * j * i <= _LARGEST_SIZE:
            return k, j, i
        case _:
            raise ValueError(_("extents: holds what is no size of data"))


def _annotations(
    plain: Plain, match: Match, frames: int
) -> Iterator[tuple[AnnotationId, Annotation]]:
    seen: set[AnnotationId] = set()
    for number, table in enumerate(_list_of_tables(plain, "annotations"), start=1):
        try:
            annotation = annotation_from_plain(_moved(table, match, frames))
        except ValueError as error:
            raise ValueError(_at(number, str(error))) from error
        if annotation.id in seen:
            raise ValueError(_at(number, _("its id is another's as well")))
        seen.add(annotation.id)
        yield annotation.id, annotation


def _is_focus(annotation: Annotation) -> bool:
    """Tell whether it is voxels alone, which a copy with other millimetres has as well."""
    return isinstance(annotation.shape, Focus)


def _moved(table: Mapping[str, Any], match: Match, frames: int) -> Mapping[str, Any]:
    frame = table.get("frame")
    if frame is None and len(match.frames) == 1 < frames:  # one scan's labels, in its sequence
        return {**table, "frame": match.frames[0]}
    if type(frame) is not int or not 0 <= frame < min(frames, len(match.frames)):
        return table
    return {**table, "frame": match.frames[frame]}


def _layers(
    plain: Plain, match: Match, extents: tuple[tuple[int, ...], ...], taxonomy: Taxonomy
) -> Iterator[tuple[LayerKey, Layer]]:
    names = {label.value: label.name for label in _taxonomy(plain)}
    table = {k: v for k, v in renumbering(names, taxonomy).items() if k != v}
    for key, layer in _file_layers(plain, match, extents):
        placed = layer if match.slices is None else _sliced(layer, match.slices)
        yield key, renumbered_layer(placed, table) if key.name == SEMANTIC and table else placed


def _file_layers(
    plain: Plain, match: Match, extents: tuple[tuple[int, ...], ...]
) -> Iterator[tuple[LayerKey, Layer]]:
    for said in _list_of_tables(plain, "layers"):
        name, frame = said.get("name"), said.get("frame")
        if not isinstance(name, str) or type(frame) is not int:
            raise ValueError(_("layers: a layer has no name or no frame"))
        place = match.frames[frame] if 0 <= frame < len(match.frames) else -1
        if not 0 <= place < len(extents):
            text = _("layer {name}: there is no scan {frame}")
            raise ValueError(text.format(name=name, frame=frame))
        try:
            yield LayerKey(name, place), layer_from_plain(said, extents[place])
        except ValueError as error:
            text = _("layer {name} of scan {frame}: {fault}")
            raise ValueError(text.format(name=name, frame=frame, fault=error)) from error


def _sliced(layer: Layer, slices: tuple[int, ...]) -> Layer:
    """Return a layer with each slice where the data at hand has it."""
    twin = Layer(layer.shape)
    for number in layer.chunks():
        twin.load(slices[number], np.asarray(layer.chunk(number)))
    return twin


def _taxonomy(plain: Plain) -> Taxonomy:
    said = plain.get("taxonomy", {"labels": []})
    try:
        return taxonomy_from_plain(said if isinstance(said, Mapping) else {})
    except ValueError as error:
        raise ValueError(f"taxonomy: {error}") from error


def _list_of_tables(plain: Plain, key: str) -> list[Mapping[str, Any]]:
    rows = plain.get(key)
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise ValueError(_("{key}: is missing or not a list of objects").format(key=key))
    return rows


def _problems(path: Path, plain: Plain) -> Iterator[Problem]:
    extents = _extents(plain)
    _taxonomy(plain)
    seen: set[object] = set()
    for number, table in enumerate(_list_of_tables(plain, "annotations"), start=1):
        where = f"{path.name}: {_('annotation {number}').format(number=number)}"
        try:
            annotation = annotation_from_plain(table)
        except ValueError as error:
            yield Problem(Severity.ERROR, where, str(error))
            continue
        if annotation.id in seen:
            yield Problem(Severity.ERROR, where, _("its id is another's as well"))
        if annotation.frame is not None and not 0 <= annotation.frame < len(extents):
            yield Problem(Severity.WARNING, where, _("it is about a scan that is not there"))
        seen.add(annotation.id)
    for _key, _layer in _file_layers(plain, Match(tuple(range(len(extents)))), extents):
        pass


def _at(number: int, fault: str) -> str:
    return _("annotation {number}: {fault}").format(number=number, fault=fault)


def _damaged(path: Path, problem: str) -> FormatError:
    return FormatError(path, problem, _("restore it from a copy, or export it again"))
