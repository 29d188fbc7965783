"""Edits, annotations and chunks as compact bytes, and back without a loss."""

import struct
import zlib
from typing import Any, cast

import msgspec
import numpy as np
import numpy.typing as npt
from isal import isal_zlib

from annotator.formats.plain import annotation_as_plain, annotation_from_plain
from annotator.model.annotations import Annotation
from annotator.model.edits import Batch, Drop, Edit, Paint, Put
from annotator.model.layers import LayerKey, Span, Values, Where

_LEVEL = 1
_UNSIGNED = ("<u1", "<u2", "<u4")
_SIGNED = ("<i1", "<i2", "<i4", "<i8")
_BITS = len(_SIGNED)
_LARGEST = {code: int(np.iinfo(code).max) for code in _UNSIGNED + _SIGNED}
Packed = dict[int, bytes]
_ENDS = struct.Struct("<II")  # index of the first value that is not zero, number of values
_DAMAGE = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    msgspec.DecodeError,
    struct.error,
    zlib.error,
)


class DamagedError(ValueError):
    """Bytes that cannot be what this module wrote: the disk or a person changed them."""


def edit_as_bytes(edit: Edit, packed: Packed | None = None) -> bytes:
    """Return an edit as MessagePack; indices and values are narrowed and compressed.

    Parameters
    ----------
    packed
        Indices that were packed already, by the identity of their array, and those packed now:
        given to an edit and then to its inverse, what both name is packed once.
    """
    return msgspec.msgpack.encode(_edit_as_plain(edit, {} if packed is None else packed))


def edit_from_bytes(content: bytes) -> Edit:
    """Return the edit that `edit_as_bytes` was given.

    Raises
    ------
    DamagedError
        If no such bytes were ever written.
    """
    try:
        return _edit_from_plain(msgspec.msgpack.decode(content))
    except _DAMAGE as error:
        raise DamagedError(f"damaged edit: {error}") from error


def annotation_as_bytes(annotation: Annotation) -> bytes:
    """Return an annotation as JSON, so that a query can look into it."""
    return msgspec.json.encode(annotation_as_plain(annotation))


def annotation_from_bytes(content: bytes) -> Annotation:
    """Return the annotation that `annotation_as_bytes` was given.

    Raises
    ------
    DamagedError
        If no such bytes were ever written.
    """
    try:
        return annotation_from_plain(msgspec.json.decode(content))
    except _DAMAGE as error:
        raise DamagedError(f"damaged annotation: {error}") from error


def values_as_bytes(values: Values, within: Span | None = None) -> bytes:
    """Return label values, narrowed and compressed; zeros at both ends are only counted.

    A focus fills a small part of its slice, so that little is left to compress.

    Parameters
    ----------
    within
        From where to where any may be but zero, where that is known: the rest, which for a new
        focus is nearly all of a slice, is not even looked at.
    """
    first, last = within or (0, len(values))
    held = (values[first:last] != 0).tobytes()  # in bytes, both ends are found many at a time
    start, end = first + max(0, held.find(1)), first + held.rfind(1) + 1
    span = values[start:end]
    return _ENDS.pack(start, len(values)) + _packed(span, _UNSIGNED, int(span.max(initial=0)))


def values_from_bytes(content: bytes) -> Values:
    """Return the values that `values_as_bytes` was given.

    Raises
    ------
    DamagedError
        If no such bytes were ever written.
    """
    try:
        start, size = _ENDS.unpack_from(content)
        span = _unpacked(content[_ENDS.size :], _UNSIGNED)
        values = np.zeros(size, np.uint32)
        values[start : start + len(span)] = span
    except _DAMAGE as error:
        raise DamagedError(f"damaged values: {error}") from error
    return values


def _edit_as_plain(edit: Edit, packed: Packed) -> dict[str, Any]:
    match edit:
        case Put(annotation, before):
            place = {} if before is None else {"before": before}
            return {"kind": "put", "annotation": annotation_as_plain(annotation), **place}
        case Drop(annotation_id):
            return {"kind": "drop", "id": annotation_id}
        case Paint(layer, where, values):
            if id(where) not in packed:
                packed[id(where)] = _where_as_bytes(where)
            return {
                "kind": "paint",
                "layer": [layer.name, layer.frame],
                "where": packed[id(where)],
                "values": values_as_bytes(values),
            }
        case Batch(edits):
            return {"kind": "batch", "edits": [_edit_as_plain(e, packed) for e in edits]}


def _edit_from_plain(plain: dict[str, Any]) -> Edit:
    match plain["kind"]:
        case "put":
            return Put(annotation_from_plain(plain["annotation"]), plain.get("before"))
        case "drop":
            return Drop(plain["id"])
        case "paint":
            name, frame = plain["layer"]
            where, values = _where_from_bytes(plain["where"]), values_from_bytes(plain["values"])
            return Paint(LayerKey(name, frame), where, values)
        case "batch":
            return Batch(tuple(_edit_from_plain(e) for e in plain["edits"]))
        case other:
            raise ValueError(f"there is no kind {other!r}")


def _where_as_bytes(where: Where) -> bytes:
    """Return a bit for every index up to the last, or steps from each index to the next.

    An outline takes millions of points, every second one: bits of them are packed in a third of
    the time. In steps a run of few points becomes a run of ones.
    """
    if _are_close(where):
        held = np.zeros(int(where[-1]) + 1, bool)
        held[where] = True
        return bytes([_BITS]) + _compressed(np.packbits(held).tobytes())
    steps = where.copy()
    np.subtract(where[1:], where[:-1], out=steps[1:])
    largest = max(int(steps.max(initial=0)), -int(steps.min(initial=0)))
    return _packed(steps, _SIGNED, largest)


def _where_from_bytes(content: bytes) -> Where:
    if content[0] == _BITS:
        bits = np.frombuffer(zlib.decompress(content[1:]), np.uint8)
        return np.flatnonzero(np.unpackbits(bits).view(bool))
    return np.cumsum(_unpacked(content, _SIGNED), dtype=np.int64)


def _are_close(where: Where) -> bool:
    """Tell whether at least an eighth of all indices up to the last are named, each once."""
    if not len(where) or not 0 <= where[0] <= where[-1] < 8 * len(where):
        return False
    return bool(np.all(where[1:] > where[:-1]))


def _packed(numbers: npt.NDArray[np.integer[Any]], widths: tuple[str, ...], largest: int) -> bytes:
    code = next(i for i, width in enumerate(widths) if largest <= _LARGEST[width])
    narrow = numbers.astype(widths[code])
    return bytes([code]) + _compressed(narrow.tobytes())


def _compressed(content: bytes) -> bytes:
    """Compress as zlib would, four to nine times as quickly: a person waits for it.

    What reads it need not know.
    """
    return isal_zlib.compress(content, _LEVEL)


def _unpacked(content: bytes, widths: tuple[str, ...]) -> npt.NDArray[np.integer[Any]]:
    raw = zlib.decompress(content[1:])
    return cast("npt.NDArray[np.integer[Any]]", np.frombuffer(raw, widths[content[0]]))
