"""What a person can ask for over a scan."""

from functools import partial

from annotator.app.action import Action, Listens, Workbench
from annotator.app.menu_titles import BOX, POINTS, SEQUENCE, VIEW
from annotator.i18n import mark as _

_action = partial(Action, where=Workbench.CLOUD)
_LOOK_FROM, _DRAWING, _KEPT = _("Look from"), _("Drawing"), _("Kept views")
_CLASS = _("Chosen class")
_SCANS = Workbench.CLOUD | Workbench.NONE

_STORED = (_("Keep this view as 1"), _("Keep this view as 2"), _("Keep this view as 3"))
_RECALLED = (_("Go to view 1"), _("Go to view 2"), _("Go to view 3"))

# The left hand stays on its keys: plain letters for what is done all day, with Shift for what is
# its kin, the number row for classes. Shift with a key that moves goes far: five times the step.
_BOX_KEYS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("forward", _("Move forward"), ("W", "Up", "Shift+Up")),
    ("back", _("Move back"), ("S", "Down", "Shift+Down")),
    ("left", _("Move left"), ("A", "Left", "Shift+Left")),
    ("right", _("Move right"), ("D", "Right", "Shift+Right")),
    ("up", _("Move up"), ("Ctrl+Up", "Ctrl+Shift+Up")),
    ("down", _("Move down"), ("Ctrl+Down", "Ctrl+Shift+Down")),
    ("turn_left", _("Turn left"), ("Q", "Shift+Q")),
    ("turn_right", _("Turn right"), ("E", "Shift+E")),
    ("longer", _("Longer"), ("Alt+Up", "Alt+Shift+Up")),
    ("shorter", _("Shorter"), ("Alt+Down", "Alt+Shift+Down")),
    ("wider", _("Wider"), ("Alt+Right", "Alt+Shift+Right")),
    ("narrower", _("Narrower"), ("Alt+Left", "Alt+Shift+Left")),
    ("taller", _("Taller"), ("Alt+PgUp", "Alt+Shift+PgUp")),
    ("lower", _("Lower"), ("Alt+PgDown", "Alt+Shift+PgDown")),
    ("flip", _("Flip heading"), ("X",)),
    ("quarter", _("Turn by 90°"), ("Shift+X",)),
    ("refit", _("Fit anew"), ("Shift+B",)),
    ("usual", _("Usual size of its class"), ("Shift+U",)),
    ("shrink", _("Shrink to its points"), ("Ctrl+B",)),
    ("grow", _("Grow to its points"), ("Alt+B",)),
)

_POINTS_KEYS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("merge", _("Merge the selected instances"), ("Ctrl+M",)),
    ("invert", _("Invert among what is seen"), ("Ctrl+I",)),
    ("grow", _("Grow by one ring"), ("Ctrl+=",)),
    ("shrink", _("Shrink by one ring"), ("Ctrl+-",)),
    ("box", _("Box around the instance"), ("Y",)),
    ("inside", _("Label the points in the box"), ("Shift+Y",)),
)

CLOUD_ACTIONS: tuple[Action, ...] = (
    _action("view.fit_all", _("Fit the whole scan to the view"), VIEW, ("Ctrl+Home",)),
    _action("view.top", _("Top view"), VIEW, ("Shift+7", "Num+7"), group=_LOOK_FROM),
    _action(
        "view.bottom", _("Bottom view"), VIEW, ("Ctrl+Shift+7", "Ctrl+Num+7"), group=_LOOK_FROM
    ),
    _action("view.front", _("Front view"), VIEW, ("Shift+1", "Num+1"), group=_LOOK_FROM),
    _action("view.rear", _("Rear view"), VIEW, ("Ctrl+Shift+1", "Ctrl+Num+1"), group=_LOOK_FROM),
    _action("view.left", _("Left view"), VIEW, ("Ctrl+Shift+3", "Ctrl+Num+3"), group=_LOOK_FROM),
    _action("view.right", _("Right view"), VIEW, ("Shift+3", "Num+3"), group=_LOOK_FROM),
    _action(
        "view.orthographic",
        _("Orthographic"),
        VIEW,
        ("Shift+5", "Num+5"),
        checkable=True,
        group=_LOOK_FROM,
    ),
    _action(
        "view.ceiling", _("Hide the ceiling"), VIEW, ("Shift+H",), checkable=True, group=_DRAWING
    ),
    _action("view.storey", _("Show the next storey alone"), VIEW, ("Alt+S",), group=_DRAWING),
    _action("view.all_classes", _("Show all classes"), VIEW, ("Alt+H",), group=_DRAWING),
    _action("view.all_heights", _("Show all heights"), VIEW, ("Alt+Shift+H",), group=_DRAWING),
    _action("class.protect", _("Protect this class"), VIEW, checkable=True, group=_CLASS),
    _action("class.hide", _("Hide this class"), VIEW, checkable=True, group=_CLASS),
    _action("class.solo", _("Show this class alone"), VIEW, checkable=True, group=_CLASS),
    _action("class.fade", _("Fade this class"), VIEW, checkable=True, group=_CLASS),
    _action("view.larger_points", _("Larger points"), VIEW, ("=",), group=_DRAWING),
    _action("view.smaller_points", _("Smaller points"), VIEW, ("-",), group=_DRAWING),
    _action("view.next_colour", _("Colour by the next value"), VIEW, ("J",)),
    _action(
        "view.panes", _("Top, side and rear of the selection"), VIEW, ("Shift+V",), checkable=True
    ),
    _action("view.isolate", _("Only the selection"), VIEW, ("`", "/"), checkable=True),
    _action("view.clip", _("Clipping box"), VIEW, ("Alt+X",), checkable=True),
    _action("view.clip_fit", _("Clipping box around the selection"), VIEW, ("Alt+Z",)),
    _action("view.grid", _("Grid on the floor"), VIEW, ("Alt+G",), checkable=True),
    _action("view.legend", _("Legend unfolded"), VIEW, ("Alt+L",), checkable=True),
    _action("view.camera", _("Camera image"), VIEW, ("Alt+C",), checkable=True),
    _action(
        "view.camera_points", _("Points in the camera image"), VIEW, ("Alt+V",), checkable=True
    ),
    *(
        _action(
            f"view.recall_{n}",
            title,
            VIEW,
            (f"Alt+{n}",),
            checkable=True,  # ticked where a view is kept
            group=_KEPT,
        )
        for n, title in enumerate(_RECALLED, start=1)
    ),
    *(
        _action(f"view.store_{n}", title, VIEW, (f"Ctrl+{n}",), group=_KEPT)
        for n, title in enumerate(_STORED, start=1)
    ),
    _action(
        "renderer.auto",
        _("Draw the quicker way"),
        VIEW,
        checkable=True,
        where=_SCANS,
        group=_DRAWING,
    ),
    _action(
        "renderer.software",
        _("Draw with the processor"),
        VIEW,
        checkable=True,
        where=_SCANS,
        group=_DRAWING,
    ),
    _action(
        "renderer.open3d", _("Draw with Open3D"), VIEW, checkable=True, where=_SCANS, group=_DRAWING
    ),
    *(
        _action(f"box.{verb}", title, BOX, keys, listens=Listens.VIEW)
        for verb, title, keys in _BOX_KEYS
    ),
    _action(
        "points.instances", _("Painted points become an instance"), POINTS, ("O",), checkable=True
    ),
    _action(
        "points.all_scans",
        _("Paint all scans laid over each other"),
        POINTS,
        ("Alt+O",),
        checkable=True,
    ),
    *(_action(f"points.{verb}", title, POINTS, keys) for verb, title, keys in _POINTS_KEYS),
    _action("sequence.previous", _("Previous scan"), SEQUENCE, ("Shift+A", "[")),
    _action("sequence.next", _("Next scan"), SEQUENCE, ("Shift+D", "]")),
    _action("sequence.first", _("First scan"), SEQUENCE, ("Home",)),
    _action("sequence.last", _("Last scan"), SEQUENCE, ("End",)),
    _action("sequence.play", _("Play or stop"), SEQUENCE, ("\\",)),
    _action("sequence.more", _("Lay more scans over this one"), SEQUENCE, ("Ctrl+]",)),
    _action("sequence.fewer", _("Lay fewer scans over it"), SEQUENCE, ("Ctrl+[",)),
    _action("sequence.carry_on", _("Carry on to the next scan"), SEQUENCE, ("T",)),
    _action("sequence.carry_back", _("Carry back to the scan before"), SEQUENCE, ("Shift+T",)),
    _action("sequence.interpolate", _("Fill the scans between"), SEQUENCE, ("Shift+I",)),
    _action("sequence.static", _("Same in every scan or not"), SEQUENCE, ("Shift+S",)),
    _action("sequence.one_size", _("Use this size in all scans"), SEQUENCE),
    _action("sequence.delete", _("Delete in all scans"), SEQUENCE, ("Shift+Del",)),
    _action("sequence.split", _("Another object from here on"), SEQUENCE),
    _action("sequence.merge", _("Two are one object"), SEQUENCE, ("Ctrl+J",)),
    _action("sequence.grid", _("One object in all scans…"), SEQUENCE, ("Ctrl+G",)),
)
