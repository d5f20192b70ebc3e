"""Keeps secrets out of findings, whatever way a value took to get there.

A provider may derive an output that is not secret from an input that is: the ARN of a bucket holds its name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from ledgergate.engine.output import redact
from ledgergate.finding import Finding
from ledgergate.graph import Graph
from ledgergate.values import Secret, Value, reveal, strings_in


def without_secrets(findings: Iterable[Finding], graph: Graph, configured: Iterable[str]) -> tuple[Finding, ...]:
    """Return findings in which no secret text of a graph can be read.

    Args:
        findings: Findings about the graph.
        graph: What the program registered.
        configured: Secret configuration values.
    """
    found = {*configured, *_secret_texts(graph)}
    if not found:
        return tuple(findings)
    secrets = sorted(found, key=len, reverse=True)
    return tuple(_redacted(finding, secrets) for finding in findings)


def _redacted(finding: Finding, secrets: list[str]) -> Finding:
    return replace(
        finding,
        message=redact(finding.message, secrets),
        arn=redact(finding.arn, secrets),
        found=redact(finding.found, secrets),
        wanted=redact(finding.wanted, secrets),
        evidence=_redacted_evidence(finding.evidence, secrets),
    )


def _redacted_evidence(value: Any, secrets: list[str]) -> Any:
    if isinstance(value, str):
        return redact(value, secrets)
    if isinstance(value, Mapping):
        return {key: _redacted_evidence(item, secrets) for key, item in value.items()}
    return [_redacted_evidence(item, secrets) for item in value] if isinstance(value, list | tuple) else value


def _secret_texts(graph: Graph) -> set[str]:
    found: set[str] = set()
    for resource in graph:
        _collect(resource.inputs.values(), found)
        _collect(resource.outputs.values(), found)
    return found


def _collect(values: Iterable[Value], found: set[str]) -> None:
    for value in values:
        # Most values are texts: nothing is called for them.
        if isinstance(value, dict):
            _collect(value.values(), found)
        elif isinstance(value, list):
            _collect(value, found)
        elif isinstance(value, Secret):
            found.update(strings_in(reveal(value)))
