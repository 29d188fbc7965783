"""`annotator render`: a picture of data and labels, drawn without a display."""

from pathlib import Path
from typing import Annotated

import typer

from annotator.cli.labels import data_context
from annotator.cli.options import DataPath, FromFormat, Json, SeriesUid
from annotator.cli.output import as_json
from annotator.cli.program import app
from annotator.errors import AnnotatorError, FileError
from annotator.i18n import gettext as _

LEAST_PX, MOST_PX = 16, 8192


@app.command()
def render(
    path: DataPath,
    *,
    out: Annotated[Path, typer.Option("-o", "--out", help="The PNG file to write.")],
    labels: Annotated[Path | None, typer.Option(help="A label file to draw over it.")] = None,
    size: Annotated[str, typer.Option(help="WIDTHxHEIGHT in pixels.")] = "1280x800",
    frame: Annotated[int, typer.Option(help="Which scan of a sequence, from 0.")] = 0,
    series: SeriesUid = "",
    origin: FromFormat = "",
    json: Json = False,
) -> None:
    """Draw a scan or a CT slice, with its labels, into a PNG file."""
    from annotator.app.exchange import read_labels, reads_as  # noqa: PLC0415
    from annotator.app.pictures import drawn  # noqa: PLC0415 - compiles kernels

    size_px = _size(size)
    if out.suffix.lower() != ".png":
        raise FileError(out, _("it is not a .png file"), _("name a file that ends in .png"))
    context = data_context(path, series)
    document = read_labels(labels, context, reads_as(labels, origin)) if labels else None
    if context.clouds and not 0 <= frame < len(context.clouds):
        raise AnnotatorError(
            _("there is no scan {frame}; there are {count}, from 0").format(
                frame=frame, count=len(context.clouds)
            )
        )
    drawn(context, document, size_px, frame=frame).save(out)
    if json:
        as_json({"file": out.as_posix(), "size_px": list(size_px)})
    else:
        print(out)


def _size(text: str) -> tuple[int, int]:
    width, _x, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise AnnotatorError(_("--size takes WIDTHxHEIGHT, such as 1280x800"))
    size_px = int(width), int(height)
    if not all(LEAST_PX <= side <= MOST_PX for side in size_px):
        raise AnnotatorError(
            _("a picture is {least} to {most} pixels wide and high").format(
                least=LEAST_PX, most=MOST_PX
            )
        )
    return size_px
