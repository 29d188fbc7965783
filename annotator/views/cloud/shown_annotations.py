"""Says which annotations the cloud view shows: those of the scan, by class and storey, or alone."""

from collections.abc import Sequence

from annotator.app.cloud_settings import CloudSettings
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.app.storeys import Storeys
from annotator.commands.belonging import box_around_instance
from annotator.errors import AnnotatorError
from annotator.geometry.wireframes import surrounding_box
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation, AnnotationId
from annotator.tools.cloud_scene import CloudScene


class ShownAnnotations:
    """Knows what is shown alone. View state: never an edit, never undone."""

    def __init__(
        self, session: Session, selection: Selection, settings: CloudSettings, scene: CloudScene
    ) -> None:
        self._session, self._selection = session, selection
        self._settings, self._scene = settings, scene
        self._isolated: tuple[AnnotationId, ...] = ()
        self._around: tuple[Annotation, ...] = ()
        scene.shows = self._is_shown

    @property
    def are_isolated(self) -> bool:
        """Whether only a part of the scan is shown, which had been selected."""
        return bool(self._isolated or self._around)

    def isolate(self, *, on: bool) -> None:
        """Show only what is selected and what is close to it, or everything again.

        Raises
        ------
        AnnotatorError
            If nothing is selected.
        """
        if on and not (self._selection.ids or self._selection.instances):
            raise AnnotatorError(_("Select what is to be shown alone"))
        self._isolated = self._selection.ids if on else ()
        self._around = self.around_instances() if on else ()

    def now(self) -> list[Annotation]:
        """Return what is shown in the scan at hand; the selection always is."""
        found = self._session.document.in_frame(self._scene.frame)
        return [a for a in found if self._is_shown(a)]

    def alone(self) -> Sequence[Annotation]:
        """Return what is shown alone; nothing where everything is shown."""
        return self._around or (self.now() if self._isolated else ())

    def around_instances(self) -> tuple[Annotation, ...]:
        """Return a box around each selected instance of points."""
        document, scene = self._session.document, self._scene
        return tuple(
            box_around_instance(
                document, number, scene.cloud, scene.taxonomy, frame=scene.frame
            ).annotation
            for number in self._selection.instances
        )

    def _is_shown(self, annotation: Annotation) -> bool:
        if self._isolated and annotation.id not in self._isolated:
            return False
        is_here = self._shows(annotation.label) and self._is_in_storey(annotation)
        return annotation.id in self._selection.ids or is_here

    def _is_in_storey(self, annotation: Annotation) -> bool:
        """Tell whether an object is in the storey that is shown alone, if one is."""
        wanted, survey = self._settings.look.storey, self._scene.survey
        if wanted is None or survey is None:
            return True
        storey = Storeys(survey.ground, self._scene.cloud.origin_m).alone(wanted)
        box = surrounding_box(annotation.shape)
        return storey is None or box is None or storey.holds(box.center_m)

    def _shows(self, label: str) -> bool:
        """Tell whether objects of a class are shown; of a class without a value, always."""
        taxonomy = self._session.taxonomy
        return label not in taxonomy or self._settings.look.shows(taxonomy[label].value)
