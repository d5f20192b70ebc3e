"""What a scan leaves open although it came to its end: nothing passes of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ledgergate.finding import Finding


@dataclass(frozen=True, slots=True)
class Doubt:
    """A judgement that is undecided whatever a scan finds, or unless it finds something.

    Args:
        finding: The undecided finding; its ARN is the one under which an audit reads the resource.
        answerable: Whether a finding of the scan about the same control and ARN decides it after all.
    """

    finding: Finding
    answerable: bool


def settled(findings: Sequence[Finding], doubts: Iterable[Doubt]) -> list[Finding]:
    """Return the findings of a scan and the doubts that it leaves; nothing passes of what is in doubt.

    Args:
        findings: What the controls say of what was read.
        doubts: What is known to be open.
    """
    answered = {_key(each) for each in findings if each.type}
    blocked = {each.fingerprint for each in findings if each.blocks}
    left: dict[str, Finding] = {}
    doubted = set()
    for doubt in doubts:
        if not (doubt.answerable and _key(doubt.finding) in answered):
            doubted |= {_key(doubt.finding), (doubt.finding.control, "")}
            left.setdefault(doubt.finding.fingerprint, doubt.finding)
    kept = [each for each in findings if each.blocks or (each.control, each.arn if each.type else "") not in doubted]
    return [*kept, *(each for name, each in left.items() if name not in blocked)]


def _key(finding: Finding) -> tuple[str, str]:
    return finding.control, finding.arn
