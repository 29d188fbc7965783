"""Projects to try things on: one file, and one on a server."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from annotator.model.items import Item, ItemKind
from annotator.project.project import NewItem, Project

OpenProject = Callable[[], Project]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where a project is or will be."""
    if request.param == "sqlite":
        return tmp_path / "project.annotator"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def reopen(place: Path | str, tmp_path: Path) -> Iterator[OpenProject]:
    """Opens the project as another process would: nothing is shared but the database."""
    opened: list[Project] = []

    def open_again() -> Project:
        opened.append(Project.create(place, who="李雷", folder=tmp_path))
        return opened[-1]

    yield open_again
    for project in opened:
        project.close()


@pytest.fixture
def item(reopen: OpenProject, tmp_path: Path) -> Item:
    """A scan in the project."""
    return reopen().add_item(NewItem(ItemKind.CLOUD, "a.pcd", (tmp_path / "a.pcd",)))
