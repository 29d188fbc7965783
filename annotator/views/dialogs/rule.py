"""Asks by which rule a project marks and measures."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QWidget,
)

from annotator.app.ct_rule import change_rule, known_rules, rule_of
from annotator.app.session import Session
from annotator.i18n import gettext as _
from annotator.imaging.rules import Rule
from annotator.views.fields import Choice, Number


def ask_rule(session: Session, parent: QWidget) -> None:
    """Ask for another rule, for the whole project."""
    series = session.context.series
    if series is None:
        return
    dialog = RuleDialog(rule_of(session), series.kvp, parent, known=known_rules(session))
    if dialog.exec():
        change_rule(session, dialog.rule())


class RuleDialog(QDialog):
    """Threshold by tube voltage, connectivity and least area; for the whole project."""

    def __init__(
        self,
        rule: Rule,
        kvp: float | None,
        parent: QWidget | None = None,
        *,
        known: Sequence[Rule] = (),
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Rule of this project"))
        self._was, self._known = rule, known
        self._title = QLabel()
        self._name, self._version = QLineEdit(rule.name), QLineEdit(rule.version)
        self._follows = QCheckBox(_("Threshold by tube voltage"))
        self._follows.setChecked(rule.follows_kv)
        self._by_kv = {kv: _number(cuts[0], " HU") for kv, cuts in rule.cuts_by_kv}
        self._otherwise = _number(rule.at_least_hu, " HU")
        self._connectivity = Choice()
        for neighbours in (8, 4):
            self._connectivity.addItem(_("{n} neighbours").format(n=neighbours), neighbours)
        self._connectivity.setCurrentIndex(0 if rule.connectivity == 8 else 1)
        self._least = _number(rule.flag_below_mm2, " mm²", decimals=2)
        self._arrange(kvp)

    def rule(self) -> Rule:
        """Return the rule as it is set, told apart from all known ones."""
        cuts = {kv: _shifted(cuts, self._by_kv[kv].value()) for kv, cuts in self._was.cuts_by_kv}
        wanted = replace(
            self._was,
            name=self._name.text().strip() or self._was.name,
            version=self._wanted_version(),
            follows_kv=self._follows.isChecked(),
            cuts_by_kv=tuple(cuts.items()),
            at_least_hu=self._otherwise.value(),
            connectivity=self._connectivity.currentData(),
            flag_below_mm2=self._least.value(),
        )
        return wanted.told_apart((self._was, *self._known))

    def _wanted_version(self) -> str:
        """Return the version that a person typed, or had before; the line may show a later one."""
        typed = self._version.text().strip() if self._version.isModified() else ""
        return typed or self._was.version

    def _arrange(self, kvp: float | None) -> None:
        form = QFormLayout(self)
        form.addRow(_("Name"), self._name)
        form.addRow(_("Version"), self._version)
        form.addRow(self._follows)
        for kv, box in self._by_kv.items():
            here = kvp is not None and round(kvp) == kv
            title = _("{kv} kV, this series") if here else _("{kv} kV")
            form.addRow(title.format(kv=kv), box)
            self._follows.toggled.connect(box.setEnabled)
            box.setEnabled(self._follows.isChecked())
        form.addRow(_("Any other"), self._otherwise)
        form.addRow(_("A lesion of a slice has"), self._connectivity)
        form.addRow(_("Flag a focus below"), self._least)
        form.addRow(self._title)
        self._name_it()
        for line in (self._name, self._version):
            line.textChanged.connect(self._name_it)
        for box in (*self._by_kv.values(), self._otherwise, self._least):
            box.valueChanged.connect(self._name_it)
        self._follows.toggled.connect(self._name_it)
        self._connectivity.currentIndexChanged.connect(self._name_it)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.button(QDialogButtonBox.StandardButton.Ok).setText(_("Use this rule"))
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(_("Cancel"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)

    def _name_it(self) -> None:
        """Say with which title every number will be printed."""
        text = _("Every number will be printed with {rule}.")
        rule = self.rule()
        self._title.setText(text.format(rule=rule.title()))
        if not self._version.isModified() and self._version.text() != rule.version:
            self._version.setText(rule.version)


def _shifted(
    cuts: tuple[float, float, float, float], threshold_hu: float
) -> tuple[float, float, float, float]:
    """Return the row of the table with another threshold; the weights' peaks stay."""
    return (threshold_hu, *cuts[1:])


def _number(value: float, unit: str, *, decimals: int = 0) -> Number:
    box = Number()
    box.setRange(0.0, 3000.0)
    box.setDecimals(decimals)
    box.setValue(value)
    box.setSuffix(unit)
    return box
