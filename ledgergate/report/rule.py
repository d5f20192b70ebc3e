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
    remediation: str
    requirements: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    source: str = ""
