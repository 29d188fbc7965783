"""A card per candidate: the focus in three planes, its numbers, and what was decided."""

import numpy as np
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from annotator.app.decisions import Decision, Decisions
from annotator.i18n import gettext as _
from annotator.imaging.cameras import PlaneCamera
from annotator.imaging.orientation import layout_of
from annotator.imaging.slabs import Plane, cut
from annotator.imaging.windows import PRESETS, Labels, picture
from annotator.model.layers import Where
from annotator.model.volume import Volume
from annotator.views.theme import DARK, numbers_font

_Index = QModelIndex | QPersistentModelIndex
NUMBER = Qt.ItemDataRole.UserRole
SIDE_PX, SIDE_MM, EDGE_PX, TEXT_PX = 76, 40.0, 4, 36
CARD_PX = (3 * SIDE_PX + 4 * EDGE_PX, SIDE_PX + 2 * EDGE_PX + TEXT_PX)
KEPT = 400
_SIGNS = {
    Decision.OPEN: ("○", DARK.faint),
    Decision.SET_ASIDE: ("–", DARK.faint),
    Decision.MARKED: ("✓", DARK.good),
    Decision.DISMISSED: ("✗", DARK.amber),
}
_WINDOW = next(preset.window for preset in PRESETS if preset.name == "mediastinum")
_COLORS = np.array([0, 0x01FFB000], np.uint32)
_STYLES = np.zeros(2, np.uint8)


class CandidateCards(QStyledItemDelegate):
    """Draws a card when it is seen; the last few hundred pictures are kept."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._volume: Volume | None = None
        self._decisions: Decisions | None = None
        self._kept: dict[int, QImage] = {}

    def show_candidates(self, volume: Volume, decisions: Decisions) -> None:
        """Draw the candidates of another scan."""
        self._volume, self._decisions = volume, decisions
        self._kept.clear()

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:  # noqa: N802 - Qt's
        """All cards are of one size."""
        return QSize(*CARD_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw pictures, numbers and decision."""
        number = int(index.data(NUMBER))
        if self._decisions is None or self._volume is None:
            return
        box: QRect = option.rect
        state: QStyle.StateFlag = option.state
        is_chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(box, QColor(DARK.raised if is_chosen else DARK.panel))
        painter.drawImage(box.left() + EDGE_PX, box.top() + EDGE_PX, self._pictures(number))
        self._write(painter, box, number)
        if is_chosen:
            painter.setPen(QColor(DARK.accent))
            painter.drawRect(box.adjusted(0, 0, -1, -1))
        painter.restore()

    def _write(self, painter: QPainter, box: QRect, number: int) -> None:
        assert self._decisions is not None
        candidates = self._decisions.candidates
        decision = self._decisions.decision(number)
        sign, color = _SIGNS[decision]
        focus = self._decisions.focus(number)
        found = candidates.found
        first = _("{max:.0f} HU · {mm3:.1f} mm³").format(
            max=found.max_hu[number], mm3=candidates.volume_mm3(number)
        )
        second = _("slice {slice} · {margin:.0f} above · {site}").format(
            slice=round(found.centroid[number, 0]) + 1,
            margin=found.max_hu[number] - found.threshold_hu,
            site=_(str(candidates.sites[number])),
        )
        if focus is not None and focus.dismissed:
            second = _(focus.dismissed)
        left, top = box.left() + EDGE_PX + 2, box.bottom() - TEXT_PX
        font = QFont(numbers_font())
        painter.setFont(font)
        painter.setPen(QColor(DARK.text))
        painter.drawText(left + 18, top + 14, first)
        painter.setPen(QColor(DARK.faint))
        painter.drawText(left + 18, top + 30, second)
        painter.setPen(QColor(color))
        painter.drawText(left, top + 14, sign)

    def _pictures(self, number: int) -> QImage:
        if number not in self._kept:
            if len(self._kept) >= KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[number] = self._drawn(number)
        return self._kept[number]

    def _drawn(self, number: int) -> QImage:
        assert self._volume is not None
        assert self._decisions is not None
        center = self._decisions.candidates.center(number)
        where = self._decisions.candidates.found.where(number)
        wide = np.full((SIDE_PX, 3 * SIDE_PX + 2 * EDGE_PX), 0xFF000000, np.uint32)
        for at, plane in enumerate(Plane):
            left = at * (SIDE_PX + EDGE_PX)
            wide[:, left : left + SIDE_PX] = thumbnail(self._volume, plane, center, where)
        height, width = wide.shape
        image = QImage(wide.data, width, height, 4 * width, QImage.Format.Format_RGB32)
        return image.copy()


def thumbnail(volume: Volume, plane: Plane, center: tuple[int, int, int], where: Where) -> Labels:
    """Draw 40 mm around a voxel (i, j, k) with the outline of some voxels, 76 px square."""
    layout = layout_of(plane, volume.series.lps_from_voxel)
    camera = PlaneCamera(
        layout,
        (float(center[0]), float(center[1]), float(center[2])),
        SIDE_PX / SIDE_MM,
        (SIDE_PX, SIDE_PX),
        volume.series.spacing_mm,
    )
    hu = cut(volume.hu, plane, camera.index)
    labels = np.zeros(hu.shape, np.uint32)
    at = np.unravel_index(where, volume.hu.shape)
    here = at[plane.axis] == camera.index
    labels[tuple(part[here] for axis, part in enumerate(at) if axis != plane.axis)] = 1
    out = np.zeros((SIDE_PX, SIDE_PX), np.uint32)
    return picture(
        hu, _WINDOW, camera.framing(), out, labels=labels, colors=_COLORS, styles=_STYLES
    )
