"""How the scan is shown: colours, point size, height slab, and which classes."""

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QSignalBlocker, QTimer
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QGridLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from annotator.app.cloud_settings import UNLABELLED, CloudSettings, Look
from annotator.app.colours_in_words import colour_in_words
from annotator.app.palettes import Palette, palette_of, recoloured
from annotator.app.scans import first_readable
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.geometry.colouring import ColourBy, ColourMap, available
from annotator.geometry.doppler import motion_told
from annotator.geometry.uncertainty import is_told
from annotator.i18n import gettext as _
from annotator.model.cloud import PointCloud
from annotator.model.labels import Label
from annotator.views.fields import Choice, Number, Press, Sliding, Tick
from annotator.views.panels.panel import Panel
from annotator.views.scrolled import Scrolled

_FAR_M = 1000.0


class HeightBox(Number):
    """A height that may be unset; the first step from unset begins where the points do.

    Parameters
    ----------
    unset_m
        The value that stands for unset, at one end of the range.
    first_m
        Where stepping begins.
    unset
        What it says while it is unset.
    """

    def __init__(self, unset_m: float, first_m: float, unset: str) -> None:
        super().__init__()
        self._unset_m, self._first_m, self._unset = unset_m, first_m, unset
        self.setDecimals(2)
        self.setSingleStep(0.1)
        self.setRange(-_FAR_M, _FAR_M)
        self.setToolTip(_("Empty: {unset}").format(unset=unset))
        self.setKeyboardTracking(False)
        self.valueChanged.connect(self._name_unit)
        self.show_height(None)

    def show_height(self, height_m: float | None) -> None:
        """Show a height, or that none is set; what is being typed stays."""
        if not self.lineEdit().isModified():
            self.setValue(self._unset_m if height_m is None else height_m)
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
        self._area = Scrolled()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._area)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._show_look)
        self._controls: list[tuple[QWidget, Callable[[Look], None]]] = []
        self._offered: tuple[Session, tuple[str, ...], bool] | None = None

    def refresh(self) -> None:
        """Offer what there is for the item at hand; a step to another scan offers nothing else."""
        session = self.session
        offered = None if session is None else (session, _titles(session), session.read_only)
        if offered is not None and offered == self._offered:
            self._show_look()
            return
        self._offered = offered
        body, self._controls = QWidget(), []
        form = QFormLayout(body)
        form.setContentsMargins(8, 8, 8, 8)
        if self.session is not None and self.session.context.clouds:
            self._fill(form)
        self._area.show_instead(body)

    def _fill(self, form: QFormLayout) -> None:
        assert self.session is not None
        scan = first_readable(self.session.context.clouds)
        kinds = available(scan)
        if len(self.session.context.clouds) > 1:
            kinds = (*kinds, ColourBy.SCAN)
        form.addRow(_("Colour by"), self._choice("colour_by", kinds))
        form.addRow(_("Colours"), self._choice("colour_map", tuple(ColourMap)))
        form.addRow(_("Class colours"), self._palette())
        form.addRow(_("Point size"), self._point_size())
        if is_told(scan):
            form.addRow(self._doubt())
        if motion_told(scan) is not None:
            form.addRow(self._arrows())
        form.addRow(self._tints())
        self._add_heights(form, scan)
        form.addRow(self._ceiling())
        form.addRow(self._classes(tuple(self.session.taxonomy)))
        form.addRow(self._all_classes())

    def _choice(self, name: str, choices: tuple[ColourBy, ...] | tuple[ColourMap, ...]) -> QWidget:
        box = _narrow(Choice())
        for choice in choices:
            box.addItem(colour_in_words(choice))
        self._follow(box, lambda look: box.setCurrentIndex(_index_of(getattr(look, name), choices)))
        # what Qt hands back of an item's data is a plain string
        box.activated.connect(lambda index: self._settings.set(**{name: choices[index]}))
        return box

    def _palette(self) -> QWidget:
        """Offer colours for all classes; they are the project's, as single colours are."""
        assert self.session is not None
        session = self.session
        box, palettes = _narrow(Choice()), tuple(Palette)
        box.addItems([colour_in_words(palette) for palette in palettes])
        box.setEnabled(not session.read_only)
        box.setToolTip(_("Colours of all classes, everywhere"))

        def choose(index: int) -> None:
            if index < len(palettes):
                colours = recoloured(session.taxonomy, palettes[index])
                session.change_taxonomy(colours, _("Colours of all classes"))

        def show(_look: Look) -> None:
            now = palette_of(session.taxonomy)
            box.removeItem(len(palettes))
            if now is None:
                box.addItem(_("Your own"))
            box.setCurrentIndex(palettes.index(now) if now is not None else len(palettes))

        self._follow(box, show)
        box.activated.connect(choose)
        return box

    def _point_size(self) -> QWidget:
        slider = Sliding()
        slider.setRange(1, 8)
        self._follow(slider, lambda look: slider.setValue(look.point_px))
        slider.valueChanged.connect(lambda px: self._settings.set(point_px=px))
        return slider

    def _doubt(self) -> QWidget:
        meaning = _("Points are larger where the sensor is less sure of their place")
        return self._switch("sizes_by_doubt", _("Larger where less sure"), meaning)

    def _arrows(self) -> QWidget:
        meaning = _("Arrows lead to where points of a radar will be in half a second")
        return self._switch("arrows", _("Arrows of motion"), meaning, told="draws_arrows")

    def _tints(self) -> QWidget:
        meaning = _("Labelled points take the colour of their class on")
        return self._switch("tints", _("Class over colours"), meaning)

    def _ceiling(self) -> QWidget:
        meaning = _("Ceilings are not shown, nor what hangs close below them")
        return self._switch("hides_ceiling", _("Hide the ceiling"), meaning)

    def _add_heights(self, form: QFormLayout, scan: PointCloud) -> None:
        floor_m, ceiling_m = _extent(scan)
        lowest = HeightBox(-_FAR_M, floor_m, _("all below"))
        highest = HeightBox(_FAR_M, ceiling_m, _("all above"))

        def change(*_value: float) -> None:
            self._settings.set(slab_m=(lowest.height_m, highest.height_m))

        self._follow(lowest, lambda look: lowest.show_height(look.slab_m[0]))
        self._follow(highest, lambda look: highest.show_height(look.slab_m[1]))
        for title, box in ((_("Highest shown"), highest), (_("Lowest shown"), lowest)):
            box.valueChanged.connect(change)
            form.addRow(title, box)

    def _switch(self, name: str, title: str, meaning: str, *, told: str = "") -> QWidget:
        """Return a box to tick for something of the look that is on or off.

        ``told`` is what tells whether it is, where that is not the choice alone.
        """
        box = Tick(title)
        box.setToolTip(meaning)
        self._follow(box, lambda look: box.setChecked(getattr(look, told or name)))
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
        self._add_class(grid, 1, _("No class"), UNLABELLED, None)
        for number, label in enumerate(labels, start=2):
            self._add_class(grid, number, _(label.title), label.value, label.name)
        return table

    def _add_class(
        self, grid: QGridLayout, number: int, title: str, value: int, name: str | None
    ) -> None:
        """Add a row; what has no name cannot be protected, for there is nothing to repaint."""
        named = QLabel(title)
        named.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        named.setMinimumWidth(64)
        named.setToolTip(title)
        grid.addWidget(named, number, 0)
        for column, (what, _title, meaning) in enumerate(_columns(), start=1):
            ticked = name if what == "protected" else value
            if ticked is not None:
                check = self._check(what, ticked)
                check.setToolTip(meaning)
                grid.addWidget(check, number, column)

    def _all_classes(self) -> QWidget:
        """Offer to end what is ticked to hide, to single out and to fade."""
        button = Press(_("Show all classes"))
        self._follow(button, lambda look: button.setEnabled(look.cuts_classes))
        button.clicked.connect(self._settings.show_all_classes)
        return button

    def _check(self, name: str, value: int | str) -> Tick:
        box = Tick()
        self._follow(box, lambda look: box.setChecked(value in getattr(look, name)))
        box.setAccessibleName(f"{name} {value}")
        box.toggled.connect(self._toggling(name, value))
        return box

    def _toggling(self, name: str, value: int | str) -> Callable[[bool], None]:
        def toggle(on: bool) -> None:  # noqa: FBT001 - as Qt's toggled says it
            now = getattr(self._settings.look, name)
            self._settings.set(**{name: now | {value} if on else now - {value}})

        return toggle

    def _follow(self, control: QWidget, show: Callable[[Look], None]) -> None:
        """Let a control show the look, now and whenever that changes."""
        self._controls.append((control, show))
        show(self._settings.look)

    def _note_look(self, _before: object) -> None:
        self._later.start()

    def _show_look(self) -> None:
        """Let all controls show the present look; none is made anew, so the focus stays."""
        for control, show in self._controls:
            with QSignalBlocker(control):
                show(self._settings.look)


def _titles(session: Session) -> tuple[str, ...]:
    """Return what names the classes: a form is made anew for others, but not for other colours."""
    return tuple(f"{label.value} {label.name} {label.title}" for label in session.taxonomy)


def _index_of(now: object, choices: Sequence[object]) -> int:
    return choices.index(now) if now in choices else 0


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
