"""Opens CT series so that the program outlives whatever their files do.

Headers are read in the reading process. Pixels that our own checked code decodes (uncompressed,
RLE) are read here, on threads that release the GIL; code streams go to C libraries, so those are
decoded in processes of their own, which write into memory that this process sees at once.
"""

import contextlib
import os
import queue
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from annotator.app.child import Child, Limits, reader
from annotator.app.child_side import Report
from annotator.app.transfer import new_folder
from annotator.errors import CancelledError, FileError
from annotator.formats.dicom.series import Found, find_series
from annotator.formats.dicom.sources import shown_name
from annotator.formats.dicom.volume import (
    OnSlice,
    Outcome,
    Progress,
    SliceReader,
    assembled,
    hu_dtype,
    read_volume,
    reading_order,
    record,
    refuse_too_large,
    volume_bytes,
)
from annotator.i18n import gettext as _
from annotator.model.volume import Hu, Series, Volume

Cancelled = Callable[[], bool]
_MOST_DECODERS = min(4, os.cpu_count() or 1)
_SLICES_WORTH_A_PROCESS = 8
_LIMITS = Limits(time_s=1800.0)
_TICK_S = 0.05
_decoders = tuple(Child() for _each in range(_MOST_DECODERS))


def prepare() -> None:
    """Start the processes that read and decode, so that no series waits; returns at once."""
    reader().prepare(find_series.__module__)
    for decoder in _decoders:
        decoder.prepare(SliceReader.__module__, "jpeg_ls", "openjpeg")


def open_series(
    path: Path, *, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> Found:
    """Find the CT series at a path in the reading process; may be called from any thread.

    Raises
    ------
    FileError
        If there is nothing there, or an archive is damaged as a whole.
    CancelledError
        If ``cancelled`` said so.
    """
    if not path.exists():
        raise FileError(path, _("there is no such file or folder"), _("check the path"))
    return reader().run(
        find_in_child,
        path.absolute(),
        about=path,
        limits=_LIMITS,
        progress=progress,
        cancelled=cancelled,
    )


def open_volume(
    series: Series,
    *,
    on_slice: OnSlice | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    first: int | None = None,
) -> Volume:
    """Read the voxels of a series; may be called from any thread.

    Parameters
    ----------
    on_slice
        Told index and HU of each slice as it arrives, in the calling thread; the ``first`` one
        (or the middle one) is read before all others.

    Raises
    ------
    FileError
        If no slice can be decoded, or the volume does not fit into memory.
    CancelledError
        If ``cancelled`` said so.
    """

    def arrived(k: int, hu: Hu) -> None:
        if cancelled is not None and cancelled():
            raise CancelledError(_("stopped"))
        if on_slice is not None:
            on_slice(k, hu)

    if _is_quick(series):
        return read_volume(series, arrived, progress, first)
    return _decoded_in_children(series, arrived, progress, cancelled, first)


def find_in_child(report: Report, path: Path) -> Found:
    """Find series; runs in the reading process."""
    return find_series(path, progress=report)


def decode_in_child(report: Report, series: Series, indices: list[int], shared: str) -> None:
    """Decode some slices of a series into shared memory; runs in a decoding process."""
    hu = np.memmap(shared, hu_dtype(series), "r+", shape=series.shape)
    with SliceReader(series) as slices:
        for done, k in enumerate(indices):
            report.part((k, slices.read(k, hu[k])))
            report(done / len(indices))


def _is_quick(series: Series) -> bool:
    """Tell whether our own code decodes a series; asked of a few slices, as one may be bad."""
    last = len(series.slices) - 1
    with SliceReader(series) as slices:
        for k in (last // 2, 0, last):
            with contextlib.suppress(FileError):
                return slices.is_quick(k)
    return True


def _decoded_in_children(
    series: Series,
    arrived: OnSlice,
    progress: Progress | None,
    cancelled: Cancelled | None,
    first: int | None,
) -> Volume:
    refuse_too_large(series)
    order = reading_order(len(series.slices), first)
    outcome = Outcome()
    with _shared_memory(series) as (shared, hu):
        early: list[int] = []  # decoded by a quicker process than the slice that is wanted first
        for done, (k, result) in enumerate(_decoded(series, order, shared, cancelled), 1):
            record(outcome, k, result, hu)
            early.append(k)
            if order[0] in outcome.digests or order[0] in outcome.faults:
                for each in sorted(early, key=lambda each: each != order[0]):
                    arrived(each, hu[each])
                early.clear()
            if progress:
                progress(done / len(order))
    return assembled(series, hu, outcome)


@contextlib.contextmanager
def _shared_memory(series: Series) -> Iterator[tuple[str, Hu]]:
    """Make voxels that other processes can write; the file goes, the memory stays while used."""
    folder = new_folder()
    if shutil.disk_usage(folder).free < 2 * volume_bytes(series):
        folder.rmdir()
        folder = Path(tempfile.mkdtemp(prefix="annotator-"))
    try:
        path = str(folder / "voxels")
        hu: Hu = np.memmap(path, hu_dtype(series), "w+", shape=series.shape).view(np.ndarray)
        yield path, hu
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _decoded(
    series: Series, order: list[int], shared: str, cancelled: Cancelled | None
) -> Iterator[tuple[int, bytes | FileError]]:
    """Share the slices out among the decoders and yield them as they come."""
    count = min(_MOST_DECODERS, -(-len(order) // _SLICES_WORTH_A_PROCESS))
    news: queue.SimpleQueue[object] = queue.SimpleQueue()
    stop = threading.Event()

    def work(decoder: Child, indices: list[int]) -> None:
        try:
            decoder.run(
                decode_in_child,
                series,
                indices,
                shared,
                about=Path(shown_name(series.slices[0].path, Path())),
                limits=_LIMITS,
                on_part=news.put,
                cancelled=stop.is_set,
            )
        except (FileError, CancelledError) as error:
            news.put(error)

    threads = [
        threading.Thread(target=work, args=(_decoders[n], order[n::count])) for n in range(count)
    ]
    for thread in threads:
        thread.start()
    try:
        yield from _news(news, len(order), cancelled)
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _news(
    news: "queue.SimpleQueue[object]", count: int, cancelled: Cancelled | None
) -> Iterator[tuple[int, bytes | FileError]]:
    left = count
    while left:
        try:
            told = news.get(timeout=_TICK_S)
        except queue.Empty:
            if cancelled is not None and cancelled():
                raise CancelledError(_("stopped")) from None
            continue
        if isinstance(told, FileError | CancelledError):
            raise told
        assert isinstance(told, tuple)
        yield told
        left -= 1
