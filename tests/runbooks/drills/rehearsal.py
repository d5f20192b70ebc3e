"""The payment system as a world without processes, on a clock that moves when somebody waits."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from integration.sandbox.world import Event, Flaw, Instance, Times, World, load_times
from ledgergate.evidence.samples import Sample
from runbooks.aurora import Cluster, DbCluster, DbInstance
from runbooks.drills.aurora_writer_zone_loss import DRILL, Payments
from runbooks.events import Closed, Measured
from runbooks.guardrails import Watch
from runbooks.journal import Journal, create_journal, open_journal
from runbooks.model import Drill, Mode
from runbooks.runner import Run, Runner
from runbooks.samples import render_sample
from tests.runbooks.pretend import CrashError, CrashingJournal, PretendClock, opened

INSTANCES = (
    Instance("database-0", "us-east-1a", 0),
    Instance("database-1", "us-east-1b", 1),
    Instance("database-2", "us-east-1c", 2),
)


@dataclass
class WorldCluster:
    """The cluster of a world, without AWS between; can die around a fail-over.

    Args:
        world: The world.
        dies: Number of the call at which the process dies; -1 for none.
        after: Whether it dies after the call was accepted.
    """

    world: World
    dies: int = -1
    after: bool = False
    calls: int = 0

    def look(self) -> DbCluster:
        """Return the cluster as it is now."""
        view = self.world.view()
        return DbCluster(
            view.status,
            tuple(
                DbInstance(each.instance.id, each.instance.zone, each.status, each.instance.tier, each.is_writer)
                for each in view.members
            ),
        )

    def fail_over(self, target: str) -> None:
        """Ask for a promotion."""
        number, self.calls = self.calls, self.calls + 1
        if number == self.dies and not self.after:
            raise CrashError
        self.world.fail_over(target)
        if number == self.dies:
            raise CrashError


@dataclass
class WorldFault:
    """The switch of a world."""

    world: World
    dies: str = ""
    """`before lose`, `after lose`, `before restore` or `after restore`."""

    def lost_zone(self) -> str:
        """Return the zone that is lost now."""
        return self.world.fault.zone

    def lose_zone(self, zone: str, for_s: float) -> None:
        """Lose a zone."""
        self._around("lose", lambda: self.world.lose_zone(zone, for_s))

    def restore_zone(self) -> None:
        """Bring it back."""
        self._around("restore", self.world.restore_zone)

    def _around(self, what: str, call: Callable[[], object]) -> None:
        dies, moment = self.dies, self.dies.partition(" ")[0]
        if dies == f"{moment} {what}" and moment == "before":
            self.dies = ""
            raise CrashError
        call()
        if dies == f"{moment} {what}":
            self.dies = ""
            raise CrashError


@dataclass
class SteppedProbe:
    """Writes a record once a second of the clock, whoever runs a drill."""

    world: World
    taken: list[Sample] = field(default_factory=list)

    def tick(self, time: float) -> None:
        """Take a sample."""
        number = len(self.taken)
        self.taken.append(Sample(time, number, self.world.write(number), time))

    def read(self) -> tuple[Sample, ...]:
        """Return the samples."""
        return tuple(self.taken)

    def digest(self, count: int) -> str:
        """Return the hash of the first samples."""
        return hashlib.sha256(b"".join(map(render_sample, self.taken[:count]))).hexdigest()


@dataclass
class Rehearsal:
    """One drill on one world.

    Args:
        folder: Where its journal lies.
        seed: Decides about durations.
        flaw: How the world misbehaves.
        notices: Whether the cluster moves by itself.
        spans: How long some events take instead of what the world's table says.
        drill: What is run.
    """

    folder: Path
    seed: int = 1
    flaw: Flaw | None = None
    notices: bool = False
    mode: Mode = Mode.UNGRACEFUL
    watch: Watch = field(default_factory=Watch)
    blocking: tuple[str, ...] = ()
    writes: int = 0
    clock: PretendClock = field(default_factory=PretendClock)
    spans: dict[Event, tuple[float, float]] = field(default_factory=dict)
    drill: Drill[Payments] = DRILL

    def __post_init__(self) -> None:
        """Make the world, and let the probe run for a while."""
        table = load_times().spans
        changed = {
            event: replace(table[event], lowest_s=low, highest_s=high) for event, (low, high) in self.spans.items()
        }
        times = Times({**table, **changed})
        self.world = World(INSTANCES, times, self.clock.now, seed=self.seed, flaw=self.flaw, notices=self.notices)
        self.cluster = WorldCluster(self.world)
        self.fault = WorldFault(self.world)
        self.probe = SteppedProbe(self.world)
        self.clock.on_tick.append(self.probe.tick)
        self.clock.wait(5)

    @property
    def path(self) -> Path:
        """The journal."""
        return self.folder / "drill.jsonl"

    def start(self, crash_at: int = -1, how: str = "after", cluster: Cluster | None = None) -> Closed:
        """Run the drill from the beginning."""
        with create_journal(self.path) as journal:
            crashing = CrashingJournal(journal, crash_at, how)
            try:
                crashing.append(opened(self.clock))
                return self.runner(crashing, cluster).go()
            finally:
                self.writes = crashing.writes

    def resume(self) -> Closed:
        """Go on as a new process would."""
        with open_journal(self.path) as journal:
            return self.runner(journal).go()

    def undo(self, crash_at: int = -1, how: str = "after") -> Closed:
        """Take it back as a new process would."""
        with open_journal(self.path) as journal:
            return self.runner(CrashingJournal(journal, crash_at, how)).take_back("asked for")

    def measured(self) -> Measured:
        """Return what was measured."""
        with open_journal(self.path) as journal:
            assert journal.progress.measured is not None
            return journal.progress.measured

    def runner(self, journal: Journal, cluster: Cluster | None = None, poll_s: float = 1.0) -> Runner[Payments]:
        """Return a runner on the journal."""
        target = Payments(
            cluster=cluster or self.cluster,
            fault=self.fault,
            samples=self.probe,
            numbers=lambda: frozenset(self.world.numbers()),
            blocking=lambda: self.blocking,
            clock=self.clock,
        )
        return Runner(
            Run(
                drill=self.drill,
                mode=self.mode,
                target=target,
                journal=journal,
                clock=self.clock,
                watch=self.watch,
                poll_s=poll_s,
            )
        )

    def rest(self) -> dict[str, Any]:
        """Wait out what is under way, and return what the world is then."""
        self.clock.wait(120)
        view = self.world.view()
        return {
            "writer": view.writer,
            "cluster": view.status,
            "statuses": {each.instance.id: each.status for each in view.members},
            "zone": self.world.fault.zone,
            "serves": self.world.serves_writes(),
        }
