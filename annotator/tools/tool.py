"""What every tool is, and what views tell it: no Qt on either side."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from enum import Flag, StrEnum, auto
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from annotator.model.annotations import Annotation, AnnotationId
from annotator.model.edits import Edit
from annotator.model.labels import Rgb
from annotator.model.layers import Where
from annotator.model.shapes import Vec2, Vec3
from annotator.tools.keys import ToolKey


class Button(StrEnum):
    """Which mouse button a press or drag is about."""

    NONE = "none"
    LEFT = "left"
    RIGHT = "right"
    MIDDLE = "middle"


class Keys(Flag):
    """Modifier keys held."""

    NONE = 0
    SHIFT = auto()
    CTRL = auto()
    ALT = auto()


class Mouse(StrEnum):
    """What the mouse does while modifier keys are held."""

    CLICK = "click"
    DRAG = "drag"
    WHEEL = "wheel"


@dataclass(frozen=True, slots=True)
class HeldKeys:
    """What modifier keys change that are held with the mouse.

    Attributes
    ----------
    does
        English; translated where it is shown.
    """

    keys: Keys
    mouse: Mouse
    does: str


@dataclass(frozen=True, slots=True)
class Ray:
    """A half-line in world metres."""

    origin_m: Vec3
    direction: Vec3


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where the mouse is, said in the words of the data.

    Attributes
    ----------
    at_px
        Position in the view, logical pixels, x right, y down.
    ray
        What lies under it, in a cloud view.
    row, at_m
        The scan's point under it (with tolerance) and its world position; None on nothing.
    voxel
        (i, j, k) as continuous voxel indices in an image view: whole numbers are voxel centres.
        None outside the volume.
    over_m
        World position of the point under it where scans are laid over each other, whichever it is
        of.
    """

    at_px: Vec2
    button: Button = Button.NONE
    keys: Keys = Keys.NONE
    ray: Ray | None = None
    row: int | None = None
    at_m: Vec3 | None = None
    voxel: Vec3 | None = None
    over_m: Vec3 | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """What a tool shows before it commits: drawn and forgotten.

    Attributes
    ----------
    annotations
        Shapes as they would be.
    path_px
        A lasso or rectangle, in view pixels.
    rows
        Points that would be painted.
    voxels
        Flat voxel indices that would be painted.
    warning
        Drawn in amber where what would happen is doubtful; the reason is in the hint.
    circle_px
        Centre and radius of a brush.
    lines_m
        Segments in world metres (pairs of ends), such as a measured distance.
    path_voxels, words
        An outline on a cut as continuous (i, j, k), and what is written beside such places.
    color
        Of ``rows``; None for the active class's.
    hides_marks
        Whether ``rows`` are of what is selected, whose marks would hide them.
    beside
        A place in the view, px, and what is written there: the pointer, and a number that changes.
    """

    annotations: tuple[Annotation, ...] = ()
    path_px: tuple[Vec2, ...] = ()
    closed: bool = True
    rows: npt.NDArray[np.int64] | None = None
    voxels: Where | None = None
    warning: bool = False
    circle_px: tuple[Vec2, float] | None = None
    lines_m: tuple[tuple[Vec3, Vec3], ...] = ()
    path_voxels: tuple[Vec3, ...] = ()
    words: tuple[tuple[Vec3, str], ...] = ()
    color: Rgb | None = None
    hides_marks: bool = False
    beside: tuple[Vec2, str] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Reply:
    """What a tool answers.

    Attributes
    ----------
    preview
        Replaces what the tool showed; None leaves it, `CLEAR` takes it away.
    edit, text
        The one edit of a finished gesture, and its name in the history.
    hint
        One line about what a click would do now, or with an edit what it has done; empty leaves
        the tool's own hint.
    select
        Annotations to select; None leaves the selection.
    instances
        Instances of points to select instead; None leaves the selection.
    later
        Works out the rest of the answer, where that takes its time; may be called on any thread.
        An edit beside it is done at once: it is what the gesture before has made.
        Where that leaves a rest, too, its hint says how far the work is, and it can be dropped.
    holds_in_all
        Whether what the edit adds holds in every scan of a sequence, whatever its class.
    """

    preview: Preview | None = None
    edit: Edit | None = None
    text: str = ""
    hint: str = ""
    select: tuple[AnnotationId, ...] | None = None
    instances: tuple[int, ...] | None = None
    later: "Callable[[], Reply] | None" = None
    holds_in_all: bool = False

    def settled(self, goes_on: "Callable[[Reply], bool] | None" = None) -> "Reply":
        """Return the whole answer, worked out here and now.

        Parameters
        ----------
        goes_on
            Told how far it is, before each part; the rest is left undone where it says no.
        """
        reply = self
        while reply.later is not None and (goes_on is None or goes_on(reply)):
            reply = reply.later()
        return reply


NOTHING = Reply()
CLEAR = Preview()


class Cursor(StrEnum):
    """How the pointer looks over the view."""

    ARROW = "arrow"
    CROSS = "cross"
    MOVE = "move"
    NONE = "none"


class Tool(ABC):
    """One way of using the pointer.

    A tool is made anew when it is chosen, with the scene it works on; it holds only the state of
    its gesture. The state diagram is the first line of its docstring.
    """

    id: ClassVar[str]
    title: ClassVar[str]
    """English; translated where it is shown."""
    key: ClassVar[str] = ""
    cursor: ClassVar[Cursor] = Cursor.CROSS
    held: ClassVar[tuple[HeldKeys, ...]] = ()
    """All that modifier keys change in it: the sheet of keys says these."""

    @abstractmethod
    def hint(self) -> str:
        """Say in one translated line what a click will do now, with its keys."""

    def press(self, pointer: Pointer) -> Reply:  # noqa: ARG002
        """Take a button going down."""
        return NOTHING

    def move(self, pointer: Pointer) -> Reply:  # noqa: ARG002
        """Take a movement, with or without a button held. Must answer within 8 ms."""
        return NOTHING

    def release(self, pointer: Pointer) -> Reply:  # noqa: ARG002
        """Take a button going up."""
        return NOTHING

    def double_click(self, pointer: Pointer) -> Reply:  # noqa: ARG002
        """Take a double click."""
        return NOTHING

    def wheel(self, pointer: Pointer, steps: float) -> Reply | None:  # noqa: ARG002
        """Take a turn of the wheel; None leaves it to the view (zoom, or next slice)."""
        return None

    def key_press(self, key: ToolKey) -> Reply | None:  # noqa: ARG002
        """Take what a key says to a tool; None leaves the key to the window."""
        return None

    def cancel(self) -> Reply:
        """Back out one step; what was previewed is gone."""
        return Reply(preview=CLEAR)
