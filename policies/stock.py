"""The same pack on the SDK's own `PolicyPack`, behind a switch, to hold the two against each other.

The SDK decodes every resource once per policy, hands secrets over as plain text (so values found are not shown
here), and reports only at a policy's level: what is waived or undecided goes to an advisory companion.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pulumi
from pulumi_policy import EnforcementLevel, Policy, PolicyPack, ResourceValidationPolicy, StackValidationPolicy
from pulumi_policy import Severity as StockSeverity
from pulumi_policy.proxy import UnknownValueError

from ledgergate.finding import Stage, Status
from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import UNKNOWN, Asset, Value
from policies.announcement import PACK_NAME
from policies.model import Control, Judgement
from policies.pack import Pack, load_pack
from policies.reporting import Reporter, kind_of
from policies.runner import Judge

NOTES: Final = "-notes"
"""Suffix of the advisory companions."""

Report = Callable[..., None]


def serve_stock(folder: Path) -> None:
    """Serve the pack with the SDK's own server; does not return."""
    pack = load_pack(folder, os.environ)
    PolicyPack(PACK_NAME, policies=stock_policies(pack), enforcement_level=EnforcementLevel.MANDATORY)


def stock_policies(pack: Pack) -> list[Policy]:
    """Return each control as a policy of the SDK, followed by its advisory companion."""
    return [policy for control in pack.controls for policy in _policies(pack, control)]


def _policies(pack: Pack, control: Control) -> Iterator[Policy]:
    judge = Judge([control], pack.settings, stage=Stage.DEPLOY)
    reporter = Reporter(pack, show_found=False)
    for level, suffix in ((EnforcementLevel.MANDATORY, ""), (EnforcementLevel.ADVISORY, NOTES)):
        advisory = level is EnforcementLevel.ADVISORY
        yield _kind(control)(
            control.slug + suffix,
            control.title,
            _validate(judge, reporter, control, advisory=advisory),
            level,
            severity=StockSeverity[control.severity.name],
        )


def _kind(control: Control) -> Any:
    return StackValidationPolicy if control.joined else ResourceValidationPolicy


def _validate(judge: Judge, reporter: Reporter, control: Control, *, advisory: bool) -> Callable[[Any, Report], None]:
    def report_all(judgements: Iterable[Judgement], graph: Graph, report: Report) -> None:
        for judgement in judgements:
            if judgement.verdict.status not in (Status.FAIL, Status.UNKNOWN):
                continue
            violation = reporter.violation(judgement, graph)
            if violation.advisory is advisory:
                report(violation.text, judgement.resource.urn)

    def resource(args: Any, report: Report) -> None:
        provider = _provider(args)
        given = _resource(args.resource_type, args, args.provider, inputs=True)
        graph = Graph(reporter.pack.program, reporter.pack.stack, [given, *([provider] if provider else [])])
        report_all(judge.resource(given, graph), graph, report)

    def stack(args: Any, report: Report) -> None:
        graph = _graph(reporter.pack, args.resources)
        report_all(judge.stack(graph), graph, report)

    return stack if control.joined else resource


def _graph(pack: Pack, resources: Iterable[Any]) -> Graph:
    found: dict[str, Resource] = {}
    for each in resources:
        provider = _provider(each)
        if provider is not None:
            found.setdefault(provider.urn, provider)
        found[each.urn] = _resource(each.resource_type, each, each.provider, inputs=False)
    return Graph(pack.program, pack.stack, found.values())


def _provider(args: Any) -> Resource | None:
    sent = args.provider
    if sent is None:
        return None
    inputs = _properties(sent.props)
    return Resource(sent.urn, sent.resource_type, sent.name, Kind.PROVIDER, inputs=inputs, outputs=inputs)


def _resource(type_: str, args: Any, provider: Any, *, inputs: bool) -> Resource:
    properties = _properties(args.props)
    over_stack = not inputs
    depended = getattr(args, "property_dependencies", {}).items()
    return Resource(
        urn=args.urn,
        type=type_,
        name=args.name,
        kind=kind_of(type_, served=provider is not None),
        inputs=properties if inputs else {},
        outputs=properties if over_stack else {},
        parent=args.parent.urn if over_stack and args.parent else "",
        provider=provider.urn if provider else "",
        property_dependencies={key: tuple(sorted(each.urn for each in value)) for key, value in depended},
    )


def _properties(proxy: Mapping[str, Any]) -> dict[str, Value]:
    return {key: _read(proxy, key) for key in proxy if not key.startswith("__")}


def _read(proxy: Any, key: Any) -> Value:
    """Return one value out of the SDK's proxy, which raises for what is unknown."""
    try:
        value = proxy[key]
    except UnknownValueError:
        return UNKNOWN
    if isinstance(value, str | bool | float | int) or value is None:
        return value
    if isinstance(value, pulumi.Asset):
        return Asset("asset", "", "", "")
    if isinstance(value, pulumi.Archive):
        return Asset("archive", "", "", "")
    if isinstance(value, Mapping):
        return {name: _read(value, name) for name in value}
    return [_read(value, index) for index in range(len(value))]
