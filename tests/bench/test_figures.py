"""What the benchmarks say about what they measured."""

import sys
from collections import Counter

import pytest

from bench.demands import PROPERTIES, RESOURCES, TYPES, analyze_requests, demands, stack_request
from bench.figures import Figure, table
from bench.gate import ROOT
from bench.timing import Command, Sample, alternate, median_ratio


@pytest.mark.parametrize(
    ("value", "at_least", "met"), [(0.9, False, True), (1.1, False, False), (1.1, True, True), (0.9, True, False)]
)
def test_figure_knows_on_which_side_of_its_bound_it_lies(value: float, at_least: bool, met: bool) -> None:  # noqa: FBT001 - parametrized
    """A ratio meets an upper bound from below and a lower bound from above."""
    assert Figure("x", value, 1.0, "", "", at_least=at_least).met is met


def test_table_shows_what_was_missed() -> None:
    """A missed bound cannot be overlooked in the table."""
    assert "| slow | 2.00 | ≤ 1 | **missed** | 2 s / 1 s | none |" in table(
        [Figure("slow", 2.0, 1.0, "2 s / 1 s", "none")]
    )


def test_ratio_compares_runs_made_one_after_the_other() -> None:
    """One disturbed pair does not move the ratio, as it would move a ratio of sums."""
    ours = [Sample(wall_s, 0.0, 0.0, "") for wall_s in (1.0, 9.0, 1.0)]
    base = [Sample(wall_s, 0.0, 0.0, "") for wall_s in (2.0, 2.0, 2.0)]
    assert median_ratio(ours, base) == 0.5


def test_runs_alternate_after_one_that_does_not_count() -> None:
    """Each side runs once to warm up, and then as often as was asked."""
    command = Command([sys.executable, "-c", "print('ran')"], ROOT)
    samples = alternate({"one": command, "other": command}, 2)
    assert {name: [sample.output for sample in found] for name, found in samples.items()} == {
        "one": ["ran\n", "ran\n"],
        "other": ["ran\n", "ran\n"],
    }


def test_command_that_fails_is_no_measurement() -> None:
    """A run that ended with an unexpected exit code is an error, with what it printed."""
    with pytest.raises(RuntimeError, match=r"(?s)ended with 3.*why"):
        Command([sys.executable, "-c", "print('why'); raise SystemExit(3)"], ROOT).run()


def test_demands_are_spread_over_all_types() -> None:
    """240 demands with names of their own, 200 of them on single resources, speak about every type alike."""
    found = demands()
    assert len({demand.name for demand in found}) == 240
    assert Counter(demand.joined for demand in found) == {False: 200, True: 40}
    assert set(Counter(demand.type for demand in found).values()) == {12}


def test_requests_hold_as_many_resources_and_properties_as_stated() -> None:
    """The traffic is 600 resources of 20 properties, the same in both requests."""
    requests, over_stack = analyze_requests(), stack_request().resources
    assert len(requests) == len(over_stack) == RESOURCES
    assert {len(each.properties.fields) for each in requests} == {PROPERTIES}
    assert {each.type for each in requests} == set(TYPES)
