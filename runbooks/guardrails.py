"""What stops a drill: alarms, a safety probe, an abort file, and people."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from runbooks.errors import DrillError
from runbooks.model import Outcome


class GuardrailError(DrillError):
    """A drill must not go on.

    Args:
        outcome: How it ends by that.
        reason: Why.
    """

    def __init__(self, outcome: Outcome, reason: str) -> None:
        super().__init__(reason)
        self.outcome = outcome


class Guardrail(Protocol):
    """Something that may stop a drill."""

    def trouble(self) -> str:
        """Return why the drill must stop, or an empty string."""
        ...


@dataclass(frozen=True, slots=True)
class AbortFile:
    """Stops the drill as soon as a file is there, whoever made it.

    Args:
        path: The file.
    """

    path: Path

    def trouble(self) -> str:
        """Return why the drill must stop, or an empty string."""
        return f"{self.path} is there" if self.path.exists() else ""


@dataclass(frozen=True, slots=True)
class SafetyProbe:
    """Stops the drill when something that it must not touch is touched.

    Args:
        name: What is probed, for people.
        is_safe: Asks it; an error counts as no.
    """

    name: str
    is_safe: Callable[[], bool]

    def trouble(self) -> str:
        """Return why the drill must stop, or an empty string."""
        try:
            return "" if self.is_safe() else f"safety probe: {self.name} does not hold"
        except Exception as error:  # noqa: BLE001 - a probe that cannot tell guards nothing, whatever the reason
            return f"safety probe: {self.name} could not be asked: {type(error).__name__}"


class AlarmReader(Protocol):
    """The part of a CloudWatch client that reads alarms."""

    def describe_alarms(self, *, AlarmNames: Sequence[str]) -> Any:  # noqa: N803 - as AWS names it
        """Return the alarms of these names."""
        ...


@dataclass(frozen=True, slots=True)
class Alarms:
    """Stops the drill unless every one of these CloudWatch alarms is OK.

    Args:
        client: Reads them.
        names: Alarm names.
    """

    client: AlarmReader
    names: tuple[str, ...]

    def trouble(self) -> str:
        """Return why the drill must stop, or an empty string."""
        try:
            answer = self.client.describe_alarms(AlarmNames=list(self.names))
            found = [*answer.get("MetricAlarms", []), *answer.get("CompositeAlarms", [])]
            states = {alarm["AlarmName"]: alarm["StateValue"] for alarm in found}
        except Exception as error:  # noqa: BLE001 - an alarm that cannot be read guards nothing, whatever the reason
            return f"alarms could not be read: {type(error).__name__}"
        bad = [f"{name} is {states.get(name, 'missing')}" for name in self.names if states.get(name) != "OK"]
        return f"alarm {', '.join(bad)}" if bad else ""


@dataclass(frozen=True, slots=True)
class Watch:
    """Everything that may stop a drill.

    Args:
        guardrails: Asked before each act and while the drill waits.
        stop: Set when somebody asks the drill to stop.
    """

    guardrails: tuple[Guardrail, ...] = ()
    stop: threading.Event = field(default_factory=threading.Event)

    def demand_quiet(self) -> None:
        """Raise when the drill must not go on.

        Raises:
            GuardrailError: A guardrail tripped, or somebody asked the drill to stop.
        """
        if self.stop.is_set():
            raise GuardrailError(Outcome.INTERRUPTED, "somebody stopped it")
        for guardrail in self.guardrails:
            reason = guardrail.trouble()
            if reason:
                raise GuardrailError(Outcome.ABORTED, reason)
