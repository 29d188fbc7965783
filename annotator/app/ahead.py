"""Makes numbered things before they are asked for, and forgets those that were long ago."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

T = TypeVar("T")


class Ahead(Generic[T]):
    """Keeps the things that were looked at last, and makes the next ones on a thread.

    May be used from several threads; nothing is made twice at the same time. What could not be
    made raises its error for whoever looks at it, and is tried anew the next time.

    Parameters
    ----------
    make
        Makes the thing with a number; slow, and may raise.
    most
        How much is kept, in the units of ``size_of``; the last two stay whatever their size.
    size_of
        How much a thing counts for.
    """

    def __init__(self, make: Callable[[int], T], most: int, size_of: Callable[[T], int]) -> None:
        self._make, self._most, self._size_of = make, most, size_of
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, T] = OrderedDict()
        self._under_way: dict[int, Future[T]] = {}
        self._thread: ThreadPoolExecutor | None = None

    def get(self, number: int) -> T:
        """Return a thing; made now unless it is kept or under way."""
        with self._lock:
            if number in self._kept:
                self._kept.move_to_end(number)
                return self._kept[number]
            future = self._under_way.get(number)
            # One that still waits for the thread is made here: the person is waiting, too.
            is_ours = future is None or future.cancel()
            if is_ours:
                future = self._under_way[number] = Future()
                future.set_running_or_notify_cancel()
        assert future is not None
        if is_ours:
            self._fulfil(number, future)
        return future.result()

    def has(self, number: int) -> bool:
        """Tell whether a thing is there without waiting."""
        with self._lock:
            return number in self._kept

    def prepare(self, numbers: Iterable[int]) -> None:
        """Begin to make things, the first first; what was asked for before and waits is not."""
        with self._lock:
            for number, future in list(self._under_way.items()):
                if future.cancel():
                    del self._under_way[number]
            wanted = [n for n in numbers if n not in self._kept and n not in self._under_way]
            for number in wanted:
                self._begin(number)

    def forget(self) -> None:
        """Keep nothing, and stop the thread once it has made what it is at."""
        with self._lock:
            thread, self._thread = self._thread, None
            self._kept.clear()
        if thread is not None:
            thread.shutdown(wait=True, cancel_futures=True)
        with self._lock:
            self._kept.clear()
            self._under_way.clear()

    def _begin(self, number: int) -> None:
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="ahead")
        future: Future[T] = Future()
        self._under_way[number] = future
        self._thread.submit(self._make_ahead, number, future)

    def _make_ahead(self, number: int, future: "Future[T]") -> None:
        if future.set_running_or_notify_cancel():
            self._fulfil(number, future)

    def _fulfil(self, number: int, future: "Future[T]") -> None:
        try:
            made = self._make(number)
        except BaseException as error:  # noqa: BLE001 - raised for whoever looks at it
            with self._lock:
                self._drop(number, future)
            future.set_exception(error)
            return
        with self._lock:
            self._drop(number, future)
            self._kept[number] = made
            self._kept.move_to_end(number)
            self._thin_out()
        future.set_result(made)

    def _drop(self, number: int, future: "Future[T]") -> None:
        if self._under_way.get(number) is future:
            del self._under_way[number]

    def _thin_out(self) -> None:
        total = sum(self._size_of(thing) for thing in self._kept.values())
        while total > self._most and len(self._kept) > 2:
            _number, oldest = self._kept.popitem(last=False)
            total -= self._size_of(oldest)
