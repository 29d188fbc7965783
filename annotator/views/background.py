"""Runs long work beside the window and brings its result back to the window's thread."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event
from typing import Any

from PySide6.QtCore import QObject, Signal

from annotator.errors import AnnotatorError, CancelledError
from annotator.i18n import gettext as _

Work = Callable[["Ticket"], Any]


@dataclass(eq=False)
class Ticket:
    """One piece of long work: how far it is, and whether the person stopped it."""

    name: str
    told: Callable[["Ticket", float], None]
    _stop: Event = field(default_factory=Event)

    def progress(self, share: float) -> None:
        """Say how far the work is, 0 to 1.

        Raises
        ------
        CancelledError
            If the person stopped it.
        """
        if self.stopped():
            raise CancelledError(_("stopped; nothing was changed"))
        self.told(self, share)

    def stop(self) -> None:
        """Ask the work to stop; what it had done is forgotten."""
        self._stop.set()

    def stopped(self) -> bool:
        """Tell whether the person stopped it."""
        return self._stop.is_set()


class Background(QObject):
    """Two pieces of long work at a time; the rest waits its turn."""

    progressed = Signal(object, float)
    _ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(2, "work")
        self._ended.connect(self._deliver)
        self._running: set[Ticket] = set()

    def run(
        self,
        name: str,
        work: Work,
        done: Callable[[Any], None],
        failed: Callable[[str], None],
    ) -> Ticket:
        """Do ``work(ticket)`` beside the window, then ``done(result)`` or ``failed(sentence)``.

        Neither is called for work that was stopped.
        """
        ticket = Ticket(name, self.progressed.emit)
        self._running.add(ticket)
        self._pool.submit(self._work, ticket, work, done, failed)
        return ticket

    def is_busy(self) -> bool:
        """Tell whether anything runs or waits."""
        return bool(self._running)

    def close(self) -> None:
        """Stop everything and wait for it; called when the window closes."""
        for ticket in self._running:
            ticket.stop()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._running.clear()

    def _work(
        self,
        ticket: Ticket,
        work: Work,
        done: Callable[[Any], None],
        failed: Callable[[str], None],
    ) -> None:
        try:
            result = work(ticket)
        except CancelledError:
            self._ended.emit((ticket, None))
        except AnnotatorError as error:
            sentence = str(error)
            self._ended.emit((ticket, lambda: failed(sentence)))
        except Exception as error:  # noqa: BLE001 - the window stays; the person is told
            sentence = _("{name} failed: {reason}; please report this").format(
                name=ticket.name, reason=f"{type(error).__name__}: {error}"
            )
            self._ended.emit((ticket, lambda: failed(sentence)))
        else:
            self._ended.emit((ticket, lambda: done(result)))

    def _deliver(self, ended: tuple[Ticket, Callable[[], None] | None]) -> None:
        ticket, tell = ended
        self._running.discard(ticket)
        if tell is not None and not ticket.stopped():
            tell()
