"""Where the sample project is, if it came with the program."""

from pathlib import Path

import annotator

_NAME = "sample_data"


def sample_folder() -> Path | None:
    """Return the folder with the sample garage and chest; None in a bare installation."""
    beside = Path(annotator.__file__).parents[1]
    return next((p / _NAME for p in (Path.cwd(), beside) if (p / _NAME / "garage").is_dir()), None)
