"""How fast a scan may call: a token bucket for each account, Region and service."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Rate:
    """How many calls are allowed.

    Args:
        per_second: Calls a second in the long run, > 0.
        burst: Calls at once after a pause, >= 1.
    """

    per_second: float
    burst: int


DEFAULT_RATE: Final = Rate(20, 40)

RATES: Final[Mapping[str, Rate]] = {
    "dynamodb": Rate(8, 10),
    "ec2": Rate(20, 50),
    "iam": Rate(15, 30),
    "kms": Rate(100, 200),
    "lambda": Rate(10, 15),
    "logs": Rate(4, 5),
    "rds": Rate(20, 40),
    "resourcegroupstaggingapi": Rate(10, 15),
    "s3": Rate(200, 400),
}
"""Service → rate, well below what is known to be throttled, so that an audit leaves room for those who deploy.

Source: EC2 request token buckets for non-mutating actions (100, refilled at 20 a second), KMS quota of DescribeKey; the
others publish none. Read 2026-11-20. DynamoDB: 10 calls a second of ListTagsOfResource, API reference; read 2026-11-30.
Lambda: 15 calls a second of GetPolicy and as many of the rest of the control
plane, by rate-limits.apis.io, which gathers quotas; read 2026-11-30.
"""


class TokenBucket:
    """Makes callers wait until there is a token for them.

    Args:
        rate: How many tokens there are.
        clock: Returns seconds that never run backwards.
        sleep: Waits for so many seconds.
    """

    def __init__(
        self, rate: Rate, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._rate = rate
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._tokens = float(rate.burst)
        self._filled = clock()

    def take(self) -> None:
        """Take one token, and wait for it where there is none."""
        with self._lock:
            now = self._clock()
            self._tokens = min(self._rate.burst, self._tokens + (now - self._filled) * self._rate.per_second)
            self._filled = now
            # The debt of those who wait already is what makes the next one wait longer.
            self._tokens -= 1
            wait = -self._tokens / self._rate.per_second
        if wait > 0:
            self._sleep(wait)


class Limits:
    """The token buckets of one account.

    Args:
        rates: Service → rate; `DEFAULT_RATE` for one that is missing. None for no limits: a sandbox has none.
    """

    def __init__(self, rates: Mapping[str, Rate] | None) -> None:
        self._rates = rates
        self._buckets: dict[tuple[str, str], TokenBucket] = {}
        self._lock = threading.Lock()

    def take(self, region: str, service: str) -> None:
        """Wait until a call of a service in a Region may be sent."""
        if self._rates is None:
            return
        with self._lock:
            bucket = self._buckets.get((region, service))
            if bucket is None:
                bucket = self._buckets[region, service] = TokenBucket(self._rates.get(service, DEFAULT_RATE))
        bucket.take()
