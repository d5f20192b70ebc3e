"""Minted values are stable, marked and distinct."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergate import values
from ledgergate.engine.symbolic.mint import SYMBOL_MARK, digest, maker, unique_suffix

KINDS = ("hex16", "hex32", "upper13", "upper26", "ec2", "uuid")


def test_mark_is_the_one_that_the_gate_looks_for() -> None:
    """Child and gate agree on the mark, though they share no module."""
    assert values.SYMBOL_MARK == SYMBOL_MARK


@given(st.sampled_from(KINDS), st.text(), st.text())
def test_minted_values_are_recognised(kind: str, seed: str, salt: str) -> None:
    """Whatever the seed, the gate sees that the value is made up."""
    make = maker(kind)
    assert make is not None
    assert values.is_symbolic(make(digest(seed, salt)))


@given(st.sampled_from(KINDS), st.text(), st.text())
def test_two_seeds_give_two_values(kind: str, one: str, other: str) -> None:
    """Two resources never share an id, and one resource always gets the same."""
    make = maker(kind)
    assert make is not None
    assert (make(digest(one)) == make(digest(other))) is (one == other)


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        ("ec2", "[0-9a-f]{17}"),
        ("uuid", "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}"),
        ("hex64", "[0-9a-f]{64}"),
        ("upper17", "[0-9A-F]{17}"),
        ("suffix6", "[0-9a-f]{6}"),
    ],
)
def test_minted_values_are_well_formed(kind: str, form: str) -> None:
    """Each kind has the length and the digits that the service gives its ids."""
    make = maker(kind)
    assert make is not None
    assert re.fullmatch(form, make(digest("urn")))


def test_suffix_of_a_prefixed_name_has_26_digits() -> None:
    """A name made from a prefix is as long as the provider makes it."""
    assert re.fullmatch(f"{SYMBOL_MARK}[0-9a-f]{{18}}", unique_suffix("urn"))
