"""From where an item was looked at, and what of it was cut, for when it is opened again."""

import contextlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from annotator.app.session import Session
from annotator.errors import AnnotatorError
from annotator.geometry.projection import Camera, Projection
from annotator.model.shapes import Box3D

Slab = tuple[float | None, float | None]
_LAST = "last"


@dataclass(frozen=True, slots=True)
class KeptView:
    """One way to look at an item.

    Attributes
    ----------
    slab_m
        Lowest and highest world height shown; None where nothing is cut.
    clip
        The box that it is cut to; None where it is not cut to one.
    storey
        Which storey alone is shown, 0 for the lowest; None where all are.
    """

    camera: Camera
    slab_m: Slab = (None, None)
    clip: Box3D | None = None
    storey: int | None = None


def keep_views(session: Session, last: KeptView, numbered: Mapping[int, KeptView]) -> None:
    """Keep how an open item is looked at, and the views that a person keeps of it.

    Where the project cannot be written they are only not kept.
    """
    if session.item is not None:
        with contextlib.suppress(AnnotatorError):
            said = {str(number): _written(view) for number, view in numbered.items()}
            session.shared.set_setting(_name(session), {_LAST: _written(last), **said})


def last_view(session: Session) -> KeptView | None:
    """Return how an item was looked at last; None where nothing is known that can be used."""
    return _read(_said(session).get(_LAST))


def numbered_views(session: Session) -> dict[int, KeptView]:
    """Return the views that a person keeps of an item, by their numbers."""
    views = {int(n): _read(said) for n, said in _said(session).items() if n.isdecimal()}
    return {number: view for number, view in views.items() if view is not None}


def _said(session: Session) -> dict[str, Any]:
    said: Any = session.setting(_name(session)) if session.item is not None else None
    return said if isinstance(said, dict) else {}


def _written(view: KeptView) -> dict[str, Any]:
    said = asdict(view)
    if said["clip"] is not None:
        del said["clip"]["assumed"]  # no face of a clipping box is, and JSON has no sets
    return said


def _read(said: Any) -> KeptView | None:  # noqa: ANN401 - what JSON can hold
    try:
        low, high = said["slab_m"]
        clip = said["clip"]
        return KeptView(
            _camera(said["camera"]),
            (low, high),
            clip and Box3D(**_tuples(clip)),
            _storey(said.get("storey")),  # older versions kept none
        )
    except (
        TypeError,
        KeyError,
        ValueError,
        AttributeError,
    ):  # nothing there, or of another version
        return None


def _camera(said: Mapping[str, Any]) -> Camera:
    return Camera(**{**_tuples(said), "projection": Projection(said["projection"])})


def _storey(said: Any) -> int | None:  # noqa: ANN401 - what JSON can hold
    return said if type(said) is int and said >= 0 else None


def _tuples(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return values of a shape or a camera as they were before JSON made lists of tuples."""
    return {name: tuple(v) if isinstance(v, list) else v for name, v in said.items()}


def _name(session: Session) -> str:
    assert session.item is not None
    return f"view.{session.item.id}"
