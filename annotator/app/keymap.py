"""The keys in use: the table of actions and tools, a preset, and what a person changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

import msgspec

from annotator.app.action import Action, Workbench
from annotator.app.actions import ACTIONS
from annotator.app.menu_titles import TOOLS
from annotator.app.presets import OURS, preset_named
from annotator.errors import FileError
from annotator.formats.files import write_whole
from annotator.i18n import gettext as _
from annotator.tools.cloud_tools import CLOUD_TOOLS
from annotator.tools.image_tools import IMAGE_TOOLS

Keys = tuple[str, ...]

TABLE: tuple[Action, ...] = (
    *(
        Action(f"tool.{tool.id}", tool.title, TOOLS, (tool.key,) if tool.key else (), where=where)
        for tools, where in ((CLOUD_TOOLS, Workbench.CLOUD), (IMAGE_TOOLS, Workbench.CT))
        for tool in tools
    ),
    *ACTIONS,
)
"""Everything that a key can do, with the usual keys."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """One key that would mean two things at one moment."""

    key: str
    one: str
    other: str


class _File(msgspec.Struct, forbid_unknown_fields=True):
    annotator_keys: int
    preset: str
    keys: dict[str, Keys]


@dataclass(frozen=True, slots=True)
class Keymap:
    """A preset, and what differs from it.

    Attributes
    ----------
    preset
        Its id; an unknown one is ours.
    own
        The person's own keys, by action; no keys at all where the action is to have none.
    """

    preset: str = OURS
    own: Mapping[str, Keys] = field(default_factory=dict)

    def __post_init__(self) -> None:
        usual = preset_keys(self.preset)
        kept = {
            action_id: keys
            for action_id, keys in self.own.items()
            if action_id in usual and usual[action_id] != keys
        }
        object.__setattr__(self, "own", kept)

    @property
    def keys(self) -> dict[str, Keys]:
        """The keys of every row of the table, by its id."""
        return {**preset_keys(self.preset), **self.own}

    @property
    def rows(self) -> tuple[Action, ...]:
        """The table with the keys in use."""
        keys = self.keys
        return tuple(replace(row, keys=keys[row.id]) for row in TABLE)

    def with_keys(self, action_id: str, keys: Keys) -> Self:
        """Return a keymap where an action listens to other keys."""
        return replace(self, own={**self.own, action_id: tuple(dict.fromkeys(keys))})

    def without(self, action_id: str) -> Self:
        """Return a keymap where an action listens to the preset's keys again."""
        return replace(self, own={a: keys for a, keys in self.own.items() if a != action_id})

    def taken_from(self, conflict: Conflict, keeper: str) -> Self:
        """Return a keymap where only one action of a conflict has its key."""
        loser = conflict.other if keeper == conflict.one else conflict.one
        keys = tuple(key for key in self.keys[loser] if key != conflict.key)
        return self.with_keys(loser, keys)

    def settled(self) -> Self:
        """Return a keymap without conflicts: a person's own key is taken from whoever had it."""
        settled = self
        while found := conflicts(settled.rows):
            is_own = found[0].one in self.own and found[0].other not in self.own
            keeper = found[0].one if is_own else found[0].other
            settled = settled.taken_from(found[0], keeper)
        return settled


_used: Keymap | None = None


def in_use() -> Keymap:
    """Return the keymap that this program listens to now."""
    return _used or Keymap()


def use(keymap: Keymap) -> None:
    """Listen to other keys from now on; a process has one keyboard, as it speaks one language."""
    global _used  # noqa: PLW0603 - see above
    _used = keymap


def preset_keys(name: str) -> dict[str, Keys]:
    """Return the keys of every row of the table as a preset has them."""
    return {**{row.id: row.keys for row in TABLE}, **preset_named(name).keys}


def conflicts(rows: Iterable[Action] = TABLE) -> list[Conflict]:
    """Return every pair of actions that would listen to one key at one moment."""
    taken: dict[str, list[Action]] = {}
    found: list[Conflict] = []
    for row in rows:
        for key in row.keys:
            found += [
                Conflict(key, other.id, row.id)
                for other in taken.get(key, ())
                if other.where & row.where and other.listens.clashes_with(row.listens)
            ]
            taken.setdefault(key, []).append(row)
    return found


def write_keymap(keymap: Keymap, path: Path) -> None:
    """Write the keys of every action to a file that another person can read in.

    Raises
    ------
    FileError
        If it cannot be written.
    """
    content = _File(annotator_keys=1, preset=keymap.preset, keys=keymap.keys)
    write_whole({path: msgspec.json.format(msgspec.json.encode(content), indent=1)})


def read_keymap(path: Path) -> tuple[Keymap, list[str]]:
    """Return the keymap of a file, and the ids in it that no action here has.

    Raises
    ------
    FileError
        If it cannot be read, or is no file of keys.
    """
    try:
        said = msgspec.json.decode(path.read_bytes(), type=_File)
    except OSError as error:
        raise FileError(path, str(error.strerror), _("check the file and its rights")) from error
    except (msgspec.MsgspecError, ValueError) as error:
        wrong = _("this is no file of keys")
        raise FileError(path, wrong, _("choose one that this program wrote")) from error
    known = {row.id for row in TABLE}
    return Keymap(said.preset, said.keys), sorted(set(said.keys) - known)
