from collections.abc import Iterator

import pytest

from annotator.i18n import set_language
from annotator.model.labels import GARAGE


@pytest.fixture(autouse=True)
def _english_afterwards() -> Iterator[None]:
    yield
    set_language("en")


@pytest.mark.parametrize(("language", "said"), [("en", "Movable object"), ("zh_CN", "可移动物体")])
def test_a_class_is_called_as_the_person_speaks(language: str, said: str) -> None:
    set_language(language)

    assert GARAGE.title_of("movable") == said


def test_a_class_that_nobody_lists_is_called_by_its_name() -> None:
    assert GARAGE.title_of("forklift") == "forklift"
