"""What one person prefers on this computer, and what was opened last."""

import contextlib
import getpass
from pathlib import Path
from typing import Self

import msgspec
import platformdirs

from annotator.app.recent import Recent
from annotator.formats.files import write_whole

MOST_RECENT = 12


def _login_name() -> str:
    with contextlib.suppress(OSError, KeyError, ImportError):
        return getpass.getuser()
    return ""  # an account without a name, as in some containers


class Settings(msgspec.Struct):
    """A person's settings; every field has a default, and unknown ones are passed over.

    Attributes
    ----------
    language
        One of `annotator.i18n.LANGUAGES`; empty follows the system.
    theme
        ``dark`` or ``light``.
    layout, geometry
        How the window was left, as Qt says it, in hexadecimal digits.
    who
        The person's name in histories and remarks.
    preset, keys
        The keys a person started from, and what differs from them, by action.
    renderer
        ``auto``, ``software`` or ``open3d``.
    look
        What of the cloud view's look is kept, by its name; see `CloudSettings`.
    shows_first_steps
        Whether the line with the first steps was never dismissed.
    """

    language: str = ""
    theme: str = "dark"
    layout: str = ""
    geometry: str = ""
    who: str = msgspec.field(default_factory=_login_name)
    preset: str = "annotator"
    keys: dict[str, tuple[str, ...]] = {}
    renderer: str = "auto"
    look: dict[str, str | int | bool] = {}
    shows_first_steps: bool = True
    recent: tuple[Recent, ...] = ()

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Return what was saved; the defaults where nothing was, or the file is damaged."""
        with contextlib.suppress(OSError, msgspec.MsgspecError, ValueError):
            loaded = msgspec.json.decode((path or settings_path()).read_bytes(), type=cls)
            # Older versions kept a patient's folder by its name, and no way to it.
            loaded.recent = tuple(one for one in loaded.recent if one.path or one.folders)
            return loaded
        return cls()

    def save(self, path: Path | None = None) -> None:
        """Write the settings, whole or not at all.

        Raises
        ------
        FileError
            If they cannot be written.
        """
        content = msgspec.json.format(msgspec.json.encode(self), indent=1)
        write_whole({path or settings_path(): content})

    def remember(self, path: Path, *, words: str = "") -> None:
        """Put what was opened at the head of the recent list.

        Parameters
        ----------
        words
            What to call a place whose folders may be named after patients: no name is kept.
        """
        new = Recent.of(path, words)
        others = [old for old in self.recent if not old.is_at_the_place_of(new)]
        self.recent = (new, *others[: MOST_RECENT - 1])


def settings_path() -> Path:
    """Return where this person's settings are."""
    return platformdirs.user_config_path("annotator", appauthor=False) / "settings.json"
