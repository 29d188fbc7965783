"""From where an item was looked at, and which heights of it, for when it is opened again."""

import contextlib
from dataclasses import asdict
from typing import Any

from annotator.app.session import Session
from annotator.errors import AnnotatorError
from annotator.geometry.projection import Camera, Projection

Slab = tuple[float | None, float | None]


def keep_view(session: Session, camera: Camera, slab_m: Slab) -> None:
    """Keep the view of an open item; one whose project cannot be written is only not kept."""
    if session.item is not None:
        with contextlib.suppress(AnnotatorError):
            said = {"camera": asdict(camera), "slab_m": list(slab_m)}
            session.shared.set_setting(_name(session), said)


def kept_view(session: Session) -> tuple[Camera, Slab] | None:
    """Return the view that was kept of an item; None where there is none that can be used."""
    said: Any = session.setting(_name(session)) if session.item is not None else None
    try:
        camera = dict(said["camera"])
        camera["projection"] = Projection(camera["projection"])
        for name in ("target_m", "middle_share"):
            camera[name] = tuple(camera[name])
        low, high = said["slab_m"]
        return Camera(**camera), (low, high)
    except (TypeError, KeyError, ValueError):  # nothing there, or of another version
        return None


def _name(session: Session) -> str:
    assert session.item is not None
    return f"view.{session.item.id}"
