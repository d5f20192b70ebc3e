"""HTML, one file that needs nothing else: it loads nothing, runs its own script only, and escapes everything.

Without the script it is readable all the same: filters are all that is lost.
"""

import base64
import functools
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from jinja2 import Environment
from markupsafe import Markup

from ledgergate.finding import Finding, Severity, Status
from ledgergate.report.closing import closing_line
from ledgergate.report.heat import heat_map
from ledgergate.report.pages import SHARED, page_environment
from ledgergate.report.printable import shortened
from ledgergate.report.rule import Rule
from ledgergate.report.summary import OUTCOMES, Node, Report, StackReport, is_new, merged, outcome, short_name

_OPEN: Final = tuple(OUTCOMES)[:4]


@dataclass(frozen=True, slots=True)
class Entry:
    """One judgement that did not simply pass; those that differ in their stack only are one.

    Args:
        finding: The first of them.
        stacks: `program/stack` of each.
        outcome: Key of `OUTCOMES`.
    """

    finding: Finding
    stacks: tuple[str, ...]
    outcome: str

    @property
    def name(self) -> str:
        """Return what the resource is called."""
        return short_name(self.finding) or "no resource"

    @property
    def places(self) -> list[list[str]]:
        """Return program and stack of each; none where only the account is known."""
        return [each.split("/", 1) for each in self.stacks] if self.finding.program else []

    @property
    def new(self) -> bool:
        """Tell whether a branch brings it."""
        return is_new(self.finding)

    @property
    def search(self) -> str:
        """Return everything that free text looks through, in lower case."""
        found = self.finding
        place = found.source.file if found.source else ""
        texts = (
            "new" if self.new else "",
            found.control,
            found.slug,
            self.name,
            found.type,
            found.message,
            found.found,
            found.waiver,
            place,
        )
        return " ".join((*texts, *found.requirements, *self.stacks)).casefold()


@dataclass(frozen=True, slots=True)
class Group:
    """What one control found.

    Args:
        control: Control id.
        rule: What there is to know about it; None for a check of the command itself.
        entries: What did not simply pass, the gravest first.
        counts: Outcome → number of judgements.
    """

    control: str
    rule: Rule | None
    entries: tuple[Entry, ...]
    counts: Counter[str]

    @property
    def slug(self) -> str:
        """Return the control's slug."""
        return self.rule.slug if self.rule else self.entries[0].finding.slug

    @property
    def severity(self) -> Severity:
        """Return how bad a failure is."""
        return self.rule.severity if self.rule else self.entries[0].finding.severity


@dataclass(slots=True)
class Branch:
    """A resource of a tree, with what was found in it and below.

    Args:
        node: The resource.
        counts: Outcome → number of judgements of the resource itself.
        children: What lies below.
    """

    node: Node
    counts: Counter[str]
    children: "list[Branch]" = field(default_factory=list)

    @property
    def below(self) -> int:
        """Return how many judgements in the whole branch block."""
        own = self.counts[Status.FAIL.value] + self.counts[Status.UNKNOWN.value]
        return own + sum(child.below for child in self.children)


def rendered(report: Report) -> str:
    """Return a report as one HTML document."""
    groups = _groups(report)
    covered = Counter(each.waiver for each in report)
    script = _asset("report.js")
    return (
        _environment()
        .get_template("report.html")
        .render(
            report=report,
            closing=closing_line(report)[0],
            passed=not report.exit_code,
            outcomes=OUTCOMES,
            open_outcomes=_OPEN,
            groups=groups,
            entries=sum(len(group.entries) for group in groups),
            heat=heat_map(report),
            waivers=[(each, covered[each.waiver]) for each in report.waivers],
            trees=[(stack, _tree(stack)) for stack in report.stacks if stack.tree],
            notes=_notes(report),
            choices=_choices(report, groups),
            script=Markup(script),  # noqa: S704 - a file of this package
            digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        )
    )


def _groups(report: Report) -> list[Group]:
    """Return the controls that judged something, the gravest failures first."""
    judged = [each for each in report.complete() if each.status is not Status.NOT_APPLICABLE]
    judged.sort(key=lambda each: each.control)
    found = []
    for control, findings in groupby(judged, key=lambda each: each.control):
        own = list(findings)
        entries = sorted(_entries(own), key=lambda each: _OPEN.index(each.outcome))
        found.append(Group(control, report.rules.get(control), tuple(entries), Counter(map(outcome, own))))
    return sorted(found, key=_gravity)


def _gravity(group: Group) -> tuple[int, int, str]:
    worst = next((number for number, key in enumerate(OUTCOMES) if group.counts[key]), len(OUTCOMES))
    return worst, group.severity.rank, group.control


def _entries(findings: Iterable[Finding]) -> Iterator[Entry]:
    shown = (each for each in findings if outcome(each) in _OPEN)
    for finding, stacks in merged(shown):
        yield Entry(finding, stacks, outcome(finding))


def _tree(stack: StackReport) -> list[Branch]:
    """Return the roots of a stack's tree."""
    counts: dict[str, Counter[str]] = {node.urn: Counter() for node in stack.tree}
    for finding in stack.findings:
        if finding.resource in counts:
            counts[finding.resource][outcome(finding)] += 1
    branches: dict[str, Branch] = {}
    roots: list[Branch] = []
    for node in stack.tree:
        # Names that were hidden may be alike; what stands there already keeps its place.
        if node.urn not in branches:
            branches[node.urn] = branch = Branch(node, counts[node.urn])
            above = branches.get(node.parent)
            (above.children if above and above is not branch else roots).append(branch)
    return roots


def _notes(report: Report) -> list[str]:
    notes = [*report.notes, *(f"{stack.name}: {note}" for stack in report.stacks for note in stack.notes)]
    return list(dict.fromkeys(notes))


def _choices(report: Report, groups: Sequence[Group]) -> dict[str, list[str]]:
    """Return filter → what can be chosen in it, where there is a choice."""
    entries = [entry for group in groups for entry in group.entries]
    severities = {entry.finding.severity for entry in entries}
    found = {
        "system": sorted({stack.program for stack in report.stacks}),
        "stack": sorted({stack.stack for stack in report.stacks}),
        "control": [group.control for group in groups if group.entries],
        "severity": [each.value for each in Severity if each in severities],
        "stage": sorted({entry.finding.stage.value for entry in entries}),
    }
    return {name: values for name, values in found.items() if len(values) > 1}


@functools.cache
def _asset(name: str) -> str:
    return (SHARED / name).read_text(encoding="utf-8")


@functools.cache
def _environment() -> Environment:
    environment = page_environment(SHARED)
    environment.filters["shortened"] = shortened
    return environment
