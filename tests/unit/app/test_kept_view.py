"""An item is looked at from where it was looked at last."""

from dataclasses import replace
from pathlib import Path

import pytest

from annotator.app.kept_view import keep_view, kept_view
from annotator.app.session import Session
from annotator.formats.format import Context
from annotator.geometry.projection import Camera, Projection
from annotator.model.document import Document
from annotator.model.items import ItemKind
from annotator.model.labels import GARAGE
from annotator.project.project import NewItem, Project

CAMERA = Camera((1.0, 2.0, 3.0), 12.5, 0.3, 1.2, Projection.ORTHOGRAPHIC, 0.7, (0.1, -0.2))


@pytest.fixture
def session(tmp_path: Path) -> Session:
    project = Project.create(tmp_path / "p.annotator", who="annotator", folder=tmp_path)
    (item,) = project.add_items([NewItem(ItemKind.CLOUD, "scan", (tmp_path / "scan.pcd",))])
    return Session.in_memory(Document(((1,),)), Context(GARAGE), item=item, shared=project)


def test_camera_and_heights_are_kept_for_each_item(session: Session) -> None:
    keep_view(session, CAMERA, (None, 2.5))

    assert kept_view(session) == (CAMERA, (None, 2.5))
    assert session.item is not None
    session.item = replace(session.item, id=session.item.id + 1)
    assert kept_view(session) is None


def test_what_cannot_be_used_any_more_is_passed_over(session: Session) -> None:
    assert session.item is not None
    session.shared.set_setting(f"view.{session.item.id}", {"camera": {"zoom": 3}, "slab_m": []})

    assert kept_view(session) is None
