"""What stays the same over a picture that moves is painted once."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from annotator.views.painted_once import PaintedOnce

FRAME = QRectF(20.5, 10.25, 30.0, 12.0)


class Words:
    """A stand-in for a legend: a bar of one colour, and how often it was painted."""

    def __init__(self, color: str) -> None:
        self.color, self.times = color, 0

    def draw(self, painter: QPainter) -> None:
        self.times += 1
        painter.fillRect(FRAME, QColor(self.color))


def shown(once: PaintedOnce, words: Words, *, ratio: float = 1.0) -> QImage:
    picture = QImage(80, 40, QImage.Format.Format_RGB32)
    picture.setDevicePixelRatio(ratio)
    picture.fill(0)
    painter = QPainter(picture)
    once.paint(painter, words.color, lambda: FRAME, words.draw)
    painter.end()
    return picture


def test_what_says_the_same_is_painted_once(qtbot: QtBot) -> None:
    once, words = PaintedOnce(), Words("#ff0000")

    first, second = shown(once, words), shown(once, words)

    assert words.times == 1
    assert first == second
    assert first.pixelColor(30, 15) == QColor("#ff0000")
    assert first.pixelColor(60, 15) == QColor("#000000")


def test_what_says_otherwise_is_painted_anew(qtbot: QtBot) -> None:
    once = PaintedOnce()

    shown(once, Words("#ff0000"))
    blue = shown(once, Words("#0000ff"))

    assert blue.pixelColor(30, 15) == QColor("#0000ff")


def test_on_a_finer_screen_it_is_painted_as_fine(qtbot: QtBot) -> None:
    once, words = PaintedOnce(), Words("#ff0000")

    shown(once, words)
    shown(once, words, ratio=2.0)

    assert words.times == 2
