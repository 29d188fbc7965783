"""How the scan is shown: colours, point size, height slab, and which classes."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QGridLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from annotator.app.cloud_settings import CloudSettings
from annotator.app.colours_in_words import colour_in_words
from annotator.app.palettes import Palette, palette_of, recoloured
from annotator.app.selection import Selection
from annotator.geometry.colouring import ColourBy, ColourMap, available
from annotator.geometry.uncertainty import is_told
from annotator.i18n import gettext as _
from annotator.model.cloud import PointCloud
from annotator.model.labels import Label
from annotator.views.panels.panel import Panel

_FAR_M = 1000.0


class HeightBox(QDoubleSpinBox):
    """A height that may be unset; the first step from unset begins where the points do.

    Parameters
    ----------
    height_m
        The height; None for unset.
    unset_m
        The value that stands for unset, at one end of the range.
    first_m
        Where stepping begins.
    unset
        What it says while it is unset.
    """

    def __init__(self, height_m: float | None, unset_m: float, first_m: float, unset: str) -> None:
        super().__init__()
        self._unset_m, self._first_m, self._unset = unset_m, first_m, unset
        self.setDecimals(2)
        self.setSingleStep(0.1)
        self.setRange(-_FAR_M, _FAR_M)
        self.setToolTip(_("Empty: {unset}").format(unset=unset))
        self.setKeyboardTracking(False)
        self.valueChanged.connect(self._name_unit)
        self.setValue(unset_m if height_m is None else height_m)
        self._name_unit()

    @property
    def height_m(self) -> float | None:
        """The height; None while it is unset."""
        return None if self.value() == self._unset_m else self.value()

    def stepBy(self, steps: int) -> None:  # noqa: N802 - Qt's
        """Step from the points' own height if none is set yet."""
        if self.height_m is None:
            self.setValue(self._first_m)
        super().stepBy(steps)

    def validate(self, text: str, at: int) -> tuple[QValidator.State, str, int]:
        """Take an empty field: it is how a height is unset again."""
        if not text.removesuffix(self.suffix()).strip():
            return QValidator.State.Acceptable, text, at
        return super().validate(text, at)

    def valueFromText(self, text: str) -> float:  # noqa: N802 - Qt's
        """Read an empty field, and the words for unset, as unset."""
        bare = text.removesuffix(self.suffix()).strip()
        return self._unset_m if bare in {"", self._unset} else super().valueFromText(text)

    def textFromValue(self, value: float) -> str:  # noqa: N802 - Qt's
        """Say in words that nothing is cut."""
        return self._unset if value == self._unset_m else super().textFromValue(value)

    def _name_unit(self, *_value: float) -> None:
        self.setSuffix("" if self.height_m is None else " m")


class DisplayPanel(Panel):
    """Changes the look of the cloud view; nothing here changes a document."""

    def __init__(
        self, selection: Selection, settings: CloudSettings, parent: QWidget | None = None
    ) -> None:
        super().__init__(selection, parent)
        self._settings = settings
        settings.changed.connect(self._note_look)
        self.destroyed.connect(lambda: settings.changed.disconnect(self._note_look))
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._area)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self.refresh)

    def refresh(self) -> None:
        """Show the present look of the scan at hand."""
        body = QWidget()
        form = QFormLayout(body)
        form.setContentsMargins(8, 8, 8, 8)
        if self.session is not None and self.session.context.clouds:
            self._fill(form)
        self._area.setWidget(body)

    def _fill(self, form: QFormLayout) -> None:
        assert self.session is not None
        look = self._settings.look
        kinds = available(self.session.context.clouds[0])
        form.addRow(_("Colour by"), self._choice("colour_by", kinds, look.colour_by))
        form.addRow(_("Colours"), self._choice("colour_map", tuple(ColourMap), look.colour_map))
        form.addRow(_("Classes"), self._palette())
        form.addRow(_("Point size"), self._point_size())
        if is_told(self.session.context.clouds[0]):
            form.addRow(self._doubt())
        form.addRow(self._tints())
        self._add_heights(form)
        form.addRow(self._ceiling())
        form.addRow(self._classes(tuple(self.session.taxonomy)))

    def _choice(
        self,
        name: str,
        choices: tuple[ColourBy, ...] | tuple[ColourMap, ...],
        now: ColourBy | ColourMap,
    ) -> QWidget:
        box = _narrow(QComboBox())
        for choice in choices:
            box.addItem(colour_in_words(choice))
        box.setCurrentIndex(choices.index(now) if now in choices else 0)
        # what Qt hands back of an item's data is a plain string
        box.activated.connect(lambda index: self._settings.set(**{name: choices[index]}))
        return box

    def _palette(self) -> QWidget:
        """Offer colours for all classes; they are the project's, as single colours are."""
        assert self.session is not None
        session, now = self.session, palette_of(self.session.taxonomy)
        box, palettes = _narrow(QComboBox()), tuple(Palette)
        for palette in palettes:
            box.addItem(colour_in_words(palette))
        if now is None:
            box.addItem(_("Your own"))
        box.setCurrentIndex(palettes.index(now) if now is not None else len(palettes))
        box.setEnabled(not session.read_only)
        box.setToolTip(_("Colours of all classes, everywhere"))

        def choose(index: int) -> None:
            if index < len(palettes):
                session.change_taxonomy(recoloured(session.taxonomy, palettes[index]))

        box.activated.connect(choose)
        return box

    def _point_size(self) -> QWidget:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(1, 8)
        slider.setValue(self._settings.look.point_px)
        slider.valueChanged.connect(lambda px: self._settings.set(point_px=px))
        return slider

    def _doubt(self) -> QWidget:
        meaning = _("Points are larger where the sensor is less sure of their place")
        return self._switch("sizes_by_doubt", _("Larger where less sure"), meaning)

    def _tints(self) -> QWidget:
        meaning = _("Labelled points take the colour of their class on")
        return self._switch("tints", _("Class over colours"), meaning)

    def _ceiling(self) -> QWidget:
        meaning = _("Nothing is shown from a little below the ceiling on")
        return self._switch("hides_ceiling", _("Hide the ceiling"), meaning)

    def _add_heights(self, form: QFormLayout) -> None:
        assert self.session is not None
        low_m, high_m = self._settings.look.slab_m
        floor_m, ceiling_m = _extent(self.session.context.clouds[0])
        lowest = HeightBox(low_m, -_FAR_M, floor_m, _("all below"))
        highest = HeightBox(high_m, _FAR_M, ceiling_m, _("all above"))

        def change(*_value: float) -> None:
            self._settings.set(slab_m=(lowest.height_m, highest.height_m))

        for title, box in ((_("Highest shown"), highest), (_("Lowest shown"), lowest)):
            box.valueChanged.connect(change)
            form.addRow(title, box)

    def _switch(self, name: str, title: str, meaning: str) -> QWidget:
        """Return a box to tick for something of the look that is on or off."""
        box = QCheckBox(title)
        box.setToolTip(meaning)
        box.setChecked(getattr(self._settings.look, name))
        box.toggled.connect(lambda on: self._settings.set(**{name: on}))
        return box

    def _classes(self, labels: tuple[Label, ...]) -> QWidget:
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 8, 0, 0)
        grid.setHorizontalSpacing(4)
        grid.setColumnStretch(0, 1)
        for column, (_name, title, meaning) in enumerate(_columns(), start=1):
            heading = QLabel(title)
            heading.setToolTip(meaning)
            heading.setProperty("role", "faint")
            grid.addWidget(heading, 0, column)
        for number, label in enumerate(labels, start=1):
            named = QLabel(_(label.title))
            named.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            named.setMinimumWidth(64)
            named.setToolTip(_(label.title))
            grid.addWidget(named, number, 0)
            for column, (name, _title, meaning) in enumerate(_columns(), start=1):
                value = label.name if name == "protected" else label.value
                check = self._check(name, value, getattr(self._settings.look, name))
                check.setToolTip(meaning)
                grid.addWidget(check, number, column)
        return table

    def _check(
        self, name: str, value: int | str, chosen: frozenset[int] | frozenset[str]
    ) -> QCheckBox:
        box = QCheckBox()
        box.setChecked(value in chosen)
        box.setAccessibleName(f"{name} {value}")
        box.toggled.connect(self._toggling(name, value))
        return box

    def _toggling(self, name: str, value: int | str) -> Callable[[bool], None]:
        def toggle(on: bool) -> None:  # noqa: FBT001 - as Qt's toggled says it
            now = getattr(self._settings.look, name)
            self._settings.set(**{name: now | {value} if on else now - {value}})

        return toggle

    def _note_look(self, _before: object) -> None:
        typing_in = QApplication.focusWidget()
        if typing_in is None or not self.isAncestorOf(typing_in):
            self._later.start()


def _narrow(box: QComboBox) -> QComboBox:
    """Let a choice be narrower than its longest words: the panel is."""
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(6)
    return box


def _extent(cloud: PointCloud) -> tuple[float, float]:
    """Return the lowest and the highest point's height, in metres, strays left out."""
    z_m = cloud.xyz_m[:: max(1, len(cloud) // 20_000), 2]
    z_m = z_m[np.isfinite(z_m)]
    if len(z_m) == 0:
        return 0.0, 0.0
    low_m, high_m = np.percentile(z_m, (0.5, 99.5))
    return float(low_m), float(high_m)


def _columns() -> tuple[tuple[str, str, str], ...]:
    """Return what can be ticked for a class: its name in the look, its title, what it means."""
    return (
        ("hidden", _("Hide"), _("Points of this class are not shown")),
        ("solo", _("Solo"), _("Only classes that are ticked here are shown")),
        ("faded", _("Fade"), _("Points of this class are shown faintly")),
        ("protected", _("Protect"), _("No tool gives points of this class another one")),
    )
