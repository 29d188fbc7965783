"""`annotator fit`: a box around the object at a place, as one click makes it."""


import typer

from annotator.app.data import context_of, only_candidate
from annotator.cli.options import DataPath, Json, Layout
from annotator.cli.output import as_json, table
from annotator.cli.program import FINDINGS, app
from annotator.errors import AnnotatorError
from annotator.i18n import gettext as _
from annotator.model.labels import GARAGE


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
    if label not in GARAGE:
        names = ", ".join(known.name for known in GARAGE)
        raise AnnotatorError(
            _("there is no class {label}; choose one of {names}").format(label=label, names=names)
        )
    cloud = context_of(only_candidate(scan), layout=layout or None).clouds[0]
    from annotator.geometry.scan import scan_of  # noqa: PLC0415 - compiles kernels

    indexed = scan_of(cloud)
    facts = [_fitted(indexed, place, GARAGE[label]) for place in places]
    if json:
        as_json(facts)
    else:
        table([tuple(fact.values()) for fact in facts])
    return FINDINGS if any("error" in fact for fact in facts) else 0
