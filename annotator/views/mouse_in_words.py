"""What buttons and wheel do, in words: no menu lists it."""

from annotator.i18n import gettext as _


def over_a_scan() -> list[tuple[str, str]]:
    """Return what buttons and wheel do over a scan, whichever tool is in hand."""
    return [
        (_("Left click"), _("Use the tool; select")),
        (_("Left drag beside objects"), _("Turn the view")),
        (_("Middle drag, or Alt+left"), _("Turn the view, with any tool")),
        (_("Right drag"), _("Move the view")),
        (_("Right click"), _("Menu of the object")),
        (_("Wheel"), _("Zoom to the pointer")),
        (_("Ctrl+wheel"), _("Cut what lies higher")),
        (_("Ctrl+Shift+wheel"), _("Cut what lies lower")),
    ]


def over_a_ct() -> list[tuple[str, str]]:
    """Return what buttons and wheel do over the planes of a CT, whichever tool is in hand."""
    return [
        (_("Left click"), _("Use the tool; the other planes go there")),
        (_("Double click"), _("Show this plane alone, or all again")),
        (_("Wheel"), _("Go through the slices")),
        (_("Ctrl+wheel"), _("Zoom to the pointer")),
        (_("Shift+wheel"), _("Radius of click or brush")),
        (_("Alt+wheel"), _("Threshold of click or brush")),
        (_("Right drag"), _("Window: wider to the right, level up and down")),
        (_("Shift+right drag"), _("Window that fits a region")),
        (_("Middle drag"), _("Move the picture")),
        (_("Shift+move"), _("Show the place in all planes")),
    ]
