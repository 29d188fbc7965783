"""What all tests share: no display, one language, and where the real files are."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

pytest_plugins = ["tests.postgres"]

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED_DATA = Path(os.environ.get("ANNOTATOR_SHARED_DATA", REPOSITORY.parent / "shared" / "data"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what reads the real files where there are none, and say so."""
    if SHARED_DATA.is_dir():
        return
    absent = pytest.mark.skip(reason=f"THE REAL FILES ARE ABSENT: no folder {SHARED_DATA}")
    for item in items:
        if item.get_closest_marker("shared"):
            item.add_marker(absent)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real files that nobody here made (mark the test ``shared``)."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"THE REAL FILES ARE ABSENT: no folder {SHARED_DATA}")
    return SHARED_DATA


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Texts in tests are English whatever the machine speaks."""
    from annotator.i18n import set_language

    set_language("en")
    yield
    set_language("en")
