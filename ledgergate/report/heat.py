"""The heat map: which requirement of PCI DSS is served by controls, and how they ended."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from ledgergate.finding import Status
from ledgergate.report.summary import OUTCOMES, Report, outcome

_WORST_FIRST: Final = (*OUTCOMES, Status.NOT_APPLICABLE.value)


@dataclass(frozen=True, slots=True)
class Cell:
    """One requirement.

    Args:
        requirement: Its number, `1.4.4`.
        controls: Ids of the controls that serve it.
        counts: Outcome → number of judgements.
    """

    requirement: str
    controls: tuple[str, ...]
    counts: Counter[str]

    @property
    def worst(self) -> str:
        """Return the gravest outcome; `not_applicable` where nothing was judged."""
        return next((key for key in _WORST_FIRST if self.counts[key]), Status.NOT_APPLICABLE.value)


def heat_map(report: Report) -> list[tuple[str, list[Cell]]]:
    """Return chapter of PCI DSS → its requirements that some control of the run serves, in natural order."""
    serving: dict[str, list[str]] = defaultdict(list)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for rule in report.rules.values():
        for requirement in rule.requirements:
            serving[requirement].append(rule.control)
    for finding in report:
        for requirement in finding.requirements:
            counts[requirement][outcome(finding)] += 1
    numbers = sorted(serving.keys() | counts.keys(), key=lambda each: [int(part) for part in each.split(".")])
    cells = [Cell(each, tuple(serving[each]), counts[each]) for each in numbers]
    return [
        (chapter, list(found)) for chapter, found in groupby(cells, key=lambda each: each.requirement.split(".")[0])
    ]
