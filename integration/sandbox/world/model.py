"""One Aurora cluster in several zones, and a store behind it. It knows nothing of the drills that are run on it."""

import functools
import random
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from integration.sandbox.world.times import Event, Times

AVAILABLE: Final = "available"
FAILING_OVER: Final = "failing-over"
FAILED: Final = "failed"
REBOOTING: Final = "rebooting"

_LOST_WRITES: Final = 5
_FLAP_PERIOD_S: Final = 10.0
_FLAP_DOWN_S: Final = 4.0


class Flaw(StrEnum):
    """How the world may misbehave, so that a drill has something to notice."""

    FAIL_OVER_DOES_NOTHING = "fail-over-does-nothing"
    WRONG_TARGET = "wrong-target"
    LOSES_WRITES = "loses-writes"
    FLAPS = "flaps"


class RefusedError(Exception):
    """A call that the service would refuse.

    Args:
        code: Its error code.
        message: Its message.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Instance:
    """A database instance.

    Args:
        id: Its identifier.
        zone: Its availability zone.
        tier: Its promotion tier; the lowest is promoted first.
    """

    id: str
    zone: str
    tier: int = 1


@dataclass(frozen=True, slots=True)
class Member:
    """An instance as describe calls show it."""

    instance: Instance
    status: str
    is_writer: bool


@dataclass(frozen=True, slots=True)
class ClusterView:
    """The cluster as describe calls show it.

    Args:
        status: Status of the cluster.
        members: Its instances.
    """

    status: str
    members: tuple[Member, ...]

    @property
    def writer(self) -> str:
        """Identifier of the writer."""
        return next(member.instance.id for member in self.members if member.is_writer)


@dataclass(frozen=True, slots=True)
class Fault:
    """A zone that is lost, or was last.

    Args:
        zone: Its name; empty when none is.
        since: When it was lost.
        until: When it comes back by itself.
    """

    zone: str = ""
    since: float = 0.0
    until: float = 0.0


@dataclass(order=True, slots=True)
class _Change:
    at: float
    order: int
    apply: Callable[[], None] = field(compare=False)


class World:
    """What happens, when. Everything follows from the calls, their times and the seed.

    Args:
        instances: The cluster's instances; the one with the lowest tier writes.
        times: How long things take.
        now: The time, seconds since 1970.
        seed: Decides about every duration.
        notices: Whether the cluster fails over by itself when its writer is lost; without it the loss is a grey one,
            which the service does not see and people have to act on.
        flaw: How it misbehaves.
    """

    def __init__(
        self,
        instances: Iterable[Instance],
        times: Times,
        now: Callable[[], float],
        *,
        seed: int = 0,
        notices: bool = False,
        flaw: Flaw | None = None,
    ) -> None:
        self._instances = {each.id: each for each in sorted(instances, key=lambda each: (each.tier, each.id))}
        self._times = times
        self._now = now
        self._chance = random.Random(seed)  # noqa: S311 - has to be the same each time
        self._notices = notices
        self._flaw = flaw
        self._lock = threading.RLock()
        self._coming: list[_Change] = []
        self._time = now()
        self._made = 0
        self._writer = self._endpoint = next(iter(self._instances))
        self._status = AVAILABLE
        self._statuses = dict.fromkeys(self._instances, AVAILABLE)
        self._fault = Fault()
        self._store: dict[int, float] = {}
        self._flapping_since: float | None = None
        self.fail_overs: list[str] = []
        """Targets of the fail-overs that were accepted, in order."""

    def view(self) -> ClusterView:
        """Return what describe calls show now."""
        with self._lock:
            self._advance()
            members = (
                Member(each, self._statuses[each.id], each.id == self._writer) for each in self._instances.values()
            )
            return ClusterView(self._status, tuple(members))

    def fail_over(self, target: str | None = None) -> None:
        """Accept a request to promote an instance.

        Args:
            target: Its identifier; None = the available reader with the lowest tier.

        Raises:
            RefusedError: The service would refuse.
        """
        with self._lock:
            self._advance()
            chosen = target or self._successor()
            if self._status != AVAILABLE:
                raise RefusedError("InvalidDBClusterStateFault", f"The cluster is {self._status}.")
            if chosen not in self._instances or chosen == self._writer:
                raise RefusedError("InvalidDBClusterStateFault", f"{chosen or 'Nothing'} is no reader of the cluster.")
            if self._statuses[chosen] != AVAILABLE:
                raise RefusedError("InvalidDBInstanceState", f"Instance {chosen} is {self._statuses[chosen]}.")
            self.fail_overs.append(chosen)
            if self._flaw is not Flaw.FAIL_OVER_DOES_NOTHING:
                self._after(Event.CALL_VISIBLE, lambda: self._begin_promotion(self._really(chosen)))

    def lose_zone(self, zone: str, for_s: float) -> Fault:
        """Make everything in a zone unreachable for a while, and return the fault.

        Raises:
            RefusedError: There is no such zone, or one is lost already.
        """
        with self._lock:
            self._advance()
            if self._fault.zone:
                raise RefusedError("ConflictException", f"{self._fault.zone} is lost already.")
            inside = self._inside(zone)
            if not inside:
                raise RefusedError("ValidationException", f"No instance is in {zone}.")
            self._fault = fault = Fault(zone, self._time, self._time + for_s)
            for id_ in inside:
                self._statuses[id_] = FAILED
            self._at(fault.until, lambda: self._expire(fault))
            if self._notices and self._writer in inside:
                self._after(Event.DETECTION, self._move_by_itself)
            return fault

    def restore_zone(self) -> None:
        """Bring the lost zone back; its instances restart. Nothing happens when none is lost."""
        with self._lock:
            self._advance()
            self._restore()

    @property
    def fault(self) -> Fault:
        """The zone that is lost now; its name is empty when none is."""
        with self._lock:
            self._advance()
            return self._fault

    def serves_writes(self) -> bool:
        """Tell whether a client that uses the cluster's endpoint can write now."""
        with self._lock:
            self._advance()
            up = self._status == AVAILABLE and self._statuses[self._endpoint] == AVAILABLE
            return up and self._endpoint == self._writer and not self._is_flapping()

    def serves_reads(self) -> bool:
        """Tell whether a client that uses the reader endpoint can read now."""
        with self._lock:
            self._advance()
            return any(self._statuses[id_] == AVAILABLE for id_ in self._instances if id_ != self._writer)

    def write(self, number: int) -> bool:
        """Store a numbered record and acknowledge it, or tell that this cannot be done now."""
        with self._lock:
            if not self.serves_writes():
                return False
            self._store[number] = self._time
            return True

    def numbers(self) -> tuple[int, ...]:
        """Return the numbers of the records that are stored."""
        with self._lock:
            self._advance()
            return tuple(sorted(self._store))

    def _advance(self) -> None:
        """Let happen what was due."""
        now = self._now()
        while self._coming and self._coming[0].at <= now:
            change = self._coming.pop(0)
            # What follows from a change follows from its own time, however late somebody looks.
            self._time = change.at
            change.apply()
        self._time = now

    def _at(self, time: float, apply: Callable[[], None]) -> None:
        self._made += 1
        self._coming.append(_Change(time, self._made, apply))
        self._coming.sort()

    def _after(self, event: Event, apply: Callable[[], None]) -> None:
        self._at(self._time + self._times.draw(event, self._chance), apply)

    def _inside(self, zone: str) -> list[str]:
        return [each.id for each in self._instances.values() if zone and each.zone == zone]

    def _successor(self) -> str:
        ready = (id_ for id_ in self._instances if id_ != self._writer and self._statuses[id_] == AVAILABLE)
        return next(ready, "")

    def _really(self, target: str) -> str:
        if self._flaw is not Flaw.WRONG_TARGET:
            return target
        others = [id_ for id_ in self._instances if id_ not in (target, self._writer)]
        return others[-1] if others else target

    def _move_by_itself(self) -> None:
        if self._status == AVAILABLE and self._statuses[self._writer] == FAILED and self._successor():
            self._begin_promotion(self._successor())

    def _begin_promotion(self, target: str) -> None:
        if self._status == AVAILABLE:
            self._status = FAILING_OVER
            self._after(Event.PROMOTION, lambda: self._promote(target))

    def _promote(self, target: str) -> None:
        self._status = AVAILABLE
        self._writer = target
        self._after(Event.ENDPOINT, lambda: self._follow(target))
        if self._flaw is Flaw.LOSES_WRITES:
            for number in sorted(self._store)[-_LOST_WRITES:]:
                del self._store[number]

    def _follow(self, target: str) -> None:
        self._endpoint = target
        if self._flaw is Flaw.FLAPS:
            self._flapping_since = self._time

    def _expire(self, fault: Fault) -> None:
        if self._fault is fault:
            self._restore()

    def _restore(self) -> None:
        for id_ in self._inside(self._fault.zone):
            self._statuses[id_] = REBOOTING
            self._after(Event.RESTART, functools.partial(self._come_up, id_))
        self._fault = replace(self._fault, zone="")

    def _come_up(self, id_: str) -> None:
        if self._instances[id_].zone != self._fault.zone:
            self._statuses[id_] = AVAILABLE

    def _is_flapping(self) -> bool:
        since = self._flapping_since
        return since is not None and (self._time - since) % _FLAP_PERIOD_S >= _FLAP_PERIOD_S - _FLAP_DOWN_S
