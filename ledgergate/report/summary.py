"""What a report is about: the stacks of one run, what was found in each, and what follows from it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from itertools import groupby
from typing import Final

from ledgergate.finding import Finding, Severity, Status
from ledgergate.report.rule import Acceptance, Rule

WAIVED: Final = "waived"
"""How a finding that would block and is waived is counted, beside the words of `Status`."""

OUTCOMES: Final = {
    Status.FAIL.value: "failed",
    Status.UNKNOWN.value: "undecided",
    WAIVED: "waived",
    Status.DEFERRED.value: "deferred",
    Status.PASS.value: "passed",
}
"""How a finding is counted, the gravest first → the word for it. What did not apply is no judgement."""


class ExitCode(IntEnum):
    """What a command tells its caller."""

    PASSED = 0
    FAILED = 1
    ERROR = 2
    UNDECIDED = 3
    INTERRUPTED = 130


def is_new(finding: Finding) -> bool:
    """Tell whether a branch brings a finding, where that was asked."""
    return bool(finding.evidence.get("new"))


def outcome(finding: Finding) -> str:
    """Return the word a finding is counted under: its status, or `waived`."""
    return WAIVED if finding.waiver else finding.status.value


@dataclass(frozen=True, slots=True)
class Node:
    """A resource in the tree of its stack.

    Args:
        urn: Its URN.
        name: Logical name.
        type: Type token.
        parent: URN of its parent; empty for the root.
    """

    urn: str
    name: str
    type: str
    parent: str


@dataclass(frozen=True)
class StackReport:
    """One stack of a run.

    Args:
        program: Project name.
        stack: Stack name.
        findings: Every judgement; empty when the stack could not be judged.
        resources: How many resources the program registered.
        level: How much of what only AWS knows the program was told; empty when it did not run.
        assumed: Invoke token → how often its answer was made up.
        seconds: Wall time of the program and its judging.
        notes: What a reader of the result must know.
        error: Why it was not judged; empty when it was.
        stopped: Whether it was not judged because the run was interrupted.
        tree: Its resources, parents before their children; empty where only what was deployed is known.
    """

    program: str
    stack: str
    findings: tuple[Finding, ...] = ()
    resources: int = 0
    level: str = ""
    assumed: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
    error: str = ""
    stopped: bool = False
    tree: tuple[Node, ...] = ()

    @property
    def name(self) -> str:
        """Return `program/stack`."""
        return f"{self.program}/{self.stack}"

    @property
    def judged(self) -> bool:
        """Tell whether the controls saw this stack."""
        return not self.error and not self.stopped

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """Return outcome → number of findings."""
        return Counter(outcome(finding) for finding in self.findings)

    @property
    def judgements(self) -> int:
        """Return how many judgements were made; what did not apply is none."""
        return len(self.findings) - self.counts.get(Status.NOT_APPLICABLE.value, 0)


@dataclass(frozen=True)
class Report:
    """One run of the gate.

    Args:
        stacks: The stacks, in the order to show them.
        rules: Control id → what readers should know about it.
        errors: Mistakes in files and options that make the run count as failed whatever was found.
        notes: What a reader must know about the run as a whole.
        observed_at: RFC 3339 time in UTC.
        waivers: The waivers that cover something.
        since: What the run was compared with; then `evidence["new"]` of what blocks says whether it is new.
        fail_on: What is less grave is shown and decides nothing.
        unit: What a `StackReport` of it is about, in words: a stack, or a place that was scanned.
    """

    stacks: tuple[StackReport, ...]
    rules: Mapping[str, Rule] = field(default_factory=dict)
    errors: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    observed_at: str = ""
    unit: str = "stack"
    waivers: tuple[Acceptance, ...] = ()
    fail_on: Severity = Severity.LOW
    since: str = ""

    def __iter__(self) -> Iterator[Finding]:
        for stack in self.stacks:
            yield from stack.findings

    @property
    def interrupted(self) -> bool:
        """Tell whether the run was stopped before everything was judged."""
        return any(stack.stopped for stack in self.stacks)

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """Return outcome → number of findings, over all stacks."""
        return sum((Counter(stack.counts) for stack in self.stacks), Counter[str]())

    @cached_property
    def deciding(self) -> Mapping[str, int]:
        """Return outcome → number of findings that are grave enough to decide how the run ends."""
        return Counter(outcome(finding) for finding in self if self.decides(finding))

    def decides(self, finding: Finding) -> bool:
        """Tell whether a finding is grave enough to decide how the run ends."""
        return finding.severity.rank <= self.fail_on.rank

    @property
    def exit_code(self) -> ExitCode:
        """Return the first that applies of interrupted, error, failed, undecided, passed."""
        if self.interrupted:
            return ExitCode.INTERRUPTED
        if self.errors or any(stack.error for stack in self.stacks):
            return ExitCode.ERROR
        if self.deciding.get(Status.FAIL.value):
            return ExitCode.FAILED
        return ExitCode.UNDECIDED if self.deciding.get(Status.UNKNOWN.value) else ExitCode.PASSED

    def complete(self) -> Iterator[Finding]:
        """Yield every finding, and for each stack that was not judged one undecided finding that says so."""
        for stack in self.stacks:
            if stack.judged:
                yield from stack.findings
            else:
                yield _not_judged(stack, self.observed_at)


def _not_judged(stack: StackReport, observed_at: str) -> Finding:
    message = "interrupted before this stack was judged" if stack.stopped else stack.error
    return Finding(
        control="LG-RUN-01",
        slug="program-stack-judged",
        status=Status.UNKNOWN,
        severity=Severity.HIGH,
        message=message,
        program=stack.program,
        stack=stack.stack,
        evidence={"incomplete": "interrupted" if stack.stopped else "error"},
        observed_at=observed_at,
    )


def by_control(report: Report, status: Status) -> Iterator[tuple[str, list[Finding]]]:
    """Yield the controls with findings of a status that no waiver covers, and these, the gravest control first."""
    found = [each for each in report if outcome(each) == status.value]
    found.sort(key=lambda each: (each.severity.rank, each.control))
    for control, group in groupby(found, key=lambda each: each.control):
        yield control, list(group)


def merged(findings: Iterable[Finding]) -> list[tuple[Finding, tuple[str, ...]]]:
    """Return findings that differ in their stack only as one, with the names of those stacks."""
    groups: dict[object, list[Finding]] = {}
    for each in findings:
        urn = each.resource.replace(f":{each.stack}::", "::", 1)
        key = (
            each.control,
            each.program,
            urn or each.arn,
            each.message,
            each.found,
            each.wanted,
            each.source,
            each.waiver,
            is_new(each),
        )
        groups.setdefault(key, []).append(each)
    return [(same[0], tuple(map(_place_name, same))) for same in groups.values()]


def _place_name(finding: Finding) -> str:
    """Return `program/stack`, or where it is deployed when nobody knows them."""
    if finding.program:
        return f"{finding.program}/{finding.stack}"
    return "/".join(filter(None, (finding.account, finding.region)))


def short_name(finding: Finding) -> str:
    """Return the logical name of a finding's resource, or its ARN where only that is known."""
    return finding.resource.rpartition("::")[2] or finding.arn
