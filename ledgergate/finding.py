"""What every stage reports: one finding for each judgement."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

SCHEMA = 1


class Status(StrEnum):
    """How a judgement ended. UNKNOWN is not PASS."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    DEFERRED = "deferred"


BLOCKING: Final = (Status.FAIL, Status.UNKNOWN)
"""What stops a deployment unless it is waived."""


class Severity(StrEnum):
    """How bad a failure is, in the words of Security Hub; the gravest first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """Return its place among the severities, 0 for the gravest."""
        return _RANKS[self]


_RANKS: Final = {severity: rank for rank, severity in enumerate(Severity)}


class Stage(StrEnum):
    """The four moments at which a control is enforced."""

    DESIGN = "design"
    DEPLOY = "deploy"
    RUN = "run"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Source:
    """The place in the program that created the resource.

    Args:
        file: Path, relative to the folder the gate was started in where it lies below it.
        line: Line number, from 1.
        caller_file: For a resource inside a component, the file that made the component; else empty.
        caller_line: Line there, else 0.
    """

    file: str
    line: int
    caller_file: str = ""
    caller_line: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """One judgement of one control on one resource.

    Args:
        control: Control id, `S3.8`.
        slug: Control slug.
        status: How it ended.
        severity: Severity of the control.
        requirements: PCI DSS v4.0.1 requirement ids.
        message: What is wrong, or why it could not be decided; empty for a pass.
        resource: URN; empty for a control that found no subject.
        arn: Physical ARN where it is known.
        type: Type token.
        account: AWS account id where it is known.
        region: AWS Region where it is known.
        program: Project name.
        stack: Stack name.
        stage: Moment of the judgement.
        found: The value found, ready to show; secrets already redacted.
        wanted: The value wanted.
        source: Where the program created the resource.
        evidence: Further facts, JSON values.
        waiver: Id of the waiver that covers it; empty when none does.
        observed_at: RFC 3339 time in UTC.
        identity: What it is about, where `resource` cannot tell: several findings share it, or a secret was taken out
            of it. Never shown.
    """

    control: str
    slug: str
    status: Status
    severity: Severity
    requirements: tuple[str, ...] = ()
    message: str = ""
    resource: str = ""
    arn: str = ""
    type: str = ""
    account: str = ""
    region: str = ""
    program: str = ""
    stack: str = ""
    stage: Stage = Stage.DESIGN
    found: str = ""
    wanted: str = ""
    source: Source | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)
    waiver: str = ""
    observed_at: str = ""
    identity: str = field(default="", repr=False)

    @property
    def fingerprint(self) -> str:
        """Name this finding the same across runs and line moves: control, resource and stack decide."""
        parts = "\x1f".join((self.control, self.program, self.stack, self.identity or self.resource or self.arn))
        return hashlib.sha256(parts.encode()).hexdigest()[:32]

    @property
    def blocks(self) -> bool:
        """Tell whether it stops a deployment: failed or undecided, and not waived."""
        return self.status in BLOCKING and not self.waiver
