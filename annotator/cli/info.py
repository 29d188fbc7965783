"""`annotator info`: what a scan or a series is."""

from collections.abc import Iterable
from typing import Any

from annotator.app.data import context_of
from annotator.app.discovery import Candidate, Discovery, discover, part_uids
from annotator.app.series_facts import pressing_threshold
from annotator.cli.options import DataPath, Json, Layout
from annotator.cli.output import as_json, progress_bar, table
from annotator.cli.program import app
from annotator.errors import FileError
from annotator.geometry.scan_findings import scan_findings
from annotator.i18n import gettext as _
from annotator.imaging.rules import CAL_130
from annotator.model.cloud import PointCloud
from annotator.model.findings import Finding
from annotator.model.volume import Volume


@app.command()
def info(
    path: DataPath,
    *,
    layout: Layout = "",
    json: Json = False,
) -> None:
    """Say what a scan or a series is, and what is wrong with it."""
    found = discover(path, progress=progress_bar(_("Looking")))
    series = [c for c in found.candidates if c.series is not None]
    facts = _series_facts(series, found.skipped) if series else _cloud_facts(found, layout)
    as_json(facts) if json else _say(facts)


def _cloud_facts(found: Discovery, layout: str) -> dict[str, Any]:
    told: list[dict[str, Any]] = []
    skipped = [{"file": fault.path.name, "reason": fault.problem} for fault in found.faults]
    for candidate in found.candidates:
        clouds = context_of(candidate, layout=layout or None).clouds
        for frame in range(len(clouds)):
            try:
                told.append(cloud_facts(clouds[frame]))
            except FileError as error:  # the other scans of a sequence stay usable
                skipped.append({"file": error.path.name, "reason": error.problem})
    if len(told) == 1 and not skipped:
        return told[0]
    total = sum(fact["points"] for fact in told)
    fields = sorted({name for fact in told for name in fact["fields"]})
    bounds = [fact["bounds_m"] for fact in told if fact["bounds_m"]]
    low = [min(b[0][axis] for b in bounds) for axis in range(3)] if bounds else None
    high = [max(b[1][axis] for b in bounds) for axis in range(3)] if bounds else None
    return {
        "kind": "cloud",
        "points": total,
        "fields": fields,
        "bounds_m": [low, high] if bounds else None,
        "scans": told,
        "skipped": skipped,
    }


def cloud_facts(cloud: PointCloud) -> dict[str, Any]:
    """Return what scripts rely on about one scan."""
    bounds = cloud.bounds_m()
    return {
        "kind": "cloud",
        "file": cloud.path.name if cloud.path else "",
        "points": len(cloud),
        "finite_points": int(cloud.finite().sum()),
        "fields": ["x", "y", "z", *cloud.fields],
        "bounds_m": [list(bounds[0]), list(bounds[1])] if bounds else None,
        "origin_m": list(cloud.origin_m),
        "layout": cloud.layout,
        "findings": _plain(scan_findings(cloud)),
    }


def _series_facts(
    candidates: list[Candidate], skipped: tuple[tuple[str, str], ...]
) -> dict[str, Any]:
    told = []
    for candidate, uid in zip(candidates, part_uids(candidates), strict=True):
        try:
            volume = context_of(candidate, progress=progress_bar(_("Reading"))).volume
        except FileError as error:
            if len(candidates) == 1:
                raise
            skipped = (*skipped, (error.path.name, error.problem))
            continue
        assert volume is not None
        told.append({**series_facts(volume), "part": uid})
    return {
        "kind": "ct",
        "series": told,
        "findings": [{**f, "part": one["part"]} for one in told for f in one["findings"]],
        "skipped": [{"file": name, "reason": reason} for name, reason in skipped],
    }


def series_facts(volume: Volume) -> dict[str, Any]:
    """Return what scripts rely on about one series; no patient is named."""
    series = volume.series
    return {
        "series_uid": series.series_uid,
        "description": series.description,
        "kernel": series.kernel,
        "kvp": series.kvp,
        "threshold_hu": CAL_130.threshold_hu(series.kvp),
        "threshold_unsure": " ".join(f.text for f in pressing_threshold(series, CAL_130)),
        "slice_thickness_mm": series.thickness_mm,
        "increment_mm": float(series.spacing_mm[0]),
        "contrast": series.has_finding("contrast"),
        "tilted": series.has_finding("gantry-tilt"),
        "lossy": series.has_finding("lossy"),
        "slices": len(series.slices),
        "shape": list(series.shape),
        "spacing_mm": [float(s) for s in series.spacing_mm],
        "hu_min": float(volume.hu.min()),
        "hu_max": float(volume.hu.max()),
        "measurable": series.measurable,
        "findings": _plain(series.findings),
    }


def _plain(findings: Iterable[Finding]) -> list[dict[str, str]]:
    return [{"code": f.code, "text": f.text, "severity": f.severity} for f in findings]


def _say(facts: dict[str, Any]) -> None:
    for one in facts.get("series", facts.get("scans", [facts])):
        said = {name: value for name, value in one.items() if name != "findings"}
        table([(name, value) for name, value in said.items() if value is not None and value != ""])
        for finding in one.get("findings", ()):
            severity = _(finding["severity"])
            print(f"  {severity}  {finding['code']}: {finding['text']}")
        print()
    for entry in facts.get("skipped", ()):
        print(_("passed over {file}: {reason}").format(**entry))
