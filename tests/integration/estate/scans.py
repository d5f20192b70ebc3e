"""Scans of the account, judged."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import boto3
from botocore.config import Config

from integration.readers import READINGS, operations_for
from integration.scanning.asker import Asker, Line, LiveLine
from integration.scanning.calls import Call
from integration.scanning.judging import Audit
from integration.scanning.limits import Limits
from integration.scanning.observed import Observed, Place, Reading, Unread
from integration.scanning.outcome import Outcome
from integration.scanning.scan import Carrier, first_tasks, places_of, scan
from integration.session import Connections, patience
from ledgergate.finding import Finding
from policies.catalogue import load_catalogue
from policies.settings import Settings
from tests.integration.estate.account import ACCOUNT, OBSERVED_AT, REGION, SETTINGS


@dataclass
class Scanned:
    """One scan of the account.

    Args:
        found: What it yielded.
        findings: What the controls say of it.
        outcomes: How each call ended, in the order in which they did.
    """

    found: list[Observed | Unread] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def calls(self) -> list[Call]:
        """The calls that were made."""
        return [outcome.call for outcome in self.outcomes]

    def verdicts(self) -> Mapping[tuple[str, str], str]:
        """Return (control, ARN) → verdict."""
        return {(each.control, each.arn): each.status.value for each in self.findings}


def connections_to(session: boto3.Session, *, attempts: int = 1) -> Connections:
    """Return connections that do not wait for what fails.

    Adaptive clients slow down for good once they were throttled; here every call is throttled in its turn.
    """
    hurried = Config(retries={"mode": "standard", "total_max_attempts": attempts})
    return Connections(session, operations_for(), patience().merge(hurried))


def scanned(
    connections: Connections,
    *,
    line: Line | None = None,
    regions: Iterable[str] = (REGION,),
    select: tuple[str, ...] = (),
    workers: int = 4,
    settings: Settings | None = None,
    readings: Sequence[Reading] = READINGS,
) -> Scanned:
    """Scan the account and judge it."""
    done = Scanned()
    asker = Asker(line or LiveLine(Limits(None)), done.outcomes.append)
    controls = load_catalogue().select(select)
    audit = Audit(controls, settings or SETTINGS, Place(ACCOUNT, ""), OBSERVED_AT)
    tasks = first_tasks(readings, places_of(ACCOUNT, regions), audit.facts())
    done.found += scan(Carrier(connections, asker, REGION, workers), tasks)
    done.findings += audit.findings(done.found, readings)
    return done
