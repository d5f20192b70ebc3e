"""How a probe can end besides passed and failed."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class NotProvableHereError(Exception):
    """A target cannot carry a probe out, whatever would be true of it. That is no pass.

    Args:
        reason: Why, in one sentence.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Outcome(StrEnum):
    """How a probe ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_PROVABLE_HERE = "not provable here"


@dataclass(frozen=True, slots=True)
class Result:
    """One probe of one resource.

    Args:
        probe: Name of the probe.
        resource: ARN.
        outcome: How it ended.
        message: What was seen instead, or why it could not be tried; empty for a pass.
        target: `sandbox` or `account`.
        account: AWS account id.
        region: AWS Region.
        observed_at: RFC 3339 time in UTC.
    """

    probe: str
    resource: str
    outcome: Outcome
    message: str
    target: str
    account: str
    region: str
    observed_at: str

    def to_json(self) -> dict[str, Any]:
        """Return the result as JSON data."""
        return {"schema": 1, **asdict(self), "outcome": self.outcome.value}
