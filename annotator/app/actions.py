"""Every action there is: menus, shortcuts, the palette and the key sheet are drawn from it."""

from collections.abc import Iterable

from annotator.app.action import Action, Listens, Workbench
from annotator.i18n import mark as _
from annotator.tools.keys import TOOL_KEYS, ToolKey

FILE, EDIT, VIEW, BOX, POINTS, FOCUS, SEQUENCE, TOOLS, REVIEW, HELP = (
    _("File"),
    _("Edit"),
    _("View"),
    _("Box"),
    _("Points"),
    _("Focus"),
    _("Sequence"),
    _("Tools"),
    _("Review"),
    _("Help"),
)
MENUS = (FILE, EDIT, VIEW, BOX, POINTS, FOCUS, SEQUENCE, TOOLS, REVIEW, HELP)
IN_HAND, RAIL = _("While a tool works"), _("Candidate rail")
GROUPS = (TOOLS, *(menu for menu in MENUS if menu != TOOLS), IN_HAND, RAIL)
"""The sheet of keys, from top to bottom."""

_LOOK_FROM, _DRAWING, _KEPT, _GREY, _SLAB, _SLICES, _LAYING = (
    _("Look from"),
    _("Drawing"),
    _("Kept views"),
    _("Window of grey values"),
    _("Slab and lens"),
    _("Slices and foci"),
    _("How it lies"),
)

_CLOUD, _CT, _BOTH = Workbench.CLOUD, Workbench.CT, Workbench.BOTH
_SCANS = Workbench.CLOUD | Workbench.NONE
_IN_ONE = {
    **dict.fromkeys((ToolKey.LARGER, ToolKey.SMALLER, ToolKey.ERASE), _CLOUD),
    **dict.fromkeys((ToolKey.TAKE_BACK, ToolKey.SHAPE), _CT),
}
"""What only tools of one workbench listen to."""

_CLASSES = (
    _("Class 1"),
    _("Class 2"),
    _("Class 3"),
    _("Class 4"),
    _("Class 5"),
    _("Class 6"),
    _("Class 7"),
    _("Class 8"),
    _("Class 9"),
)

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

_FOCUS_KEYS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("merge", _("Merge the selected foci"), ("Ctrl+M",)),
    ("split", _("Split into its parts"), ("Ctrl+Shift+M",)),
    ("islands", _("Remove islands"), ("Ctrl+I",)),
    ("grow", _("Grow by a voxel"), ("=",)),
    ("shrink", _("Shrink by a voxel"), ("-",)),
    ("between", _("Fill between slices"), ("Ctrl+B",)),
    ("nodule", _("Belong to the selected nodule"), ("Alt+N",)),
    ("pattern_1", _("Popcorn"), ("Shift+1",)),
    ("pattern_2", _("Laminated"), ("Shift+2",)),
    ("pattern_3", _("Solid"), ("Shift+3",)),
    ("pattern_4", _("Non-central"), ("Shift+4",)),
    ("pattern_5", _("Central"), ("Shift+5",)),
    ("pattern_6", _("None of these patterns"), ("Shift+6",)),
    ("site_1", _("In a nodule"), ("Alt+1",)),
    ("site_2", _("In the lung"), ("Alt+2",)),
    ("site_3", _("At the pleura"), ("Alt+3",)),
    ("site_4", _("In a node"), ("Alt+4",)),
    ("site_5", _("In a vessel's wall"), ("Alt+5",)),
    ("site_6", _("In an airway"), ("Alt+6",)),
    ("site_7", _("In bone"), ("Alt+7",)),
    ("site_8", _("Elsewhere"), ("Alt+8",)),
)

_SLICE_KEYS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("slice_up", _("Slice above"), ("Up",)),
    ("slice_down", _("Slice below"), ("Down",)),
    ("slices_up", _("Ten slices up"), ("Shift+Up",)),
    ("slices_down", _("Ten slices down"), ("Shift+Down",)),
    ("topmost", _("Topmost slice"), ("Home",)),
    ("lowest", _("Lowest slice"), ("End",)),
)

_RAIL_KEYS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("accept", _("Accept the candidate"), ("Return", "Enter")),
    ("dismiss", _("Dismiss it with a reason…"), ("X",)),
    ("bone", _("Dismiss: bone"), ("B",)),
    ("vessel_wall", _("Dismiss: vessel wall"), ("V",)),
    ("contrast", _("Dismiss: contrast"), ("C",)),
    ("artefact", _("Dismiss: artefact"), ("A",)),
    ("other", _("Dismiss: other"), ("O",)),
    ("pattern_1", _("Accept as popcorn"), ("1",)),
    ("pattern_2", _("Accept as laminated"), ("2",)),
    ("pattern_3", _("Accept as solid"), ("3",)),
    ("pattern_4", _("Accept as non-central"), ("4",)),
    ("pattern_5", _("Accept as central"), ("5",)),
    ("pattern_6", _("Accept as none of these patterns"), ("6",)),
    ("site", _("Its site is as guessed"), ("S",)),
    ("next", _("Next open candidate"), ("N",)),
    ("card_left", _("Card to the left"), ("Left",)),
    ("card_right", _("Card to the right"), ("Right",)),
    ("back", _("Back to the one decided last"), ("Backspace",)),
    ("reopen", _("Take its decision back"), ("Del",)),
)

ACTIONS: tuple[Action, ...] = (
    Action("file.open", _("Open file…"), FILE, ("Ctrl+O",)),
    Action("file.open_folder", _("Open folder…"), FILE, ("Ctrl+Shift+O",)),
    Action("file.labels", _("Show label file…"), FILE, ("Ctrl+L",), where=_BOTH),
    Action("file.export", _("Export…"), FILE, ("Ctrl+E",), where=_BOTH),
    Action("file.layout", _("Read the columns otherwise…"), FILE, where=_CLOUD),
    Action("file.reopen", _("Open this item again"), FILE, ("F5",), where=_BOTH),
    Action("file.previous_item", _("Previous item"), FILE, ("PgUp",), where=_BOTH),
    Action("file.next_item", _("Next item"), FILE, ("PgDown",), where=_BOTH),
    Action("file.done", _("Done and next"), FILE, ("Space", "Ctrl+Return"), where=_CLOUD),
    Action("file.not_done", _("Not done after all"), FILE, ("Ctrl+Shift+Return",), where=_BOTH),
    Action("file.close", _("Close the scan and go on"), FILE, ("Ctrl+Return",), where=_CT),
    Action("file.quit", _("Quit"), FILE, ("Ctrl+Q",)),
    Action("edit.undo", _("Undo"), EDIT, ("Ctrl+Z",), where=_BOTH),
    Action("edit.redo", _("Redo"), EDIT, ("Ctrl+Shift+Z", "Ctrl+Y"), where=_BOTH),
    Action("edit.delete", _("Delete selected"), EDIT, ("Del",), where=_BOTH),
    Action("edit.select_all", _("Select all"), EDIT, ("Ctrl+A",), where=_BOTH),
    *(
        Action(f"class.{number}", title, EDIT, (str(number),), where=Workbench.CLOUD)
        for number, title in enumerate(_CLASSES, start=1)
    ),
    Action("edit.keys", _("Keys of your own…"), EDIT),
    Action("edit.unlock", _("Edit this file"), EDIT, ("Ctrl+Shift+E",), where=_BOTH),
    Action("view.fit", _("Fit the selection, or all, to the view"), VIEW, ("F",), where=_BOTH),
    Action("view.fit_all", _("Fit the whole scan to the view"), VIEW, ("Ctrl+Home",), where=_CLOUD),
    Action("view.top", _("Top view"), VIEW, ("Shift+7", "Num+7"), where=_CLOUD, group=_LOOK_FROM),
    Action(
        "view.bottom",
        _("Bottom view"),
        VIEW,
        ("Ctrl+Shift+7", "Ctrl+Num+7"),
        where=_CLOUD,
        group=_LOOK_FROM,
    ),
    Action(
        "view.front", _("Front view"), VIEW, ("Shift+1", "Num+1"), where=_CLOUD, group=_LOOK_FROM
    ),
    Action(
        "view.rear",
        _("Rear view"),
        VIEW,
        ("Ctrl+Shift+1", "Ctrl+Num+1"),
        where=_CLOUD,
        group=_LOOK_FROM,
    ),
    Action(
        "view.left",
        _("Left view"),
        VIEW,
        ("Ctrl+Shift+3", "Ctrl+Num+3"),
        where=_CLOUD,
        group=_LOOK_FROM,
    ),
    Action(
        "view.right", _("Right view"), VIEW, ("Shift+3", "Num+3"), where=_CLOUD, group=_LOOK_FROM
    ),
    Action(
        "view.orthographic",
        _("Orthographic"),
        VIEW,
        ("Shift+5", "Num+5"),
        checkable=True,
        where=_CLOUD,
        group=_LOOK_FROM,
    ),
    Action(
        "view.ceiling",
        _("Hide the ceiling"),
        VIEW,
        ("Shift+H",),
        checkable=True,
        where=_CLOUD,
        group=_DRAWING,
    ),
    Action(
        "view.all_classes",
        _("Show all classes"),
        VIEW,
        ("Alt+H",),
        where=_CLOUD,
        group=_DRAWING,
    ),
    Action(
        "view.all_heights",
        _("Show all heights"),
        VIEW,
        ("Alt+Shift+H",),
        where=_CLOUD,
        group=_DRAWING,
    ),
    Action("view.larger_points", _("Larger points"), VIEW, ("=",), where=_CLOUD, group=_DRAWING),
    Action("view.smaller_points", _("Smaller points"), VIEW, ("-",), where=_CLOUD, group=_DRAWING),
    Action("view.next_colour", _("Colour by the next value"), VIEW, ("J",), where=_CLOUD),
    Action(
        "view.panes",
        _("Top, side and rear of the selection"),
        VIEW,
        ("Shift+V",),
        checkable=True,
        where=_CLOUD,
    ),
    Action("view.isolate", _("Only the selection"), VIEW, ("`", "/"), checkable=True, where=_CLOUD),
    Action("view.clip", _("Clipping box"), VIEW, ("Alt+X",), checkable=True, where=_CLOUD),
    Action("view.clip_fit", _("Clipping box around the selection"), VIEW, ("Alt+Z",), where=_CLOUD),
    Action("view.grid", _("Grid on the floor"), VIEW, ("Alt+G",), checkable=True, where=_CLOUD),
    Action("view.legend", _("Legend unfolded"), VIEW, ("Alt+L",), checkable=True, where=_CLOUD),
    Action("view.camera", _("Camera image"), VIEW, ("Alt+C",), checkable=True, where=_CLOUD),
    Action(
        "view.camera_points",
        _("Points in the camera image"),
        VIEW,
        ("Alt+V",),
        checkable=True,
        where=_CLOUD,
    ),
    *(
        Action(
            f"view.recall_{n}",
            title,
            VIEW,
            (f"Alt+{n}",),
            checkable=True,  # ticked where a view is kept
            where=_CLOUD,
            group=_KEPT,
        )
        for n, title in enumerate(_RECALLED, start=1)
    ),
    *(
        Action(f"view.store_{n}", title, VIEW, (f"Ctrl+{n}",), where=_CLOUD, group=_KEPT)
        for n, title in enumerate(_STORED, start=1)
    ),
    Action(
        "renderer.auto",
        _("Draw the quicker way"),
        VIEW,
        checkable=True,
        where=_SCANS,
        group=_DRAWING,
    ),
    Action(
        "renderer.software",
        _("Draw with the processor"),
        VIEW,
        checkable=True,
        where=_SCANS,
        group=_DRAWING,
    ),
    Action(
        "renderer.open3d", _("Draw with Open3D"), VIEW, checkable=True, where=_SCANS, group=_DRAWING
    ),
    *(
        Action(f"box.{verb}", title, BOX, keys, where=_CLOUD, listens=Listens.VIEW)
        for verb, title, keys in _BOX_KEYS
    ),
    Action(
        "points.instances",
        _("Painted points become an instance"),
        POINTS,
        ("O",),
        checkable=True,
        where=_CLOUD,
    ),
    Action(
        "points.all_scans",
        _("Paint all scans laid over each other"),
        POINTS,
        ("Alt+O",),
        checkable=True,
        where=_CLOUD,
    ),
    *(
        Action(f"points.{verb}", title, POINTS, keys, where=_CLOUD)
        for verb, title, keys in _POINTS_KEYS
    ),
    *(Action(f"focus.{verb}", title, FOCUS, keys, where=_CT) for verb, title, keys in _FOCUS_KEYS),
    Action("focus.rule", _("Rule of this project…"), FOCUS, where=_CT),
    Action("sequence.previous", _("Previous scan"), SEQUENCE, ("Shift+A", "["), where=_CLOUD),
    Action("sequence.next", _("Next scan"), SEQUENCE, ("Shift+D", "]"), where=_CLOUD),
    Action("sequence.first", _("First scan"), SEQUENCE, ("Home",), where=_CLOUD),
    Action("sequence.last", _("Last scan"), SEQUENCE, ("End",), where=_CLOUD),
    Action("sequence.play", _("Play or stop"), SEQUENCE, ("\\",), where=_CLOUD),
    Action("sequence.more", _("Lay more scans over this one"), SEQUENCE, ("Ctrl+]",), where=_CLOUD),
    Action("sequence.fewer", _("Lay fewer scans over it"), SEQUENCE, ("Ctrl+[",), where=_CLOUD),
    Action("sequence.carry_on", _("Carry on to the next scan"), SEQUENCE, ("T",), where=_CLOUD),
    Action(
        "sequence.carry_back",
        _("Carry back to the scan before"),
        SEQUENCE,
        ("Shift+T",),
        where=_CLOUD,
    ),
    Action(
        "sequence.interpolate", _("Fill the scans between"), SEQUENCE, ("Shift+I",), where=_CLOUD
    ),
    Action("sequence.static", _("Same in every scan or not"), SEQUENCE, ("Shift+S",), where=_CLOUD),
    Action("sequence.one_size", _("Use this size in all scans"), SEQUENCE, where=_CLOUD),
    Action("sequence.delete", _("Delete in all scans"), SEQUENCE, ("Shift+Del",), where=_CLOUD),
    Action("sequence.split", _("Another object from here on"), SEQUENCE, where=_CLOUD),
    Action("sequence.merge", _("Two are one object"), SEQUENCE, ("Ctrl+J",), where=_CLOUD),
    Action("sequence.grid", _("One object in all scans…"), SEQUENCE, ("Ctrl+G",), where=_CLOUD),
    Action("view.panels", _("Show panels"), VIEW, ("Tab",), checkable=True),
    Action("view.dark", _("Dark theme"), VIEW, (), checkable=True),
    Action("window.lung", _("Lung window"), VIEW, ("1", "Ctrl+1"), where=_CT, group=_GREY),
    Action(
        "window.mediastinum", _("Mediastinum window"), VIEW, ("2", "Ctrl+2"), where=_CT, group=_GREY
    ),
    Action("window.bone", _("Bone window"), VIEW, ("3", "Ctrl+3"), where=_CT, group=_GREY),
    Action("window.calcium", _("Calcium window"), VIEW, ("4", "Ctrl+4"), where=_CT, group=_GREY),
    Action(
        "window.header",
        _("Window of the file, then its next"),
        VIEW,
        ("5", "Ctrl+5"),
        where=_CT,
        group=_GREY,
    ),
    Action("window.auto", _("Window of this slice"), VIEW, ("0",), where=_CT, group=_GREY),
    Action("view.next_focus", _("Next focus"), VIEW, ("]",), where=_CT, group=_SLICES),
    Action("view.previous_focus", _("Previous focus"), VIEW, ("[",), where=_CT, group=_SLICES),
    Action("view.candidates", _("Candidates"), VIEW, ("K", "T"), where=_CT),
    Action("view.hide_candidates", _("Hide the candidates"), VIEW, ("Shift+K",), where=_CT),
    Action("view.next_open", _("Next open candidate"), VIEW, (".",), where=_CT),
    Action("view.residual", _("What nobody has explained"), VIEW, ("U", "Z"), where=_CT),
    Action("view.lens", _("Calcium lens"), VIEW, ("L", "`"), where=_CT, group=_SLAB),
    Action(
        "view.lens_mip", _("Calcium lens over 5 mm"), VIEW, ("Shift+L",), where=_CT, group=_SLAB
    ),
    Action("view.slab", _("Slab of 5, 10 or 20 mm"), VIEW, ("M",), where=_CT, group=_SLAB),
    Action("view.slab_thicker", _("Thicker slab"), VIEW, ("Ctrl+=",), where=_CT, group=_SLAB),
    Action("view.slab_thinner", _("Thinner slab"), VIEW, ("Ctrl+-",), where=_CT, group=_SLAB),
    Action(
        "view.mix",
        _("Slab as maximum, minimum or mean"),
        VIEW,
        ("Shift+M",),
        where=_CT,
        group=_SLAB,
    ),
    Action("view.compare", _("Compare with another series"), VIEW, ("Y",), where=_CT),
    Action("view.invert", _("Invert"), VIEW, ("I",), where=_CT, group=_LAYING),
    Action("view.turn", _("Turn a quarter"), VIEW, ("Shift+R",), where=_CT, group=_LAYING),
    Action("view.flip", _("Flip left for right"), VIEW, ("Shift+F",), where=_CT, group=_LAYING),
    *(
        Action(f"view.{verb}", title, VIEW, keys, where=_CT, listens=Listens.VIEW, group=_SLICES)
        for verb, title, keys in _SLICE_KEYS
    ),
    Action("view.cine", _("Play or pause"), VIEW, ("P",), where=_CT, group=_SLICES),
    Action(
        "view.cine_speed", _("Play slower or faster"), VIEW, ("Shift+P",), where=_CT, group=_SLICES
    ),
    Action(
        "view.hide_mask",
        _("Hide the mask while held"),
        VIEW,
        ("Space",),
        where=_CT,
        is_held=True,
    ),
    Action("view.names", _("Show the patient's name…"), VIEW, (), where=_CT),
    Action("review.right", _("Mark as right"), REVIEW, ("Return",), where=_BOTH),
    Action("review.wrong", _("Mark as wrong…"), REVIEW, ("Backspace",), where=_BOTH),
    Action("review.next", _("Next without a mark"), REVIEW, ("N",), where=_BOTH),
    *(
        Action(key, title, IN_HAND, keys, where=_IN_ONE.get(key, _BOTH), listens=Listens.TOOL)
        for key, title, keys in TOOL_KEYS
    ),
    *(
        Action(f"rail.{verb}", title, RAIL, keys, where=_CT, listens=Listens.RAIL)
        for verb, title, keys in _RAIL_KEYS
    ),
    Action("help.keys", _("Keys"), HELP, ("F1",)),
    Action("help.palette", _("Find an action…"), HELP, ("Ctrl+K",)),
    Action("help.plugins", _("Plugins…"), HELP),
    Action("help.language", _("中文 / English"), HELP),
    Action("help.about", _("About Annotator"), HELP),
)


def in_menu(menu: str, actions: Iterable[Action] = ACTIONS) -> list[Action]:
    """Return one menu's actions, in order."""
    return [action for action in actions if action.menu == menu]
