import math

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from annotator.views.ct.plane_marks import draw_lens, scale_mm
from annotator.views.theme import numbers_font


@pytest.mark.parametrize("power", [-1, 0, 1, 2])
def test_a_scale_has_a_length_where_there_is_a_hair_less_room_than_a_power_of_ten(
    power: int,
) -> None:
    assert scale_mm(math.nextafter(10.0**power, 0.0)) == pytest.approx(10.0**power)


@pytest.mark.parametrize(("room_mm", "length_mm"), [(1.9, 1.0), (4.0, 2.0), (7.0, 5.0), (60, 50.0)])
def test_a_scale_is_one_two_or_five_times_a_power_of_ten(room_mm: float, length_mm: float) -> None:
    assert scale_mm(room_mm) == pytest.approx(length_mm)


def test_the_words_of_a_lens_stay_within_a_small_plane_and_off_its_scale(qtbot: QtBot) -> None:
    image = QImage(190, 160, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    painter.setFont(numbers_font())

    draw_lens(painter, (190, 160), (180.0, 300.0), 1.0, "Calcium · MIP 5 mm = 4 × 1.25 mm")

    painter.end()
    rows, columns = np.nonzero(np.frombuffer(image.constBits(), np.uint32).reshape(160, 190) << 8)
    assert 4 <= columns.min() < columns.max() < 188
    assert rows.max() < 160 - 34
    assert rows.max() - rows.min() > 15
