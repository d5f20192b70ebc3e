"""What a pack tells the engine about a judgement that did not pass: the words and whether they block."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from ledgergate.engine import urns
from ledgergate.engine.provider import ProviderConfig, ResourceRequest
from ledgergate.engine.symbolic import SymbolicProvider
from ledgergate.finding import Finding, Stage, Status
from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import has_unknown, is_symbolic, reveal
from policies.model import Judgement, Verdict
from policies.pack import Pack
from policies.scene import Scene
from policies.waivers import apply_waivers


@dataclass(frozen=True, slots=True)
class Violation:
    """A judgement on its way to the engine.

    Args:
        finding: What was found.
        text: What the user reads.
        advisory: Whether it is shown and does not block, whatever the level of the policy.
    """

    finding: Finding
    text: str
    advisory: bool


class Reporter:
    """Words judgements and applies waivers; keeps what the waivers of a whole run must be held against.

    Args:
        pack: What is judged with.
        show_found: Whether texts hold the value found; not where secrets cannot be told from other values.
    """

    def __init__(self, pack: Pack, *, show_found: bool = True) -> None:
        self.pack = pack
        self._show_found = show_found
        self._by_arn = any(waiver.resource.startswith("arn:") for waiver in pack.waivers)
        self._seen: list[Finding] = []

    def note(self, judgement: Judgement, graph: Graph) -> None:
        """Keep a judgement, whatever its verdict, for `waiver_problems`."""
        if self.pack.waivers:
            self._seen.append(self._finding(judgement, graph))

    def violation(self, judgement: Judgement, graph: Graph) -> Violation:
        """Return what to tell about a judgement that failed or could not be decided."""
        finding = self._finding(judgement, graph)
        text = wording(finding if self._show_found else replace(finding, found=""))
        waiver = apply_waivers([finding], self.pack.waivers, _today(), self.pack.stack, Stage.DEPLOY).findings[0].waiver
        if waiver:
            return Violation(finding, f"waived by {waiver}: {text}", advisory=True)
        if self.pack.preview and judgement.verdict.unread:
            # The update decides it before anything is created; a preview may not know yet.
            return Violation(finding, f"undecided in this preview: {text}", advisory=True)
        return Violation(finding, text, advisory=False)

    def waiver_problems(self) -> tuple[str, ...]:
        """Return one sentence for each waiver that has expired or covered nothing in the whole run."""
        return apply_waivers(self._seen, self.pack.waivers, _today(), self.pack.stack, Stage.DEPLOY).problems

    def _finding(self, judgement: Judgement, graph: Graph) -> Finding:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        finding = Scene(graph, self.pack.settings, Stage.DEPLOY, now).finding(judgement)
        if finding.arn or not self._by_arn:
            return finding
        return replace(finding, arn=self._arn_to_be(judgement.resource, graph))

    def _arn_to_be(self, resource: Resource, graph: Graph) -> str:
        """Return the ARN that a resource will have, where its inputs decide it; a waiver may name it so."""
        provider = graph.provider_of(resource)
        served = provider.inputs if provider else {}
        config = ProviderConfig("aws", resource.provider, inputs={key: reveal(value) for key, value in served.items()})
        inputs = {key: reveal(value) for key, value in resource.inputs.items() if not has_unknown(value)}
        request = ResourceRequest(resource.urn, resource.type, resource.name, inputs, config)
        settings = self.pack.settings
        if not settings.account_id:
            return ""
        created = SymbolicProvider(account=settings.account_id, partition=settings.partition).create(request)
        found = created.outputs.get("arn")
        return found if isinstance(found, str) and not is_symbolic(found) else ""


def wording(finding: Finding) -> str:
    """Return a finding as one line: what is wrong, what was found, what was wanted."""
    said = [finding.message]
    said += [f"found: {finding.found}"] if finding.found else []
    said += [f"wanted: {finding.wanted}"] if finding.wanted else []
    return "; ".join(said)


def open_reason(verdict: Verdict) -> str:
    """Return why a control does not speak about a resource, or who must decide instead."""
    deferred = f"deferred to stage {verdict.stage}: " if verdict.status is Status.DEFERRED else ""
    return deferred + verdict.message


def kind_of(type_: str, *, served: bool) -> Kind:
    """Return the kind of a resource that a pack is sent.

    Args:
        type_: Type token.
        served: Whether a provider serves it; a component has none.
    """
    if type_ == urns.STACK_TYPE:
        return Kind.STACK
    if type_.startswith(urns.PROVIDER_PREFIX):
        return Kind.PROVIDER
    if type_.startswith(urns.DYNAMIC_PREFIX):
        return Kind.OPAQUE
    return Kind.CUSTOM if served else Kind.COMPONENT


def _today() -> date:
    return datetime.now(UTC).date()
