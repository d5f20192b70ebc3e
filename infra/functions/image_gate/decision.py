"""Whether a deployment may go on, decided from what the scans of its images say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

FORBIDDEN: Final = ("CRITICAL", "HIGH")
"""Severities that stop a deployment."""

RETRY_DELAY_S: Final = 30


class ScanState(Enum):
    """How far the scan of an image is."""

    FINISHED = auto()
    RUNNING = auto()
    ABSENT = auto()
    BROKEN = auto()


class HookStatus(Enum):
    """What ECS takes for an answer.

    Source: Amazon ECS developer guide, Lambda hooks for Amazon ECS service deployments, read 2026-11-30.
    """

    SUCCEEDED = "SUCCEEDED"
    IN_PROGRESS = "IN_PROGRESS"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What is known of one image.

    Args:
        image: Reference, as the task definition has it.
        state: How far its scan is.
        findings: Severity → number of findings; of a finished scan only.
        problem: Why there is no result, in words.
    """

    image: str
    state: ScanState
    findings: Mapping[str, int] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What becomes of the deployment.

    Args:
        status: The answer to ECS.
        reason: One sentence for the log.
    """

    status: HookStatus
    reason: str

    @property
    def answer(self) -> dict[str, str | int]:
        """What the function returns to ECS."""
        waits = {"callBackDelay": RETRY_DELAY_S} if self.status is HookStatus.IN_PROGRESS else {}
        return {"hookStatus": self.status.value, **waits}


def decide(scans: Sequence[Scan], *, allow_unscanned: bool) -> Decision:
    """Stop for any image that must not run, else wait for any scan that still runs, else go on.

    Args:
        scans: One for each container of the new revision.
        allow_unscanned: Whether an image without a scan may run, which a public placeholder needs.
    """
    refusals = [reason for scan in scans if (reason := _refusal(scan, allow_unscanned=allow_unscanned))]
    if refusals or not scans:
        return Decision(status=HookStatus.FAILED, reason="; ".join(refusals) or "the revision has no container.")
    running = [scan.image for scan in scans if scan.state is ScanState.RUNNING]
    if running:
        return Decision(status=HookStatus.IN_PROGRESS, reason=f"the scan of {', '.join(running)} is not finished.")
    return Decision(status=HookStatus.SUCCEEDED, reason="no image has a severe finding.")


def _refusal(scan: Scan, *, allow_unscanned: bool) -> str:
    if scan.state is ScanState.BROKEN:
        return f"{scan.image}: {scan.problem}"
    if scan.state is ScanState.ABSENT and not allow_unscanned:
        return f"{scan.image} has no scan: {scan.problem}"
    severe = {severity: scan.findings[severity] for severity in FORBIDDEN if scan.findings.get(severity, 0) > 0}
    if severe:
        return f"{scan.image} has " + ", ".join(f"{count} {severity}" for severity, count in severe.items())
    return ""
