"""The Analyzer protocol of the Pulumi engine: each resource decoded once, judged by the controls of its type.

Source: `pulumi/analyzer.proto`, SDK 3.272.0, and the engine 3.260.0 as recorded, read 2026-11-20.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, Final

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2, plugin_pb2

from ledgergate.engine import urns, wire
from ledgergate.engine.structs import decode_struct
from ledgergate.errors import LedgergateError
from ledgergate.finding import Finding, Severity, Stage, Status
from ledgergate.graph import Graph, Kind, Options, Resource
from policies.announcement import PACK_NAME, PACK_VERSION, SETUP, SEVERITIES, WAIVERS, announce, level_of
from policies.model import Judgement, Verdict
from policies.pack import Pack
from policies.runner import Judge
from policies.scene import Scene
from policies.settings import settings_from_policy_config
from policies.waivers import WaiverOutcome, apply_waivers

_ADVISORY: Final = analyzer_pb2.ADVISORY
_MANDATORY: Final = analyzer_pb2.MANDATORY
_DISABLED: Final = analyzer_pb2.DISABLED
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
        self._findings: list[Finding] = []
        self._use(pack.settings)

    def _use(self, settings: Any) -> None:
        self._settings = settings
        self._judge = Judge(self._pack.controls, settings, stage=Stage.DEPLOY)

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
        resource = _resource(request, provider, inputs=True)
        graph = Graph(self._pack.program, self._pack.stack, [resource, *([provider] if provider else [])])
        response = self._report(self._judge.resource(resource, graph), graph)
        if resource.kind is Kind.STACK and self._pack.note:
            response.diagnostics.append(_diagnostic(SETUP, self._pack.note, _ADVISORY, resource.urn, ""))
        return response

    def AnalyzeStack(self, request: Any, _context: Any) -> Any:  # noqa: N802 - the RPC's name
        """Judge what needs the whole stack, by what its resources turned out to be."""
        resources: dict[str, Resource] = {}
        for each in request.resources:
            provider = _provider(each)
            if provider is not None:
                resources.setdefault(provider.urn, provider)
            resources[each.urn] = _resource(each, provider, inputs=False)
        graph = Graph(self._pack.program, self._pack.stack, resources.values())
        response = self._report(self._judge.stack(graph), graph)
        for problem in self._applied(self._findings).problems:
            response.diagnostics.append(_diagnostic(WAIVERS, problem, _MANDATORY, "", ""))
        return response

    def _report(self, judgements: Iterable[Judgement], graph: Graph) -> Any:
        response = analyzer_pb2.AnalyzeResponse()
        scene = Scene(graph, self._settings, Stage.DEPLOY, _now())
        for judgement in judgements:
            verdict, slug = judgement.verdict, judgement.control.slug
            if self._levels.get(slug) == _DISABLED:
                continue
            if self._pack.waivers:
                self._findings.append(scene.finding(judgement))
            if verdict.status is Status.PASS:
                continue
            if verdict.status in _OPEN:
                response.not_applicable.append(_not_applicable(slug, verdict))
            else:
                response.diagnostics.append(self._violation(judgement, scene.finding(judgement)))
        return response

    def _violation(self, judgement: Judgement, finding: Finding) -> Any:
        title = judgement.control.title
        level = level_of(self._levels.get(finding.slug, _MANDATORY))
        text = _wording(finding)
        waiver = self._applied([finding]).findings[0].waiver
        if waiver:
            level, text = _ADVISORY, f"waived by {waiver}: {text}"
        elif self._pack.preview and judgement.verdict.unread:
            # The update decides it before anything is created; a preview may not know yet.
            level, text = _ADVISORY, f"undecided in this preview: {text}"
        return _diagnostic(finding.slug, f"{title}\n{text}", level, finding.resource, title, finding.severity)

    def _applied(self, findings: Iterable[Finding]) -> WaiverOutcome:
        today = datetime.now(UTC).date()
        return apply_waivers(findings, self._pack.waivers, today, self._pack.stack, Stage.DEPLOY)


def _diagnostic(  # noqa: PLR0913 - the fields of one message
    slug: str, text: str, level: Any, urn: str, description: str, severity: Severity | None = None
) -> Any:
    return analyzer_pb2.AnalyzeDiagnostic(
        policyName=slug,
        policyPackName=PACK_NAME,
        policyPackVersion=PACK_VERSION,
        description=description,
        message=text,
        enforcementLevel=level,
        urn=urn,
        severity=SEVERITIES[severity] if severity else analyzer_pb2.POLICY_SEVERITY_UNSPECIFIED,
    )


def _not_applicable(slug: str, verdict: Verdict) -> Any:
    deferred = f"deferred to stage {verdict.stage}: " if verdict.status is Status.DEFERRED else ""
    return analyzer_pb2.PolicyNotApplicable(policy_name=slug, reason=deferred + verdict.message)


def _wording(finding: Finding) -> str:
    said = [finding.message]
    said += [f"found: {finding.found}"] if finding.found else []
    said += [f"wanted: {finding.wanted}"] if finding.wanted else []
    return "; ".join(said)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _provider(request: Any) -> Resource | None:
    if not request.HasField("provider"):
        return None
    sent = request.provider
    inputs = decode_struct(sent.properties)
    return Resource(sent.urn, sent.type, sent.name, Kind.PROVIDER, inputs=inputs, outputs=inputs)


def _resource(request: Any, provider: Resource | None, *, inputs: bool) -> Resource:
    """Return a resource of `Analyze` (inputs) or `AnalyzeStack` (outputs, parent, dependencies)."""
    properties = decode_struct(request.properties)
    over_stack = not inputs
    return Resource(
        urn=request.urn,
        type=request.type,
        name=request.name,
        kind=_kind(request.type, served=provider is not None),
        inputs=properties if inputs else {},
        outputs=properties if over_stack else {},
        parent=request.parent if over_stack else request.options.parent,
        provider=provider.urn if provider else "",
        dependencies=tuple(sorted(request.dependencies)) if over_stack else (),
        property_dependencies=_property_dependencies(request) if over_stack else {},
        options=_options(request.options),
    )


def _property_dependencies(request: Any) -> dict[str, tuple[str, ...]]:
    return {key: tuple(sorted(value.urns)) for key, value in request.propertyDependencies.items()}


def _kind(type_: str, *, served: bool) -> Kind:
    if type_ == urns.STACK_TYPE:
        return Kind.STACK
    if type_.startswith(urns.PROVIDER_PREFIX):
        return Kind.PROVIDER
    if type_.startswith(urns.DYNAMIC_PREFIX):
        return Kind.OPAQUE
    return Kind.CUSTOM if served else Kind.COMPONENT


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
