"""Reads what an item is made of, so that it can be shown, labelled and exported."""

from collections.abc import Callable
from pathlib import Path

from annotator.app.discovery import Candidate, discover, part_uids
from annotator.errors import FileError
from annotator.formats.format import Context
from annotator.formats.points.sequence import pose_file, read_world_poses
from annotator.i18n import gettext as _
from annotator.model.items import ItemKind
from annotator.model.labels import CHEST, GARAGE, Taxonomy
from annotator.model.volume import Affine, Hu

Progress = Callable[[float], None]


def usual_taxonomy(kind: ItemKind) -> Taxonomy:
    """Return the classes that a new project starts with."""
    return CHEST if kind is ItemKind.CT else GARAGE


def context_of(
    candidate: Candidate,
    *,
    taxonomy: Taxonomy | None = None,
    layout: str | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    on_slice: Callable[[int, Hu], None] | None = None,
) -> Context:
    """Read the scans or the voxels of a candidate.

    Parameters
    ----------
    on_slice
        Told each slice of a series as it arrives, the middle one first.

    Raises
    ------
    FileError
        If a file cannot be read, with its name and what to do.
    """
    taxonomy = taxonomy or usual_taxonomy(candidate.kind)
    if candidate.series is not None:
        from annotator.app.reading_ct import open_volume  # noqa: PLC0415 - DICOM readers

        volume = open_volume(
            candidate.series, on_slice=on_slice, progress=progress, cancelled=cancelled
        )
        return Context(taxonomy, series=volume.series, volume=volume)
    return _scans(candidate, taxonomy, layout, progress, cancelled)


def only_candidate(path: Path, *, series_uid: str = "") -> Candidate:
    """Return the one thing to annotate at a path.

    Parameters
    ----------
    series_uid
        Which series, where there are several, as `part_uids` names them.

    Raises
    ------
    FileError
        If there are several, and none was named.
    """
    found = discover(path).candidates
    if series_uid:
        named = zip(found, part_uids(found), strict=True)
        found = tuple(candidate for candidate, uid in named if uid == series_uid)
    if len(found) == 1:
        return found[0]
    if not found:
        raise FileError(path, _("there is no such series in it"), _("see `annotator info`"))
    raise FileError(
        path,
        _("it holds {count} scans or series").format(count=len(found)),
        _("name one of them: a file, or --series with a series UID"),
    )


def _scans(
    candidate: Candidate,
    taxonomy: Taxonomy,
    layout: str | None,
    progress: Progress | None,
    cancelled: Callable[[], bool] | None,
) -> Context:
    from annotator.app.camera_images import calibration_of  # noqa: PLC0415 - starts it, too
    from annotator.app.reading import open_cloud  # noqa: PLC0415 - starts the reading process
    from annotator.app.scans import open_scans  # noqa: PLC0415 - starts the reading process

    poses = _poses(candidate)
    sources, calibration = candidate.sources, calibration_of(candidate.sources[0])
    if len(sources) > 1:
        lazy = open_scans(sources, layout=layout, progress=progress, cancelled=cancelled)
        return Context(taxonomy, lazy, poses, calibration=calibration)
    cloud = open_cloud(sources[0], layout=layout, progress=progress, cancelled=cancelled)
    return Context(taxonomy, (cloud,), poses, calibration=calibration)


def _poses(candidate: Candidate) -> tuple[Affine, ...]:
    poses = pose_file(candidate.sources[0].parent)
    if candidate.kind is not ItemKind.SEQUENCE or poses is None:
        return ()
    return read_world_poses(poses, len(candidate.sources))
