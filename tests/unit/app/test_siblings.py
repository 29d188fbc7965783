"""What can be shown beside a series: others of its study, and earlier ones of its patient."""

from dataclasses import replace

import numpy as np

from annotator.app.siblings import siblings_of
from annotator.model.items import Item, ItemKind
from annotator.model.volume import Series

HERE = Series("1", "now", "3", (), (1, 1, 1), np.eye(4), (1.0, 1.0, 1.0), patient_key="p")


def item(name: str) -> Item:
    return Item(1, ItemKind.CT, name, ())


def test_series_of_the_study_come_first_then_earlier_examinations_of_the_patient() -> None:
    earlier = replace(HERE, study_uid="then", study_date="20190302")
    stranger = replace(HERE, study_uid="other", patient_key="q")
    others = [(item("B30f"), earlier), (item("B70f"), HERE), (item("x"), stranger)]

    found = siblings_of(HERE, others)

    assert [one.title() for one in found] == ["B70f", "B30f · another examination, 2019-03-02"]


def test_nobody_is_the_patient_of_two_series_that_name_none() -> None:
    nameless = replace(HERE, patient_key="")

    assert siblings_of(nameless, [(item("x"), replace(nameless, study_uid="other"))]) == []
