"""Layers packed into text: run lengths of each chunk, deflated, in base64."""

import base64
import binascii
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from annotator.i18n import gettext as _
from annotator.model.layers import Layer, Values

Plain = dict[str, Any]
_LEVEL = 6


def layer_as_plain(layer: Layer) -> Plain:
    """Return a layer as JSON can hold it; chunks that are all zero are left out."""
    chunks = {}
    for number in layer.chunks():
        values = layer.view(number)
        if values is not None:
            chunks[str(number)] = _packed(values)
    return {"shape": list(layer.shape), "chunk": layer.chunk_size, "chunks": chunks}


def layer_from_plain(plain: Mapping[str, Any], shape: tuple[int, ...]) -> Layer:
    """Return the layer that a dictionary describes.

    Parameters
    ----------
    shape
        What the layer must index; a file cannot ask for more memory than its data.

    Raises
    ------
    ValueError
        If it is of another shape or damaged; the message names the chunk.
    """
    layer = Layer(shape)
    if plain.get("shape") != list(shape):
        text = _("its shape is {theirs}, the data's {ours}")
        raise ValueError(text.format(theirs=plain.get("shape"), ours=list(shape)))
    if plain.get("chunk") != layer.chunk_size:
        text = _("its chunks hold {theirs} values, not {ours}")
        raise ValueError(text.format(theirs=plain.get("chunk"), ours=layer.chunk_size))
    chunks = plain.get("chunks")
    if not isinstance(chunks, Mapping):
        raise ValueError(_("{key}: is missing or not an object").format(key="chunks"))  # noqa: TRY004 - the file's fault
    for key, text in chunks.items():
        number = _chunk_number(str(key), layer)
        size = min(layer.chunk_size, layer.size - number * layer.chunk_size)
        layer.load(number, _unpacked(_("chunk {number}").format(number=number), text, size))
    return layer


def _packed(values: Values) -> str:
    """Return (value, length) pairs of a chunk's runs, little-endian, deflated."""
    starts = np.flatnonzero(np.r_[True, values[1:] != values[:-1]])
    lengths = np.diff(np.r_[starts, len(values)])
    runs = np.stack((values[starts], lengths.astype(np.uint32)))
    return base64.b64encode(zlib.compress(runs.astype("<u4").tobytes(), _LEVEL)).decode("ascii")


def _unpacked(where: str, text: object, size: int) -> Values:
    if not isinstance(text, str):
        raise ValueError(_("{key}: is not a text").format(key=where))  # noqa: TRY004 - the file's fault
    limit = 8 * size  # a run for each value, two numbers a run: no file inflates beyond
    try:
        inflater = zlib.decompressobj()
        raw = inflater.decompress(base64.b64decode(text, validate=True), limit + 1)
    except (binascii.Error, ValueError, zlib.error) as error:
        raise ValueError(_("{key}: is damaged").format(key=where)) from error
    if not inflater.eof or len(raw) % 8 or len(raw) > limit:
        raise ValueError(_("{key}: is damaged").format(key=where))
    values, lengths = np.frombuffer(raw, "<u4").reshape(2, -1)
    if int(lengths.sum(dtype=np.uint64)) != size:
        said = _("{key}: its runs hold {theirs} values, not {ours}")
        raise ValueError(said.format(key=where, theirs=lengths.sum(), ours=size))
    return np.repeat(values, lengths.astype(np.int64)).astype(np.uint32)


def _chunk_number(key: str, layer: Layer) -> int:
    number = int(key) if key.isascii() and key.isdigit() and len(key) < 12 else -1
    if not 0 <= number * layer.chunk_size < layer.size:
        raise ValueError(_("chunk {number}: is outside the layer").format(number=key[:20]))
    return number
