"""Judges what serves: the facts are read back with the audit's readers, and the gate's controls decide about them."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from runbooks.errors import StepError
from runbooks.plan import Place

if TYPE_CHECKING:
    import boto3

    from ledgergate.finding import Finding

_WORKERS: Final = 8
SERVING: Final = ("ec2", "kms", "rds", "s3")
"""Services that hold what serves: the database, its network, its keys and the buckets beside it."""

_GRAVE: Final = ("critical", "high")
"""Severities that count: a game day does not end over a tag, an audit tells about that."""


@dataclass(frozen=True, slots=True)
class Controls:
    """The critical and high controls of a program, applied to what serves in one Region of its account.

    What watches over an account, and what belongs to no Region, is left out: no drill moves it, and an audit judges it.

    Args:
        place: Account, Region, program and stack.
        session: Reaches the account.
        urns: ARN → URN of the resource of the program that it is; empty on an account, which knows no URN, so that
            only waivers which name an ARN count there.
    """

    place: Place
    session: "boto3.Session"
    urns: Mapping[str, str] = field(default_factory=dict)

    def blocking(self) -> tuple[str, ...]:
        """Read everything again, and return what fails and is not waived, one line each.

        Raises:
            StepError: Something that a control needs could not be read, so that nobody can tell.
        """
        from ledgergate.finding import Status

        found = list(self._findings())
        for each in found:
            if each.status is Status.UNKNOWN:
                raise StepError(f"{_line(each)}, so that nobody can tell whether it is broken")
        return tuple(map(_line, found))

    def _findings(self) -> "Iterator[Finding]":
        """Yield what fails or is undecided in the Region, waivers applied."""
        from integration.auditing.target import Target
        from integration.auditing.waiving import waived
        from integration.readers import READINGS, operations_for
        from integration.scanning.asker import Asker, LiveLine
        from integration.scanning.limits import RATES, Limits
        from integration.scanning.observed import Place as Where
        from integration.scanning.scan import Carrier, first_tasks, places_of, scan
        from integration.session import Connections, patience
        from ledgergate.engine.project import load_project
        from policies.gating.judging import load_rules

        place = self.place
        readings = [reading for reading in READINGS if reading.service in SERVING]
        read = frozenset(fact for reading in readings for fact in reading.gives)
        project = load_project(Path(place.program))
        rules = load_rules(project, [place.stack], (), own_waivers=True)
        settings = rules.settings[place.stack]
        account = Where(place.account, "", settings.partition)
        target = Target(
            name=place.account,
            kind="account",
            account=account,
            regions=(place.region,),
            controls=tuple(each for each in rules.controls if each.severity in _GRAVE and each.fact in read),
            settings=settings,
            connections=Connections(
                self.session, operations_for(read), patience(attempts=1) if place.rehearsal else patience()
            ),
            line=LiveLine(Limits(None if place.rehearsal else RATES)),
            program=project.name,
            stack=place.stack,
            observed_at=dt.datetime.now(dt.UTC).isoformat(),
            waivers=rules.waivers,
            urns=self.urns,
        )
        audit = target.audit()
        carrier = Carrier(target.connections, Asker(target.line, lambda _: None), home=place.region, workers=_WORKERS)
        places = places_of(place.account, target.regions, account.partition)
        seen = list(scan(carrier, first_tasks(readings, places, audit.facts())))
        for finding in waived(target, audit.findings(seen, readings)).findings:
            if finding.blocks and finding.region == place.region:
                yield finding


def _line(finding: "Finding") -> str:
    return f"{finding.control}: {finding.arn.rpartition(':')[2]}: {finding.message}"
