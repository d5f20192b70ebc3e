"""One call of the audit, from the request to the report."""

import contextlib
import datetime as dt
import signal
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from integration.auditing.doubt import settled
from integration.auditing.progress import status
from integration.auditing.request import Request, demand_sound
from integration.auditing.target import Target
from integration.auditing.waiving import waived
from integration.readers import READINGS
from integration.scanning.asker import Asker, Keep
from integration.scanning.evidence import Entry, Index
from integration.scanning.observed import Observed, Unread
from integration.scanning.scan import Carrier, first_tasks, places_of, scan
from ledgergate.errors import LedgergateError
from ledgergate.finding import Finding
from ledgergate.report import Report, StackReport
from ledgergate.report.jsonl import lines
from ledgergate.report.rule import Rule
from policies.rules import rules_of

GLOBAL: Final = "global"
"""Stands for the Region of what belongs to none."""

_DIFFERS: Final = "these answers gave other findings in the scan: the controls are not those of then"

Say = Callable[[str], None]


@dataclass
class _Ended:
    """What was found so far."""

    reports: list[StackReport] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rules: dict[str, Rule] = field(default_factory=dict)


class Session:
    """Scans and judges the targets of one request.

    Args:
        request: What the user asked for.

    Raises:
        LedgergateError: The request contradicts itself.
    """

    def __init__(self, request: Request) -> None:
        demand_sound(request)
        self._request = request
        self._observed_at = dt.datetime.now(dt.UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
        self._ended = _Ended()
        self._index = Index(request.evidence) if request.evidence else None

    def report(self) -> Report:
        """Scan and judge every target; after an interrupt, return what was found so far.

        Raises:
            LedgergateError: A profile, a waiver file or a selection is wrong, or an account is not allowed.
        """
        ended = self._ended
        with status(quiet=self._request.quiet) as say:
            try:
                if self._request.replay is not None:
                    self._replays(say)
                elif self._request.accounts:
                    self._account(say)
                else:
                    self._sandboxes(say)
            except KeyboardInterrupt:
                # Whoever interrupts again does not want to wait for a report.
                signal.signal(signal.SIGINT, signal.SIG_DFL)
                ended.reports.append(StackReport("scan", "rest", stopped=True))
                self._note(Entry("scan/rest"))
            if self._index:
                self._index.close()
                ended.notes.append(f"the raw answers are in {self._index.path}")
        notes = tuple(dict.fromkeys(ended.notes))
        return Report(tuple(ended.reports), ended.rules, tuple(ended.errors), notes, self._observed_at, unit="place")

    def _replays(self, say: Say) -> None:
        from integration.auditing.replays import replay_targets

        assert self._request.replay is not None  # noqa: S101 - asked before
        for target in replay_targets(self._request, self._request.replay):
            if isinstance(target, StackReport):
                self._ended.reports.append(target)
                continue
            self._observed_at = target.observed_at
            self._run(target, say)

    def _account(self, say: Say) -> None:
        from integration.auditing.accounts import account_target

        self._run(account_target(self._request, self._observed_at), say)

    def _sandboxes(self, say: Say) -> None:
        from integration.auditing.sandboxes import sandbox_target, stacks_of

        for project, name in stacks_of(self._request):
            say(f"{name}: starting")
            with contextlib.ExitStack() as opened:
                try:
                    deploying = sandbox_target(self._request, project, name.stack, self._observed_at, say)
                    target = opened.enter_context(deploying)
                except LedgergateError as error:
                    self._ended.reports.append(StackReport(name.project, name.stack, error=str(error)))
                    self._note(Entry(str(name), error=str(error)))
                    continue
                self._run(target, say)

    def _run(self, target: Target, say: Say) -> None:
        """Scan one target, judge it, and keep the evidence."""
        begun = time.monotonic()
        folder = self._index.open(target.name) if self._index else None
        found: list[Observed | Unread] = []
        stopped = False
        try:
            for each in self._scanned(target, say, folder.keep if folder else lambda _: None):
                found.append(each)  # noqa: PERF402 - what came before an interrupt counts
        except KeyboardInterrupt:
            stopped = True
        reports = self._judged(target, found, time.monotonic() - begun)
        self._ended.reports += reports
        if stopped:
            if folder:
                folder.abandon()
                self._note(Entry(target.name, folder.path.name))
            raise KeyboardInterrupt
        written = "".join(f"{line}\n" for line in lines(Report(tuple(reports))))
        if folder:
            self._note(folder.close(target.name, target.to_json(), written))
        if target.differs is not None and target.differs(written):
            self._ended.errors.append(f"{target.name}: {_DIFFERS}")

    def _note(self, entry: Entry) -> None:
        if self._index:
            self._index.add(entry)

    def _scanned(self, target: Target, say: Say, keep: Keep) -> Iterator[Observed | Unread]:
        carrier = Carrier(
            target.connections,
            Asker(target.line, keep),
            home=target.regions[0],
            workers=self._request.workers,
            now=dt.datetime.fromisoformat(target.observed_at),
        )
        places = places_of(target.account.account, target.regions, target.account.partition)
        facts = frozenset(control.fact for control in target.controls)
        tasks = first_tasks(READINGS, places, facts)
        return scan(carrier, tasks, lambda done, known: say(f"{target.name}: {done} of {known} reads through"))

    def _judged(self, target: Target, found: Sequence[Observed | Unread], seconds: float) -> list[StackReport]:
        audit = target.audit()
        outcome = waived(target, settled(audit.findings(found, READINGS), target.doubts))
        self._ended.errors += outcome.problems
        self._ended.notes += [f"{target.name}: {note}" for note in target.remarks]
        unread = audit.not_read(READINGS)
        if unread:
            listed = textwrap.shorten(", ".join(unread), 120, placeholder=" …")
            self._ended.notes.append(f"{len(unread)} controls were not judged, no audit reads for them: {listed}")
        self._ended.notes += [f"not judged, as it is not read: {left}" for left in audit.left_out(READINGS)]
        self._ended.rules |= rules_of(target.controls)
        return list(_by_region(target, outcome.findings, seconds))


def _by_region(target: Target, findings: Sequence[Finding], seconds: float) -> Iterator[StackReport]:
    """Yield a report for each Region, also for one in which nothing was found; the time is that of the whole scan."""
    found = {
        region: tuple(group)
        for region, group in groupby(sorted(findings, key=lambda each: each.region), key=lambda each: each.region)
    }
    for region in ("", *target.regions, *sorted(found.keys() - {"", *target.regions})):
        own = found.get(region, ())
        subjects = len({finding.arn for finding in own if finding.type})
        yield StackReport(target.name, region or GLOBAL, own, subjects, target.kind, seconds=seconds)
