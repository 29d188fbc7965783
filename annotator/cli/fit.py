"""`annotator fit`: a box around the object at a place, as one click makes it."""

from typing import Annotated, Any

import typer

from annotator.app.data import context_of, only_candidate
from annotator.cli.options import DataPath, Json, Layout
from annotator.cli.output import as_json, table
from annotator.cli.program import FINDINGS, app
from annotator.errors import AnnotatorError
from annotator.geometry.scan_findings import scan_findings
from annotator.i18n import gettext as _
from annotator.i18n import told_of
from annotator.model.annotations import Annotation
from annotator.model.cloud import PointCloud
from annotator.model.labels import GARAGE, Label
from annotator.model.shapes import Vec2, Vec3


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
    places = [_place(text) for text in at]
    wanted = _label(label)
    cloud = context_of(only_candidate(scan), layout=layout or None).clouds[0]
    found = scan_findings(cloud)
    if found:
        raise AnnotatorError(told_of(scan.name, found[0].text))
    facts = _fitted(cloud, places, wanted)
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


def _fitted(cloud: PointCloud, places: list[Vec2 | Vec3], label: Label) -> list[dict[str, Any]]:
    from annotator.commands.fitting import fit_object_at  # noqa: PLC0415 - compiles kernels
    from annotator.geometry.survey import survey  # noqa: PLC0415

    found = survey(cloud.xyz_m)
    facts: list[dict[str, Any]] = []
    for place in places:
        try:
            put = fit_object_at(cloud, found.index, found.ground, place, label)
            facts.append(_facts(cloud, put.annotation))
        except AnnotatorError as error:
            facts.append({"error": str(error)})
    return facts


def _facts(cloud: PointCloud, made: Annotation) -> dict[str, Any]:
    from annotator.geometry.nearby import rows_around  # noqa: PLC0415 - compiles kernels
    from annotator.geometry.wireframes import surrounding_box  # noqa: PLC0415

    box = surrounding_box(made.shape)
    assert box is not None
    rows = rows_around(cloud.xyz_m, box, origin_m=cloud.origin_m)
    return {
        "label": made.label,
        "center_m": list(box.center_m),
        "size_m": list(box.size_m),
        "yaw_rad": box.yaw_rad,
        "points": len(rows),
        "assumed": sorted(box.assumed),
    }
