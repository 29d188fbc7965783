"""An item is looked at from where it was looked at last."""

from dataclasses import replace
from pathlib import Path

import pytest

from annotator.app.kept_view import KeptView, keep_views, last_view, numbered_views
from annotator.app.session import Session
from annotator.formats.format import Context
from annotator.geometry.projection import Camera, Projection
from annotator.model.document import Document
from annotator.model.items import ItemKind
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D
from annotator.project.project import NewItem, Project

CAMERA = Camera((1.0, 2.0, 3.0), 12.5, 0.3, 1.2, Projection.ORTHOGRAPHIC, 0.7, (0.1, -0.2))


@pytest.fixture
def session(tmp_path: Path) -> Session:
    project = Project.create(tmp_path / "p.annotator", who="annotator", folder=tmp_path)
    (item,) = project.add_items([NewItem(ItemKind.CLOUD, "scan", (tmp_path / "scan.pcd",))])
    return Session.in_memory(Document(((1,),)), Context(GARAGE), item=item, shared=project)


VIEW = KeptView(CAMERA, (None, 2.5))
BOX = KeptView(CAMERA, (0.1, None), Box3D((1.0, 2.0, 0.5), (4.0, 2.0, 1.5), 0.3))
STOREY = KeptView(CAMERA, storey=1)


def test_camera_and_heights_are_kept_for_each_item(session: Session) -> None:
    keep_views(session, VIEW, {})

    assert last_view(session) == VIEW
    assert session.item is not None
    session.item = replace(session.item, id=session.item.id + 1)
    assert last_view(session) is None


def test_views_that_a_person_keeps_of_an_item_are_there_when_it_is_opened_again(
    session: Session,
) -> None:
    keep_views(session, VIEW, {1: BOX, 2: STOREY, 3: VIEW})

    assert numbered_views(session) == {1: BOX, 2: STOREY, 3: VIEW}
    assert last_view(session) == VIEW


def test_a_view_that_an_older_version_kept_without_a_storey_shows_all_storeys(
    session: Session,
) -> None:
    keep_views(session, VIEW, {1: STOREY})
    assert session.item is not None
    name = f"view.{session.item.id}"
    said = session.shared.setting(name)
    del said["1"]["storey"]
    session.shared.set_setting(name, said)

    assert numbered_views(session) == {1: KeptView(CAMERA)}


def test_what_cannot_be_used_any_more_is_passed_over(session: Session) -> None:
    assert session.item is not None
    said = {"camera": {"zoom": 3}, "slab_m": []}
    session.shared.set_setting(f"view.{session.item.id}", {"last": said, "2": said, "3": None})

    assert last_view(session) is None
    assert numbered_views(session) == {}
