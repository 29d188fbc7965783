"""Finds the CT series in a folder, a DICOMDIR, a zip archive or a file."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from annotator.errors import FileError
from annotator.formats.dicom import geometry
from annotator.formats.dicom.headers import Header, ImageError, read_headers
from annotator.formats.dicom.health import (
    Aside,
    Other,
    health_card,
    is_sharp,
    with_refused,
    with_soft_sibling,
)
from annotator.formats.dicom.sources import Sources, shown_name
from annotator.formats.dicom.stacks import Difference, difference, is_scout, stacks_of
from annotator.formats.dicom.syntaxes import refuse_unreadable
from annotator.i18n import gettext as _
from annotator.model.volume import Series, Slice

Progress = Callable[[float], None]
Refused = dict[str, list[tuple[str, str]]]
"""Name and reason of each image that is no slice, by the UID of its series."""
_INDEX_NAMES = frozenset(["DICOMDIR", "dicomdir"])
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Found:
    """What is at a path.

    Attributes
    ----------
    series
        The longest first.
    skipped
        Name and reason of every file that is not in a series.
    """

    series: tuple[Series, ...]
    skipped: tuple[tuple[str, str], ...] = ()


def find_series(path: Path, progress: Progress | None = None) -> Found:
    """Read the headers of all files at a path and sort them into series.

    Parameters
    ----------
    path
        A folder (searched to any depth), a DICOMDIR, a zip archive or one file.
    progress
        Told the share that is done, 0 to 1.

    Raises
    ------
    FileError
        If the path is not there, or an archive is damaged as a whole.

    Notes
    -----
    Files that are no CT slices are skipped, each with a reason: one bad file spoils no folder.
    """
    if not path.exists():
        raise FileError(path, _("there is no such file or folder"), _("check the path"))
    skipped: list[tuple[str, str]] = []
    refused: Refused = defaultdict(list)
    with Sources() as sources:
        names = list(_files(path, sources, skipped))
        headers = list(_read(_counted(names, progress), path, sources, skipped, refused))
    stacks = [stack for group in _by_series(headers) for stack in _stacks(group, path, skipped)]
    found = sorted(stacks, key=lambda series: -len(series.slices))
    told = [_with_refused(series, refused[series.series_uid]) for series in found]
    return Found(_with_siblings(told), tuple(skipped))


def _files(path: Path, sources: Sources, skipped: list[tuple[str, str]]) -> Iterator[str]:
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            hidden = file.name.startswith(".") or file.name in _INDEX_NAMES
            if not hidden and file.is_file():
                yield from _file_or_members(file, sources, skipped, path)
    elif path.name in _INDEX_NAMES:
        from annotator.formats.dicom.index import indexed_files  # noqa: PLC0415 - brings pydicom

        yield from indexed_files(path, skipped)
    elif path.suffix.lower() == ".zip":
        yield from sources.members(path)
    else:
        yield str(path)


def _file_or_members(
    file: Path, sources: Sources, skipped: list[tuple[str, str]], top: Path
) -> Iterator[str]:
    if file.suffix.lower() != ".zip":
        yield str(file)
        return
    try:
        yield from sources.members(file)
    except FileError as error:
        skipped.append((shown_name(str(file), top), error.problem))


def _counted(names: Sequence[str], progress: Progress | None) -> Iterator[str]:
    """Go through the names, telling how far that is."""
    for done, name in enumerate(names):
        if progress and done % 64 == 0:
            progress(done / len(names))
        yield name
    if progress:
        progress(1.0)


def _read(
    names: Iterable[str],
    top: Path,
    sources: Sources,
    skipped: list[tuple[str, str]],
    refused: Refused,
) -> Iterator[Header]:
    for name in names:
        try:
            yield from _headers_of(name, sources)
        except FileError as error:
            skipped.append((shown_name(name, top), error.problem))
            if isinstance(error, ImageError) and error.series_uid:
                refused[error.series_uid].append((_file_name(name), error.problem))


def _headers_of(name: str, sources: Sources) -> list[Header]:
    source = sources.open(name)
    try:
        headers = read_headers(source)
    finally:
        source.close()
    layout = headers[0].layout
    refuse_unreadable(name, layout.syntax, layout.allocated)
    return headers


def _by_series(headers: Iterable[Header]) -> list[list[Header]]:
    groups: dict[str, list[Header]] = defaultdict(list)
    for header in headers:
        groups[header.series_uid or _likely_series(header)].append(header)
    return list(groups.values())


def _likely_series(header: Header) -> str:
    """Tell series apart, where an anonymiser took their UIDs, by what all of one have alike."""
    alike = header.study_uid, header.series_number, header.description, header.kernel
    return repr((str(Path(header.path).parent), *alike, header.thickness_mm))


def _stacks(headers: list[Header], top: Path, skipped: list[tuple[str, str]]) -> Iterator[Series]:
    """Part one series into stacks that can be volumes, without localizers and copies."""
    headers, repeated = _without_copies(headers)
    slices = [header for header in headers if "LOCALIZER" not in header.image_type]
    stacks = stacks_of(slices)
    scans = [one for one in stacks if one is stacks[0] or not is_scout(one, stacks[0])]
    localizers = len(headers) - sum(map(len, scans))
    if localizers and not scans:
        reason = _("it is a localizer, not a slice")
        skipped.extend((shown_name(header.path, top), reason) for header in headers)
    for stack in scans:
        first = stack is scans[0]
        aside = Aside(
            repeated=repeated if first else 0,
            localizers=localizers if first else 0,
            others=tuple(_other(one, stack) for one in scans if one is not stack),
        )
        yield _series(stack, aside)


def _file_name(path: str) -> str:
    """Return the name of a file alone: findings are shown, and folders may name a patient."""
    return Path(shown_name(path, Path(path).parent)).name


def _other(stack: list[Header], here: list[Header]) -> Other:
    """Tell one stack of a series what another is."""
    what = difference(here[0], stack[0]) or Difference.ACQUISITION
    return Other(
        what,
        len(stack),
        kernel=stack[0].kernel,
        acquisition=stack[0].acquisition,
        names=tuple(_file_name(header.path) for header in stack[:_MOST_NAMED]),
    )


def _without_copies(headers: list[Header]) -> tuple[list[Header], int]:
    """Keep the first of each SOP instance; a file without a UID is its own."""
    first = {(header.sop_uid or header.path, header.frame): header for header in reversed(headers)}
    kept = list(reversed(first.values()))
    return kept, len(headers) - len(kept)


def _series(stack: list[Header], aside: Aside) -> Series:
    kept, twins = geometry.without_twins(geometry.in_order(stack))
    where = geometry.measured(kept)
    findings, measurable = health_card(kept, where, replace(aside, twins=len(twins)))
    first = kept[0]
    return Series(
        series_uid=first.series_uid,
        study_uid=first.study_uid,
        frame_of_reference_uid=first.frame_of_reference_uid,
        slices=tuple(_slice(header) for header in kept),
        shape=(len(kept), first.layout.rows, first.layout.columns),
        lps_from_voxel=geometry.lps_from_voxel(kept, where),
        spacing_mm=geometry.spacing_of(first, where),
        description=first.description,
        kernel=next((header.kernel for header in kept if header.kernel), ""),
        kvp=first.kvp,
        thickness_mm=first.thickness_mm,
        windows=first.windows,
        patient_key=first.patient_key,
        study_date=first.study_date,
        findings=findings,
        measurable=measurable,
    )


def _slice(header: Header) -> Slice:
    return Slice(
        path=header.path,
        sop_uid=header.sop_uid,
        position_mm=header.position_mm,
        frame=header.frame,
        slope=header.slope,
        intercept=header.intercept,
    )


def _with_refused(series: Series, refused: Sequence[tuple[str, str]]) -> Series:
    """Say beside missing slices which images of the series were refused: they may be the same."""
    findings = tuple(
        with_refused(finding, refused) if finding.code == "missing-slices" and refused else finding
        for finding in series.findings
    )
    return replace(series, findings=findings)


def _with_siblings(found: Sequence[Series]) -> tuple[Series, ...]:
    """Point from each sharp series to a softer one of the same study."""
    return tuple(_pointing(series, found) for series in found)


def _pointing(series: Series, found: Sequence[Series]) -> Series:
    if not is_sharp(series.kernel):
        return series
    softer = [
        other.thickness_mm
        for other in found
        if other.study_uid == series.study_uid
        and other.kernel
        and other.thickness_mm
        and not is_sharp(other.kernel)
    ]
    if not softer:
        return series
    findings = tuple(
        with_soft_sibling(finding, min(softer)) if finding.code == "sharp-kernel" else finding
        for finding in series.findings
    )
    return replace(series, findings=findings)
