"""Hands the pointer to the chosen tool of the cloud view, and does what it answers."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.commands.framing import framed
from annotator.commands.tracks import way_m
from annotator.commands.twins import twin_of
from annotator.errors import AnnotatorError, as_sentence
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation, AnnotationId
from annotator.model.edits import Edit, outcome
from annotator.tools.cloud_scene import CloudScene, CloudTool
from annotator.tools.cloud_tools import CLOUD_TOOLS
from annotator.tools.keys import keyed
from annotator.tools.other_scans import to_others_in_words
from annotator.tools.select_box import SelectBox
from annotator.tools.tool import CLEAR, NOTHING, Pointer, Preview, Reply
from annotator.views.cloud.asked import Asked
from annotator.views.cloud.large_edits import LargeEdits
from annotator.views.cloud.marked_points import MarkedPoints

_AT_ONCE_S, _AT_ONCE_OF_MANY_S, _MANY = 0.04, 0.02, 500_000
"""What takes no longer is waited for: shorter than anybody sees."""
_PASSES_MS = 8000
"""How long something that has happened is said."""
_EYE_MS = 100
"""How far work is, is shown no more often: each picture takes time from the work."""


class ToolInHand(QObject):
    """Has the tool, what it works on, what it previews and what it says."""

    previewed = Signal()
    """Something else is previewed."""
    answered = Signal()
    """The view has something else to show."""
    _told = Signal(object, str)
    _worked_out = Signal(object, object)

    def __init__(
        self, session: Session, selection: Selection, scene: CloudScene, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._selection = session, selection
        self.scene = scene
        self.tool: CloudTool = CLOUD_TOOLS[0](scene)
        self.preview: Preview | None = None
        self.makes_static = False
        self._hint, self.is_warning = "", False
        self._passing = QTimer(self, singleShot=True, interval=_PASSES_MS)
        self._passing.timeout.connect(self._say_no_more)
        self._done = ""
        """What is said of what the last gesture made or selected, until another one begins, or a
        person changes it."""
        self._made: Mapping[AnnotationId, Annotation | None] = {}
        self._previewed: Mapping[AnnotationId, Annotation | None] = {}
        """What the document held of what is previewed, when that began."""
        self.note = ""
        """What is worth knowing while nothing is selected and nothing done."""
        self.drops: Callable[[], bool] = lambda: False
        """Drops what others work out beside the window; tells whether there was something."""
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="tool")
        self.marked = MarkedPoints(session, scene, self._beside, self)
        self.marked.changed.connect(self.answered)
        self._asked, self._awaited, self._chosen, self._ended = 0, 0, 0, 0
        self.edits = LargeEdits(session, self._is_soon_there, self)
        self._far = ""
        """How far the work is."""
        self._last: tuple[Asked, Future[Reply]] | None = None
        """The answer that was awaited last."""
        self._tells = QTimer(self, singleShot=True, interval=_EYE_MS)
        self._tells.timeout.connect(self.answered)
        self._told.connect(self._tell)
        self._worked_out.connect(self._take_worked_out)

    @property
    def is_working(self) -> bool:
        """Whether an answer is still worked out, or kept."""
        return self._awaited > 0 or self._session.is_keeping

    def close(self) -> None:
        """Wait for no answer any more."""
        self._asked += 1
        self._session.finish()
        self._beside.shutdown(wait=True, cancel_futures=True)

    def settle(self) -> None:
        """Wait for an answer that is soon there and take it, as nobody comes back for it."""
        if self._last is not None and self._is_soon_there():
            asked, work = self._last
            wait([work])
            self._take_worked_out(asked, work)
            self._asked += 1  # it is not taken once more
        self._session.finish()

    def back_out(self) -> None:
        """Back out one step: of what is worked out or drawn, and then of what is selected."""
        if self.drops():
            return
        if self._awaited:
            self._asked, self._awaited = self._asked + 1, 0
            self.tool = type(self.tool)(self.scene)  # the old one may still be at work
            self.take(Reply(preview=CLEAR))
            self.edits.go_on()
        else:
            given_up = self.tool.cancel()
            self.take(Reply(preview=CLEAR, select=()) if given_up is NOTHING else given_up)

    def choose(self, tool_id: str) -> None:
        """Use another tool; what the old one had begun is forgotten, or taken and said."""
        kind = next(tool for tool in CLOUD_TOOLS if tool.id == tool_id)
        given = self.tool.put_down()
        self.tool, self._chosen = kind(self.scene), self._chosen + 1
        hint = f"{given.hint} · {self.tool.hint()}" if given.hint else ""
        self.take(Reply(preview=CLEAR) if given is NOTHING else replace(given, hint=hint))

    def double_clicked(self, pointer: Pointer) -> Reply:
        """Return what a double click means to the tool, or else to a grip that it leaves alone."""
        reply = self.tool.double_click(pointer)
        if reply is NOTHING and self.tool.leaves_grips():
            return SelectBox(self.scene).double_click(pointer)
        return reply

    def hint(self) -> str:
        """Return the line that says what a click would do, or what has just happened."""
        if self._awaited:
            far = self._far or _("One moment…")
            return keyed(_("{far} · {gesture_back_out} drops it"), far=far)
        if self._session.is_keeping:
            return _("One moment…")
        is_free = self.preview is None and not self._selects_here()
        done = self._done if self.preview is None else ""
        return self._hint or done or (self.note if is_free else "") or self.tool.hint()

    def say(self, sentence: str, *, warning: bool = False, passes: bool = False) -> None:
        """Show a sentence in place of the hint until something else happens, or it ``passes``."""
        self._hint, self.is_warning = as_sentence(sentence), warning
        (self._passing.start if passes else self._passing.stop)()

    def selected(self) -> Annotation | None:
        """Return the one selected annotation of the shown scan as the document has it now."""
        found = self._only_one()
        return found if found is not None and found.frame in {None, self.scene.frame} else None

    def chosen(self) -> tuple[Annotation, ...]:
        """Return the selected annotations of the shown scan as the document has them now."""
        chosen = self._selection.annotations(self._session.document)
        return tuple(a for a in chosen if a.frame in {None, self.scene.frame})

    def elsewhere(self) -> int | None:
        """Return the scan of the one selected annotation, where that is not the shown one."""
        found = self._only_one()
        if found is None or found.frame in {None, self.scene.frame}:
            return None
        return found.frame

    def why_none(self) -> str:
        """Say why nothing that a key is about is selected in this scan."""
        chosen = self._selection.annotations(self._session.document)
        frames = [a.frame for a in chosen if a.frame is not None]
        if self.chosen() or not frames:
            return _("Select a box first")
        text = _("The selected object is in scan {n}, not in this one · {view_fit} goes there")
        return keyed(text, n=frames[0] + 1)

    def reread(self) -> None:
        """Take over what the session and the selection say now."""
        self.scene.document, self.scene.taxonomy = self._session.document, self._session.taxonomy
        if self._selection.makes_instances != self.scene.makes_instances:
            self._done = ""  # from now on a gesture makes something else
        if any(self.scene.document.annotations.get(i) != a for i, a in self._made.items()):
            self._done = ""
        self.scene.label = self._selection.label
        self.scene.makes_instances = self._selection.makes_instances
        self.scene.paints_all = self._selection.paints_all
        self.reselect()
        self.say("")

    def reselect(self) -> None:
        """Let the tool see its own selection at once, so that a press can go on as a drag."""
        self.scene.selected, self.scene.chosen = self.selected(), self._selection.ids
        self.scene.instances = self._selection.instances
        self.marked.find()

    def take(self, reply: Reply, *, is_awaited: bool = True) -> None:
        """Show a preview, do the edit, then select.

        Parameters
        ----------
        is_awaited
            Whether the person did something and waits for the answer, or only looks on.
        """
        if reply.later is not None:
            if reply.edit is not None:
                self._answer(replace(reply, later=None, hint=""))
            self._work_out(reply, is_awaited=is_awaited)
        elif reply is not NOTHING:
            self._answer(reply)

    def trajectory(self) -> Preview:
        """Return the way of the selected object as lines."""
        selected = self.scene.selected
        if selected is None or selected.track is None:
            return CLEAR
        return Preview(lines_m=way_m(self.scene.document, selected.track))

    def _answer(self, reply: Reply) -> None:
        reply = self._without_twin(self._unless_changed(reply))
        self._ended += reply.preview is CLEAR
        self._show(reply.preview)
        self._done = reply.hint if reply.edit is not None or reply.select is not None else ""
        self.say("" if self._done else reply.hint, warning=_is_refusal(reply))
        self._made = {}
        if reply.edit is None:
            self._select(reply)
            return
        try:
            edit = self._in_scan(reply)
        except AnnotatorError as refused:
            self._refuse(str(refused))
            return
        self._made = outcome(edit)
        self._done = self._with_other_scans(self._done)
        select = partial(self._select, reply, self.scene.frame)
        self.edits.do(edit, reply.text, select, self._refuse)
        self.answered.emit()

    def _select(self, reply: Reply, frame: int | None = None) -> None:
        """Select what an answer asks for, unless the scan that it is of was left since."""
        if frame in {None, self.scene.frame}:
            if reply.select is not None:
                self._selection.set(reply.select)
            elif reply.instances is not None:
                self._select_instances(reply.instances)
            if reply.edit is not None or reply.select is not None or reply.instances is not None:
                self.reselect()
        self.answered.emit()

    def _refuse(self, sentence: str) -> None:
        self._done = ""
        self.say(sentence, warning=True)
        self.answered.emit()

    def _with_other_scans(self, done: str) -> str:
        """Say also how what is new in this scan comes into others."""
        known = self._session.document.annotations
        new = (a for number, a in self._made.items() if a is not None and number not in known)
        return " · ".join(filter(None, (done, to_others_in_words(new))))

    def _say_no_more(self) -> None:
        self.say("")
        self.answered.emit()

    def _is_soon_there(self) -> bool:
        """Tell whether an answer is awaited that takes no time worth saying how far it is."""
        return self._awaited > 0 and not self._far

    def _selects_here(self) -> bool:
        """Tell whether something is selected in the shown scan."""
        return bool(self.chosen())

    def _only_one(self) -> Annotation | None:
        ids = self._selection.ids
        return self._session.document.annotations.get(ids[0]) if len(ids) == 1 else None

    def _show(self, preview: Preview | None) -> None:
        if preview is None:
            return
        before, self.preview = self.preview, None if preview is CLEAR else preview
        now, known = self._session.document.annotations, self._previewed
        self._previewed = {a.id: known.get(a.id, now.get(a.id)) for a in preview.annotations}
        if before is not self.preview:
            self.previewed.emit()

    def _unless_changed(self, reply: Reply) -> Reply:
        """Leave what was deleted, or changed otherwise, while it was dragged as it is now."""
        now, known = self._session.document.annotations, self._previewed
        changed = outcome(reply.edit) if reply.edit is not None else {}
        if all(now.get(i) == known[i] for i in changed if i in known):
            return reply
        return Reply(preview=CLEAR, hint=_changed_meanwhile())

    def _without_twin(self, reply: Reply) -> Reply:
        """Select what is labelled in the very place already, instead of adding it once more."""
        twin = None
        if reply.edit is not None:
            twin = twin_of(reply.edit, self._session.document, self.scene.frame)
        if twin is None:
            return reply
        hint = _("This is labelled already: it is selected, and nothing was added")
        return Reply(preview=CLEAR, select=(twin.id,), hint=hint)

    def _work_out(self, reply: Reply, *, is_awaited: bool) -> None:
        """Take what is soon there at once; what takes longer is taken when it is there."""
        asked = self._asked_now(is_awaited=is_awaited)
        work = self._beside.submit(self._settled, asked, reply)
        is_large = len(self.scene.cloud) >= _MANY  # where keeping the edit takes its time, too
        if wait([work], timeout=_AT_ONCE_OF_MANY_S if is_large else _AT_ONCE_S).done:
            self.take(work.result())
            return
        self._awaited, self._far = self._awaited + is_awaited, ""
        if is_awaited:
            self._last = asked, work
        self._show(reply.preview)
        self.answered.emit()
        work.add_done_callback(lambda done: self._hand_over(asked, done))

    def _asked_now(self, *, is_awaited: bool) -> Asked:
        known = dict(self._session.document.annotations)
        frame = self.scene.frame
        return Asked(self._asked, self._ended, frame, self._chosen, is_awaited, known)

    def _settled(self, asked: Asked, reply: Reply) -> Reply:
        """Work an answer out while it is wanted; runs on the thread."""

        def goes_on(so_far: Reply) -> bool:
            self._told.emit(asked, so_far.hint)
            return self._is_wanted(asked)

        try:
            return reply.settled(goes_on)
        except AnnotatorError as refused:
            return Reply(preview=CLEAR, hint=str(refused))

    def _is_wanted(self, asked: Asked) -> bool:
        return asked.number == self._asked and asked.frame == self.scene.frame

    def _tell(self, asked: Asked, far: str) -> None:
        if self._awaited and asked.is_awaited and self._is_wanted(asked):
            self._far = far
            if not self._tells.isActive():
                self._tells.start()

    def _hand_over(self, asked: Asked, done: Future[Reply]) -> None:
        if not done.cancelled():
            self._worked_out.emit(asked, done)

    def _take_worked_out(self, asked: Asked, done: Future[Reply]) -> None:
        """Take what was worked out, unless the person backed out of it or left the scan since.

        Of a tool that was put down since, an edit is still wanted, but no preview; neither is what
        a rest would have shown once a click has ended all previews: it would hide what was made.
        """
        if asked.number != self._asked:
            return
        self._awaited -= asked.is_awaited
        self._take_or_drop(asked, done.result())
        self.edits.go_on()

    def _take_or_drop(self, asked: Asked, reply: Reply) -> None:
        if asked.frame != self.scene.frame:
            self.take(Reply(preview=CLEAR))
        elif not asked.is_awaited and asked.ended != self._ended:
            return
        elif self._were_changed(asked, reply.edit):
            self.take(Reply(preview=CLEAR, hint=_changed_meanwhile()))
        elif asked.chosen == self._chosen or reply.edit is not None:
            self.take(reply)
        else:
            self.answered.emit()

    def _were_changed(self, asked: Asked, edit: Edit | None) -> bool:
        """Tell whether what an edit changes is no longer what it was worked out from."""
        if edit is None:
            return False
        now = self._session.document.annotations
        return any(now.get(i) != asked.known.get(i) for i in outcome(edit))

    def _select_instances(self, instances: tuple[int, ...]) -> None:
        """Select instances of points; no instances leave annotations selected."""
        if instances or self._selection.instances:
            self._selection.set_instances(instances)

    def _in_scan(self, reply: Reply) -> Edit:
        assert reply.edit is not None
        return framed(
            reply.edit,
            self._session.document,
            self._session.taxonomy,
            frame=self.scene.frame,
            makes_static=self.makes_static or reply.holds_in_all,
        )


def _changed_meanwhile() -> str:
    return _("The objects were changed meanwhile, so nothing was done")


def _is_refusal(reply: Reply) -> bool:
    """Tell whether a hint says why something did not happen, and not what will happen."""
    if reply.preview is None or reply.preview is CLEAR:
        return bool(reply.hint)
    return reply.preview.warning
