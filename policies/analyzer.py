"""The Analyzer protocol of the Pulumi engine: each resource decoded once, judged by the controls of its type.

Source: `pulumi/analyzer.proto`, SDK 3.272.0, and the engine 3.260.0 as recorded, read 2026-11-20.
"""

from collections.abc import Iterable
from dataclasses import replace
from importlib.metadata import version
from typing import Any, Final

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2, plugin_pb2

from ledgergate.engine import wire
from ledgergate.engine.structs import decode_struct
from ledgergate.errors import LedgergateError
from ledgergate.finding import Stage, Status
from ledgergate.graph import Graph, Kind, Options, Resource
from ledgergate.values import Value
from policies.announcement import PACK_NAME, PACK_VERSION, SETUP, SEVERITIES, WAIVERS, announce, level_of
from policies.model import Judgement
from policies.pack import Pack
from policies.reporting import Reporter, Violation, kind_of, open_reason
from policies.runner import Judge
from policies.settings import Settings, settings_from_policy_config

_OPEN: Final = frozenset({Status.NOT_APPLICABLE, Status.DEFERRED})
_NOTHING: Final = analyzer_pb2.RemediateResponse()


class Analyzer:
    """Serves one pack to the engine.

    The engine calls one method at a time. A control that raises is a finding of the runner's; nothing here raises
    but `Configure`, for a configuration that is wrong.

    Args:
        pack: What to judge with.
    """

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._levels: dict[str, Any] = {}
        self._inputs: dict[str, dict[str, Value]] = {}
        self._use(pack.settings)

    def _use(self, settings: Settings) -> None:
        self._judge = Judge(self._pack.controls, settings, stage=Stage.DEPLOY)
        self._reporter = Reporter(replace(self._pack, settings=settings))

    def Handshake(self, _request: Any, _context: Any) -> Any:  # noqa: N802 - the RPC's name
        """Accept the engine."""
        return analyzer_pb2.AnalyzerHandshakeResponse()

    def ConfigureStack(self, _request: Any, _context: Any) -> Any:  # noqa: N802 - the RPC's name
        """Accept the stack, which the environment has named already."""
        return analyzer_pb2.AnalyzerStackConfigureResponse()

    def GetPluginInfo(self, _request: Any, _context: Any) -> Any:  # noqa: N802 - the RPC's name
        """Say which SDK serves."""
        return plugin_pb2.PluginInfo(version=version("pulumi"))

    def GetAnalyzerInfo(self, _request: Any, _context: Any) -> Any:  # noqa: N802 - the RPC's name
        """Say which policies there are."""
        return announce(self._pack)

    def Configure(self, request: Any, context: Any) -> Any:  # noqa: N802 - the RPC's name
        """Take enforcement levels and parameters; an unknown or ill-typed parameter ends the run."""
        self._levels = {name: config.enforcementLevel for name, config in request.policyConfig.items()}
        written = {name: wire.from_struct(config.properties) for name, config in request.policyConfig.items()}
        try:
            self._use(settings_from_policy_config(written, self._pack.settings))
        except LedgergateError as error:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
        return empty_pb2.Empty()

    def Remediate(self, _request: Any, _context: Any) -> Any:  # noqa: N802 - the RPC's name
        """Change nothing: a control judges."""
        return _NOTHING

    def Cancel(self, _request: Any, _context: Any) -> Any:  # noqa: N802 - the RPC's name
        """Have nothing to stop."""
        return empty_pb2.Empty()

    def Analyze(self, request: Any, _context: Any) -> Any:  # noqa: N802 - the RPC's name
        """Judge one resource by what it asks for, before it is created."""
        provider = _provider(request)
        inputs = decode_struct(request.properties)
        self._inputs[request.urn] = inputs
        resource = _resource(request, provider, inputs, {})
        graph = Graph(self._pack.program, self._pack.stack, [resource, *([provider] if provider else [])])
        response = self._report(self._judge.resource(resource, graph), graph)
        if resource.kind is Kind.STACK and self._pack.note:
            response.diagnostics.append(_notice(SETUP, self._pack.note, analyzer_pb2.ADVISORY, resource.urn))
        return response

    def AnalyzeStack(self, request: Any, _context: Any) -> Any:  # noqa: N802 - the RPC's name
        """Judge what needs the whole stack, by what its resources turned out to be."""
        resources: dict[str, Resource] = {}
        for each in request.resources:
            provider = _provider(each)
            if provider is not None:
                resources.setdefault(provider.urn, provider)
            # The service's own choices are outputs too: only the inputs tell them from the program's.
            inputs = self._inputs.get(each.urn, {})
            resources[each.urn] = _resource(each, provider, inputs, decode_struct(each.properties))
        graph = Graph(self._pack.program, self._pack.stack, resources.values())
        response = self._report(self._judge.stack(graph), graph)
        for problem in self._reporter.waiver_problems():
            response.diagnostics.append(_notice(WAIVERS, problem, analyzer_pb2.MANDATORY))
        return response

    def _report(self, judgements: Iterable[Judgement], graph: Graph) -> Any:
        response = analyzer_pb2.AnalyzeResponse()
        for judgement in judgements:
            status, slug = judgement.verdict.status, judgement.control.slug
            level = self._levels.get(slug, analyzer_pb2.MANDATORY)
            if level == analyzer_pb2.DISABLED:
                continue
            self._reporter.note(judgement, graph)
            if status is Status.PASS:
                continue
            if status in _OPEN:
                reason = open_reason(judgement.verdict)
                response.not_applicable.append(analyzer_pb2.PolicyNotApplicable(policy_name=slug, reason=reason))
            else:
                response.diagnostics.append(_violation(self._reporter.violation(judgement, graph), judgement, level))
        return response


def _violation(violation: Violation, judgement: Judgement, level: Any) -> Any:
    control = judgement.control
    return analyzer_pb2.AnalyzeDiagnostic(
        policyName=control.slug,
        policyPackName=PACK_NAME,
        policyPackVersion=PACK_VERSION,
        description=control.title,
        message=f"{control.title}\n{violation.text}",
        enforcementLevel=analyzer_pb2.ADVISORY if violation.advisory else level_of(level),
        urn=judgement.resource.urn,
        severity=SEVERITIES[control.severity],
    )


def _notice(policy: str, text: str, level: Any, urn: str = "") -> Any:
    return analyzer_pb2.AnalyzeDiagnostic(
        policyName=policy,
        policyPackName=PACK_NAME,
        policyPackVersion=PACK_VERSION,
        message=text,
        enforcementLevel=level,
        urn=urn,
    )


def _provider(request: Any) -> Resource | None:
    if not request.HasField("provider"):
        return None
    sent = request.provider
    inputs = decode_struct(sent.properties)
    return Resource(sent.urn, sent.type, sent.name, Kind.PROVIDER, inputs=inputs, outputs=inputs)


def _resource(request: Any, provider: Resource | None, inputs: dict[str, Value], outputs: dict[str, Value]) -> Resource:
    """Return a resource of `Analyze`, or of `AnalyzeStack`, which alone has parent and dependencies."""
    over_stack = "dependencies" in request.DESCRIPTOR.fields_by_name
    return Resource(
        urn=request.urn,
        type=request.type,
        name=request.name,
        kind=kind_of(request.type, served=provider is not None),
        inputs=inputs,
        outputs=outputs,
        parent=request.parent if over_stack else request.options.parent,
        provider=provider.urn if provider else "",
        dependencies=tuple(sorted(request.dependencies)) if over_stack else (),
        property_dependencies=_property_dependencies(request) if over_stack else {},
        options=_options(request.options),
    )


def _property_dependencies(request: Any) -> dict[str, tuple[str, ...]]:
    return {key: tuple(sorted(value.urns)) for key, value in request.propertyDependencies.items()}


def _options(sent: Any) -> Options:
    if not sent.ListFields():
        return Options()
    timeouts = sent.customTimeouts
    return Options(
        protect=sent.protect,
        ignore_changes=tuple(sent.ignoreChanges),
        delete_before_replace=sent.deleteBeforeReplace if sent.deleteBeforeReplaceDefined else None,
        additional_secret_outputs=tuple(sent.additionalSecretOutputs),
        aliases=tuple(sent.aliases),
        custom_timeouts={name: getattr(timeouts, name) for name in ("create", "update", "delete")},
    )
