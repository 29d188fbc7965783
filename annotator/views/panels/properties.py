"""The numbers and attributes of the selected annotation, for reading and typing."""

import math
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from annotator.app.box_counts import BoxCounts
from annotator.app.decided import pattern_title
from annotator.app.selection import Selection
from annotator.app.states_in_words import came_about
from annotator.commands.boxes import with_size
from annotator.commands.relabelling import can_be
from annotator.commands.shapes import higher, other_section
from annotator.geometry.inside import can_hold
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation, AttributeValue, Origin
from annotator.model.edits import Put
from annotator.model.labels import Attribute, AttributeKind, Taxonomy
from annotator.model.shapes import Box3D, Cylinder3D, Focus, Polyline3D, Shape
from annotator.views.ct.rail_hint import pattern_meanings
from annotator.views.fields import Choice, Number, Tick
from annotator.views.panels.annotations import in_words
from annotator.views.panels.panel import Panel
from annotator.views.scrolled import Scrolled
from annotator.views.theme import numbers_font

Give = Callable[[float], Shape]


class PropertiesPanel(Panel):
    """Shows one annotation in full. A typed number is one edit."""

    def __init__(self, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(selection, parent)
        self._area = Scrolled()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._area)
        self._shown: Annotation | None = None
        self._asks = Taxonomy()
        """The classes by which it is shown: what is asked of it is theirs to say."""
        self._counts: BoxCounts | None = None
        self._points: QLabel | None = None

    def show_counts(self, counts: BoxCounts | None) -> None:
        """Say from these counts how many points a box holds."""
        if self._counts is not None:
            self._counts.changed.disconnect(self._note_counts)
        self._counts = counts
        if counts is not None:
            counts.changed.connect(self._note_counts)

    def refresh(self) -> None:
        """Show the selected annotation, unless it is shown as it is already."""
        annotation = self._selected()
        if annotation is not None and self._is_as_asked() and self._is_shown(annotation):
            return
        typing_in = self._field_in_use()
        self._shown, self._asks, self._points = annotation, self._taxonomy, None
        self._area.show_instead(self._empty() if annotation is None else self._form(annotation))
        self._go_on_in(typing_in)
        self._note_counts()

    @property
    def _taxonomy(self) -> Taxonomy:
        return self.session.taxonomy if self.session is not None else Taxonomy()

    def _is_as_asked(self) -> bool:
        return self._asks is self._taxonomy or self._asks == self._taxonomy

    def _is_shown(self, annotation: Annotation) -> bool:
        return annotation == self._shown or self._renewed(annotation)

    def _renewed(self, annotation: Annotation) -> bool:
        """Write newer numbers into the fields, if nothing else has changed; tell whether it is so.

        Keys move a box many times a second, and a new form takes longer than all else they do.
        """
        before, form = self._shown, self._area.widget()
        if before is None or form is None or type(before.shape) is not type(annotation.shape):
            return False
        numbers = _numbers(annotation.shape)
        if not numbers or replace(before, shape=annotation.shape) != annotation:
            return False
        for name, value, _unit, _give in numbers:
            field = form.findChild(Number, name)
            if isinstance(field, Number):
                field.show_number(value)
        self._shown = annotation
        self._note_counts()
        return True

    def _selected(self) -> Annotation | None:
        if self.session is None or len(self.selection.ids) != 1:
            return None
        return self.session.document.annotations.get(self.selection.ids[0])

    def _field_in_use(self) -> str:
        """Return the name of the field that has the keyboard; empty if none has."""
        field = QApplication.focusWidget()
        return field.objectName() if field is not None and self.isAncestorOf(field) else ""

    def _go_on_in(self, name: str) -> None:
        """Give the keyboard to the field of that name, which shows a newer number now."""
        form = self._area.widget()
        field = form.findChild(QWidget, name) if form is not None and name else None
        if isinstance(field, QWidget):
            field.setFocus(Qt.FocusReason.TabFocusReason)  # all of it is marked, to be typed over

    def _empty(self) -> QWidget:
        count = len(self.selection.ids)
        text = (
            _("{count} selected").format(count=count)
            if count > 1
            else _("Select an annotation to see its numbers")
        )
        if self.selection.offer is not None:
            text = _("Its class and answers are asked once it is accepted")
        label = QLabel(text, alignment=Qt.AlignmentFlag.AlignTop, wordWrap=True, margin=8)
        label.setProperty("role", "faint")
        return label

    def _form(self, annotation: Annotation) -> QWidget:
        assert self.session is not None
        widget = QWidget()
        form = QFormLayout(widget)
        form.setContentsMargins(8, 8, 8, 8)
        form.setVerticalSpacing(4)
        form.addRow(_("Class"), _named("class", self._classes(annotation)))
        for name, value, unit, _give in _numbers(annotation.shape):
            form.addRow(name, _named(name, self._number(name, value, unit)))
        if not _numbers(annotation.shape):
            form.addRow(_("What"), QLabel(in_words(annotation)))
        if annotation.label == "pillar" and isinstance(annotation.shape, Box3D | Cylinder3D):
            form.addRow(_("Section"), _named("section", self._sections(annotation)))
        if self._counts is not None and can_hold(annotation.shape):
            self._points = QLabel()
            form.addRow(_("Points"), self._points)
        for attribute in self._asked(annotation):
            answer = _named(attribute.name, self._answer(annotation, attribute))
            form.addRow(_(attribute.title), answer)
        origin = QLabel(_origin_in_words(annotation))
        origin.setProperty("role", "faint")
        form.addRow(_("Made"), origin)
        widget.setEnabled(not self.session.read_only)
        return widget

    def _note_counts(self) -> None:
        """Write how many points the shown box holds, and how many its class asks for."""
        if self._points is None or self._counts is None or self._shown is None:
            return
        assert self.session is not None
        count, taxonomy = self._counts.of(self._shown), self.session.taxonomy
        least = taxonomy[self._shown.label].minimum_points if self._shown.label in taxonomy else 0
        if count is None:
            self._points.setText(_("Counting…"))
            return
        is_few = count < least
        asked = _("{count} · at least {least}") if least else "{count}"
        words = asked.format(count=f"{count:,}", least=least)
        self._points.setText(f"▲ {words}" if is_few else words)
        self._points.setProperty("role", "warning" if is_few else "")
        self._points.style().polish(self._points)

    def _asked(self, annotation: Annotation) -> tuple[Attribute, ...]:
        assert self.session is not None
        taxonomy = self.session.taxonomy
        return taxonomy[annotation.label].attributes if annotation.label in taxonomy else ()

    def _classes(self, annotation: Annotation) -> QWidget:
        assert self.session is not None
        box = Choice()
        for label in self.session.taxonomy:
            if annotation.label == label.name or can_be(annotation, label):
                box.addItem(_(label.title), label.name)
        box.setCurrentIndex(box.findData(annotation.label))
        box.activated.connect(
            lambda index: self._put(replace(annotation, label=box.itemData(index)), _("Set class"))
        )
        return box

    def _sections(self, annotation: Annotation) -> QWidget:
        box = Choice()
        box.addItems([_("Round"), _("Square")])
        shown = 0 if isinstance(annotation.shape, Cylinder3D) else 1
        box.setCurrentIndex(shown)

        def choose(index: int) -> None:
            if index != shown:
                self._put(other_section(annotation).annotation, _("Change the section"))

        box.activated.connect(choose)
        return box

    def _number(self, name: str, value: float, unit: str) -> QWidget:
        box = Number()
        box.setDecimals(1 if unit == "°" else 3)
        box.setSingleStep(0.5 if unit == "°" else 0.01)
        box.setRange(-1e8, 1e8)
        box.setSuffix(f" {unit}")
        box.setFont(numbers_font())
        box.setAlignment(Qt.AlignmentFlag.AlignRight)
        box.setKeyboardTracking(False)
        box.setValue(value)
        box.valueChanged.connect(lambda number: self._try(name, number))
        return box

    def _try(self, name: str, number: float) -> None:
        """Give the annotation, as it is by now, another number."""
        annotation = self._selected()
        numbers = _numbers(annotation.shape) if annotation is not None else []
        found = next(((unit, give) for one, _was, unit, give in numbers if one == name), None)
        if annotation is None or found is None:
            return
        unit, give = found
        try:
            shape = give(number)
        except ValueError:
            self._shown = None  # a size of zero: the old number comes back
            self._note()
            return
        text = _("{name} set to {number:.2f} {unit}").format(name=name, number=number, unit=unit)
        self._put(replace(annotation, shape=shape, origin=Origin.HAND), text)

    def _answer(self, annotation: Annotation, attribute: Attribute) -> QWidget:
        value = annotation.attributes.get(attribute.name)

        def give(answer: AttributeValue) -> None:
            attributes = {**annotation.attributes, attribute.name: answer}
            if answer != value:
                self._put(replace(annotation, attributes=attributes), _("Set attribute"))

        match attribute.kind:
            case AttributeKind.CHOICE:
                return _choice(attribute, value, give)
            case AttributeKind.YES_NO:
                check = Tick()
                check.setChecked(bool(value))
                check.toggled.connect(give)
                return check
            case AttributeKind.NUMBER:
                number = Number()
                number.setKeyboardTracking(False)
                number.setValue(float(value or 0))
                number.valueChanged.connect(give)
                return number
            case AttributeKind.ANNOTATION:
                return self._others(annotation, attribute, value, give)
            case AttributeKind.TEXT:
                text = QLineEdit(str(value or ""))
                text.editingFinished.connect(lambda: give(text.text()))
                return text

    def _others(
        self,
        annotation: Annotation,
        attribute: Attribute,
        value: AttributeValue | None,
        give: Callable[[AttributeValue], None],
    ) -> QWidget:
        """Offer the annotations that this one may belong to."""
        assert self.session is not None
        box = Choice()
        box.addItem("", "")
        for other in self.session.document.annotations.values():
            if other.label in attribute.choices and other.id != annotation.id:
                box.addItem(in_words(other), other.id)
        if value and box.findData(value) < 0:
            box.addItem(_("removed"), value)
        if box.count() == 1:
            box.setEnabled(False)
            box.setToolTip(_("Mark the nodule first, with the class Nodule"))
        box.setCurrentIndex(max(0, box.findData(value or "")))
        box.activated.connect(lambda index: give(box.itemData(index)))
        return box

    def _put(self, annotation: Annotation, text: str) -> None:
        assert self.session is not None
        self.session.do(Put(annotation), text)


def _named(name: str, field: QWidget) -> QWidget:
    """Return a field that is found again by its name when the form is made anew."""
    field.setObjectName(name)
    return field


def _choice(
    attribute: Attribute, value: AttributeValue | None, give: Callable[[AttributeValue], None]
) -> QWidget:
    box = Choice()
    box.addItem("", "")
    for choice in attribute.choices:
        box.addItem(pattern_title(choice) if attribute.name == "pattern" else _(choice), choice)
    if attribute.name == "pattern":
        box.setToolTip(pattern_meanings())
    box.setCurrentIndex(max(0, box.findData(value)))
    box.activated.connect(lambda index: give(box.itemData(index)))
    return box


def _numbers(shape: Shape) -> list[tuple[str, float, str, Give]]:
    match shape:
        case Box3D():
            return [*_box_lengths(shape), *_box_angles(shape)]
        case Cylinder3D():
            return [
                *_place(shape),
                (
                    _("Diameter"),
                    2 * shape.radius_m,
                    "m",
                    lambda v: replace(shape, radius_m=v / 2, assumed=False),
                ),
                (_("Height"), shape.height_m, "m", lambda v: higher(shape, v)),
            ]
        case Polyline3D():
            return [
                (_("Height"), shape.height_m, "m", lambda v: replace(shape, height_m=v)),
                (_("Thickness"), shape.thickness_m, "m", lambda v: replace(shape, thickness_m=v)),
            ]
        case _:
            return []


def _place(shape: Box3D | Cylinder3D) -> list[tuple[str, float, str, Give]]:
    def center(axis: int) -> Give:
        return lambda v: replace(shape, center_m=_with(shape.center_m, axis, v))

    return [(name, shape.center_m[axis], "m", center(axis)) for axis, name in enumerate("xyz")]


def _box_lengths(box: Box3D) -> list[tuple[str, float, str, Give]]:
    def size(axis: int) -> Give:
        return lambda v: with_size(box, _with(box.size_m, axis, v))

    sizes = (_("Length"), _("Width"), _("Height"))
    return [
        *_place(box),
        *((name, box.size_m[axis], "m", size(axis)) for axis, name in enumerate(sizes)),
    ]


def _box_angles(box: Box3D) -> list[tuple[str, float, str, Give]]:
    def yaw(v: float) -> Shape:
        return replace(box, yaw_rad=math.radians(v))

    def pitch(v: float) -> Shape:
        return replace(box, pitch_rad=math.radians(v))

    def roll(v: float) -> Shape:
        return replace(box, roll_rad=math.radians(v))

    return [
        (_("Yaw"), math.degrees(box.yaw_rad), "°", yaw),
        (_("Pitch"), math.degrees(box.pitch_rad), "°", pitch),
        (_("Roll"), math.degrees(box.roll_rad), "°", roll),
    ]


def _with(
    vector: tuple[float, float, float], axis: int, value: float
) -> tuple[float, float, float]:
    changed = list(vector)
    changed[axis] = value
    return (changed[0], changed[1], changed[2])


def _origin_in_words(annotation: Annotation) -> str:
    if isinstance(annotation.shape, Focus) and annotation.origin is Origin.HAND:
        return _("by a person")  # who may have accepted what was found
    return came_about(annotation.origin)
