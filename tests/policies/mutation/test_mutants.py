"""Whatever is spoilt in a captured stack, some control notices, or there is a reason."""

from collections.abc import Mapping
from typing import Final

import pytest

from tests.policies.captured import STACKS, captured
from tests.policies.mutation.listing import group_of, groups, listed, rate, survivors
from tests.policies.mutation.mutants import Bench, Key

LEAST_RATE: Final = 0.95


@pytest.fixture(scope="module", params=STACKS)
def stack(request: pytest.FixtureRequest) -> str:
    """Return the name of each stack of the payment system."""
    return str(request.param)


@pytest.fixture(scope="module")
def bench(stack: str) -> Bench:
    """Return the bench on which the stack is spoilt."""
    return Bench(captured(stack))


@pytest.fixture(scope="module")
def mutants(bench: Bench) -> Mapping[Key, bool]:
    """Return every mutant on a value that some control reads → whether a control notices."""
    return bench.mutants()


def test_every_survivor_is_listed_and_survives(stack: str, mutants: Mapping[Key, bool]) -> None:
    """A mutant that nobody notices is listed, so is a property of which nobody notices any, and nothing else is."""
    found, known = survivors(mutants), listed(stack)

    assert (sorted(found - known), sorted(known - found)) == ([], [])


def test_enough_is_noticed(mutants: Mapping[Key, bool]) -> None:
    """Of the mutants with something to notice, 95 in a hundred are."""
    assert len(mutants) > 1500
    assert rate(mutants) >= LEAST_RATE


def test_nothing_stumbles(bench: Bench, mutants: Mapping[Key, bool]) -> None:
    """Whatever a value is spoilt to, it is judged or refused as a value; no control and no adapter breaks on it."""
    assert mutants
    assert bench.stumbles == set()


def test_every_survivor_has_a_reason() -> None:
    """Each is explained by a group, and each pattern of a group explains something."""
    known = {key for each in STACKS for key in listed(each)}
    explained = {key: group for key in known if (group := group_of(key))}
    used = {(group.reason, group.explaining(key)) for key, group in explained.items()}

    assert sorted(known - explained.keys()) == []
    assert {(group.reason, pattern) for group in groups() for pattern in group.patterns} - used == set()
