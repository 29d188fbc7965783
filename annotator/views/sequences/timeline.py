"""The row below the cloud view: where in the sequence one is, and how to go on."""

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from annotator.app.current_scan import MOST_REACH
from annotator.app.done_scans import done_scans
from annotator.app.keymap import in_use
from annotator.app.open_sequence import OpenSequence
from annotator.i18n import gettext as _
from annotator.views.fields import Count, Tick
from annotator.views.key_events import key_words
from annotator.views.sequences.frame_strip import FrameStrip
from annotator.views.sequences.scan_thumbnails import ScanThumbnails
from annotator.views.theme import DARK, numbers_font

PLAY_MS = 150


class Timeline(QWidget):
    """Shows and moves the place in a sequence. Holds no truth: `CurrentScan` does."""

    static_chosen = Signal(bool)
    """Whether the selection, or with none what is labelled next, is to hold in every scan."""

    def __init__(self, sequence: OpenSequence, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sequence, self._current = sequence, sequence.current
        self.strip = FrameStrip(self._current.count)
        self._thumbnails = ScanThumbnails(sequence, self.strip, self)
        self._play, self._previous, self._next = _button("▶"), _button("‹"), _button("›")
        self._play.setCheckable(True)
        self._place = QLabel()
        self._place.setFont(numbers_font())
        self._reach = Count(0, min(MOST_REACH, self._current.count - 1))
        self._reach.setPrefix("± ")
        self._reach.setSuffix(_(" scans"))
        self._reach.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._static = Tick(_("New: same in every scan"))
        self._clock = QTimer(self, interval=PLAY_MS)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._is_over = False
        self._arrange()
        self.name_keys()
        self.show_done()
        self._listen()
        self._refresh()

    @property
    def is_playing(self) -> bool:
        """Whether it goes on by itself."""
        return self._clock.isActive()

    @property
    def is_static(self) -> bool:
        """Whether the selection, or with none what is labelled next, holds in every scan."""
        chosen = self._sequence.chosen()
        return all(a.frame is None for a in chosen) if chosen else self._current.makes_static

    def play(self, *, on: bool) -> None:
        """Go through the scans by itself, from the first one if the last is shown."""
        if on and self._current.is_last:
            self._current.go(0)
        (self._clock.start if on else self._clock.stop)()
        with QSignalBlocker(self._play):
            self._play.setChecked(on)
        self._play.setText("❚❚" if on else "▶")

    def name_keys(self) -> None:
        """Call keys as they are now."""
        for widget, tip, ids in (
            (self._previous, _("Previous scan"), ("sequence.previous",)),
            (self._play, _("Play or stop"), ("sequence.play",)),
            (self._next, _("Next scan"), ("sequence.next",)),
            (
                self._reach,
                _("Scans on each side that are laid over this one"),
                ("sequence.more", "sequence.fewer"),
            ),
        ):
            keys = "  ".join(key_words(in_use().keys[action]) for action in ids)
            widget.setToolTip(f"{tip}  {keys}".rstrip())

    def show_done(self) -> None:
        """Tick the scans that a person has done with."""
        self.strip.show_done(done_scans(self._sequence.session))

    def stop_listening(self) -> None:
        """Let go of the session and end the threads; the widget is then only to be deleted."""
        if self._is_over:
            return
        self._is_over = True
        self._clock.stop()
        self._soon.stop()
        self._sequence.session.changed.disconnect(self._note)
        self._sequence.selection.changed.disconnect(self._note)
        self._current.changed.disconnect(self._note)
        self._thumbnails.close()

    def _arrange(self) -> None:
        buttons, reach = QHBoxLayout(), QHBoxLayout()
        buttons.setSpacing(2)
        for widget in (self._previous, self._play, self._next, self._place):
            buttons.addWidget(widget)
        buttons.addStretch()
        caption = QLabel(_("Accumulate"))
        caption.setBuddy(self._reach)
        reach.setSpacing(8)
        reach.addWidget(caption)
        reach.addWidget(self._reach, 1)
        left = QVBoxLayout()
        left.setSpacing(2)
        left.addLayout(buttons)
        left.addLayout(reach)
        left.addWidget(self._static)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addLayout(left)
        layout.addWidget(self.strip, 1)

    def _listen(self) -> None:
        self._soon.timeout.connect(self._refresh)
        self._sequence.session.changed.connect(self._note)
        self._sequence.selection.changed.connect(self._note)
        self._current.changed.connect(self._note)
        self._previous.clicked.connect(lambda: self._current.step(-1))
        self._next.clicked.connect(lambda: self._current.step(1))
        self._play.toggled.connect(lambda on: self.play(on=on))
        self._clock.timeout.connect(self._go_on)
        self._reach.valueChanged.connect(self._current.accumulate)
        self._static.toggled.connect(self._choose_static)
        self.strip.chosen.connect(self._current.go)
        self.strip.shown.connect(self._thumbnails.ask)

    def _choose_static(self, on: bool) -> None:  # noqa: FBT001 - Qt's
        self._note()  # a refusal takes the tick back
        self.static_chosen.emit(on)

    def _note(self, *_what: object) -> None:
        self._soon.start()

    def _refresh(self) -> None:
        current = self._current
        self._place.setText(
            _("scan {frame} of {count}").format(frame=current.frame + 1, count=current.count)
        )
        self._previous.setEnabled(current.frame > 0)
        self._next.setEnabled(not current.is_last)
        with QSignalBlocker(self._reach), QSignalBlocker(self._static):
            self._reach.setValue(current.reach)
            self._static.setChecked(self.is_static)
        self._name_static()
        self.strip.show_place(current.frame, current.reach)
        self._show_marks()
        self._thumbnails.ask()

    def _name_static(self) -> None:
        """Say of what the box is ticked: of the selection, or of what is labelled next."""
        has_chosen = bool(self._sequence.chosen())
        self._static.setText(
            _("Selected: same in every scan") if has_chosen else _("New: same in every scan")
        )
        self._static.setToolTip(
            _("The selected objects stand still and hold in every scan")
            if has_chosen
            else _("What is labelled now stands still and holds in every scan")
        )

    def _show_marks(self) -> None:
        selected, taxonomy = self._sequence.selected(), self._sequence.session.taxonomy
        color = QColor(DARK.accent)
        if selected is not None and selected.label in taxonomy:
            color = QColor(*taxonomy[selected.label].color)
        sequence = self._sequence
        self.strip.show_marks(sequence.states(), color, is_static=sequence.is_static())

    def _go_on(self) -> None:
        """Show the next scan once it is read; playing never makes the window wait."""
        if self._current.is_last:
            self.play(on=False)
        elif self._sequence.scans.is_ready(self._current.frame + 1):
            self._current.step(1)
        else:
            self._sequence.scans.prepare_around(self._current.frame)


def _button(text: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return button
