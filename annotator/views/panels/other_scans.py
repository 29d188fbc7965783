"""What was found in the other scans of a sequence, and in how many nobody looked."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from annotator.i18n import gettext as _
from annotator.i18n import ngettext
from annotator.views.fields import Press
from annotator.views.sequences.scan_check import ScanCheck
from annotator.views.text_roles import faint

_MOST_LISTED = 20


class OtherScans(QWidget):
    """A line for each other scan with findings, which leads there, and how many are checked."""

    def __init__(self, check: ScanCheck, frame: int) -> None:
        super().__init__()
        self._check = check
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        others = {n: count for n, count in check.counts().items() if n != frame}
        if others:
            total = sum(others.values())
            text = ngettext("{n} finding in other scans", "{n} findings in other scans", total)
            layout.addWidget(faint(text.format(n=total)))
        for scan, count in list(others.items())[:_MOST_LISTED]:
            layout.addWidget(self._line(scan, count), 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(faint(self._checked()))
        if check.checked < check.count and not check.is_checking:
            begin = Press(_("Check the others"))
            begin.clicked.connect(check.begin)
            layout.addWidget(begin, 0, Qt.AlignmentFlag.AlignLeft)

    def _line(self, scan: int, count: int) -> Press:
        text = ngettext("▲ Scan {frame}: {n} finding", "▲ Scan {frame}: {n} findings", count)
        line = Press(text.format(frame=scan + 1, n=count))
        line.setFlat(True)
        line.clicked.connect(partial(self._check.go_to, scan))
        return line

    def _checked(self) -> str:
        check = self._check
        text = (
            _("Checking: {n} of {count} scans")
            if check.is_checking
            else _("{n} of {count} scans checked as they are now")
        )
        return text.format(n=check.checked, count=check.count)
