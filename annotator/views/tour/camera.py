"""The camera's part of the tour: what was labelled is found again in the image."""

import numpy as np
import numpy.typing as npt

from annotator.app.camera_images import CameraImage
from annotator.app.camera_scene import SeenAnnotation
from annotator.i18n import gettext as _
from annotator.views.cloud.cloud_workbench import CloudWorkbench
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
    stage, image = camera.stage(), camera.image
    assert stage is not None
    assert image is not None
    whole = [seen for seen in camera.seen if _is_whole(seen, image)]
    nearest = whole[-1]
    x, y = stage.to_widget(_middle_px(nearest)).tolist()
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


def _middle_px(seen: SeenAnnotation) -> npt.NDArray[np.float64]:
    places = seen.ends_px.reshape(-1, 2)
    return np.asarray((places.min(axis=0) + places.max(axis=0)) / 2)


def _is_whole(seen: SeenAnnotation, image: CameraImage) -> bool:
    assert image.pinhole is not None
    return not seen.is_hidden and bool(image.pinhole.is_in_image(seen.ends_px.reshape(-1, 2)).all())
