"""JSON Lines: one line for every judgement, for programs to read."""

import json
from collections.abc import Iterator
from typing import Any

from ledgergate.finding import SCHEMA, Finding
from ledgergate.report.summary import Report


def lines(report: Report) -> Iterator[str]:
    """Yield one JSON object for each judgement, without line ends.

    A stack that could not be judged gives one undecided line that says so: whoever reads only this stream must not
    take its silence for a pass.
    """
    for finding in report.complete():
        yield json.dumps(as_json(finding), ensure_ascii=False, separators=(",", ":"))


def as_json(finding: Finding) -> dict[str, Any]:
    """Return a finding under the keys of schema 1; a key is never left out."""
    source = finding.source
    return {
        "schema": SCHEMA,
        "fingerprint": finding.fingerprint,
        "control": finding.control,
        "slug": finding.slug,
        "verdict": finding.status.value,
        "severity": finding.severity.value,
        "requirements": list(finding.requirements),
        "resource": finding.resource,
        "arn": finding.arn,
        "type": finding.type,
        "account": finding.account,
        "region": finding.region,
        "program": finding.program,
        "stack": finding.stack,
        "stage": finding.stage.value,
        "message": finding.message,
        "found": finding.found,
        "wanted": finding.wanted,
        "source": source
        and {
            "file": source.file,
            "line": source.line,
            "caller_file": source.caller_file,
            "caller_line": source.caller_line,
        },
        "evidence": dict(finding.evidence),
        "waiver": finding.waiver,
        "observed_at": finding.observed_at,
    }
