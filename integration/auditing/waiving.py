"""Waivers of what is deployed: those that speak about what was scanned, and no others."""

import datetime as dt
from collections.abc import Iterable, Sequence

from integration.auditing.target import Target
from ledgergate.finding import Finding, Stage
from policies.facts.arns import parse_arn
from policies.waivers import Waiver, WaiverOutcome, apply_waivers


def waived(target: Target, findings: Sequence[Finding]) -> WaiverOutcome:
    """Return the findings with their waivers, and a sentence for each waiver that is expired or of no use.

    A waiver that names the URN of something else than what was scanned is for the gate, which knows URNs. The day
    that counts is that of the scan, so that a replay waives what the scan has waived.
    """
    today = dt.datetime.fromisoformat(target.observed_at).date()
    waivers = [each for each in target.waivers if _speaks_here(each, target, findings)]
    return apply_waivers(findings, waivers, today, target.stack, Stage.RUN)


def _speaks_here(waiver: Waiver, target: Target, findings: Iterable[Finding]) -> bool:
    if any(map(waiver.covers, findings)):
        return True
    arn = parse_arn(waiver.resource)
    return arn is not None and arn.account == target.account.account and arn.region in ("", *target.regions)
