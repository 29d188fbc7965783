from annotator.app.session import Session
from annotator.app.taking_back import bring_back, take_back
from annotator.formats.format import Context
from annotator.i18n import set_language
from annotator.model.annotations import Annotation
from annotator.model.document import Document
from annotator.model.edits import Batch, Put
from annotator.model.labels import GARAGE
from annotator.model.shapes import Box3D

BOX = Box3D((0, 0, 0.75), (4.5, 1.8, 1.5))


def session() -> Session:
    set_language("en")
    return Session.in_memory(Document(((10,),) * 3), Context(GARAGE))


def test_what_was_undone_and_redone_is_said() -> None:
    one = session()
    one.do(Put(Annotation("car", BOX, frame=1)), "Fit box: Car")

    assert take_back(one, 1) == "Undone: Fit box: Car"
    assert not one.document.annotations
    assert bring_back(one, 1) == "Redone: Fit box: Car"
    assert len(one.document.annotations) == 1


def test_what_happened_in_another_scan_names_it() -> None:
    one = session()
    one.do(Put(Annotation("car", BOX, frame=2)), "Fit box: Car")

    assert take_back(one, 0) == "Undone in scan 3: Fit box: Car"
    assert bring_back(one, 0) == "Redone in scan 3: Fit box: Car"


def test_what_happened_in_several_scans_names_none() -> None:
    one = session()
    car, pillar = Annotation("car", BOX, frame=2), Annotation("pillar", BOX)
    one.do(Batch((Put(car), Put(pillar))), "Import")

    assert take_back(one, 0) == "Undone: Import"


def test_where_nothing_was_done_nothing_is_said() -> None:
    assert take_back(session(), 0) == bring_back(session(), 0) == ""


def test_what_was_done_with_the_classes_is_taken_back_before_the_step_it_came_after() -> None:
    one = session()
    one.do(Put(Annotation("car", BOX)), "Fit box: Car")
    one.change_taxonomy(GARAGE.grown_by("crate"), "Add class")

    assert take_back(one, 0) == "Undone: Add class"
    assert one.taxonomy == GARAGE
    assert len(one.document.annotations) == 1
    assert take_back(one, 0) == "Undone: Fit box: Car"
    assert bring_back(one, 0) == "Redone: Fit box: Car"
    assert bring_back(one, 0) == "Redone: Add class"
    assert "crate" in one.taxonomy


def test_a_step_after_the_classes_changed_is_taken_back_before_they_are() -> None:
    one = session()
    one.change_taxonomy(GARAGE.grown_by("crate"), "Add class")
    one.do(Put(Annotation("crate", BOX)), "Fit box: Crate")

    assert take_back(one, 0) == "Undone: Fit box: Crate"
    assert take_back(one, 0) == "Undone: Add class"
    one.do(Put(Annotation("car", BOX)), "Fit box: Car")
    assert bring_back(one, 0) == ""
    assert one.taxonomy == GARAGE


def test_a_step_is_named_in_the_language_of_the_window_whatever_it_was_made_in() -> None:
    one = session()
    one.do(Put(Annotation("car", BOX)), "插值")
    one.do(Put(Annotation("car", BOX)), "Interpolate")

    set_language("zh_CN")
    in_chinese = take_back(one, 0)
    set_language("en")

    assert in_chinese == "已撤销：插值"
    assert take_back(one, 0) == "Undone: Interpolate"
