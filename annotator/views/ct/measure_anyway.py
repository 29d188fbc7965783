"""The button that lets a doubtful series be measured, the same in each place that shows doubts."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from annotator.app.ct_rule import acknowledge, may_measure
from annotator.app.session import Session
from annotator.i18n import gettext as _


def measure_anyway(session: Session | None) -> QPushButton | None:
    """Return a button that takes note of the doubts; None where volumes are measured, or cannot be.

    Of other pixels than those that were labelled, `annotator.app.labelled_pixels` says what to do.
    """
    if session is None or session.changed_slices or may_measure(session):
        return None
    button = QPushButton(_("Measure anyway"))
    button.setToolTip(_("Show mm², mm³ and scores of this series although they may be wrong"))
    # Later: whoever shows the button makes itself anew, and the button with it.
    queued = Qt.ConnectionType.QueuedConnection
    button.clicked.connect(lambda: acknowledge(session), queued)
    return button
