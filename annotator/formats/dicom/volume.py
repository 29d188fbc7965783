"""Reads the voxels of a series in Hounsfield units."""

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from types import TracebackType

import numpy as np

from annotator.errors import FileError, FormatError
from annotator.formats.dicom.headers import Layout, read_headers
from annotator.formats.dicom.pixels import (
    Fragments,
    Stored,
    find_fragments,
    read_frame,
    stored_dtype,
    within_bits,
)
from annotator.formats.dicom.sources import Source, Sources
from annotator.formats.dicom.syntaxes import DEFLATED, EXPLICIT_BIG, QUICK, UNCOMPRESSED
from annotator.i18n import gettext as _
from annotator.i18n import ngettext
from annotator.model.findings import Finding, Severity, places_in_words
from annotator.model.volume import AIR_HU, Hu, Series, Slice, Volume

OnSlice = Callable[[int, Hu], None]
Progress = Callable[[float], None]

_INT16 = np.iinfo(np.int16)
_THREADS = min(4, os.cpu_count() or 1)
# A volume may take this share of the memory that is free, so that the machine does not swap.
_MEMORY_SHARE = 0.7


@dataclass(slots=True)
class Outcome:
    """What became of the slices that were read, by index: a digest each, or why there is none."""

    digests: dict[int, bytes] = field(default_factory=dict)
    faults: dict[int, FileError] = field(default_factory=dict)


def read_volume(
    series: Series,
    on_slice: OnSlice | None = None,
    progress: Progress | None = None,
    first: int | None = None,
) -> Volume:
    """Read all slices of a series.

    Parameters
    ----------
    on_slice
        Told the index and the HU, shape (rows, columns), of each slice as it arrives, on the
        calling thread. What it raises ends the reading.
    first
        The slice to read before all others; the middle one where it is not said.

    Returns
    -------
    Volume
        int16 where every rescale is whole, else float32. Slices that cannot be decoded are
        `Volume.missing`, filled with air, and a finding names them.

    Raises
    ------
    FileError
        If no slice can be decoded, or the volume does not fit into memory.
    """
    refuse_too_large(series)
    hu = np.empty(series.shape, hu_dtype(series))
    outcome = Outcome()
    with SliceReader(series) as reader:
        order = reading_order(len(series.slices), first)
        for done, (k, result) in enumerate(_results(reader, order, hu), 1):
            record(outcome, k, result, hu)
            if on_slice:
                on_slice(k, hu[k])
            if progress:
                progress(done / len(order))
    return assembled(series, hu, outcome)


def hu_dtype(series: Series) -> np.dtype[np.int16] | np.dtype[np.float32]:
    """Return int16 where every slope and intercept is whole, else float32."""
    whole = all(one.slope.is_integer() and one.intercept.is_integer() for one in series.slices)
    return np.dtype(np.int16) if whole else np.dtype(np.float32)


def volume_bytes(series: Series) -> int:
    """Return how large the voxels of a series are."""
    return int(np.prod(series.shape, dtype=np.int64)) * hu_dtype(series).itemsize


def refuse_too_large(series: Series) -> None:
    """Refuse a series that the free memory cannot hold.

    Raises
    ------
    FileError
        With its size.
    """
    import psutil  # noqa: PLC0415 - only where voxels are read

    wanted = volume_bytes(series)
    if wanted > _MEMORY_SHARE * psutil.virtual_memory().available:
        raise FileError(
            series.slices[0].path,
            _("its series takes {size:.1f} GB, more than there is memory for").format(
                size=wanted / 1e9
            ),
            _("close other programs, or open it on a larger machine"),
        )


def reading_order(count: int, first: int | None = None) -> list[int]:
    """Return all indices, the wanted one (or the middle one) in front."""
    wanted = count // 2 if first is None else min(max(first, 0), count - 1)
    return [wanted, *(k for k in range(count) if k != wanted)]


def record(outcome: Outcome, k: int, result: bytes | FileError, hu: Hu) -> None:
    """Note what became of a slice; one that could not be read becomes air."""
    if isinstance(result, FileError):
        outcome.faults[k] = result
        hu[k] = AIR_HU
    else:
        outcome.digests[k] = result


def assembled(series: Series, hu: Hu, outcome: Outcome) -> Volume:
    """Return the volume, with a finding where slices could not be read.

    Raises
    ------
    FileError
        If none could be read: why the first could not.
    """
    faults = outcome.faults
    if len(faults) == len(series.slices):
        raise faults[min(faults)]
    if faults:
        finding = _unread(faults)
        series = replace(series, findings=(finding, *series.findings), measurable=False)
    hashes = tuple(outcome.digests.get(k, b"").hex() for k in range(len(series.slices)))
    return Volume(series, hu, slice_hashes=hashes, missing=frozenset(faults))


class SliceReader(AbstractContextManager["SliceReader"]):
    """Reads single slices of a series, remembering how multi-frame files are laid out."""

    def __init__(self, series: Series) -> None:
        self._series = series
        self._sources = Sources()
        self._known: dict[str, tuple[Layout, Fragments | None]] = {}

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._sources.__exit__(kind, error, trace)

    def is_quick(self, k: int) -> bool:
        """Tell whether a slice is decoded by code that releases the GIL."""
        path = self._series.slices[k].path
        if path not in self._known:
            source = self._sources.open(path)
            try:
                self._layout(source)
            finally:
                source.close()
        return self._known[path][0].syntax in QUICK

    def read(self, k: int, into: Hu) -> bytes | FileError:
        """Fill ``into``, shape (rows, columns), and return the digest of the stored values.

        A slice that cannot be read is returned as the error, because one spoils no volume.
        """
        try:
            source = self._sources.open(self._series.slices[k].path)
            try:
                return self._read(source, self._series.slices[k], into)
            finally:
                source.close()
        except FileError as error:
            return error

    def _read(self, source: Source, image: Slice, into: Hu) -> bytes:
        layout, fragments = self._layout(source)
        if (layout.rows, layout.columns) != into.shape:
            raise FormatError(
                image.path, _("it changed while it was open"), _("open the series again")
            )
        if _fits_in_place(layout, into):
            stored = _read_in_place(source, layout, image.frame, into)
        else:
            stored = read_frame(source, layout, image.frame, fragments)
        digest = _digest(stored)
        _rescale(stored, image, layout.padding, into)
        return digest

    def _layout(self, source: Source) -> tuple[Layout, Fragments | None]:
        known = self._known.get(source.path)
        if known is None:
            layout = read_headers(source)[0].layout
            many = layout.frames > 1 and layout.length is None
            known = layout, find_fragments(source, layout) if many else None
            self._known[source.path] = known
        return known


def _results(
    reader: SliceReader, order: list[int], hu: Hu
) -> Iterator[tuple[int, bytes | FileError]]:
    """Yield the first slice as soon as it is there, then the others as they come."""
    first, *others = order
    yield first, reader.read(first, hu[first])
    quick = not others or _is_quick(reader, others[0])
    if not quick or len(others) < 2 * _THREADS:
        yield from ((k, reader.read(k, hu[k])) for k in others)
        return
    with ThreadPoolExecutor(_THREADS) as pool:
        try:
            yield from zip(others, pool.map(lambda k: reader.read(k, hu[k]), others), strict=True)
        finally:
            pool.shutdown(cancel_futures=True)


def _is_quick(reader: SliceReader, k: int) -> bool:
    try:
        return reader.is_quick(k)
    except FileError:
        return True


def _fits_in_place(layout: Layout, into: Hu) -> bool:
    plain = layout.syntax in UNCOMPRESSED and layout.syntax not in {DEFLATED, EXPLICIT_BIG}
    return plain and layout.allocated == 16 and into.dtype == np.int16 and into.flags.c_contiguous


def _read_in_place(source: Source, layout: Layout, frame: int, into: Hu) -> Stored:
    """Read pixels straight into the volume: no copy, and no memory beside it."""
    stored = into.view(stored_dtype(layout))
    begin = layout.at + frame * layout.frame_bytes
    there = source.read_into(begin, memoryview(into.reshape(-1).view(np.uint8)))  # type: ignore[arg-type]
    if there < layout.frame_bytes:
        raise FormatError(source.path, _("its pixels are cut off"), _("export the series again"))
    return within_bits(stored, layout)


def _digest(stored: Stored) -> bytes:
    """Hash stored values as 16 bits each where they fit, the same however they were packed."""
    wide = stored if stored.itemsize > 1 else stored.astype(np.int16)
    return hashlib.sha256(np.ascontiguousarray(wide).data).digest()


def _rescale(stored: Stored, image: Slice, padding: int | None, into: Hu) -> None:
    """Write HU; ``stored`` may be ``into`` itself. What HU cannot hold is held at its limit.

    PixelPaddingValue marks what was never measured: where it would look dense it becomes air.
    """
    padded = None
    if padding is not None and padding * image.slope + image.intercept > 0:
        padded = stored == padding
    if into.dtype == np.float32:
        into[...] = stored * np.float64(image.slope) + image.intercept
    elif _adds_within_int16(stored, image):
        np.add(stored.view(np.int16), np.int16(image.intercept), out=into)
    else:
        values = stored * np.float64(image.slope) + image.intercept
        into[...] = np.clip(values, _INT16.min, _INT16.max)
    if padded is not None:
        into[padded] = AIR_HU


def _adds_within_int16(stored: Stored, image: Slice) -> bool:
    """Tell whether adding the intercept modulo 2^16 gives the right int16."""
    if image.slope != 1 or stored.itemsize != 2 or abs(image.intercept) > _INT16.max:
        return False
    low, high = int(stored.min()) + image.intercept, int(stored.max()) + image.intercept
    return bool(low >= _INT16.min and high <= _INT16.max)


def _unread(faults: Mapping[int, FileError]) -> Finding:
    text = ngettext(
        "{count} slice could not be read: {places} ({reason})",
        "{count} slices could not be read: {places} ({reason})",
        len(faults),
    ).format(count=len(faults), places=places_in_words(faults), reason=faults[min(faults)].problem)
    return Finding("missing-slices", text, Severity.ERROR)
