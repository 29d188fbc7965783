"""All formats there are: built in, from installed packages, and from plugins."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import NamedTuple, cast

from annotator.errors import AnnotatorError
from annotator.formats.built_in import BUILT_IN, BuiltIn
from annotator.formats.format import API, Format, FormatInfo
from annotator.i18n import gettext as _

ENTRY_POINTS = "annotator.formats"
SURE = 0.5
"""A file that no format is at least this sure of is not a label file."""

_METHODS = ("plan", "write", "sniff", "read", "validate")


@dataclass(frozen=True, slots=True)
class Entry:
    """One format: what it says of itself, where it is from, and how it is made when needed."""

    info: FormatInfo
    source: str
    make: Callable[[], Format]


class Refused(NamedTuple):
    """A format, or a plugin, that could not be taken, and why."""

    name: str
    reason: str


class Registry:
    """Formats by name. The first to claim a name keeps it; whatever fails is listed, not raised."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._made: dict[str, Format] = {}
        self._refused: list[Refused] = []

    def entries(self) -> tuple[Entry, ...]:
        """Return all formats: built-in ones first, then in the order they came."""
        return tuple(self._entries.values())

    def refused(self) -> tuple[Refused, ...]:
        """Return what was refused, with the reason."""
        return tuple(self._refused)

    def refuse(self, name: str, reason: str) -> None:
        """List something that cannot be used."""
        self._refused.append(Refused(name, reason))

    def load(self, name: str) -> Format:
        """Return a format, importing it at its first use.

        Raises
        ------
        AnnotatorError
            If there is no such format, or it cannot be imported.
        """
        if name not in self._entries:
            raise AnnotatorError(_("there is no format {name}").format(name=name))
        if name not in self._made:
            try:
                self._made[name] = self._entries[name].make()
            except (ImportError, AttributeError) as error:
                text = _("the format {name} cannot be loaded: {reason}")
                raise AnnotatorError(text.format(name=name, reason=error)) from error
        return self._made[name]

    def sniffed(self, path: Path) -> Format | None:
        """Return the format that is surest of a file; None where none is sure enough."""
        best, best_sure = None, SURE
        for name in self._entries:
            sure = self._sureness(name, path)
            if sure > best_sure or (best is None and sure >= SURE):
                best, best_sure = name, sure
        return None if best is None else self.load(best)

    def declare(self, built_in: BuiltIn) -> None:
        """Take a format that is imported on first use."""

        def make() -> Format:
            return cast("Format", getattr(import_module(built_in.module), built_in.class_name)())

        self._take(Entry(built_in.info, "built in", make))

    def add(self, kind: type, source: str) -> None:
        """Take a format's class; one that does not keep the contract is refused with a reason."""
        reason = _fault_of(kind)
        if reason:
            self.refuse(f"{source}: {getattr(kind, '__name__', kind)}", reason)
            return
        known = cast("type[Format]", kind)
        self._take(Entry(known.info, source, known))

    def add_installed(self, found: Iterable[EntryPoint] | None = None) -> None:
        """Take the formats that installed packages offer under `ENTRY_POINTS`."""
        for point in entry_points(group=ENTRY_POINTS) if found is None else found:
            source = f"package {point.dist.name}" if point.dist else point.value
            try:
                kind = point.load()
            except (Exception, SystemExit) as error:  # noqa: BLE001 - a stranger's package
                self.refuse(point.name, f"{source}: {type(error).__name__}: {error}")
            else:
                self.add(kind, source)

    def _take(self, entry: Entry) -> None:
        name = entry.info.name
        if name in self._entries:
            text = _("the name {name} is taken by: {source}")
            self.refuse(entry.source, text.format(name=name, source=self._entries[name].source))
        else:
            self._entries[name] = entry

    def _sureness(self, name: str, path: Path) -> float:
        try:
            return float(self.load(name).sniff(path)) if self._entries[name].info.reads else 0.0
        except Exception as error:  # noqa: BLE001 - one broken format must not hide the others
            self._note_once(Refused(name, f"{type(error).__name__}: {error}"))
            return 0.0

    def _note_once(self, refused: Refused) -> None:
        if refused not in self._refused:
            self._refused.append(refused)


def built_in_formats() -> Registry:
    """Return a registry of the formats that come with the program."""
    registry = Registry()
    for built_in in BUILT_IN:
        registry.declare(built_in)
    return registry


def _fault_of(kind: object) -> str:
    """Return why a class cannot be taken as a format; empty where it can."""
    info = getattr(kind, "info", None)
    if not isinstance(kind, type) or not isinstance(info, FormatInfo):
        return _("it is not a class with a FormatInfo named info")
    if info.api != API:
        text = _("it speaks version {theirs} of the plugin interface, this program version {ours}")
        return text.format(theirs=info.api, ours=API)
    lacking = [name for name in _METHODS if not callable(getattr(kind, name, None))]
    if lacking:
        return _("it lacks {names}").format(names=", ".join(lacking))
    return ""
