"""The camera's part of the tour: what was labelled is found again in the image."""

from annotator.i18n import gettext as _
from annotator.views.cloud_workbench import CloudWorkbench
from annotator.views.tour.checks import Checks
from annotator.views.tour.person import Person


def look_through_the_camera(person: Person, checks: Checks) -> None:
    """Click the nearest labelled object in the image, then lay the points over it."""
    bench = person.window.workbench
    assert isinstance(bench, CloudWorkbench)
    camera = bench.camera
    assert camera is not None
    person.choose("select_box")
    person.wait(lambda: bool(camera.seen))
    stage, nearest = camera.stage(), camera.seen[-1]
    assert stage is not None
    ends = stage.to_widget(nearest.ends_px).reshape(-1, 2)
    x, y = ((ends.min(axis=0) + ends.max(axis=0)) / 2).tolist()
    person.click(camera, (x, y))
    selection = person.window.workspace.selection
    checks.note(
        _("a click in the camera image selects what is there"),
        holds=selection.ids == (nearest.annotation.id,),
        detail=_("{count} objects in the image").format(count=len(camera.seen)),
    )
    person.trigger("view.camera_points")
    person.picture("garage_camera")
    person.trigger("view.camera_points")
    selection.set(())
