"""What a scan leaves open although it came to its end: nothing passes of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ledgergate.finding import Finding, Status


class Reach(StrEnum):
    """What a doubt takes from a scan."""

    UNLESS_READ = "unless read"
    """Nothing, where the scan has found something."""
    PASSES = "passes"
    """That something passes; what fails, fails all the same."""
    EVERYTHING = "everything"
    """Whatever was found: it may be owed to what is missing."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A judgement that is undecided.

    Args:
        finding: The undecided finding; its ARN is the one under which an audit reads the resource.
        reach: What it takes from the findings of the scan about the same control and ARN.
    """

    finding: Finding
    reach: Reach


def settled(findings: Sequence[Finding], doubts: Iterable[Doubt]) -> list[Finding]:
    """Return the findings of a scan and the doubts that it leaves.

    Args:
        findings: What the controls say of what was read.
        doubts: What is known to be open.
    """
    read = {_key(each) for each in findings if each.type}
    left = [each for each in doubts if each.reach is not Reach.UNLESS_READ or _key(each.finding) not in read]
    doubted = {_key(each.finding) for each in left}
    void = {_key(each.finding) for each in left if each.reach is Reach.EVERYTHING}
    controls = {each.finding.control for each in left}
    kept = [each for each in findings if _stands(each, doubted, void, controls)]
    blocked = {each.fingerprint for each in kept if each.blocks}
    new = {each.finding.fingerprint: each.finding for each in reversed(left)}
    return [*kept, *(each for name, each in reversed(new.items()) if name not in blocked)]


def _stands(finding: Finding, doubted: set[tuple[str, str]], void: set[tuple[str, str]], controls: set[str]) -> bool:
    if not finding.type:
        # That there is nothing it speaks about is not so.
        return finding.status is not Status.NOT_APPLICABLE or finding.control not in controls
    return _key(finding) not in (void if finding.blocks else doubted)


def _key(finding: Finding) -> tuple[str, str]:
    return finding.control, finding.arn
