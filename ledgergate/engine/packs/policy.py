"""What a policy pack says about itself and about resources, as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from google.protobuf import json_format
from pulumi.runtime.proto import analyzer_pb2

from ledgergate.engine import wire
from ledgergate.engine.output import last_lines
from ledgergate.errors import LedgergateError

_SEVERITY_PREFIX: Final = "POLICY_SEVERITY_"
_SHOWN_LINES: Final = 12


class PackError(LedgergateError):
    """A policy pack could not be started, configured or reached.

    Args:
        message: What happened, one sentence.
        hint: What to do.
        output: End of what the pack printed.
    """

    def __init__(self, message: str, hint: str = "", output: str = "") -> None:
        super().__init__(message, hint)
        self.output = output

    def __str__(self) -> str:
        printed = [f"  {line}" for line in last_lines(self.output, _SHOWN_LINES)]
        return "\n".join([super().__str__(), *(["The pack printed last:", *printed] if printed else [])])


class PolicyError(PackError):
    """A policy raised while it judged; the run stops there, whatever the policy's level."""


class Enforcement(StrEnum):
    """What a violation of a policy does."""

    ADVISORY = "advisory"
    MANDATORY = "mandatory"
    REMEDIATE = "remediate"
    DISABLED = "disabled"

    @classmethod
    def of_wire(cls, number: Any) -> "Enforcement":
        """Return the level behind a number of the protocol."""
        return cls(analyzer_pb2.EnforcementLevel.Name(number).lower())

    def to_wire(self) -> Any:
        """Return the protocol's number."""
        return analyzer_pb2.EnforcementLevel.Value(self.name)


@dataclass(frozen=True, slots=True)
class PolicyInfo:
    """One policy of a pack.

    Args:
        level: Level in the pack's code.
        judges_stack: Whether it judges the whole stack instead of single resources.
        severity: `low`, `medium`, `high`, `critical`, or empty.
        framework: `name`, `version`, `reference`, `specification` of the compliance framework, those given.
        schema: `properties` and `required` of its configuration, as JSON schema; empty when it takes none.
    """

    name: str
    description: str
    level: Enforcement
    judges_stack: bool = False
    severity: str = ""
    display_name: str = ""
    framework: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    remediation_steps: str = ""
    url: str = ""
    schema: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PackInfo:
    """What a pack says about itself.

    Args:
        version: Of `PulumiPolicy.yaml` when it states one, else the pack's own.
        initial_config: Policy → (level, properties) that the pack's code sets.
    """

    name: str
    version: str
    policies: tuple[PolicyInfo, ...]
    initial_config: Mapping[str, tuple[Enforcement, Mapping[str, Any]]] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Return `name@vVersion`, as the CLI shows a pack."""
        return f"{self.name}@v{self.version}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One message of one policy.

    Args:
        message: Description, newline, what the policy reported.
        urn: Resource that a stack policy named; empty otherwise.
        severity: `low`, `medium`, `high`, `critical`, or empty.
    """

    policy: str
    level: Enforcement
    message: str
    description: str = ""
    urn: str = ""
    severity: str = ""


@dataclass(frozen=True, slots=True)
class Remediation:
    """What one policy made of a resource's properties.

    Args:
        properties: All properties afterwards, or None when it could not run.
        diagnostic: Why it could not run; empty otherwise.
    """

    policy: str
    properties: Mapping[str, wire.Wire] | None
    diagnostic: str = ""


def pack_info(message: Any, version: str) -> PackInfo:
    """Read an `AnalyzerInfo`.

    Args:
        message: The pack's answer.
        version: Version in `PulumiPolicy.yaml`, or empty.
    """
    initial = {
        name: (Enforcement.of_wire(config.enforcementLevel), wire.from_struct(config.properties))
        for name, config in message.initialConfig.items()
    }
    policies = tuple(_policy_info(policy) for policy in message.policies)
    return PackInfo(message.name, version or message.version, policies, initial)


def _policy_info(policy: Any) -> PolicyInfo:
    schema: dict[str, Any] = {}
    if policy.configSchema.properties.fields:
        schema["properties"] = wire.from_struct(policy.configSchema.properties)
    if policy.configSchema.required:
        schema["required"] = list(policy.configSchema.required)
    return PolicyInfo(
        name=policy.name,
        description=policy.description,
        level=Enforcement.of_wire(policy.enforcementLevel),
        judges_stack=policy.policy_type == analyzer_pb2.POLICY_TYPE_STACK,
        severity=_severity(policy.severity),
        display_name=policy.displayName,
        framework=json_format.MessageToDict(policy.framework),
        tags=tuple(policy.tags),
        remediation_steps=policy.remediation_steps,
        url=policy.url,
        schema=schema,
    )


def diagnostic(message: Any) -> Diagnostic:
    """Read an `AnalyzeDiagnostic`; what is left of a remediation counts as mandatory."""
    level = Enforcement.of_wire(message.enforcementLevel)
    return Diagnostic(
        policy=message.policyName,
        level=Enforcement.MANDATORY if level is Enforcement.REMEDIATE else level,
        message=message.message,
        description=message.description,
        urn=message.urn,
        severity=_severity(message.severity),
    )


def _severity(number: Any) -> str:
    name = analyzer_pb2.PolicySeverity.Name(number).removeprefix(_SEVERITY_PREFIX).lower()
    return "" if name == "unspecified" else name
