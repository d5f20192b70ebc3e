"""What was judged: counts by stage and by control, and everything that somebody has to look at."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from ledgergate.finding import Finding, Severity, Stage, Status
from ledgergate.report.summary import OUTCOMES, merged, outcome, short_name

STAGE_WORDS: Final = {
    Stage.DESIGN: "design, by the gate",
    Stage.DEPLOY: "deployment, by the pack",
    Stage.RUN: "run time, by the audit",
    Stage.FAILURE: "failure, in a drill",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of counts.

    Args:
        label: What is counted.
        counts: Outcome → number of findings.
        about: What a reader must know of it.
    """

    label: str
    counts: Mapping[str, int]
    about: str = ""

    @property
    def judgements(self) -> int:
        """Return how many judgements were made."""
        return sum(self.counts.get(key, 0) for key in OUTCOMES)


@dataclass(frozen=True, slots=True)
class Place:
    """A resource that was judged.

    Args:
        name: Short name.
        type: Type token.
        stacks: Where it is deployed.
        source: File and line that created it; empty when nobody knows.
        waiver: Id of the waiver; empty without one.
    """

    name: str
    type: str
    stacks: tuple[str, ...]
    source: str
    waiver: str


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong in the same way with some resources."""

    message: str
    found: str
    wanted: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """One control and what it said.

    Args:
        control: Id.
        slug: The state wanted.
        severity: How bad a failure is.
        requirements: PCI DSS requirements.
        stages: One row for each stage.
        complaints: Outcome → what it said; passes among them have no message.
    """

    control: str
    slug: str
    severity: str
    requirements: tuple[str, ...]
    stages: tuple[Row, ...]
    complaints: Mapping[str, tuple[Complaint, ...]]

    @property
    def counts(self) -> Mapping[str, int]:
        """Return outcome → number of findings, over all stages."""
        return sum((Counter(row.counts) for row in self.stages), Counter[str]())


def stage_rows(findings: Sequence[Finding]) -> list[Row]:
    """Return counts for each stage that judged something, in the order of the stages."""
    return [
        Row(STAGE_WORDS[stage], _counted(own), _about(own))
        for stage in Stage
        if (own := [each for each in findings if each.stage is stage])
    ]


def judged_controls(findings: Iterable[Finding]) -> list[Judged]:
    """Return what each control said: those that need somebody first, then the gravest."""
    by_control = sorted(findings, key=lambda each: each.control)
    judged = [_judged(list(group)) for _, group in groupby(by_control, key=lambda each: each.control)]
    return sorted(judged, key=_urgency)


def _urgency(judged: Judged) -> tuple[object, ...]:
    counts = judged.counts
    return (
        not counts.get(Status.FAIL.value),
        not counts.get(Status.UNKNOWN.value),
        Severity(judged.severity).rank,
        judged.control,
    )


def _judged(findings: Sequence[Finding]) -> Judged:
    first = findings[0]
    words = list(OUTCOMES)
    return Judged(
        control=first.control,
        slug=first.slug,
        severity=first.severity.value,
        requirements=first.requirements,
        stages=tuple(stage_rows(findings)),
        complaints={
            word: tuple(_complaints(own))
            for word in words
            if (own := [each for each in findings if outcome(each) == word])
        },
    )


def _complaints(findings: Iterable[Finding]) -> Iterator[Complaint]:
    alike: dict[tuple[str, str, str], list[Place]] = {}
    for finding, stacks in merged(findings):
        alike.setdefault((finding.message, finding.found, finding.wanted), []).append(_place(finding, stacks))
    for (message, found, wanted), places in alike.items():
        yield Complaint(message, found, wanted, tuple(places))


def _place(finding: Finding, stacks: tuple[str, ...]) -> Place:
    source = f"{finding.source.file}:{finding.source.line}" if finding.source else ""
    return Place(short_name(finding), finding.type, stacks, source, finding.waiver)


def _counted(findings: Iterable[Finding]) -> Mapping[str, int]:
    return Counter(map(outcome, findings))


def _about(findings: Iterable[Finding]) -> str:
    """Return which stacks, or places, they are about."""
    places = {
        f"{each.program}/{each.stack}" if each.program else "/".join(filter(None, (each.account, each.region)))
        for each in findings
    }
    return ", ".join(sorted(places - {""}))
