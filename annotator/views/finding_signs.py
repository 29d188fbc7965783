"""How much a finding matters, as a sign: shape before colour."""

from collections.abc import Sequence

from annotator.model.findings import Finding, Severity, worst_first

SIGNS = {Severity.NOTE: "·", Severity.WARNING: "▲", Severity.ERROR: "■"}


def signed(finding: Finding) -> str:
    """Return a finding's sentence behind the sign of how much it matters."""
    return f"{SIGNS[finding.severity]} {finding.text}"


def worst_sign(findings: Sequence[Finding]) -> str:
    """Return the sign of the worst finding that is more than a note; empty where there is none."""
    matters = pressing(findings)
    return SIGNS[matters[0].severity] if matters else ""


def pressing(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings that a person should know before the first click, worst first."""
    return [found for found in worst_first(findings) if found.severity is not Severity.NOTE]
