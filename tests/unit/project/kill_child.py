"""Edits a project until it is killed; forks per round, so that a round starts in milliseconds.

Reads ``seed`` lines on standard input; answers ``pid N``, then ``SEQ CRC`` after each act that
`Session.do`, `undo` or `redo` returned from, and ``gone`` when the round's process has ended.
"""

import os
import random
import sys
import zlib
from pathlib import Path

import numpy as np

from annotator.app.kept_beside import Told
from annotator.app.session import Session
from annotator.formats.format import Context
from annotator.formats.plain import annotation_as_plain
from annotator.model.annotations import Annotation
from annotator.model.document import Document
from annotator.model.edits import Batch, Edit, Paint, Put
from annotator.model.labels import GARAGE
from annotator.model.layers import LayerKey
from annotator.model.shapes import Box3D
from annotator.project.project import Project

EXTENTS = ((100_000,),)
NOBODY = Told(bool, bool, bool)


def checksum(document: Document) -> int:
    """Return a number that any difference between two documents would change."""
    said = repr(sorted(repr(annotation_as_plain(a)) for a in document.annotations.values()))
    total = zlib.crc32(said.encode())
    for key, layer in sorted(document.layers.items()):
        for number in layer.chunks():
            total = zlib.crc32(
                layer.chunk(number).tobytes(), zlib.crc32(repr((key, number)).encode(), total)
            )
    return total


def serve(place: Path) -> None:
    """Fork one process per line read."""
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            edit_for_ever(place, random.Random(int(line)))
        os.waitpid(pid, 0)
        say("gone")


def edit_for_ever(place: Path, chance: random.Random) -> None:
    """Edit until killed, and acknowledge each act."""
    say(f"pid {os.getpid()}")
    project = Project.open(place)
    item = project.items()[0]
    session = Session(project.open_history(item.id, EXTENTS), Context(GARAGE), item=item)
    while True:
        act(session, chance)
        say(f"{len(project.history(item.id))} {checksum(session.document)}")


def act(session: Session, chance: random.Random) -> None:
    """Do, undo or redo one thing: here, or beside as a window does what is large."""
    kind, is_beside = chance.random(), chance.random() < 0.5
    if kind < 0.2 and session.can_undo:
        session.undo_beside(NOBODY) if is_beside else session.undo()
    elif kind < 0.3 and session.can_redo:
        session.redo_beside(NOBODY) if is_beside else session.redo()
    elif is_beside:
        session.do_beside(some_edit(chance), "edit", NOBODY)
    else:
        session.do(some_edit(chance), "edit")
    session.finish()


def some_edit(chance: random.Random) -> Edit:
    """Return an edit as people make them: boxes, strokes, and both at once."""
    box = Box3D((chance.uniform(-9, 9), 0.0, 0.0), (4.0, 2.0, 1.5))
    put = Put(Annotation("car", box, id=str(chance.randrange(20))))
    start = chance.randrange(99_000)
    rows = np.arange(start, start + chance.randrange(1, 1_000))
    paint = Paint(LayerKey("semantic"), rows, np.array([chance.randrange(9)], np.uint32))
    edits: list[Edit] = [put, paint, Batch((put, paint))]
    return chance.choice(edits)


def say(line: str) -> None:
    """Write a whole line at once: a kill cannot cut it in two."""
    os.write(1, f"{line}\n".encode())


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
