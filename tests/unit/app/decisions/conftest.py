"""A small chest and what a person has decided of its candidates."""

import numpy as np
import pytest

from annotator.app.decisions import Decisions
from annotator.app.session import Session
from annotator.commands.foci import (
    foci,
)
from annotator.formats.format import Context
from annotator.imaging.candidates import find_candidates
from annotator.model.document import Document
from annotator.model.labels import CHEST
from annotator.model.volume import Series, Slice, Volume

SHAPE = (30, 100, 100)


def chest(*, measurable: bool = True) -> Volume:
    hu = np.full(SHAPE, -1000, np.int16)
    hu[:, 10:80, 10:90] = 30
    hu[:, 60:72, 45:57] = 400
    hu[10:12, 30:33, 30:33] = 300
    hu[20, 40:43, 60:62] = 700
    hu[15, 30:32, 70:72] = 150
    hu[:, 2:4, 2:4] = 900
    slices = tuple(Slice(f"{k}", f"1.{k}", (0.0, 0.0, 2.0 * k)) for k in range(SHAPE[0]))
    affine = np.diag((1.5, 1.5, 2.0, 1.0))
    spacing_mm = (2.0, 1.5, 1.5)
    series = Series(
        "1", "2", "3", slices, SHAPE, affine, spacing_mm, kvp=120, measurable=measurable
    )
    return Volume(series, hu)


def opened(volume: Volume) -> Session:
    context = Context(CHEST, series=volume.series, volume=volume)
    return Session.in_memory(Document(extents=(SHAPE,)), context)


@pytest.fixture
def decisions() -> Decisions:
    volume = chest()
    return Decisions(opened(volume), find_candidates(volume))


def said(decisions: Decisions) -> list[dict[str, object]]:
    return [dict(focus.attributes) for focus in foci(decisions.session.document)]
