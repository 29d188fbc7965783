"""A card per candidate: the focus in three planes, its numbers, and what was decided."""

import math
from dataclasses import replace
from typing import cast

import numpy as np
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QImage, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from annotator.app.below_the_rule import below_in_words
from annotator.app.ct_rule import why_not_measured
from annotator.app.decided import UNDECIDED, Decision, pattern_title
from annotator.app.decisions import Decisions
from annotator.i18n import gettext as _
from annotator.i18n import ngettext
from annotator.imaging.cameras import PlaneCamera
from annotator.imaging.cut_picture import Labels, picture
from annotator.imaging.orientation import layout_of
from annotator.imaging.shear import shear_of
from annotator.imaging.slabs import Plane, cut
from annotator.imaging.windows import Window
from annotator.model.annotations import Annotation
from annotator.model.layers import Where
from annotator.model.volume import Hu, Volume
from annotator.views.theme import DARK, numbers_font

_Index = QModelIndex | QPersistentModelIndex
NUMBER = Qt.ItemDataRole.UserRole
SIDE_PX, SIDE_MM, EDGE_PX, TEXT_PX = 76, 40.0, 4, 36
CARD_PX = (3 * SIDE_PX + 4 * EDGE_PX, SIDE_PX + 2 * EDGE_PX + TEXT_PX)
KEPT = 400
_AIR_HU = -1024
_SIGNS = {
    Decision.OPEN: ("○", DARK.faint),
    Decision.PARTLY: ("◐", DARK.amber),
    Decision.SET_ASIDE: ("–", DARK.faint),
    Decision.BELOW: ("–", DARK.faint),
    Decision.MARKED: ("✓", DARK.good),
    Decision.DISMISSED: ("✗", DARK.amber),
}
_WINDOW = Window(250.0, 700.0)
"""From fat, so that a place is known, to dense calcium, so that rings and cores are told apart."""
_COLORS = np.array([0, 0x01FFB000], np.uint32)
_STYLES = np.zeros(2, np.uint8)


class CandidateCards(QStyledItemDelegate):
    """Draws a card when it is seen; the last few hundred pictures are kept."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._volume: Volume | None = None
        self._decisions: Decisions | None = None
        self._kept: dict[int, QImage] = {}
        self.has_keys = False
        """Whether keys decide about the chosen card."""

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
            painter.setPen(QColor(DARK.accent if self.has_keys else DARK.faint))
            painter.drawRect(box.adjusted(0, 0, -1, -1))
        painter.restore()

    def helpEvent(  # noqa: N802 - Qt's
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        _option: QStyleOptionViewItem,
        index: _Index,
    ) -> bool:
        """Say in full what a card says shortly."""
        if self._decisions is None or not index.isValid():
            return False
        told = explained(self._decisions, int(index.data(NUMBER)))
        QToolTip.showText(event.globalPos(), told, view)
        return True

    def _write(self, painter: QPainter, box: QRect, number: int) -> None:
        assert self._decisions is not None
        sign, color = _SIGNS[self._decisions.decision(number)]
        left, top = box.left() + EDGE_PX + 2, box.bottom() - TEXT_PX
        first, second = in_words(self._decisions, number)
        font = QFont(numbers_font())
        painter.setFont(font)
        painter.setPen(QColor(DARK.text))
        painter.drawText(left + 18, top + 14, first)
        is_undecided = self._decisions.decision(number) in UNDECIDED
        painter.setPen(QColor(DARK.faint if is_undecided else color))
        width = box.right() - left - 18
        shown = QFontMetrics(font).elidedText(second, Qt.TextElideMode.ElideRight, width)
        painter.drawText(left + 18, top + 30, shown)
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
        where = _beside(self._decisions.candidates.found.where(number), self._volume, center[2])
        wide = np.full((SIDE_PX, 3 * SIDE_PX + 2 * EDGE_PX), 0xFF000000, np.uint32)
        for at, plane in enumerate(Plane):
            left = at * (SIDE_PX + EDGE_PX)
            wide[:, left : left + SIDE_PX] = thumbnail(self._volume, plane, center, where)
        height, width = wide.shape
        image = QImage(wide.data, width, height, 4 * width, QImage.Format.Format_RGB32)
        return image.copy()


def _beside(where: Where, volume: Volume, k: int) -> Where:
    """Return which of sorted voxels are near a slice: a picture shows no more of a spine."""
    reach = 1 + math.ceil(SIDE_MM / volume.series.spacing_mm[0])
    size = volume.hu[0].size
    start, end = np.searchsorted(where, ((k - reach) * size, (k + reach + 1) * size))
    return where[start:end]


def in_words(decisions: Decisions, number: int) -> tuple[str, str]:
    """Return the two lines of a card: its numbers, and its place or what was decided."""
    found, place = decisions.candidates.found, decisions.place(number)
    first = _("{max:.0f} HU, {margin:.0f} above the rule").format(
        max=found.max_hu[number], margin=found.max_hu[number] - found.threshold_hu
    )
    said = _said(decisions, number, _("slice {slice}").format(slice=place))
    if decisions.candidates.below[number]:
        said = [below_in_words(decisions.candidates.rule), *said]
    return first, " · ".join(said)


def explained(decisions: Decisions, number: int) -> str:
    """Return what a card says, in sentences."""
    found, site = decisions.candidates.found, decisions.site(number)
    brightest = _(
        "Brightest voxel {max:.0f} HU, {margin:.0f} above the rule's {threshold:.0f} HU."
    ).format(
        max=found.max_hu[number],
        margin=found.max_hu[number] - found.threshold_hu,
        threshold=found.threshold_hu,
    )
    large = _("{voxels} voxels, {mm3}.").format(
        voxels=found.voxels[number], mm3=_mm3_in_words(decisions, number)
    )
    guess = _("Site guessed from the surroundings: {site}. Nobody has said it yet.")
    told = _("Site: {site}.").format(site=_(site))
    where = told if site else guess.format(site=_(decisions.guess(number)))
    said = (brightest, large, where, why_not_measured(decisions.session))
    return "\n".join(filter(None, said))


def _said(decisions: Decisions, number: int, slice_in_words: str) -> list[str]:
    """Return what was decided about a candidate and where it is, the most telling first."""
    site = _site_in_words(decisions, number)
    match decisions.decision(number), decisions.focus(number):
        case Decision.MARKED, Annotation() as focus:
            parts = len(decisions.foci(number))
            told = ngettext("{count} focus", "{count} foci", parts).format(count=parts)
            several = [told] if parts > 1 else []
            return [_pattern_in_words(focus), site, slice_in_words, *several]
        case Decision.PARTLY, Annotation() as focus:
            left = len(decisions.left_over(number))
            out = ngettext("{count} voxel left out", "{count} voxels left out", left)
            return [out.format(count=left), _pattern_in_words(focus), slice_in_words]
        case Decision.DISMISSED, Annotation(dismissed=reason):
            return [_("no: {reason}").format(reason=_(reason)), slice_in_words]
        case _other:
            return [slice_in_words, _mm3_in_words(decisions, number), site]


def _pattern_in_words(focus: Annotation) -> str:
    pattern = str(focus.attributes.get("pattern", ""))
    return pattern_title(pattern) if pattern else _("accepted, no pattern")


def _mm3_in_words(decisions: Decisions, number: int) -> str:
    mm3 = decisions.volume_mm3(number)
    return "– mm³" if mm3 is None else f"{mm3:.1f} mm³"


def _site_in_words(decisions: Decisions, number: int) -> str:
    """Return where a candidate lies; with a question mark where that is a guess."""
    site = decisions.site(number)
    return _(site) if site else _("{site}?").format(site=_(decisions.guess(number)))


def thumbnail(volume: Volume, plane: Plane, center: tuple[int, int, int], where: Where) -> Labels:
    """Draw 40 mm around a voxel (i, j, k) with the outline of some voxels, 76 px square."""
    series = volume.series
    shear = shear_of(series.lps_from_voxel, len(volume.hu)) if plane is not Plane.AXIAL else None
    layout = layout_of(plane, series.lps_from_voxel)
    middle = (float(center[0]), float(center[1]), float(center[2]))
    camera = PlaneCamera(
        layout,
        middle if shear is None else shear.straight(middle),
        SIDE_PX / SIDE_MM,
        (SIDE_PX, SIDE_PX),
        series.spacing_mm,
        shear,
    )
    hu, at = _cut(volume, camera, where)
    labels = np.zeros(hu.shape, np.uint32)
    labels[at] = 1
    out = np.zeros((SIDE_PX, SIDE_PX), np.uint32)
    framing = camera.framing()
    if shear is not None:
        framing = replace(framing, left=framing.left - shear.first(plane, len(volume.hu)))
    return picture(hu, _WINDOW, framing, out, labels=labels, colors=_COLORS, styles=_STYLES)


def _cut(volume: Volume, camera: PlaneCamera, where: Where) -> tuple[Hu, tuple[Where, ...]]:
    """Return the cut that a camera shows, straightened where slices lie aslant, and where in it."""
    plane, index, shape = camera.layout.plane, camera.index, volume.hu.shape
    if camera.shear is not None:
        air = np.asarray(volume.hu.dtype.type(_AIR_HU))
        straight = camera.shear.cut(enumerate(volume.hu), shape, plane, index, air)
        return cast("Hu", straight), camera.shear.on_cut(where, shape, plane, index)
    at = np.unravel_index(where, shape)
    here = at[plane.axis] == index
    inside = tuple(part[here] for axis, part in enumerate(at) if axis != plane.axis)
    return cut(volume.hu, plane, index), inside
