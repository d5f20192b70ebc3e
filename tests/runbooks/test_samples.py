"""Shows what RTO and RPO follow from samples."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergate.evidence.samples import (
    Sample,
    back_for_good_at,
    lost_numbers,
    lost_time_s,
    outage_of,
    parse_samples,
)
from runbooks.clock import ScaledClock
from runbooks.samples import render_sample


def taken(picture: str, start: float = 0.0) -> list[Sample]:
    """Return samples a second apart: `.` acknowledged, `x` not, a space none at all."""
    return [Sample(start + at, at, mark == ".", start + at) for at, mark in enumerate(picture) if mark != " "]


@pytest.mark.parametrize(
    ("picture", "since", "rto_s"),
    [
        ("....xxxx.......", 4.0, 4.0),
        ("....xxxx..x......", 4.0, 7.0),
        ("....xxxx..x..x..", 4.0, None),
        ("....xxxxxxx", 4.0, None),
        ("....xxxx...", 4.0, None),
        ("................", 4.5, 0.0),
        ("....xxxx..     ........", 4.0, None),
        (".....     ........", 4.5, None),
        ("....x     ........", 4.0, None),
        (".         ........", 4.0, None),
        ("          ........", 4.0, None),
        ("......x   .......", 5.5, 4.5),
        ("", 4.0, None),
    ],
)
def test_service_is_back_when_it_stays_back(picture: str, since: float, rto_s: float | None) -> None:
    """The clock stops at the first sample after which service stays for the soak; what nobody saw is not measured."""
    assert outage_of(taken(picture), since, soak_s=5).seconds == rto_s


@pytest.mark.parametrize(
    ("picture", "since", "resolution_s"),
    [("....xxxx.......", 3.5, 1.0), ("...  xxx.......", 3.5, 3.0), ("....xxxx   .......", 4.0, 4.0)],
)
def test_the_resolution_is_the_largest_gap_around_fault_and_return(
    picture: str, since: float, resolution_s: float
) -> None:
    """Samples that are further apart tell less exactly when service went and came."""
    assert outage_of(taken(picture), since, soak_s=5).resolution_s == resolution_s


@pytest.mark.parametrize("by_s", [-20.0, -3.0, 3.0, 20.0])
def test_a_clock_that_was_set_measures_nothing(by_s: float) -> None:
    """Whether it was set back or forward, and even while service was away: the clock that nobody sets tells."""
    before, after = taken("....xxx"), taken("xxxx.............", 7.0)
    samples = [*before, *(replace(each, at=each.at + by_s) for each in after)]
    found = outage_of(samples, 4.0, soak_s=5)
    assert (found.seconds, found.unknown) == (None, "the clock was set while samples were taken")


def test_the_two_clocks_of_a_sample_are_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that is held up between the two reads again, so that it does not look as if the clock had been set."""
    readings = iter([10.0, 13.0, 20.0, 20.001])
    monkeypatch.setattr(time, "monotonic", lambda: next(readings))
    monkeypatch.setattr(time, "time", lambda: 1000.0)
    assert ScaledClock(scale=2.0).both() == (2000.0, pytest.approx(40.001))


@given(st.floats(0, 30), st.floats(2, 100), st.floats(0, 0.99))
def test_a_fault_of_known_length_is_measured_to_the_second(begin: float, length: float, phase: float) -> None:
    """Whenever the samples fall, the RTO is within a second of the truth."""
    times = [phase + second for second in range(200)]
    samples = [Sample(at, number, not begin <= at < begin + length, at) for number, at in enumerate(times)]
    measured = outage_of(samples, begin, soak_s=10).seconds
    assert measured is not None
    assert abs(measured - length) <= 1


@given(st.text(alphabet=".x", min_size=1, max_size=40), st.integers(0, 40))
def test_the_soak_holds_no_failure(picture: str, since: int) -> None:
    """Whenever service counts as back, nothing failed for the soak after that."""
    samples = taken(picture)
    back = back_for_good_at(samples, since, soak_s=3)
    if back is not None:
        assert back >= since
        assert all(sample.ok for sample in samples if back <= sample.at <= back + 3)


def test_what_is_gone_is_what_was_acknowledged() -> None:
    """A record that nobody acknowledged cannot be lost; the time reaches from the last kept one to the fault."""
    samples = taken("......xx..")
    present = {0, 1, 2, 8, 9}
    assert lost_numbers(samples, present) == (3, 4, 5)
    assert lost_time_s(samples, present, since=5.5) == 3.5
    assert lost_time_s(samples, {*range(10)}, since=5.5) == 0.0
    assert lost_time_s(samples, set(), since=5.5) == 9.0


def test_samples_survive_the_disk_and_a_torn_line_is_left_out() -> None:
    """What the probe writes is what the runner reads, while the probe goes on writing."""
    content = b"".join(map(render_sample, taken(".x.")))
    assert list(parse_samples(content + b'{"at": 3')) == taken(".x.")
