"""`annotator fit`: a box around the object at a place, as one click makes it."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotator.app.data import context_of, only_candidate
from annotator.cli.options import DataPath, Json, Layout
from annotator.cli.output import as_json, table
from annotator.cli.program import FINDINGS, app
from annotator.errors import AnnotatorError
from annotator.i18n import gettext as _
from annotator.model.labels import GARAGE, Label
from annotator.model.shapes import Vec2, Vec3

if TYPE_CHECKING:
    from annotator.app.surveys import Survey


@app.command()
def fit(
    scan: DataPath,
    *,
    at: Annotated[list[str], typer.Option(help="X,Y or X,Y,Z in metres; may be repeated.")],
    label: Annotated[str, typer.Option(help="Class of the object.")] = "car",
    layout: Layout = "",
    json: Json = False,
) -> int:
    """Fit a box to the object at each place."""
    from annotator.app.surveys import survey  # noqa: PLC0415 - compiles kernels

    places = [_place(text) for text in at]
    wanted = _label(label)
    cloud = context_of(only_candidate(scan), layout=layout or None).clouds[0]
    surveyed = survey(cloud)
    facts = [_fitted(surveyed, place, wanted) for place in places]
    if json:
        as_json(facts)
    else:
        table([(text, *fact.values()) for text, fact in zip(at, facts, strict=True)])
    return FINDINGS if any("error" in fact for fact in facts) else 0


def _place(text: str) -> Vec2 | Vec3:
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        numbers = ()
    match numbers:
        case (x, y):
            return (x, y)
        case (x, y, z):
            return (x, y, z)
        case _:
            raise AnnotatorError(
                _("--at takes X,Y or X,Y,Z in metres, not {text}; try --at 3.5,-2").format(
                    text=text
                )
            )


def _label(name: str) -> Label:
    if name in GARAGE:
        return GARAGE[name]
    raise AnnotatorError(
        _("there is no class {name}; choose one of {names}").format(
            name=name, names=", ".join(known.name for known in GARAGE)
        )
    )


def _fitted(surveyed: "Survey", place: Vec2 | Vec3, label: Label) -> dict[str, Any]:
    try:
        box = surveyed.fit(place, label)
    except AnnotatorError as error:
        return {"error": str(error)}
    return {
        "label": label.name,
        "center_m": list(box.center_m),
        "size_m": list(box.size_m),
        "yaw_rad": box.yaw_rad,
        "points": surveyed.points_in(box),
        "assumed": sorted(box.assumed),
    }
