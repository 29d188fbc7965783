"""What a set runs into, instead of being a focus, in words."""

from annotator.i18n import gettext as _
from annotator.imaging.blood import Blood
from annotator.imaging.growing import BONE_EXTENT_MM, BONE_MM3, Leak
from annotator.imaging.leaks import BESIDE_MM


def leak_in_words(leak: Leak, blood: Blood | None) -> str:
    """Say what a set probably is or runs into; empty where nothing speaks against a focus.

    Parameters
    ----------
    blood
        Of the scan; None where it is not known.
    """
    blood_hu = blood.high_hu if blood is not None else 0.0
    match leak:
        case Leak.NONE:
            return ""
        case Leak.TOO_LARGE | Leak.BONE_SIZED:
            text = _("Runs into bone or a vessel (over {mm3:.0f} mm³ or {mm:.0f} mm long)")
        case Leak.WALL:
            text = _("May be a rib or its cartilage: it lies in the chest wall")
        case Leak.BONE:
            text = _("May be a piece of bone: bone is within {beside:g} mm")
        case Leak.VESSEL:
            text = _("May be a vessel with contrast: blood here reaches {blood:.0f} HU")
        case Leak.INTO_VESSEL:
            text = _(
                "Runs into a vessel: part is as bright as blood;"
                " a threshold over {blood:.0f} HU leaves that out"
            )
    return text.format(mm3=BONE_MM3, mm=BONE_EXTENT_MM, beside=BESIDE_MM, blood=blood_hu)
