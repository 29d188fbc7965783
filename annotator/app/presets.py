"""Keys as people know them from another program; what that program lacks keeps our own key."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from annotator.i18n import mark as _

OURS = "annotator"


@dataclass(frozen=True, slots=True)
class Preset:
    """A set of keys to start from.

    Attributes
    ----------
    keys
        What differs from the table, by action.
    """

    id: str
    title: str
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


_CVAT: dict[str, tuple[str, ...]] = {
    # Frames lie under F and D, ten of them under V and C; in a series a slice is a frame.
    "sequence.next": ("F",),
    "sequence.previous": ("D",),
    "sequence.play": ("Space",),
    "view.slice_up": ("F", "Up"),
    "view.slice_down": ("D", "Down"),
    "view.slices_up": ("V", "Shift+Up"),
    "view.slices_down": ("C", "Shift+Down"),
    "file.done": ("Ctrl+Return",),
    # N draws, with Shift once more; Tab goes to the next object; classes are chosen with Ctrl.
    "tool.one_click_box": ("N", "B"),
    "tool.draw_box": ("Shift+N",),
    "tool.click_focus": ("N",),
    "tool.select": ("T",),
    "review.next": ("Tab",),
    **{f"class.{n}": (f"Ctrl+{n}", f"{n}") for n in range(1, 10)},
    **{f"view.store_{n}": (f"Alt+Shift+{n}",) for n in range(1, 4)},
    # Tracks: M merges, Alt+M splits, Ctrl+B propagates.
    "sequence.merge": ("M",),
    "sequence.split": ("Alt+M",),
    "sequence.carry_on": ("Ctrl+B",),
    "sequence.carry_back": ("Ctrl+Shift+B",),
    "edit.keys": ("F2",),
    "view.turn": ("Ctrl+R",),
    # What those keys did here.
    "box.forward": ("Up", "Shift+Up"),
    "box.back": ("Down", "Shift+Down"),
    "box.left": ("Left", "Shift+Left"),
    "box.right": ("Right", "Shift+Right"),
    "box.shrink": ("Shift+P",),
    "gesture.shape": ("Shift+D",),
    "tool.measure": ("Shift+M",),
    "view.candidates": ("K",),
    "view.fit": ("Ctrl+0",),
    "view.panels": ("F11",),
}

_BLENDER: dict[str, tuple[str, ...]] = {
    # G moves, R turns, S scales, X deletes, A selects all, Shift+A adds, Shift+D duplicates.
    "tool.select_box": ("G", "W"),
    "box.quarter": ("R",),
    "box.shrink": ("S",),
    "box.flip": ("Ctrl+M",),
    "edit.delete": ("X", "Del"),
    "edit.select_all": ("A", "Ctrl+A"),
    "tool.one_click_box": ("Shift+A",),
    "tool.row": ("Shift+D",),
    # B selects by a box, C by a circle, L what is linked; Tab edits vertices, K cuts outlines.
    "tool.rectangle_label": ("B",),
    "tool.brush_points": ("C",),
    "tool.grow_cluster": ("L",),
    "tool.edit_vertices": ("Tab",),
    "tool.contour": ("K",),
    "tool.split_instance": ("Shift+K",),
    "points.merge": ("Alt+M",),
    # The arrows go through frames, Space plays; Home shows all, / looks at one alone.
    "sequence.previous": ("Left",),
    "sequence.next": ("Right",),
    "sequence.first": ("Shift+Left",),
    "sequence.last": ("Shift+Right",),
    "sequence.play": ("Space",),
    "file.done": ("Ctrl+Return",),
    "view.fit": ("Home", "Num+."),
    "view.isolate": ("Num+/", "/"),
    "view.panels": ("N",),
    "help.palette": ("F3", "Ctrl+K"),
    # What those keys did here.
    "box.forward": ("Ctrl+Up", "Ctrl+Shift+Up"),
    "box.back": ("Ctrl+Down", "Ctrl+Shift+Down"),
    "box.left": ("Ctrl+Left", "Ctrl+Shift+Left"),
    "box.right": ("Ctrl+Right", "Ctrl+Shift+Right"),
    "box.up": ("Ctrl+PgUp", "Ctrl+Shift+PgUp"),
    "box.down": ("Ctrl+PgDown", "Ctrl+Shift+PgDown"),
    "review.next": ("Shift+N",),
    "tool.angle": ("Shift+A",),
    "tool.pillar": ("P",),
    "tool.remove_focus": ("Shift+X",),
    "view.lowest": ("Ctrl+End",),
    "view.topmost": ("Ctrl+Home",),
}

PRESETS = (
    Preset(OURS, _("Annotator, left hand on the keys")),
    Preset("cvat", _("CVAT"), _CVAT),
    Preset("blender", _("Blender"), _BLENDER),
)


def preset_named(name: str) -> Preset:
    """Return a preset by its id; ours where nobody knows it."""
    return next((preset for preset in PRESETS if preset.id == name), PRESETS[0])
