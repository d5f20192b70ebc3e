"""A small pretended system with a clock of its own, drills on it, and crashes that no cleanup catches."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ledgergate.evidence.heads import Head
from runbooks.errors import StepError
from runbooks.events import Closed, Event, Opened, event_to_json
from runbooks.guardrails import Watch
from runbooks.journal import Journal, create_journal, open_journal
from runbooks.model import Aim, Drill, Measurement, Mode, Scene, State, Step, Undo
from runbooks.runner import Run, Runner

LATENCY_S: Final = 3.0
"""Seconds until an accepted call shows."""

FORWARD: Final = [
    *(("fault", "on"), ("move", "on"), ("traffic", "on")),
    *(("fault", "off"), ("move", "off"), ("traffic", "off")),
]
"""What the usual drill calls on a sound system."""

BROKEN: Final = [("fault", "on"), ("move", "on"), ("fault", "off"), ("move", "off")]
"""What it calls on a broken one."""


class CrashError(BaseException):
    """Stands for `kill -9`: nothing in the runner may catch it."""


@dataclass
class PretendClock:
    """Time passes only when somebody waits."""

    time: float = 1_000_000.0
    on_tick: list[Callable[[float], None]] = field(default_factory=list)

    def now(self) -> float:
        """Return the time."""
        return self.time

    def wait(self, seconds: float) -> None:
        """Let time pass, second by second."""
        end = self.time + max(seconds, 0.001)
        while self.time < end:
            self.time = min(self.time + 1.0, end)
            for tick in self.on_tick:
                tick(self.time)


@dataclass
class System:
    """Named switches; a call is accepted at once and shows after a while.

    Args:
        clock: Its time.
        fails: Switch → how many calls for it fail, without having been carried out.
        lies: Switch → how many calls for it fail although they are carried out.
        stuck: Switches whose calls are accepted and have no effect.
    """

    clock: PretendClock
    fails: dict[str, int] = field(default_factory=dict)
    lies: dict[str, int] = field(default_factory=dict)
    stuck: frozenset[str] = frozenset()
    calls: list[tuple[str, str]] = field(default_factory=list)
    crash_at_call: int = -1
    crash_after: bool = False
    broken: bool = False
    _shown: dict[str, str] = field(default_factory=dict)
    _coming: list[tuple[float, str, str]] = field(default_factory=list)

    def read(self, name: str) -> str:
        """Return what a switch shows."""
        for due, changed, value in self._coming:
            if due <= self.clock.now():
                self._shown[changed] = value
        self._coming = [each for each in self._coming if each[0] > self.clock.now()]
        return self._shown.get(name, "off")

    def settle(self) -> dict[str, str]:
        """Wait out what is under way and return every switch that is not off."""
        self.clock.wait(LATENCY_S)
        self.read("")
        return {name: value for name, value in self._shown.items() if value != "off"}

    def set(self, name: str, value: str) -> None:
        """Turn a switch."""
        here = len(self.calls) == self.crash_at_call
        if here and not self.crash_after:
            self.crash_at_call = -1
            raise CrashError
        if self.fails.get(name, 0):
            self.fails[name] -= 1
            raise ConnectionError("refused")
        self.calls.append((name, value))
        if name not in self.stuck:
            self._coming.append((self.clock.now() + LATENCY_S, name, value))
        if here:
            self.crash_at_call = -1
            raise CrashError
        if self.lies.get(name, 0):
            self.lies[name] -= 1
            raise ConnectionError("timed out")


def switch(
    name: str,
    *,
    is_fault: bool = False,
    restores: str = "",
    wanted: str = "on",
    needs: str = "",
    lasts_s: float = math.inf,
) -> Step[System]:
    """Return a step that turns a switch."""

    def observe(scene: Scene[System]) -> State:
        return {"value": scene.target.read(restores or name)}

    def precheck(_scene: Scene[System], _before: State) -> State:
        return {"value": wanted}

    def act(scene: Scene[System], aim: Aim) -> None:
        scene.target.set(restores or name, aim.wanted["value"])

    def verify(scene: Scene[System], aim: Aim) -> str:
        return "" if observe(scene) == aim.wanted else f"{name} does not show it yet"

    def back(scene: Scene[System], aim: Aim) -> None:
        scene.target.set(name, aim.before["value"])

    def obstacle(scene: Scene[System], _aim: Aim) -> str:
        return f"{needs} is on" if needs and scene.target.read(needs) == "on" else ""

    return Step(
        name=name,
        summary=f"turn {name}",
        deadline_s=60,
        settle_s=LATENCY_S,
        observe=observe,
        precheck=precheck,
        act=act,
        verify=verify,
        undo=None if restores else Undo(f"turn {name} back", back, obstacle),
        restores=(restores,) if restores else (),
        is_fault=is_fault,
        lasts_s=lasts_s,
    )


def _sound(scene: Scene[System], _aim: Aim) -> str:
    if scene.target.broken:
        raise StepError("it is broken")
    return ""


def measure_well(_scene: Scene[System]) -> Measurement:
    """Measure what meets every target."""
    return Measurement(rto_s=5.0, rpo_s=0.0, lost=0, resolution_s=1.0, fail_back_s=4.0)


def drill(*steps: Step[System], measure: Callable[[Scene[System]], Measurement] = measure_well) -> Drill[System]:
    """Return a drill of these steps; the usual ones when there are none."""
    usual = (
        switch("fault", is_fault=True),
        switch("move", needs="fault"),
        Step(name="check", summary="see", deadline_s=30, verify=_sound),
        switch("traffic"),
        switch("end", restores="fault", wanted="off"),
        switch("back", restores="move", wanted="off"),
        switch("traffic-back", restores="traffic", wanted="off"),
    )
    return Drill(
        name="pretended",
        summary="a pretended drill",
        steps=steps or usual,
        rto_target_s=60,
        rpo_target_s=1,
        soak_s=10,
        measure=measure,
    )


class CrashingJournal(Journal):
    """A journal whose process dies at one of its writes.

    Args:
        journal: The journal to stand in for; it must not be used any more.
        at: Number of the write, from 0; -1 for none.
        how: `before` the write, `torn` within it, `unsealed` between the line and its head, or `after` it.
    """

    def __init__(self, journal: Journal, at: int, how: str) -> None:
        super().__init__(journal.path, journal.descriptors, (), journal.head)
        self.progress = journal.progress
        self._at = at
        self._how = how
        self.writes = 0

    def write_head(self, head: Head) -> None:
        """Seal the end, or die before that."""
        if self.writes - 1 == self._at and self._how == "unsealed":
            raise CrashError
        super().write_head(head)

    def append(self, event: Event) -> None:
        """Write an event, or die."""
        number, self.writes = self.writes, self.writes + 1
        if number == self._at and self._how == "before":
            raise CrashError
        if number == self._at and self._how == "torn":
            with self.path.open("ab") as file:
                file.write(str(event_to_json(event)).encode()[:20])
            raise CrashError
        super().append(event)
        if number == self._at:
            raise CrashError


def opened(clock: PretendClock, plan: dict[str, Any] | None = None) -> Opened:
    """Return the first event of a journal."""
    return Opened(at=clock.now(), plan=plan or {}, plan_hash="0" * 64, rehearsal=True)


@dataclass
class Stage:
    """A drill, a system and a folder for its journal."""

    folder: Path
    drill: Drill[System]
    clock: PretendClock = field(default_factory=PretendClock)
    watch: Watch = field(default_factory=Watch)
    system: System = field(init=False)
    writes: int = 0

    def __post_init__(self) -> None:
        """Make the system."""
        self.system = System(self.clock)

    @property
    def path(self) -> Path:
        """The journal."""
        return self.folder / "drill.jsonl"

    def start(self, crash_at: int = -1, how: str = "after") -> Closed:
        """Run the drill from the beginning."""
        with create_journal(self.path) as journal:
            crashing = CrashingJournal(journal, crash_at, how)
            try:
                crashing.append(opened(self.clock))
                return self._runner(crashing).go()
            finally:
                self.writes = crashing.writes

    def resume(self) -> Closed:
        """Go on with the journal as a new process would."""
        with open_journal(self.path) as journal:
            return self._runner(journal).go()

    def undo(self, crash_at: int = -1, how: str = "after") -> Closed:
        """Take the drill back as a new process would."""
        with open_journal(self.path) as journal:
            return self._runner(CrashingJournal(journal, crash_at, how)).take_back("asked for")

    def _runner(self, journal: Journal) -> Runner[System]:
        return Runner(
            Run(
                drill=self.drill,
                mode=Mode.UNGRACEFUL,
                target=self.system,
                journal=journal,
                clock=self.clock,
                watch=self.watch,
            )
        )


def stage(folder: Path, *, broken: bool = False) -> Stage:
    """Return the usual drill on a system that is sound or broken."""
    made = Stage(folder, drill())
    made.system.broken = broken
    return made
