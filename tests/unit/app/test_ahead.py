"""What is looked at next is made before; what is long ago is forgotten; nothing is made twice."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from annotator.app.ahead import Ahead


class Maker:
    def __init__(self) -> None:
        self.made: list[int] = []
        self.may = threading.Event()
        self.may.set()
        self.began = threading.Event()

    def __call__(self, number: int) -> str:
        self.began.set()
        assert self.may.wait(10)
        self.made.append(number)
        if number == 13:
            raise OSError("thirteen")
        return str(number)


@contextmanager
def ahead_of(maker: Maker, most: int = 100) -> Iterator[Ahead[str]]:
    ahead = Ahead(maker, most, lambda _thing: 1)
    try:
        yield ahead
    finally:
        maker.may.set()
        ahead.forget()


def test_what_was_prepared_is_not_made_again() -> None:
    maker = Maker()
    with ahead_of(maker) as ahead:
        ahead.prepare([1, 2])

        assert (ahead.get(1), ahead.get(2)) == ("1", "2")

    assert sorted(maker.made) == [1, 2]


def test_what_is_looked_at_overtakes_what_was_prepared() -> None:
    maker = Maker()
    maker.may.clear()
    with ahead_of(maker) as ahead:
        ahead.prepare([1, 2, 3])
        assert maker.began.wait(10)
        looks = threading.Thread(target=ahead.get, args=(3,))
        looks.start()
        maker.may.set()
        looks.join(10)

        assert ahead.has(3)

    assert maker.made.count(3) == 1


def test_what_was_asked_for_before_is_dropped_for_what_is_asked_for_now() -> None:
    maker = Maker()
    maker.may.clear()
    with ahead_of(maker) as ahead:
        ahead.prepare([1, 2, 3])
        assert maker.began.wait(10)
        ahead.prepare([7])
        maker.may.set()
        ahead.get(7)

    assert 2 not in maker.made
    assert 3 not in maker.made


def test_the_oldest_is_forgotten_first() -> None:
    maker = Maker()
    with ahead_of(maker, most=3) as ahead:
        for number in (1, 2, 3, 1, 4):
            ahead.get(number)

        assert [n for n in (1, 2, 3, 4) if ahead.has(n)] == [1, 3, 4]


def test_two_threads_that_look_at_once_make_it_once() -> None:
    maker = Maker()
    maker.may.clear()
    found: list[str] = []
    with ahead_of(maker) as ahead:
        threads = [threading.Thread(target=lambda: found.append(ahead.get(5))) for _n in range(4)]
        for thread in threads:
            thread.start()
        maker.may.set()
        for thread in threads:
            thread.join(10)

    assert found == ["5"] * 4
    assert maker.made == [5]


def test_what_cannot_be_made_says_why_and_is_tried_anew() -> None:
    maker = Maker()
    with ahead_of(maker) as ahead:
        ahead.prepare([13])
        for _time in range(2):
            with pytest.raises(OSError, match="thirteen"):
                ahead.get(13)

        assert ahead.get(1) == "1"

    assert maker.made.count(13) >= 2
