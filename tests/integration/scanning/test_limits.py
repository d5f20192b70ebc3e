"""Token buckets on a clock of their own."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from integration.scanning.limits import Limits, Rate, TokenBucket


@dataclass
class Clock:
    """Time that passes only where somebody sleeps or says so."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def time(self) -> float:
        """Return the time, in seconds."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept.append(seconds)
        self.now += seconds


def test_a_burst_is_free_and_then_it_waits() -> None:
    """As many calls as the burst go at once; each further one waits for its token."""
    clock = Clock()
    bucket = TokenBucket(Rate(2, 3), clock.time, clock.sleep)
    for _ in range(5):
        bucket.take()
    assert clock.slept == [0.5, 0.5]


def test_a_pause_fills_the_bucket_and_no_more() -> None:
    """However long nobody calls, no more than the burst is saved up."""
    clock = Clock()
    bucket = TokenBucket(Rate(10, 2), clock.time, clock.sleep)
    clock.now += 3600
    for _ in range(3):
        bucket.take()
    assert clock.slept == [0.1]


@given(st.lists(st.floats(0, 5), min_size=1, max_size=60), st.floats(0.5, 50), st.integers(1, 10))
def test_the_rate_is_never_exceeded(pauses: list[float], per_second: float, burst: int) -> None:
    """Whenever the calls come, no more go out than burst and rate allow."""
    clock = Clock()
    bucket = TokenBucket(Rate(per_second, burst), clock.time, clock.sleep)
    for number, pause in enumerate(pauses, start=1):
        clock.now += pause
        bucket.take()
        assert number <= burst + clock.now * per_second + 1e-6


def test_services_and_regions_do_not_wait_for_each_other() -> None:
    """Each Region and service has a bucket of its own."""
    limits = Limits({"ec2": Rate(0.001, 1)})
    for region in ("eu-west-1", "eu-west-2"):
        limits.take(region, "ec2")
        limits.take(region, "s3")
    assert len(limits._buckets) == 4


def test_a_sandbox_has_no_limits() -> None:
    """Without rates nobody waits."""
    limits = Limits(None)
    for _ in range(1000):
        limits.take("eu-west-1", "ec2")
    assert limits._buckets == {}
