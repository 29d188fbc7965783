"""What is open: a project, its items, and the session on one of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from psygnal import Signal

from annotator.app.closing import Closing, closed_by_another
from annotator.app.ct_rule import context_by_rule
from annotator.app.data import Progress, context_of
from annotator.app.discovery import LABELS, Candidate, Discovery, discover
from annotator.app.exchange import Written, reads_as, with_classes_of, write_labels
from annotator.app.labelled_pixels import changed_slices, keep_pixels
from annotator.app.new_items import as_new, data_of, without_labels
from annotator.app.past_sharp import past_sharp
from annotator.app.selection import Selection
from annotator.app.series_names import export_name, place_in_words
from annotator.app.session import Session
from annotator.app.siblings import Sibling, siblings_of
from annotator.commands.takeover import replacing
from annotator.errors import AnnotatorError, FormatError
from annotator.formats.format import Context
from annotator.i18n import gettext as _
from annotator.model.annotations import AnnotationId, Remark, Verdict
from annotator.model.document import Document
from annotator.model.findings import Finding
from annotator.model.items import Item, ItemId, Status
from annotator.model.labels import CHEST, Taxonomy
from annotator.model.volume import Hu
from annotator.project.places import place_for
from annotator.project.project import Project


@dataclass(frozen=True, slots=True)
class Labels:
    """What a label file said, with the classes that it needs."""

    document: Document
    taxonomy: Taxonomy


class Workspace:
    """The program's state without windows.

    What is slow (`look`, `read`, `read_label_file`) changes nothing and may run anywhere; what
    changes the state is quick and is called from one thread.

    Parameters
    ----------
    who
        The person, as histories and remarks name them.
    database
        URL of a team's PostgreSQL; empty keeps each project in a file beside its data.
    """

    items_changed = Signal()
    session_changed = Signal()
    remarks_changed = Signal()
    data_completed = Signal()
    closing_changed = Signal(object)
    """A change opened a closed scan again, or its undo closed it: the status it has now."""

    def __init__(self, who: str = "annotator", *, database: str = "") -> None:
        self.who = who
        self._database = database
        self.project: Project | None = None
        self.session: Session | None = None
        self.shown_file: Path | None = None
        self.selection = Selection()
        self._closing: Closing | None = None
        self._candidates: dict[ItemId, Candidate] = {}
        self.refused: dict[tuple[str, str], int] = {}
        """How many images beside the items cannot be opened, by folder and reason."""

    def look(self, path: Path, progress: Progress | None = None) -> Discovery:
        """Find what there is to annotate at a path, or in a project's folder; slow."""
        return discover(data_of(path), progress=progress)

    def take(self, path: Path, found: Discovery) -> list[Item]:
        """Open or make the project of a path, and make what was found its items."""
        self.close()
        place = place_for(data_of(path))
        self.project = Project.create(
            self._database or place.file, who=self.who, folder=place.folder
        )
        self.refused = found.refused_folders()
        candidates = without_labels(found.candidates, self.project.known_label_files())
        items = self.project.add_items(as_new(candidates))
        self._candidates = {
            item.id: candidate for item, candidate in zip(items, candidates, strict=True)
        }
        self.items_changed.emit()
        return list(items)

    def items(self) -> list[Item]:
        """Return the items at hand, in order."""
        if self.project is None:
            return []
        return [item for item in self.project.items() if item.id in self._candidates]

    def left_at(self, items: Sequence[Item]) -> Item:
        """Return which of these items the person had open last; the first if none."""
        last = self._require_project().last_opened()
        return next((item for item in items if item.id == last), items[0])

    def findings(self) -> dict[ItemId, tuple[Finding, ...]]:
        """Return what was found about each series when its headers were read."""
        return {
            number: candidate.series.findings
            for number, candidate in self._candidates.items()
            if candidate.series is not None
        }

    def siblings(self) -> list[Sibling]:
        """Return the other series of the open one's patient, those of its own study first."""
        here = self._candidates[self.current_id].series if self.current_id is not None else None
        if here is None:
            return []
        others = [item for item in self.items() if item.id != self.current_id]
        return siblings_of(here, ((item, self._candidates[item.id].series) for item in others))

    def neighbour(self, step: int) -> Item | None:
        """Return the item that many places after the current one, if there is one."""
        items = self.items()
        at = next((n for n, item in enumerate(items) if item.id == self.current_id), None)
        if at is None or not 0 <= at + step < len(items):
            return None
        return items[at + step]

    def next_to_do(self) -> tuple[list[Item], Item | None]:
        """Return the next item, and those before it that a softer series stands for."""
        series = {n: c.series for n, c in self._candidates.items() if c.series is not None}
        return past_sharp(self.items(), self.current_id, series)

    @property
    def current_id(self) -> ItemId | None:
        """The open item's id."""
        return self.session.item.id if self.session and self.session.item else None

    @property
    def is_done(self) -> bool:
        """Whether the open item is done, as far as is known now."""
        if self.project is None or self.current_id is None:
            return False
        return self.project.item(self.current_id).status is Status.DONE

    def set_status(self, status: Status, item_id: ItemId | None = None) -> None:
        """Say how far an item is, the open one where none is named."""
        wanted = self.current_id if item_id is None else item_id
        if self.project is not None and wanted is not None:
            self.project.set_status(wanted, status)
            if self._closing is not None and wanted == self.current_id:
                self._closing.set_status(status)
            self.items_changed.emit()

    def read(
        self,
        item: Item,
        *,
        progress: Progress | None = None,
        cancelled: Callable[[], bool] | None = None,
        on_slice: Callable[[int, Hu], None] | None = None,
    ) -> Context:
        """Read an item's scans or voxels; slow."""
        return context_of(
            self._candidates[item.id],
            layout=self.layout(item) or None,
            progress=progress,
            cancelled=cancelled,
            on_slice=on_slice,
        )

    def layout(self, item: Item) -> str:
        """Return how a person said that an item's bare numbers lie; empty leaves it to evidence."""
        said = self._require_project().setting(f"layout.{item.id}")
        return said if isinstance(said, str) else ""

    def set_layout(self, item: Item, layout: str) -> None:
        """Read an item's bare numbers in this way from now on."""
        self._require_project().set_setting(f"layout.{item.id}", layout)

    def start(self, item: Item, context: Context) -> Session:
        """Open an item whose data were read, where the person left it.

        An item that is shown already, while its data still arrived, is completed.
        """
        if self.session is not None and self.current_id == item.id and self._is_arriving():
            return self._complete(self.session, context)
        project = self._require_project()
        self._finish()
        context = replace(context, taxonomy=project.taxonomy(item.kind))
        session = Session.of(project, item, context)
        self.shown_file = None
        self._closing = Closing(session, item)
        session.changed.connect(self._keep_closed_true)
        session.settings_changed.connect(self._keep_all_closed_true)
        self._take_pixels(session)
        self._show(session)
        self._keep_closed_true()
        if not self._is_arriving():
            project.touch(item.id)
        return session

    def begin(self, item: Item) -> Session:
        """Open a series of which only some slices are there yet."""
        series = self._candidates[item.id].series
        return self.start(item, Context(CHEST, series=series))

    def read_label_file(self, path: Path) -> Labels:
        """Read a label file over the open item's data; slow.

        One that cannot be read completely is noted, so that no export ever replaces it.
        """
        try:
            reader = reads_as(path)
            context = with_classes_of(path, self._require_session().context, reader)
            return Labels(reader.read(path, context), context.taxonomy)
        except FormatError:
            self._remember(path, read_completely=False)
            raise

    def review(self, path: Path, labels: Labels) -> Session:
        """Show a label file that was read, for reading only, over the open item's data."""
        old = self._require_session()
        self._remember(path, read_completely=True)
        taxonomy = labels.taxonomy
        for annotation in labels.document.annotations.values():
            taxonomy = taxonomy.grown_by(annotation.label)
        context = replace(old.context, taxonomy=taxonomy)
        session = Session.in_memory(
            labels.document, context, item=old.item, read_only=True, shared=old.shared
        )
        self.shown_file = path
        self._show(session)
        return session

    def unlock(self) -> Session:
        """Let the shown label file be edited: it becomes the item's document, as one step."""
        shown = self._require_session()
        if self.shown_file is None:
            shown.read_only = False
            self._agree_to_pixels(shown)
            self.session_changed.emit()
            return shown
        assert shown.item is not None
        name = self.shown_file.name
        session = self.start(shown.item, shown.context)
        session.change_taxonomy(shown.taxonomy)
        edit = replacing(session.document, shown.document)
        session.take_over(edit, _("Take over {name}").format(name=name))
        return session

    def export(self, name: str, target: Path) -> Written:
        """Write the open document in a format, whole or not at all."""
        session = self._require_session()
        session.finish()
        reason = self._require_project().may_overwrite(target)
        if reason:
            raise AnnotatorError(reason)
        context = replace(context_by_rule(session), who=self.who)
        written = write_labels(session.document, context, name, target)
        for file in written.files:
            self._remember(file, read_completely=True)
        return written

    def beside_data(self) -> Path:
        """Return where an export of the open item would go, without a suffix.

        A series is called by no folder, whose name may be a patient's, and by a name of its own,
        or one export would replace another's.
        """
        session = self._require_session()
        assert session.item is not None
        sources = self._candidates[session.item.id].sources
        source = sources[0] if len(sources) == 1 else sources[0].parent
        series = self._candidates[session.item.id].series
        name = export_name(series, session.item.series_uid) if series else _own_name(source)
        return source.parent / f"{name}{LABELS}"

    def place_in_words(self) -> str:
        """Return what to call the place that is open without naming it; empty where only scans are.

        Folders of CT may be named after patients.
        """
        return place_in_words([c.series for c in self._candidates.values() if c.series is not None])

    def abandon(self) -> None:
        """Close an item whose data did not arrive whole."""
        if self.session is not None and self._is_arriving():
            self._show(None)

    def close(self) -> None:
        """Close what is open; there is nothing to save, every step was."""
        if self.session is not None:
            self._show(None)
        if self.project is not None:
            self.project.close()
        self.project = None
        self.refused = {}
        self._candidates.clear()

    def remarks(self) -> dict[AnnotationId, Remark]:
        """Return the reviewers' marks on the open item."""
        if self.project is None or self.current_id is None:
            return {}
        return self.project.remarks(self.current_id)

    def remark(self, verdict: Verdict, text: str = "") -> None:
        """Mark the selected annotations, and say why."""
        project = self._require_project()
        assert self.current_id is not None
        for annotation_id in self.selection.ids:
            project.remark(self.current_id, Remark(annotation_id, verdict, text, self.who))
        self.remarks_changed.emit()

    def _keep_closed_true(self, _edit: object = None) -> None:
        """Let a closed scan be open again where it, or the rule, was changed since."""
        status = self._closing.changed_status() if self._closing is not None else None
        if status is not None and self.project is not None and self.current_id is not None:
            self.project.set_status(self.current_id, status)
            self.items_changed.emit()
            self.closing_changed.emit(status)

    def _keep_all_closed_true(self) -> None:
        """Let the other scans that were closed by another rule be open again as well."""
        self._keep_closed_true()
        if self.project is None or self.session is None:
            return
        others = [item for item in self.items() if item.id != self.current_id]
        reopened = closed_by_another(self.session, others)
        for item in reopened:
            self.project.set_status(item.id, Status.IN_PROGRESS)
        if reopened:
            self.items_changed.emit()

    def _remember(self, path: Path, *, read_completely: bool) -> None:
        if self.project is not None and self.current_id is not None:
            self.project.remember_label_file(self.current_id, path, read_completely=read_completely)

    def _is_arriving(self) -> bool:
        context = self._require_session().context
        return context.series is not None and context.volume is None

    def _complete(self, session: Session, context: Context) -> Session:
        session.context = replace(context, taxonomy=session.taxonomy)
        assert session.item is not None
        self._require_project().touch(session.item.id)
        self._take_pixels(session)
        self.data_completed.emit()
        return session

    def _take_pixels(self, session: Session) -> None:
        """Let labels that were made on other pixels be looked at only, until a person agrees."""
        session.changed_slices = changed_slices(session)
        if session.changed_slices:
            session.read_only = True
        elif not session.read_only:
            keep_pixels(session)

    def _agree_to_pixels(self, session: Session) -> None:
        """Let the labels be those of the changed pixels, on which nothing is proven yet."""
        was_changed, session.changed_slices = bool(session.changed_slices), ()
        keep_pixels(session)
        if was_changed and self.is_done:
            self.set_status(Status.IN_PROGRESS)

    def _finish(self) -> None:
        """Wait for what is still kept of the open item."""
        if self.session is not None:
            self.session.finish()

    def _show(self, session: Session | None) -> None:
        self._finish()
        self.session = session
        self.selection.set(())
        if session is not None:
            session.changed.connect(self._let_go_of_dropped)
            session.taxonomy_changed.connect(self._choose_known_class)
            self._choose_known_class()
        self.remarks_changed.emit()
        self.session_changed.emit()

    def _choose_known_class(self) -> None:
        """Choose the first class where the chosen one is in this item's list no more."""
        taxonomy = self._require_session().taxonomy
        if self.selection.label not in taxonomy:
            self.selection.choose(next(iter(taxonomy)).name)

    def _let_go_of_dropped(self, _edit: object) -> None:
        """Select no longer what an undo, or a removal, took away."""
        known = self.session.document.annotations if self.session is not None else {}
        ids = self.selection.ids
        kept = tuple(one for one in ids if one in known)
        if kept != ids:
            self.selection.set(kept)

    def _require_project(self) -> Project:
        if self.project is None:
            raise AnnotatorError(_("nothing is open; open a file or a folder first"))
        return self.project

    def _require_session(self) -> Session:
        if self.session is None:
            raise AnnotatorError(_("no item is open; choose one in the list first"))
        return self.session


def _own_name(source: Path) -> str:
    return source.name if source.is_dir() else source.stem
