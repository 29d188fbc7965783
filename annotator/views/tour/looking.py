"""Looks at objects of the open scan, and finds a point of them that can be clicked."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from annotator.geometry.vectors import vec3
from annotator.views.cloud.cloud_view import CloudView
from annotator.views.cloud.cloud_workbench import CloudWorkbench
from annotator.views.tour.person import Person

Rows = npt.NDArray[np.int64]


def workbench_of(person: Person) -> CloudWorkbench:
    """Return the workbench of the open scan."""
    assert isinstance(person.window.workbench, CloudWorkbench)
    return person.window.workbench


def view_of(person: Person) -> CloudView:
    """Return the view of the open scan."""
    return workbench_of(person).view


def seen_place(
    person: Person, rows: Rows, *, middle_first: bool = True
) -> tuple[float, float] | None:
    """Return where the first point of an object is that the picture shows.

    Parameters
    ----------
    middle_first
        Begin with the most central one, not with the first row.
    """
    view = view_of(person)
    points = world(view, rows)
    if middle_first:
        apart = np.linalg.norm(points - np.median(points, axis=0), axis=1)
        points = points[np.argsort(apart)]
    for place in view.scene.to_px(points):
        at_px = (float(place[0]), float(place[1]))
        if np.isfinite(place).all() and view.pointer_at(at_px).row in rows:
            return at_px
    return None


def look_at(person: Person, rows: Rows) -> npt.NDArray[np.float64]:
    """Bring some points into view, and return where they are in the world."""
    view = view_of(person)
    points = world(view, rows)
    view.steering.look_at(vec3(points.min(axis=0) - 2.0), vec3(points.max(axis=0) + 2.0))
    person.wait(drawn(view))
    return points


def drawn(view: CloudView) -> Callable[[], bool]:
    """Return a question: whether the picture shows what the camera sees."""
    return lambda: view.picture is not None and view.picture.camera == view.camera


def world(view: CloudView, rows: Rows) -> npt.NDArray[np.float64]:
    """Return where points are in the world, shape (N, 3), metres."""
    world_m: npt.NDArray[np.float64] = view.cloud.xyz_m[rows] + np.asarray(view.cloud.origin_m)
    return world_m
