"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print facts for scripts.")]
Layout = Annotated[str, typer.Option(help="How the floats of a .bin lie, such as nuscenes.")]
SeriesUid = Annotated[
    str, typer.Option("--series", help="Which series, by its UID; a part by UID#2.")
]
FromFormat = Annotated[
    str, typer.Option("--from", "--format", help="Name of the label file's format.")
]
Acknowledge = Annotated[
    bool,
    typer.Option("--acknowledge", help="Measure although findings make volumes doubtful."),
]
Threshold = Annotated[
    float | None,
    typer.Option(help="Least HU of a focus, instead of the rule of the project beside the data."),
]
DataPath = Annotated[Path, typer.Argument(help="A scan, a DICOM file, a folder or a zip.")]
LabelPath = Annotated[Path, typer.Argument(help="The label file.")]
