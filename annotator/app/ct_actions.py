"""What a person can ask for over a CT."""

from functools import partial

from annotator.app.action import Action, Listens, Workbench
from annotator.app.menu_titles import FOCUS, RAIL, VIEW
from annotator.i18n import mark as _

_action = partial(Action, where=Workbench.CT)
_GREY, _SLAB, _SLICES, _LAYING = (
    _("Window of grey values"),
    _("Slab and lens"),
    _("Slices and foci"),
    _("How it lies"),
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
    ("site_8", _("Other site"), ("Alt+8",)),
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

CT_ACTIONS: tuple[Action, ...] = (
    *(_action(f"focus.{verb}", title, FOCUS, keys) for verb, title, keys in _FOCUS_KEYS),
    _action("focus.rule", _("Rule of this project…"), FOCUS),
    _action("window.lung", _("Lung window"), VIEW, ("1", "Ctrl+1"), group=_GREY),
    _action("window.mediastinum", _("Mediastinum window"), VIEW, ("2", "Ctrl+2"), group=_GREY),
    _action("window.bone", _("Bone window"), VIEW, ("3", "Ctrl+3"), group=_GREY),
    _action("window.calcium", _("Calcium window"), VIEW, ("4", "Ctrl+4"), group=_GREY),
    _action(
        "window.header", _("Window of the file, then its next"), VIEW, ("5", "Ctrl+5"), group=_GREY
    ),
    _action("window.auto", _("Window of this slice"), VIEW, ("0",), group=_GREY),
    _action("view.next_focus", _("Next focus"), VIEW, ("]",), group=_SLICES),
    _action("view.previous_focus", _("Previous focus"), VIEW, ("[",), group=_SLICES),
    _action("view.candidates", _("Candidates"), VIEW, ("K", "T")),
    _action("view.hide_candidates", _("Hide the candidates"), VIEW, ("Shift+K",)),
    _action("view.next_open", _("Next open candidate"), VIEW, (".",)),
    _action("view.residual", _("What nobody has explained"), VIEW, ("U", "Z")),
    _action("view.lens", _("Calcium lens"), VIEW, ("L", "`"), group=_SLAB),
    _action("view.lens_mip", _("Calcium lens over 5 mm"), VIEW, ("Shift+L",), group=_SLAB),
    _action("view.slab", _("Slab of 5, 10 or 20 mm"), VIEW, ("M",), group=_SLAB),
    _action("view.slab_thicker", _("Thicker slab"), VIEW, ("Ctrl+=",), group=_SLAB),
    _action("view.slab_thinner", _("Thinner slab"), VIEW, ("Ctrl+-",), group=_SLAB),
    _action("view.mix", _("Slab as maximum, minimum or mean"), VIEW, ("Shift+M",), group=_SLAB),
    _action("view.compare", _("Compare with another series"), VIEW, ("Y",)),
    _action("view.invert", _("Invert"), VIEW, ("I",), group=_LAYING),
    _action("view.turn", _("Turn a quarter"), VIEW, ("Shift+R",), group=_LAYING),
    _action("view.flip", _("Flip left for right"), VIEW, ("Shift+F",), group=_LAYING),
    *(
        _action(f"view.{verb}", title, VIEW, keys, listens=Listens.VIEW, group=_SLICES)
        for verb, title, keys in _SLICE_KEYS
    ),
    _action("view.cine", _("Play or pause"), VIEW, ("P",), group=_SLICES),
    _action("view.cine_speed", _("Play slower or faster"), VIEW, ("Shift+P",), group=_SLICES),
    _action("view.hide_mask", _("Hide the mask while held"), VIEW, ("Space",), is_held=True),
    _action("view.names", _("Show the patient's name…"), VIEW, ()),
)

RAIL_ACTIONS = tuple(
    _action(f"rail.{verb}", title, RAIL, keys, listens=Listens.RAIL)
    for verb, title, keys in _RAIL_KEYS
)
