"""What a report says about a control beside what was found."""

from dataclasses import dataclass

from ledgergate.finding import Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """A control as readers of a report meet it.

    Args:
        control: Control id, `S3.8`.
        slug: Control slug.
        title: One sentence that states what holds.
        condition: When exactly it holds, in paragraphs.
        severity: How bad a failure is.
        rationale: Why it matters: what comes of a failure.
        remediation: What to do about a failure.
        requirements: PCI DSS v4.0.1 requirement ids.
        families: What it can be selected by.
        source: Where the demand comes from and when it was read.
    """

    control: str
    slug: str
    title: str
    condition: str
    severity: Severity
    rationale: str
    remediation: str
    requirements: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A waiver as readers of a report meet it.

    Args:
        waiver: Its id, as findings name it.
        control: Control id or slug.
        reason: Why the deviation is accepted.
        requirement: The requirement it deviates from.
        owner: Who answers for it.
        approver: Who approved it.
        expires: Last day on which it counts, RFC 3339.
        days_left: Days until then, counted from the day of the report; 0 on the last one.
    """

    waiver: str
    control: str
    reason: str
    requirement: str
    owner: str
    approver: str
    expires: str
    days_left: int
