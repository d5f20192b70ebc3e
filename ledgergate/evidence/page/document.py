"""Renders the page: everything that stands in it is escaped, and it forbids itself to load or run anything."""

import functools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment

from ledgergate.evidence.approvals import Approvals, Keys, Standing
from ledgergate.evidence.audits import SCAN, SCANNED, outcome_of
from ledgergate.evidence.bundle import Bundle, EntryKind
from ledgergate.evidence.coherence import approvals_in, journals_in, unreached_in
from ledgergate.evidence.findings import finding_from_json
from ledgergate.evidence.page.judged import Row, judged_controls, stage_rows
from ledgergate.evidence.page.timeline import Drill, date, drill_of
from ledgergate.finding import Status
from ledgergate.report.pages import page_environment
from ledgergate.report.printable import shortened
from ledgergate.report.summary import OUTCOMES

_PROBE_WORDS: Final = {"failed": "failed", "not provable here": "not provable", "passed": "passed"}


@dataclass(frozen=True, slots=True)
class Source:
    """What was taken from one file."""

    name: str
    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that an audit was to scan.

    Args:
        audit: Name of the audit's folder.
        name: What the audit calls it.
        outcome: What became of it, in words.
        error: Why it was not scanned; empty where it was, or was stopped.
        scan: What the scan was about; empty where it did not come to its end.
        answers: Raw answers that were kept of it.
    """

    audit: str
    name: str
    outcome: str
    error: str
    scan: Mapping[str, Any]
    answers: int

    @property
    def scanned(self) -> bool:
        """Tell whether the scan came to its end."""
        return self.outcome == SCANNED


def rendered(bundle: Bundle, name: str, succession: str, approvers: Keys | None = None) -> str:
    """Return the page of a verified bundle.

    Args:
        bundle: The bundle.
        name: Name of its file.
        succession: What is known of the bundles before it, in words.
        approvers: Those who may approve drills, by whoever makes the page; unless given those whom the bundle names.
    """
    findings = [finding_from_json(entry.body) for entry in bundle.of_kind(EntryKind.FINDING)]
    probes = [entry.body for entry in bundle.of_kind(EntryKind.PROBE)]
    drills = list(_drills(bundle))
    stages = stage_rows(findings)
    approvals = approvals_in(bundle, approvers)
    return (
        _environment()
        .get_template("page.html")
        .render(
            name=name,
            manifest=bundle.manifest,
            digest=bundle.digest,
            succession=succession,
            outcomes=tuple(OUTCOMES.items()),
            stages=stages,
            controls=judged_controls(findings),
            probe_words=_PROBE_WORDS,
            probe_rows=_probe_rows(probes),
            probes=sorted(probes, key=lambda each: list(_PROBE_WORDS).index(each["outcome"])),
            drills=drills,
            approvals=approvals,
            approvers_of="whoever made this page" if approvers else "whoever sealed it",
            targets=list(_targets(bundle)),
            sources=list(_sources(bundle)),
            alarms=[*_alarms(stages, probes, drills), *_doubts(bundle, approvals)],
        )
    )


@functools.cache
def _environment() -> Environment:
    environment = page_environment(Path(__file__).parent)
    environment.filters |= {"shortened": shortened, "percent": _percent, "date": date, "seconds": _seconds}
    return environment


def _percent(part: float, whole: float) -> str:
    return f"{min(max(100 * part / whole, 0.0), 100.0):.3f}%"


def _seconds(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.1f} s"


def _drills(bundle: Bundle) -> Iterator[Drill]:
    samples = {entry.body["journal"]: entry.body["text"] for entry in bundle.of_kind(EntryKind.SAMPLES)}
    for source, events in journals_in(bundle).items():
        yield drill_of(source, events, samples.get(source, ""))


def _probe_rows(probes: Sequence[Mapping[str, Any]]) -> list[Row]:
    counts: dict[str, Counter[str]] = {}
    for probe in probes:
        counts.setdefault(probe["probe"], Counter())[probe["outcome"]] += 1
    return [Row(name, count) for name, count in sorted(counts.items())]


def _sources(bundle: Bundle) -> Iterator[Source]:
    counts = Counter((entry.source, entry.kind.value) for entry in bundle.entries)
    return (Source(name, kind, count) for (name, kind), count in counts.items())


def _alarms(stages: Sequence[Row], probes: Sequence[Mapping[str, Any]], drills: Sequence[Drill]) -> Iterator[str]:
    """Yield what somebody has to look at, in words."""
    for key, word in ((Status.FAIL.value, "failed"), (Status.UNKNOWN.value, "could not be decided")):
        if count := sum(row.counts.get(key, 0) for row in stages):
            yield f"{_plural(count, 'judgement')} {word}"
    if count := sum(probe["outcome"] == "failed" for probe in probes):
        yield f"{_plural(count, 'probe')} failed"
    for drill in drills:
        if drill.outcome != "done" or drill.left:
            yield f"drill {drill.opened['plan']['drill']}: {drill.outcome}"


def _doubts(bundle: Bundle, approvals: Mapping[str, Approvals]) -> Iterator[str]:
    """Yield what the evidence does not show although somebody may think so, in words."""
    if count := len(unreached_in(bundle)):
        yield f"{_plural(count, 'target')} of an audit {'was' if count == 1 else 'were'} not scanned"
    for each in approvals.values():
        if each.standing is Standing.BAD:
            yield f"{each.journal}: it was NOT APPROVED as it says"
        elif each.standing is Standing.UNVERIFIED:
            yield f"{each.journal}: its approvals were not verified"


def _targets(bundle: Bundle) -> Iterator[Target]:
    scans = {entry.source: entry.body for entry in bundle.of_kind(EntryKind.SCAN)}
    answers = Counter(entry.source.rpartition("/")[0] for entry in bundle.of_kind(EntryKind.ANSWER))
    for entry in bundle.of_kind(EntryKind.TARGET):
        audit, said = entry.source.rpartition("/")[0], entry.body
        folder = f"{audit}/{said['folder']}"
        scan = scans.get(f"{folder}/{SCAN}", {})
        yield Target(audit, said["name"], outcome_of(said), said["error"], scan, answers[folder])


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
