"""Shows that the world is the same each time, and how its zones, fail-overs and store behave."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.sandbox.world import Event, Flaw, Instance, RefusedError, World, load_times

INSTANCES = (Instance("a", "z1", 0), Instance("b", "z2", 1), Instance("c", "z3", 2))


@dataclass
class Time:
    """A time that is set by hand."""

    value: float = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.value


def world(time: Time, *, seed: int = 1, notices: bool = False, flaw: Flaw | None = None) -> World:
    """Return a world of three zones."""
    return World(INSTANCES, load_times(), time, seed=seed, notices=notices, flaw=flaw)


@given(st.integers(0, 1000), st.lists(st.floats(0.1, 20), max_size=30))
def test_who_looks_when_changes_nothing(seed: int, looks: list[float]) -> None:
    """The same calls at the same times lead to the same world, however often somebody looks in between."""
    time, other_time = Time(), Time()
    watched, left_alone = world(time, seed=seed), world(other_time, seed=seed)
    for each in (watched, left_alone):
        each.lose_zone("z1", for_s=50)
        each.fail_over("b")
    for step in looks:
        time.value += step
        watched.view()
    other_time.value = time.value
    assert watched.view() == left_alone.view()
    assert watched.serves_writes() == left_alone.serves_writes()


@given(st.integers(0, 1000))
def test_a_fail_over_takes_as_long_as_published(seed: int) -> None:
    """Service is away for at least the shortest and at most the longest time of the table."""
    time = Time()
    made = world(time, seed=seed)
    made.fail_over("b")
    spans = load_times().spans
    parts = [spans[event] for event in (Event.CALL_VISIBLE, Event.PROMOTION, Event.ENDPOINT)]
    time.value = 1000.0 + sum(part.lowest_s for part in parts) - 0.01
    assert made.view().writer == "a" or not made.serves_writes()
    time.value = 1000.0 + sum(part.highest_s for part in parts)
    assert made.view().writer == "b"
    assert made.serves_writes()


def test_every_time_has_a_source() -> None:
    """No duration stands in the table without somebody who says so."""
    spans = load_times().spans
    assert set(spans) == set(Event)
    assert all(span.source and 0 < span.lowest_s <= span.highest_s for span in spans.values())


def test_a_lost_zone_stops_service_and_comes_back_by_itself() -> None:
    """The instance is unreachable until the fault is over and it has restarted."""
    time = Time()
    made = world(time)
    made.lose_zone("z1", for_s=100)
    assert (made.serves_writes(), made.write(1), made.serves_reads()) == (False, False, True)
    assert made.fault.zone == "z1"
    time.value += 100.0
    assert [member.status for member in made.view().members] == ["rebooting", "available", "available"]
    time.value += 60
    assert (made.serves_writes(), made.fault.zone) == (True, "")


def test_a_cluster_that_notices_moves_by_itself() -> None:
    """Without that, the loss is one that only people can mend."""
    for notices, writer in ((False, "a"), (True, "b")):
        time = Time()
        made = world(time, notices=notices)
        made.lose_zone("z1", for_s=500)
        time.value += 120
        assert made.view().writer == writer


@pytest.mark.parametrize(
    ("prepare", "target", "code"),
    [
        (lambda _: None, "a", "InvalidDBClusterStateFault"),
        (lambda _: None, "nobody", "InvalidDBClusterStateFault"),
        (lambda made: made.lose_zone("z2", for_s=50), "b", "InvalidDBInstanceState"),
        (lambda made: made.fail_over("c"), "b", "InvalidDBClusterStateFault"),
    ],
)
def test_what_the_service_would_refuse_is_refused(prepare: Callable[[World], None], target: str, code: str) -> None:
    """No promotion of the writer, of a stranger, of an instance that is down, or during another one."""
    time = Time()
    made = world(time)
    prepare(made)
    time.value += 4
    with pytest.raises(RefusedError) as refused:
        made.fail_over(target)
    assert refused.value.code == code


@pytest.mark.parametrize(("flaw", "kept"), [(None, 10), (Flaw.LOSES_WRITES, 5)])
def test_acknowledged_writes_stay_unless_the_world_is_made_to_lose_them(flaw: Flaw | None, kept: int) -> None:
    """A promotion shares the storage: nothing is lost by it."""
    time = Time()
    made = world(time, flaw=flaw)
    assert all(made.write(number) for number in range(10))
    made.fail_over()
    time.value += 60
    assert made.numbers() == tuple(range(kept))
