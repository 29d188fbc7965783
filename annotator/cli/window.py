"""`annotator open` and `annotator demo`: the commands that show the window."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from annotator.cli.program import app
from annotator.errors import FileError
from annotator.i18n import gettext as _


@app.command("open")
def open_command(
    path: Annotated[Path | None, typer.Argument(help="What to open.")] = None,
    *,
    labels: Annotated[Path | None, typer.Option(help="A finished label file to review.")] = None,
    database: Annotated[str, typer.Option(help="URL of a team's PostgreSQL.")] = "",
) -> int:
    """Open a scan, a CT series, a folder or a project in the window."""
    for given in (path, labels):
        if given is not None and not given.exists():
            raise FileError(given, _("there is no such file or folder"), _("check the path"))
    from annotator.views.application import run  # noqa: PLC0415 - loads Qt
    from annotator.views.qt_messages import leave_out_noise  # noqa: PLC0415 - loads Qt

    leave_out_noise()
    return run(path, labels, database=database)


@app.command()
def demo(
    *,
    out: Annotated[Path, typer.Option(help="Folder for pictures and label files.")] = Path(
        "demo_output"
    ),
    sample: Annotated[Path, typer.Option(help="The sample data.")] = Path("sample_data"),
) -> int:
    """Drive the window through the whole path on the sample data, and say whether all held."""
    if not sample.is_dir():
        raise FileError(sample, _("there is no sample data"), _("run it in the program's folder"))
    if sys.platform == "linux" and not os.environ.get("DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from annotator.views.qt_messages import leave_out_noise  # noqa: PLC0415 - loads Qt
    from annotator.views.tour import tour  # noqa: PLC0415 - loads Qt

    leave_out_noise()
    return tour(sample, out)
