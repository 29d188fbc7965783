import gc
import weakref

import numpy as np

from annotator.app.focus_table import FocusTable
from annotator.app.session import Session
from annotator.commands.foci import extend_focus, mark_focus
from annotator.formats.format import Context
from annotator.model.document import Document
from annotator.model.labels import CHEST


def test_a_session_that_nobody_uses_is_let_go_though_its_foci_were_listed() -> None:
    session = Session.in_memory(Document(extents=((4, 8, 8),)), Context(CHEST))
    assert FocusTable.of(session).annotations() == []
    kept = weakref.ref(session)

    del session
    gc.collect()

    assert kept() is None


def test_a_session_has_one_table_however_often_it_is_asked_for() -> None:
    session = Session.in_memory(Document(extents=((4, 8, 8),)), Context(CHEST))

    assert FocusTable.of(session) is FocusTable.of(session)


def test_foci_stay_in_the_order_of_their_largest_slices_while_they_grow() -> None:
    session = Session.in_memory(Document(extents=((4, 8, 8),)), Context(CHEST))
    session.do(mark_focus(session.document, np.arange(2), "calcification", id="low"), "Mark")
    there = 64 + np.arange(2)
    session.do(mark_focus(session.document, there, "calcification", id="above"), "Mark")
    table = FocusTable.of(session)
    before = [focus.id for focus in table.annotations()]

    low, on_top = session.document.annotations["low"], 3 * 64 + np.arange(9)
    session.do(extend_focus(session.document, low, on_top), "Extend focus")
    after = [focus.id for focus in table.annotations()]
    session.undo()

    assert before == ["low", "above"]
    assert after == ["above", "low"]
    assert [focus.id for focus in table.annotations()] == before
