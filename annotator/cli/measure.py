"""`annotator measure`: what the foci of a label file measure on their series."""

from typing import Any

from annotator.cli.labels import data_context
from annotator.cli.options import DataPath, FromFormat, Json, LabelPath, SeriesUid
from annotator.cli.output import as_json, table
from annotator.cli.program import app
from annotator.errors import FileError
from annotator.i18n import gettext as _
from annotator.model.shapes import Focus


@app.command()
def measure(
    series: DataPath,
    labels: LabelPath,
    *,
    uid: SeriesUid = "",
    origin: FromFormat = "",
    json: Json = False,
) -> None:
    """Measure every focus: voxels, volume, HU and Agatston score."""
    from annotator.app.exchange import read_labels, reads_as  # noqa: PLC0415
    from annotator.imaging.measuring import measure_focus  # noqa: PLC0415 - compiles kernels

    context = data_context(series, uid)
    if context.volume is None:
        raise FileError(series, _("it is not a CT series"), _("name a folder with CT slices"))
    document = read_labels(labels, context, reads_as(labels, origin))
    facts: list[dict[str, Any]] = []
    for annotation in document.annotations.values():
        if not isinstance(annotation.shape, Focus):
            continue
        where = document.instances().where(annotation.shape.instance)
        found = measure_focus(context.volume, where)
        facts.append(
            {
                "id": annotation.id,
                "label": annotation.label,
                "voxels": found.voxels,
                "volume_mm3": found.volume_mm3,
                "max_hu": found.max_hu,
                "mean_hu": found.mean_hu,
                "agatston": found.agatston,
                "center_lps_mm": list(found.center_lps_mm),
            }
        )
    if json:
        as_json({"foci": facts})
        return
    table([tuple(f.values()) for f in facts], head=tuple(facts[0]) if facts else ())
