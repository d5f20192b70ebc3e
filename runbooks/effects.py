"""Whether an act took effect: what is observed, held against what was before and what was wanted."""

from collections.abc import Callable
from enum import Enum

from runbooks.clock import Clock
from runbooks.model import Aim, State


class Effect(Enum):
    """What an observation says about an act."""

    ABSENT = "absent"
    PRESENT = "present"
    UNSETTLED = "unsettled"
    """The change is under way, or somebody else changed the same thing."""
    UNREADABLE = "unreadable"


def effect_of(now: State, aim: Aim) -> Effect:
    """Return what an observation says."""
    if now == aim.wanted:
        return Effect.PRESENT
    return Effect.ABSENT if now == aim.before else Effect.UNSETTLED


class EffectReader:
    """Observes until it is clear whether an act took effect.

    Args:
        clock: Time of the drill.
        poll_s: Seconds between two observations.
    """

    def __init__(self, clock: Clock, poll_s: float) -> None:
        self._clock = clock
        self._poll_s = poll_s

    def settled(
        self,
        observe: Callable[[], State],
        aim: Aim,
        *,
        not_before: float,
        deadline: float,
        is_enough: frozenset[Effect] = frozenset(),
    ) -> Effect:
        """Return the effect once it is clear, or what was last seen at the deadline.

        Args:
            observe: Reads the state; an error is tried again.
            aim: What is looked for.
            not_before: Until then, an effect that is absent may still appear.
            deadline: Time of the drill at which to give up.
            is_enough: What needs not be waited out, although it is not clear.
        """
        while True:
            effect = self._once(observe, aim)
            now = self._clock.now()
            clear = effect is Effect.PRESENT or (effect is Effect.ABSENT and now >= not_before)
            if clear or effect in is_enough or now >= deadline:
                return effect
            self._clock.wait(self._poll_s)

    def _once(self, observe: Callable[[], State], aim: Aim) -> Effect:
        try:
            return effect_of(observe(), aim)
        except Exception:  # noqa: BLE001 - whatever kept it from being read, it is read again until the deadline
            return Effect.UNREADABLE
