"""The numbers and attributes of the selected annotation, for reading and typing."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt
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
from annotator.app.instances_in_words import instances_in_words
from annotator.app.selection import Selection
from annotator.app.states_in_words import came_about
from annotator.commands.instances import class_of
from annotator.commands.relabelling import can_be
from annotator.commands.shapes import other_section
from annotator.geometry.inside import can_hold
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation, AnnotationId, AttributeValue, Origin
from annotator.model.edits import Put
from annotator.model.labels import Attribute, AttributeKind, Taxonomy
from annotator.model.shapes import Box3D, Cylinder3D, Focus
from annotator.tools.keys import keyed
from annotator.views.ct.rail_hint import pattern_meanings
from annotator.views.fields import Choice, Number, Tick
from annotator.views.panels.annotations import in_words
from annotator.views.panels.panel import Panel
from annotator.views.panels.shape_numbers import numbers_of
from annotator.views.scrolled import Scrolled
from annotator.views.theme import numbers_font

Show = Callable[[Annotation], None]
Answer = Callable[[AttributeValue | None], None]


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
        self._shows: list[Show] = []

    def show_counts(self, counts: BoxCounts | None) -> None:
        """Say from these counts how many points a box holds."""
        if self._counts is not None:
            self._counts.changed.disconnect(self._note_counts)
        self._counts = counts
        if counts is not None:
            counts.changed.connect(self._note_counts)

    def begin_answering(self) -> bool:
        """Give the keyboard to the first field of what its class asks; tell whether it asks."""
        asked = self._asked(self._shown) if self._shown is not None else ()
        if asked:
            self._go_on_in(asked[0].name)
        return bool(asked)

    def refresh(self) -> None:
        """Show the selected annotation, unless it is shown as it is already."""
        annotation = self._selected()
        if annotation is not None and self._is_as_asked() and self._is_shown(annotation):
            return
        typing_in = self._field_in_use()
        self._shown, self._asks, self._points = annotation, self._taxonomy, None
        self._shows = []
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
        """Show newer numbers and answers in the same fields, if these ask the same; tell whether.

        Keys move a box many times a second, and a new form takes longer than all else they do.
        """
        if self._shown is None or not _is_asked_alike(self._shown, annotation):
            return False
        self._shown = annotation
        for show in self._shows:
            show(annotation)
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
            self._area.ensureWidgetVisible(field)

    def _empty(self) -> QWidget:
        count = len(self.selection.ids)
        text = (
            _("{count} selected").format(count=count)
            if count > 1
            else _("Select an annotation to see its numbers")
        )
        if self.selection.instances:
            text = self._of_instances()
        if self.selection.offer is not None:
            text = _("Its class and answers are asked once it is accepted")
        label = QLabel(text, alignment=Qt.AlignmentFlag.AlignTop, wordWrap=True, margin=8)
        label.setProperty("role", "faint")
        return label

    def _of_instances(self) -> str:
        """Say what the selected instances of points are, which have no numbers of their own."""
        assert self.session is not None
        document, chosen = self.session.document, self.selection.instances
        frame = self.selection.frame
        label = class_of(document, chosen[0], self._taxonomy, frame)
        count = sum(document.instances(frame).count(number) for number in chosen)
        says = "" if label is None else instances_in_words(label, chosen, count)
        return (
            f"{says}\n{keyed(_('Points have no box · {points_box} puts one around them'))}".strip()
        )

    def _form(self, annotation: Annotation) -> QWidget:
        assert self.session is not None
        widget = QWidget()
        form = QFormLayout(widget)
        form.setContentsMargins(8, 8, 8, 8)
        form.setVerticalSpacing(4)
        form.addRow(_("Class"), _named("class", self._classes(annotation)))
        for attribute in self._asked(annotation):
            answer = _named(attribute.name, self._answer(annotation, attribute))
            form.addRow(_(attribute.title), answer)
        for name, _value, unit, _give in numbers_of(annotation.shape):
            form.addRow(name, _named(name, self._number(name, unit)))
        if not numbers_of(annotation.shape):
            form.addRow(_("What"), self._told(in_words))
        if annotation.label == "pillar" and isinstance(annotation.shape, Box3D | Cylinder3D):
            form.addRow(_("Section"), _named("section", self._sections(annotation)))
        if self._counts is not None and can_hold(annotation.shape):
            self._points = QLabel()
            form.addRow(_("Points"), self._points)
        origin = self._told(_origin_in_words)
        origin.setProperty("role", "faint")
        form.addRow(_("Made"), origin)
        for show in self._shows:
            show(annotation)
        widget.setEnabled(not self.session.read_only)
        return widget

    def _follow(self, field: QWidget, show: Show) -> None:
        """Let a field show the annotation, now and as it becomes, without telling of it."""

        def show_quietly(annotation: Annotation) -> None:
            with QSignalBlocker(field):
                show(annotation)

        self._shows.append(show_quietly)

    def _told(self, in_words: Callable[[Annotation], str]) -> QLabel:
        label = QLabel()
        self._follow(label, lambda annotation: label.setText(in_words(annotation)))
        return label

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
            lambda index: self._alter(
                annotation.id, lambda now: replace(now, label=box.itemData(index)), _("Set class")
            )
        )
        return box

    def _sections(self, annotation: Annotation) -> QWidget:
        box = Choice()
        box.addItems([_("Round"), _("Square")])
        shown = 0 if isinstance(annotation.shape, Cylinder3D) else 1
        box.setCurrentIndex(shown)

        def choose(index: int) -> None:
            if index != shown:
                self._alter(
                    annotation.id,
                    lambda now: other_section(now).annotation,
                    _("Change the section"),
                )

        box.activated.connect(choose)
        return box

    def _number(self, name: str, unit: str) -> QWidget:
        box = Number()
        box.setDecimals(1 if unit == "°" else 3)
        box.setSingleStep(0.5 if unit == "°" else 0.01)
        box.setRange(-1e8, 1e8)
        box.setSuffix(f" {unit}")
        box.setFont(numbers_font())
        box.setAlignment(Qt.AlignmentFlag.AlignRight)
        box.setKeyboardTracking(False)
        box.valueChanged.connect(lambda number: self._try(name, number))
        self._follow(box, lambda now: box.show_number(_number_of(now, name)))
        return box

    def _try(self, name: str, number: float) -> None:
        """Give the annotation, as it is by now, another number."""
        annotation = self._selected()
        numbers = numbers_of(annotation.shape) if annotation is not None else []
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
        made = replace(annotation, shape=shape, origin=Origin.HAND)
        self._alter(annotation.id, lambda _now: made, text)

    def _answer(self, annotation: Annotation, attribute: Attribute) -> QWidget:
        name = attribute.name

        def give(answer: AttributeValue) -> None:
            self._alter(
                annotation.id, lambda now: _with_answer(now, name, answer), _("Set attribute")
            )

        field, show = self._asking(annotation, attribute, give)
        self._follow(field, lambda now: show(now.attributes.get(name)))
        return field

    def _asking(
        self, annotation: Annotation, attribute: Attribute, give: Callable[[AttributeValue], None]
    ) -> tuple[QWidget, Answer]:
        """Return a field for an answer, and what lets it show one."""
        match attribute.kind:
            case AttributeKind.CHOICE:
                return _choice(_choices(attribute), give)
            case AttributeKind.YES_NO:
                check = Tick()
                check.toggled.connect(give)
                return check, lambda value: check.setChecked(bool(value))
            case AttributeKind.NUMBER:
                number = Number()
                number.setKeyboardTracking(False)
                number.valueChanged.connect(give)
                return number, lambda value: number.show_number(float(value or 0))
            case AttributeKind.ANNOTATION:
                others = self._others(annotation, attribute)
                return _choice(others, give, gone=_("removed"))
            case AttributeKind.TEXT:
                text = QLineEdit()
                text.editingFinished.connect(lambda: give(text.text()))
                return text, lambda value: text.setText(str(value or ""))

    def _others(self, annotation: Annotation, attribute: Attribute) -> Choice:
        """Offer the annotations that this one may belong to."""
        assert self.session is not None
        box = Choice()
        box.addItem("", "")
        for other in self.session.document.annotations.values():
            if other.label in attribute.choices and other.id != annotation.id:
                box.addItem(in_words(other), other.id)
        if box.count() == 1 and not annotation.attributes.get(attribute.name):
            box.setEnabled(False)
            box.setToolTip(_("Mark the nodule first, with the class Nodule"))
        return box

    def _alter(
        self, which: AnnotationId, alter: Callable[[Annotation], Annotation], text: str
    ) -> None:
        """Change an annotation as it is by now, if that changes anything."""
        assert self.session is not None
        annotation = self.session.document.annotations.get(which)
        altered = alter(annotation) if annotation is not None else None
        if altered is not None and altered != annotation:
            self.session.do(Put(altered), text)


def _named(name: str, field: QWidget) -> QWidget:
    """Return a field that is found again by its name when the form is made anew."""
    field.setObjectName(name)
    return field


def _is_asked_alike(one: Annotation, other: Annotation) -> bool:
    """Tell whether two states of an annotation have the same fields."""
    return (one.id, one.label, type(one.shape)) == (other.id, other.label, type(other.shape))


def _number_of(annotation: Annotation, name: str) -> float:
    numbers = numbers_of(annotation.shape)
    return next(value for one, value, _unit, _give in numbers if one == name)


def _with_answer(annotation: Annotation, name: str, answer: AttributeValue) -> Annotation:
    if answer == "" and name not in annotation.attributes:
        return annotation  # a field was left empty: nobody answered
    return replace(annotation, attributes={**annotation.attributes, name: answer})


def _choices(attribute: Attribute) -> Choice:
    box = Choice()
    box.addItem("", "")
    for choice in attribute.choices:
        box.addItem(pattern_title(choice) if attribute.name == "pattern" else _(choice), choice)
    if attribute.name == "pattern":
        box.setToolTip(pattern_meanings())
    return box


def _choice(
    box: Choice, give: Callable[[AttributeValue], None], *, gone: str = ""
) -> tuple[Choice, Answer]:
    """Let a choice tell what is chosen, and show an answer that it does not offer as ``gone``."""

    def show(value: AttributeValue | None) -> None:
        if value and box.findData(value) < 0:
            box.addItem(gone or str(value), value)
        box.setCurrentIndex(box.findData(value or ""))

    box.activated.connect(lambda index: give(box.itemData(index)))
    return box, show


def _origin_in_words(annotation: Annotation) -> str:
    if isinstance(annotation.shape, Focus) and annotation.origin is Origin.HAND:
        return _("by a person")  # who may have accepted what was found
    return came_about(annotation.origin)
