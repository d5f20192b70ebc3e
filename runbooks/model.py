"""What a drill is: data, and for each step the few functions that touch the world."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Generic, TypeAlias, TypeVar

from runbooks.errors import DrillError

State: TypeAlias = Mapping[str, Any]
"""JSON data: the part of the world that a step changes, as it was observed or is wanted."""

TARGET_REGION: Final = ""
"""Home of a call whose control plane is in the Region that the drill works in."""

Target = TypeVar("Target")


class Plane(StrEnum):
    """What a call needs to be up: the service's data plane, or its control plane."""

    DATA = "data"
    CONTROL = "control"


class Mode(StrEnum):
    """Whether the system is moved while it is well, or after something was lost."""

    GRACEFUL = "graceful"
    UNGRACEFUL = "ungraceful"


class Outcome(StrEnum):
    """How a drill ended, or that it has not begun."""

    PLANNED = "planned"
    DONE = "done"
    FAILED = "failed"
    """A step, or the RTO or RPO, did not hold."""
    ABORTED = "aborted"
    """A guardrail stopped it."""
    INTERRUPTED = "interrupted"
    """Somebody stopped it, or it was killed and nobody has gone on with it."""


ALL_MODES: Final = frozenset(Mode)


@dataclass(frozen=True, slots=True)
class Call:
    """A call that a step makes.

    Args:
        service: AWS service, `rds`; `drill` for the drill's own fault and probes.
        operation: Its name, `FailoverDBCluster`.
        plane: What has to be up for it.
        home_region: Region that its plane lives in; empty for the Region that the drill works in.
    """

    service: str
    operation: str
    plane: Plane = Plane.CONTROL
    home_region: str = TARGET_REGION


@dataclass(frozen=True, slots=True)
class Aim:
    """What a step is about, as the journal keeps it.

    Args:
        before: State that was found.
        wanted: State that the act is to bring about.
        at: When it was about to be called, time of the drill; 0 before that.
    """

    before: State = field(default_factory=dict)
    wanted: State = field(default_factory=dict)
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Scene(Generic[Target]):
    """What the functions of a step are given.

    Args:
        target: The system under drill.
        mode: How the drill is run.
        past: Earlier step → its aim; steps without an act, or that found nothing to do, are left out.
    """

    target: Target
    mode: Mode
    past: Mapping[str, Aim] = field(default_factory=dict)


def hold_at_once(_scene: Scene[Any], _aim: Aim) -> str:
    """Demand nothing."""
    return ""


@dataclass(frozen=True, slots=True)
class Undo(Generic[Target]):
    """How an act is taken back.

    Args:
        summary: What it does, for the plan and the journal.
        run: Does it.
        obstacle: Returns what it still has to wait for, or an empty string.
    """

    summary: str
    run: Callable[[Scene[Target], Aim], None]
    obstacle: Callable[[Scene[Target], Aim], str] = hold_at_once


def observe_nothing(_scene: Scene[Any]) -> State:
    """Observe no state: the step changes none."""
    return {}


def want_nothing(_scene: Scene[Any], before: State) -> State:
    """Want what is there already."""
    return before


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Generic[Target]):
    """One step of a drill. A step without `act` only demands something.

    The state that `observe` returns decides whether an act took effect: it equals what was wanted, or what was
    before, or, while the change is under way, neither.

    Args:
        name: Short and unique within its drill.
        summary: What it does, for people.
        calls: Every call it makes.
        deadline_s: Seconds after which it has failed; the same again to take it back.
        settle_s: Seconds after a call for which its effect may not be visible yet.
        modes: When it is part of the plan.
        observe: Reads the state that it changes.
        precheck: Returns the state wanted, from the state before; raises StepError, or NotYetError to be asked again.
        act: Does it, once.
        verify: Returns what does not hold yet, or an empty string; raises StepError when it never will.
        undo: Takes it back. Without an act, it brings back what was observed, whoever changed it.
        restores: Names of the earlier steps whose changes it takes back itself, in place of an undo of its own.
        is_fault: Whether the act is the harm that the drill is about: it is taken back before anything else.
        lasts_s: Seconds after which the effect ends by itself: an act that is older is not repeated.
    """

    name: str
    summary: str
    deadline_s: float
    calls: tuple[Call, ...] = ()
    settle_s: float = 0.0
    modes: frozenset[Mode] = ALL_MODES
    observe: Callable[[Scene[Target]], State] = observe_nothing
    precheck: Callable[[Scene[Target], State], State] = want_nothing
    act: Callable[[Scene[Target], Aim], None] | None = None
    verify: Callable[[Scene[Target], Aim], str] = hold_at_once
    undo: Undo[Target] | None = None
    restores: tuple[str, ...] = ()
    is_fault: bool = False
    lasts_s: float = math.inf

    @property
    def promises(self) -> bool:
        """Whether it only writes down what it found, to bring it back whoever changes it."""
        return self.act is None and self.undo is not None

    @property
    def taken_back_by(self) -> str:
        """How it is taken back, in words; empty for a step that changes nothing."""
        if self.undo is not None:
            return self.undo.summary
        return f"it takes {' and '.join(self.restores)} back itself" if self.restores else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """What a drill measured. Times are those of the drill.

    Args:
        rto_s: Seconds from the fault until service was back and stayed back for the soak; None when it never did.
        rpo_s: Seconds of acknowledged writes that were lost; None when nobody could tell.
        lost: How many acknowledged writes are gone.
        resolution_s: The largest gap between samples around the fault and the return.
        fail_back_s: Seconds for which the way back took service away again; None when nobody could tell.
        samples: How many there were.
        samples_sha256: Hash of the file that they stand in.
        note: What a reader must know of it.
    """

    rto_s: float | None
    rpo_s: float | None
    lost: int
    resolution_s: float
    fail_back_s: float | None = None
    samples: int = 0
    samples_sha256: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill(Generic[Target]):
    """A game day.

    Args:
        name: What breaks, `aurora-writer-zone-loss`.
        summary: What it shows, for people.
        steps: In order.
        rto_target_s: Longest time without service that is accepted.
        rpo_target_s: Longest time of lost writes that is accepted.
        soak_s: How long service must stay back.
        measure: Returns what was measured.

    Raises:
        DrillError: Two steps share a name, or an act could not be taken back.
    """

    name: str
    summary: str
    steps: tuple[Step[Target], ...]
    rto_target_s: float
    rpo_target_s: float
    soak_s: float
    measure: Callable[[Scene[Target]], Measurement]

    def __post_init__(self) -> None:
        """Refuse a drill that could not be taken back."""
        seen: list[str] = []
        for step in self.steps:
            if step.name in seen:
                raise DrillError(f"drill {self.name}: two steps are called {step.name}")
            if step.act is not None and step.undo is None and not (step.restores and {*step.restores} <= {*seen}):
                raise DrillError(f"drill {self.name}: step {step.name} acts and names no undo")
            seen.append(step.name)

    def steps_in(self, mode: Mode) -> tuple[Step[Target], ...]:
        """Return the steps of a mode."""
        return tuple(step for step in self.steps if mode in step.modes)
