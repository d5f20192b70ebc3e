"""Sets the stage of a drill: target, clock and guardrails, in a rehearsal or on an account."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runbooks.accounts import client, demand_allowed, open_session
from runbooks.aurora import RdsCluster
from runbooks.clock import ScaledClock
from runbooks.drills.aurora_writer_zone_loss import Payments
from runbooks.errors import StepError
from runbooks.guardrails import AbortFile, Alarms, Guardrail, SafetyProbe, Watch
from runbooks.plan import Place, Plan
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
        abort_file: Stops the drill when it is there.
        alarms: CloudWatch alarms that must be OK.
        stop: Set when the user stops the drill.
        tell: Told what is being done.
    """

    abort_file: Path
    alarms: tuple[str, ...] = ()
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
        with _in_rehearsal(plan.place, journal, wishes, world) as stage:
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
def _in_rehearsal(place: Place, journal: Path, wishes: Wishes, world: Announcement) -> Iterator[Stage]:
    clock = ScaledClock(world.origin, world.scale, wishes.stop)
    service, control = HttpService(world.service), RehearsalControl(world.control, timeout_s=30.0)
    session = open_session(place, world.aws)
    with _probed(world.service, journal, clock) as samples:
        target = Payments(
            cluster=RdsCluster(client(session, "rds", world.aws), world.cluster),
            fault=control,
            samples=samples,
            numbers=service.numbers,
            blocking=control.blocking,
            clock=clock,
        )
        yield Stage(target, clock, _watch(wishes, service))


@contextlib.contextmanager
def _on_account(plan: Plan, journal: Path, wishes: Wishes) -> Iterator[Stage]:
    place = plan.place
    clock = ScaledClock(wake=wishes.stop)
    session = open_session(place)
    service = HttpService(place.service, timeout_s=5.0)
    alarms = [Alarms(client(session, "cloudwatch"), wishes.alarms)] if wishes.alarms else []
    with _probed(place.service, journal, clock) as samples:
        target = Payments(
            cluster=RdsCluster(client(session, "rds"), place.cluster),
            fault=NoFault(),
            samples=samples,
            numbers=service.numbers,
            blocking=_cannot_judge,
            clock=clock,
        )
        yield Stage(target, clock, _watch(wishes, service, *alarms))


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


def _watch(wishes: Wishes, service: HttpService, *more: Guardrail) -> Watch:
    readers = SafetyProbe("readers answer", service.reads)
    return Watch((AbortFile(wishes.abort_file), readers, *more), wishes.stop)


def _cannot_judge() -> tuple[Any, ...]:
    raise StepError("the controls cannot be judged on an account yet, so that nothing is moved there")
