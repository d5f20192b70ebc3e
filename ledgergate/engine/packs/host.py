"""Several packs, a provider and other stacks' outputs behind one run of the embedded engine."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from ledgergate.engine import urns, wire
from ledgergate.engine.launcher import Evaluation
from ledgergate.engine.packs.policy import Diagnostic, Enforcement, PackError, PackInfo, PolicyError, Remediation
from ledgergate.engine.piped import answer_provider
from ledgergate.engine.provider import Provider

StackOutputs = Mapping[str, Mapping[str, wire.Wire]]
"""Full stack name → output name → wire value."""

_FAILED: Final = {"remediate": "failed to run remediation: ", "analyze": "failed to run policy: ", "analyze_stack": ""}
"""What the engine says before the message of a policy that raised."""


class Pack(Protocol):
    """A pack that is up and configured, as `PackProcess` is."""

    @property
    def folder(self) -> Path:
        """Return where the pack lies."""
        ...

    @property
    def info(self) -> PackInfo:
        """Return what the pack says about itself."""
        ...

    def remediate(self, request: Mapping[str, Any]) -> list[Remediation]:
        """See `PackProcess.remediate`."""
        ...

    def analyze(self, request: Mapping[str, Any]) -> list[Diagnostic]:
        """See `PackProcess.analyze`."""
        ...

    def analyze_stack(self, request: Mapping[str, Any]) -> list[Diagnostic]:
        """See `PackProcess.analyze_stack`."""
        ...


@dataclass(frozen=True, slots=True)
class Violation:
    """One message of a policy about one resource.

    Args:
        urn: The resource it is shown on.
    """

    pack: PackInfo
    diagnostic: Diagnostic
    urn: str


@dataclass(slots=True)
class PackHost:
    """Answers a run's questions with running, configured packs; see `launcher.Host`.

    Args:
        packs: Asked in the order of their folders, as the engine does.
        provider: Serves the run's resources, with `Run.own_provider`.
        stack_outputs: What stack references may read.
    """

    packs: Sequence[Pack]
    provider: Provider | None = None
    stack_outputs: StackOutputs = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)
    remediated: list[tuple[PackInfo, str, str]] = field(default_factory=list)
    """Pack, policy, URN of each remediation that changed a resource."""

    def __post_init__(self) -> None:
        self.packs = sorted(self.packs, key=lambda pack: pack.folder)

    def answer(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        """Answer one question of the run; a pack that fails stops it."""
        if question["kind"] == "stack_outputs":
            return {"outputs": self.stack_outputs.get(question["name"])}
        if question["kind"] == "provider":
            return answer_provider(self.provider, question) if self.provider else {"error": "there is no provider here"}
        asked: dict[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {
            "remediate": self._remediate,
            "analyze": self._analyze,
            "analyze_stack": self._analyze_stack,
        }
        try:
            return asked[question["call"]](question["request"])
        except PolicyError as error:
            return {"error": _FAILED[question["call"]] + error.message}
        except PackError as error:
            return {"error": str(error)}

    def _remediate(self, request: Mapping[str, Any]) -> dict[str, Any]:
        changed: Mapping[str, wire.Wire] | None = None
        for pack in self.packs:
            seen = request if changed is None else {**request, "properties": changed}
            for item in pack.remediate(seen):
                if item.properties is None:
                    unable = Diagnostic(item.policy, Enforcement.ADVISORY, item.diagnostic)
                    self.violations.append(Violation(pack.info, unable, request["urn"]))
                else:
                    changed = item.properties
                    self.remediated.append((pack.info, item.policy, request["urn"]))
        return {"properties": changed}

    def _analyze(self, request: Mapping[str, Any]) -> dict[str, Any]:
        found = [Violation(pack.info, item, request["urn"]) for pack in self.packs for item in pack.analyze(request)]
        return self._keep(found)

    def _analyze_stack(self, request: Mapping[str, Any]) -> dict[str, Any]:
        known = {resource["urn"] for resource in request["resources"]}
        stack = next((urn for urn in known if urns.qualified_type(urn) == urns.STACK_TYPE), "")
        found = [
            Violation(pack.info, item, item.urn if item.urn in known else stack)
            for pack in self.packs
            for item in pack.analyze_stack(request)
        ]
        return self._keep(found)

    def _keep(self, found: Sequence[Violation]) -> dict[str, Any]:
        self.violations += found
        return {"violated": any(item.diagnostic.level is Enforcement.MANDATORY for item in found)}


def exit_code(evaluation: Evaluation) -> int:
    """Return the exit code that the Pulumi CLI would have: 1 for a failure or a mandatory violation, else 0."""
    return 1 if evaluation.failure is not None or evaluation.violated else 0
