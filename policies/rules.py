"""The controls as a report shows them."""

from collections.abc import Iterable

from ledgergate.report.rule import Rule
from policies.model import Control


def rules_of(controls: Iterable[Control]) -> dict[str, Rule]:
    """Return control id → what a report says about it."""
    return {
        each.id: Rule(
            control=each.id,
            slug=each.slug,
            title=each.title,
            condition=each.condition,
            severity=each.severity,
            rationale=each.rationale,
            remediation=each.remediation,
            requirements=each.requirements,
            families=each.families,
            source=each.source,
        )
        for each in controls
    }
