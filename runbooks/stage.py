"""Sets the stage of a drill: target, clock and guardrails, in a rehearsal or on an account."""

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from runbooks.accounts import Account, demand_allowed, open_account
from runbooks.aurora import RdsCluster
from runbooks.clock import ScaledClock
from runbooks.drills.aurora_writer_zone_loss import Payments, ZoneFault
from runbooks.errors import StepError
from runbooks.guardrails import AbortFile, Alarms, Guardrail, SafetyProbe, Watch
from runbooks.judging import Controls
from runbooks.plan import Care, Plan
from runbooks.probes import ProbeProcess
from runbooks.rehearsal import Announcement, forget_world, read_world, start_world
from runbooks.samples import SampleFile
from runbooks.service import HttpService, RehearsalControl


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that a runner needs beside drill and journal."""

    target: Payments
    clock: ScaledClock
    watch: Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the user asked for that is no part of the plan.

    Args:
        stop: Set when the user stops the drill.
        tell: Told what is being done.
    """

    stop: threading.Event
    tell: Callable[[str], None]


class NoFault:
    """Stands where no fault can be injected."""

    def lost_zone(self) -> str:
        """Return that none is lost by a drill."""
        return ""

    def lose_zone(self, zone: str, for_s: float) -> None:
        """Refuse."""
        raise StepError(f"nothing can lose {zone} here for {for_s:g} s")

    def restore_zone(self) -> None:
        """Do nothing: none was lost."""


@contextlib.contextmanager
def set_stage(plan: Plan, journal: Path, wishes: Wishes, *, anew: bool) -> Iterator[Stage]:
    """Open the target of a plan with the probe running; the probe ends with the block.

    When the block raises, the probe stays too, so that somebody can go on. A rehearsal's world always stays until
    `strike_stage`.

    Args:
        plan: The plan.
        journal: The journal's path; what belongs to the drill lies beside it.
        wishes: What the user asked for besides.
        anew: Whether the drill begins; else what is there is found again.

    Raises:
        LedgergateError: The place is not allowed, or the target cannot be opened.
    """
    demand_allowed(plan.place)
    if not plan.place.rehearsal:
        with _on_account(plan, journal, wishes) as stage:
            yield stage
        return
    world = start_world(plan, journal, wishes.tell) if anew else read_world(journal)
    try:
        with _in_rehearsal(plan, journal, wishes, world) as stage:
            yield stage
    except BaseException:
        if not journal.exists():
            strike_stage(plan, journal)
        raise


def strike_stage(plan: Plan, journal: Path) -> None:
    """End the world of a rehearsal; on an account there is nothing to end."""
    if plan.place.rehearsal:
        RehearsalControl(read_world(journal).control).end()
        forget_world(journal)


@contextlib.contextmanager
def _in_rehearsal(plan: Plan, journal: Path, wishes: Wishes, world: Announcement) -> Iterator[Stage]:
    clock = ScaledClock(world.origin, world.scale, wishes.stop)
    account = open_account(plan.place, world.aws, world.scale)
    control = RehearsalControl(world.control, timeout_s=30.0)
    service = HttpService(world.service)
    found = _Found(plan, journal, account, clock, service, world.service, world.cluster, control, world.urns)
    with _set(found, wishes) as stage:
        yield stage


@contextlib.contextmanager
def _on_account(plan: Plan, journal: Path, wishes: Wishes) -> Iterator[Stage]:
    place = plan.place
    clock = account_clock(wishes.stop)
    account = open_account(place)
    service = HttpService(place.service, timeout_s=5.0)
    found = _Found(plan, journal, account, clock, service, place.service, place.cluster, NoFault())
    with _set(found, wishes) as stage:
        yield stage


def account_clock(stop: threading.Event) -> ScaledClock:
    """Return the clock of a drill on an account: that of the wall."""
    return ScaledClock(wake=stop)


@dataclass(frozen=True, slots=True)
class _Found:
    """What a stage is made of, wherever it is set."""

    plan: Plan
    journal: Path
    account: Account
    clock: ScaledClock
    service: HttpService
    url: str
    cluster: str
    fault: ZoneFault
    urns: Mapping[str, str] = field(default_factory=dict)


@contextlib.contextmanager
def _set(found: _Found, wishes: Wishes) -> Iterator[Stage]:
    with _probed(found.url, found.journal, found.clock) as samples:
        target = Payments(
            cluster=RdsCluster(found.account.client("rds"), found.cluster),
            fault=found.fault,
            samples=samples,
            numbers=found.service.numbers,
            blocking=Controls(found.plan.place, found.account.session, found.urns).blocking,
            clock=found.clock,
        )
        yield Stage(target, found.clock, Watch(tuple(_guardrails(found)), wishes.stop))


def _guardrails(found: _Found) -> Iterator[Guardrail]:
    care = found.plan.care
    yield AbortFile(abort_file(care, found.journal))
    yield SafetyProbe("readers answer", found.service.reads)
    if care.alarms:
        yield Alarms(found.account.client("cloudwatch"), care.alarms)


def abort_file(care: Care, journal: Path) -> Path:
    """Return the file that stops a drill when it is there."""
    return Path(care.abort_file) if care.abort_file else journal.with_name(journal.name + ".abort")


@contextlib.contextmanager
def _probed(service: str, journal: Path, clock: ScaledClock) -> Iterator[SampleFile]:
    path = journal.with_name(journal.name + ".samples")
    probe = ProbeProcess(service, path.resolve(), clock)
    probe.start()
    try:
        yield SampleFile(path)
    except BaseException:
        if not journal.exists():
            # Nothing was begun, so nobody will go on with it.
            probe.stop()
        raise
    probe.stop()
