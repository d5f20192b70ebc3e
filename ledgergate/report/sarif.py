"""SARIF 2.1.0, for code scanning: one run, a rule for each control, a result for whatever blocks or is waived.

Source: SARIF 2.1.0, OASIS standard, sections 3.19 to 3.49; SARIF support for code scanning, GitHub documentation.
Read 2026-11-30.
"""

import functools
import json
from importlib.metadata import version
from pathlib import PurePath
from typing import Any, Final

from ledgergate.finding import BLOCKING, Finding, Severity, Status
from ledgergate.report.rule import Rule
from ledgergate.report.summary import ExitCode, Report, is_new, outcome, short_name

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_FINGERPRINT: Final = "ledgergate/v1"
_ROOT: Final = "%SRCROOT%"

_LEVELS: Final = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
}
_SCORES: Final = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "2.5"}
"""Severity → the number by which code scanning sorts: critical is over 9.0, high from 7.0, medium from 4.0."""


def rendered(report: Report) -> str:
    """Return a report as one SARIF log."""
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(report)]}
    return json.dumps(log, ensure_ascii=False) + "\n"


def _run(report: Report) -> dict[str, Any]:
    rules = list(report.rules.values())
    places = {rule.control: number for number, rule in enumerate(rules)}
    shown = (each for each in report if each.status in BLOCKING)
    return {
        "tool": {"driver": {"name": "Ledgergate", "version": version("ledgergate"), "rules": [*map(_rule, rules)]}},
        "invocations": [_invocation(report)],
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, places, compared=bool(report.since)) for each in shown],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    requirements = [f"PCI DSS {each}" for each in rule.requirements]
    text = f"{rule.condition}\n\nWhy it matters: {rule.rationale}\n\nWhat to do: {rule.remediation}"
    return {
        "id": rule.control,
        "name": rule.slug,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.condition},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "tags": ["security", *rule.families, *requirements],
            "precision": "very-high",
            "security-severity": _SCORES[rule.severity],
        },
    }


def _invocation(report: Report) -> dict[str, Any]:
    """Return how the run ended: what was not judged is an error of the tool, never an absence of results."""
    errors = [*report.errors, *(each.message for each in report.complete() if "incomplete" in each.evidence)]
    code = report.exit_code
    return {
        "executionSuccessful": code not in (ExitCode.ERROR, ExitCode.INTERRUPTED),
        "exitCode": int(code),
        "toolExecutionNotifications": [
            *({"level": "error", "message": {"text": each}} for each in errors),
            *({"level": "note", "message": {"text": each}} for each in report.notes),
        ],
        **({"endTimeUtc": report.observed_at} if report.observed_at else {}),
    }


def _result(finding: Finding, places: dict[str, int], *, compared: bool) -> dict[str, Any]:
    # "open" is SARIF's word for what could not be decided, and only what failed may have a level.
    failed = finding.status is Status.FAIL
    number = places.get(finding.control)
    said = {
        "ruleId": finding.control,
        **({} if number is None else {"ruleIndex": number}),
        "kind": "fail" if failed else "open",
        "level": _LEVELS[finding.severity] if failed else "none",
        "message": {"text": _message(finding)},
        "locations": [_location(finding)],
        "partialFingerprints": {_FINGERPRINT: finding.fingerprint},
        **({"baselineState": "new" if is_new(finding) else "unchanged"} if compared else {}),
        "properties": {"verdict": outcome(finding), "stage": finding.stage.value, "stack": finding.stack},
    }
    source = finding.source
    if source and source.caller_file:
        said["relatedLocations"] = [
            {
                "id": 0,
                "message": {"text": "the component was made here"},
                "physicalLocation": _physical(source.caller_file, source.caller_line),
            }
        ]
    if finding.waiver:
        said["suppressions"] = [{"kind": "external", "status": "accepted", "justification": f"waiver {finding.waiver}"}]
    return said


def _message(finding: Finding) -> str:
    name = short_name(finding) or "no resource"
    place = f"{finding.program}/{finding.stack}" if finding.program else finding.account
    said = f"{name} ({place}): {finding.message}"
    said += f"; found: {finding.found}" if finding.found else ""
    said += f"; wanted: {finding.wanted}" if finding.wanted else ""
    return said if finding.status is Status.FAIL else f"Undecided: {said}"


def _location(finding: Finding) -> dict[str, Any]:
    name = finding.resource or finding.arn or finding.control
    found: dict[str, Any] = {"logicalLocations": [{"fullyQualifiedName": name, "kind": "resource"}]}
    if finding.source:
        found["physicalLocation"] = _physical(finding.source.file, finding.source.line)
    return found


def _physical(file: str, line: int) -> dict[str, Any]:
    return {"artifactLocation": dict(_artifact(file)), **({"region": {"startLine": line}} if line > 0 else {})}


@functools.cache
def _artifact(file: str) -> tuple[tuple[str, str], ...]:
    """Return where a file is, as items: a report names few files many times."""
    path = PurePath(file)
    return (("uri", path.as_uri()),) if path.is_absolute() else (("uri", _relative(path)), ("uriBaseId", _ROOT))


def _relative(path: PurePath) -> str:
    """Return a relative path as a URI reference: quoted, with forward slashes."""
    root = "/"
    return (PurePath(root) / path).as_uri().removeprefix("file:///")
