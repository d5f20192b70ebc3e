"""What a pack tells the engine about a judgement that did not pass: the words and whether they block."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from ledgergate.engine import urns
from ledgergate.finding import Finding, Stage, Status
from ledgergate.graph import Graph, Kind
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
        return Scene(graph, self.pack.settings, Stage.DEPLOY, now).finding(judgement)


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
