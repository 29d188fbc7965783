"""What an action is: its name, its keys, where it makes sense and when its keys listen."""

from dataclasses import dataclass
from enum import Enum, Flag, auto


class Workbench(Flag):
    """Where an action makes sense."""

    CLOUD = auto()
    CT = auto()
    NONE = auto()
    BOTH = CLOUD | CT
    ALWAYS = CLOUD | CT | NONE


class Listens(Enum):
    """When an action's keys listen, and so which others may not have the same ones.

    Attributes
    ----------
    WINDOW
        Always, except while text is typed.
    VIEW
        While the view has the focus, so that lists keep their arrows and their search by letters.
    TOOL
        While the tool in hand has a use for it; then the window does not get the key.
    RAIL
        While the candidate rail has the focus; the window does not get the key.
    """

    WINDOW = auto()
    VIEW = auto()
    TOOL = auto()
    RAIL = auto()

    def clashes_with(self, other: "Listens") -> bool:
        """Tell whether one key would mean two things at one moment."""
        everywhere = {Listens.WINDOW, Listens.VIEW}
        return self is other or {self, other} <= everywhere


@dataclass(frozen=True, slots=True)
class Action:
    """Something a person can ask the program to do.

    Attributes
    ----------
    id
        ``menu.verb``; settings and scripts name it so.
    menu
        Title of the menu that lists it.
    keys
        Shortcuts in Qt's portable words ("Ctrl+Z"); single letters rest while text is typed.
    checkable
        Whether it is a state that is on or off.
    where
        Workbenches that offer it.
    listens
        When its keys listen.
    group
        Title of the submenu that lists it; empty where the menu itself does.
    is_held
        Whether it lasts while the key is down.
    """

    id: str
    title: str
    menu: str
    keys: tuple[str, ...] = ()
    checkable: bool = False
    where: Workbench = Workbench.ALWAYS
    listens: Listens = Listens.WINDOW
    group: str = ""
    is_held: bool = False

    @property
    def is_in_menu(self) -> bool:
        """Whether a menu lists it; what a key does only now and then is on the sheet alone."""
        return self.listens in {Listens.WINDOW, Listens.VIEW} and not self.is_held
