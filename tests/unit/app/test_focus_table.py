import gc
import weakref

from annotator.app.focus_table import FocusTable
from annotator.app.session import Session
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
