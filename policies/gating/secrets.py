"""Keeps secrets out of findings, whatever way a value took to get there.

A provider may derive an output that is not secret from an input that is: the ARN of a bucket holds its name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from ledgergate.engine.output import redact
from ledgergate.finding import Finding
from ledgergate.graph import Graph
from ledgergate.report.summary import Node
from ledgergate.values import Secret, Value, reveal, strings_in


def without_secrets(findings: Iterable[Finding], graph: Graph, named: Iterable[str]) -> tuple[Finding, ...]:
    """Return findings in which no secret text of a graph can be read.

    Args:
        findings: Findings about the graph.
        graph: What the program registered. A property that holds one secret may be secret as a whole, so its texts
            are not looked for in names, which nobody could tell apart without them.
        named: Secret configuration values, and what the program marked as secret; not even a name may show them.
    """
    certain = sorted(set(named), key=len, reverse=True)
    secrets = sorted({*certain, *_secret_texts(graph)}, key=len, reverse=True)
    if not secrets:
        return tuple(findings)
    return tuple(_redacted(_renamed(finding, certain), secrets) for finding in findings)


def tree_without_secrets(graph: Graph, named: Iterable[str]) -> tuple[Node, ...]:
    """Return the resources of a graph, parents first, with names that show no secret.

    Args:
        graph: What the program registered.
        named: As for `without_secrets`.
    """
    secrets = sorted(set(named), key=len, reverse=True)

    def shown(text: str) -> str:
        return redact(text, secrets) if secrets else text

    return tuple(Node(shown(each.urn), shown(each.name), shown(each.type), shown(each.parent)) for each in graph)


def _renamed(finding: Finding, secrets: list[str]) -> Finding:
    """Return a finding whose resource, type and place show no secret; it stays the same finding."""
    shown = redact(finding.resource, secrets)
    identity = finding.identity if shown == finding.resource else finding.identity or finding.resource
    source = finding.source
    if source is not None:
        file, caller_file = (redact(each, secrets) for each in (source.file, source.caller_file))
        source = replace(source, file=file, caller_file=caller_file)
    return replace(finding, resource=shown, type=redact(finding.type, secrets), source=source, identity=identity)


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
