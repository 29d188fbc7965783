"""A layer is changed in a draft without changing itself, and then becomes the draft."""

import numpy as np

from annotator.model.layers import Layer

ONE, TWO, NONE = (np.array([value], np.uint32) for value in (1, 2, 0))
MANY = 200_000


def layer() -> Layer:
    made = Layer((MANY,))
    made.put(np.arange(100_000), ONE)
    return made


def test_what_is_put_into_a_draft_is_not_in_its_layer() -> None:
    own = layer()
    draft = own.draft()

    draft.put(np.arange(50_000, 150_000), TWO)
    draft.put(np.arange(10_000), NONE)

    assert own == layer()
    assert draft.counts() == {1: 40_000, 2: 100_000}


def test_a_layer_holds_what_its_draft_held() -> None:
    own = layer()
    draft = own.draft()
    draft.put(np.arange(100_000), NONE)
    draft.put(np.arange(150_000, MANY), TWO)

    own.become(draft)

    assert own.counts() == {2: 50_000}
    assert own.highest == 2
    own.put(np.arange(MANY), ONE)
    assert own.counts() == {1: MANY}


def test_chunks_tell_which_of_them_changed() -> None:
    own = layer()
    before = [own.changed(chunk) for chunk in range(4)]
    draft = own.draft()

    draft.put(np.array([70_000]), TWO)
    own.become(draft)

    assert before == [1, 1, 0, 0]
    assert [own.changed(chunk) for chunk in range(4)] == [1, 2, 0, 0]
