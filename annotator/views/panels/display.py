"""How the scan is shown: colours, point size, height slab, and which classes."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from annotator.app.cloud_settings import CloudSettings
from annotator.app.selection import Selection
from annotator.geometry.colouring import ColourBy, ColourMap, available
from annotator.i18n import gettext as _
from annotator.model.labels import Label
from annotator.views.panels.panel import Panel

_FAR_M = 1000.0


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
        form.addRow(_("Point size"), self._point_size())
        form.addRow(_("Heights"), self._heights())
        form.addRow(self._classes(tuple(self.session.taxonomy)))

    def _choice(
        self,
        name: str,
        choices: tuple[ColourBy, ...] | tuple[ColourMap, ...],
        now: ColourBy | ColourMap,
    ) -> QWidget:
        box = QComboBox()
        for choice in choices:
            box.addItem(_in_words(choice), choice)
        box.setCurrentIndex(max(0, box.findData(now)))
        box.activated.connect(lambda index: self._settings.set(**{name: box.itemData(index)}))
        return box

    def _point_size(self) -> QWidget:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(1, 8)
        slider.setValue(self._settings.look.point_px)
        slider.valueChanged.connect(lambda px: self._settings.set(point_px=px))
        return slider

    def _heights(self) -> QWidget:
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        low, high = self._settings.look.slab_m
        lowest = _height(low, -_FAR_M, _("all below"))
        highest = _height(high, _FAR_M, _("all above"))

        def change(*_value: float) -> None:
            bottom = None if lowest.value() <= -_FAR_M else lowest.value()
            top = None if highest.value() >= _FAR_M else highest.value()
            self._settings.set(slab_m=(bottom, top))

        for box in (lowest, highest):
            box.valueChanged.connect(change)
            row.addWidget(box)
        return both

    def _classes(self, labels: tuple[Label, ...]) -> QWidget:
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 8, 0, 0)
        grid.setColumnStretch(0, 1)
        for column, title in enumerate((_("Hide"), _("Solo"), _("Protect")), start=1):
            heading = QLabel(title)
            heading.setProperty("role", "faint")
            grid.addWidget(heading, 0, column)
        look = self._settings.look
        for number, label in enumerate(labels, start=1):
            grid.addWidget(QLabel(_(label.title)), number, 0)
            grid.addWidget(self._check("hidden", label.value, look.hidden), number, 1)
            grid.addWidget(self._check("solo", label.value, look.solo), number, 2)
            grid.addWidget(self._check("protected", label.name, look.protected), number, 3)
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


def _height(height_m: float | None, unset_m: float, unset: str) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setDecimals(2)
    box.setSingleStep(0.1)
    box.setRange(-_FAR_M, _FAR_M)
    box.setSuffix(" m")
    box.setToolTip(unset)
    box.setKeyboardTracking(False)
    if unset_m < 0:
        box.setSpecialValueText(unset)
    box.setValue(unset_m if height_m is None else height_m)
    return box


def _in_words(choice: ColourBy | ColourMap) -> str:
    words = {
        ColourBy.HEIGHT: _("Height"),
        ColourBy.INTENSITY: _("Intensity"),
        ColourBy.RCS: _("RCS"),
        ColourBy.VELOCITY: _("Velocity"),
        ColourBy.TIME: _("Time"),
        ColourBy.LABEL: _("Class"),
        ColourBy.INSTANCE: _("Instance"),
        ColourBy.RGB: _("Colour"),
        ColourMap.SPECTRUM: _("Spectrum"),
        ColourMap.DUSK: _("Dusk"),
        ColourMap.COLOUR_BLIND_SAFE: _("Colour-blind safe"),
        ColourMap.CONTRAST: _("Contrast"),
        ColourMap.GREY: _("Grey"),
    }
    return words[choice]
