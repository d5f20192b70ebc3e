"""The time of a drill: that of the wall, or in a rehearsal a faster one that all its processes share."""

import threading
import time
from dataclasses import dataclass, field
from typing import Final, Protocol

_TRIES: Final = 5
_AT_ONCE_S: Final = 0.002


class Clock(Protocol):
    """Tells the time of a drill and lets it pass."""

    def now(self) -> float:
        """Return the time of the drill in seconds since 1970."""
        ...

    def wait(self, seconds: float) -> None:
        """Let this much of the drill's time pass, or less when somebody asks the drill to stop."""
        ...


@dataclass(frozen=True, slots=True)
class ScaledClock:
    """The wall's time, running faster from some moment on.

    Args:
        origin: That moment, seconds since 1970.
        scale: Seconds of the drill in one second of the wall, > 0; 1 on a real account.
        wake: Set when waiting should end early; who waits after that waits in full.
    """

    origin: float = 0.0
    scale: float = 1.0
    wake: threading.Event = field(default_factory=threading.Event, compare=False, repr=False)

    def now(self) -> float:
        """Return the time of the drill in seconds since 1970."""
        return self.origin + (time.time() - self.origin) * self.scale

    def both(self) -> tuple[float, float]:
        """Return the time of the drill, and at the same moment what a clock reads that nobody can set.

        Two pairs tell whether somebody set the time in between. Both are in seconds of the drill.
        """
        for _ in range(_TRIES):
            before, now, after = time.monotonic(), self.now(), time.monotonic()
            if after - before < _AT_ONCE_S:
                break
        return now, (before + after) / 2 * self.scale

    def wait(self, seconds: float) -> None:
        """Let this much of the drill's time pass."""
        real = max(seconds, 0.0) / self.scale
        if self.wake.is_set():
            time.sleep(real)
        else:
            self.wake.wait(real)
