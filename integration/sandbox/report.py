"""What a deployment did to a sandbox."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from ledgergate.graph import Graph, Kind
from ledgergate.values import Value
from policies.facts.properties import known_text

_READS: Final = ("Describe", "Get", "Head", "List")


class Action(StrEnum):
    """What was done to one resource."""

    CREATED = "created"
    UPDATED = "updated"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    DELETED = "deleted"
    NOT_DEPLOYED = "not deployed"


OnStep = Callable[[Action, str], None]
"""Called with what was done and the URN, as it is done."""


def silent(_action: Action, _urn: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Report:
    """What one deployment, or destruction, did.

    Args:
        actions: URN → what was done, in order.
        not_deployed: URN → why there is no such resource in the sandbox.
        not_applied: URN → properties that the sandbox knows nothing of; its state says nothing about them.
        ignored: (type, property) → why the sandbox has no use for it.
        assumed: Function token → how often its answer was made up.
        calls: `service:Operation` of every call, in order.
        seconds: Wall time.
    """

    actions: Mapping[str, Action] = field(default_factory=dict)
    not_deployed: Mapping[str, str] = field(default_factory=dict)
    not_applied: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ignored: Mapping[tuple[str, str], str] = field(default_factory=dict)
    assumed: Mapping[str, int] = field(default_factory=dict)
    calls: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def changes(self) -> tuple[str, ...]:
        """The calls that may have changed something, in order."""
        return tuple(name for name in self.calls if not name.partition(":")[2].startswith(_READS))

    def of(self, action: Action) -> tuple[str, ...]:
        """Return the URNs to which this was done, in order."""
        return tuple(urn for urn, done in self.actions.items() if done is action)


class Notes:
    """Collects a report while a deployment runs.

    Args:
        on_step: Told of every action.
    """

    def __init__(self, on_step: OnStep = silent) -> None:
        self.actions: dict[str, Action] = {}
        self.not_deployed: dict[str, str] = {}
        self.not_applied: dict[str, tuple[str, ...]] = {}
        self.ignored: dict[tuple[str, str], str] = {}
        self._on_step = on_step

    def did(self, action: Action, urn: str) -> None:
        """Note an action; a second pass over what the first one made changes nothing."""
        if action is not Action.UNCHANGED or urn not in self.actions:
            self.actions[urn] = action
            self._on_step(action, urn)

    def gone(self, urn: str) -> None:
        """Note that a resource was deleted, unless another one took its place."""
        if urn not in self.actions:
            self.did(Action.DELETED, urn)

    def left_out(self, urn: str, reason: str) -> None:
        """Note that a resource cannot be held."""
        self.not_deployed[urn] = reason
        self.did(Action.NOT_DEPLOYED, urn)

    def report(self, **more: Any) -> Report:
        """Return what was collected, and more fields of `Report`."""
        return Report(
            actions=dict(self.actions),
            not_deployed=dict(self.not_deployed),
            not_applied=dict(self.not_applied),
            ignored=dict(self.ignored),
            **more,
        )


@dataclass(frozen=True, slots=True)
class Deployed:
    """A stack as it is in the sandbox.

    Args:
        graph: Every resource with its real outputs; outputs of what is not deployed are unknown.
        report: What was done.
        outputs: What the program exported, secrets wrapped.
    """

    graph: Graph
    report: Report
    outputs: Mapping[str, Value] = field(repr=False)

    @property
    def urns(self) -> dict[str, str]:
        """ARN → URN of the resource of the program that it is."""
        return {
            arn: resource.urn
            for resource in self.graph
            # An ARN that a program writes is that of something else.
            if resource.kind is Kind.CUSTOM and not resource.inputs.get("arn")
            if (arn := known_text(resource.outputs.get("arn")))
        }
