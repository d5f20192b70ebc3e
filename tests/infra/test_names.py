"""Physical names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.errors import ComponentError
from components.names import SHORTEST_LIMIT, Names

SUFFIXES = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=12)
KINDS = st.from_regex(r"[a-z][a-z0-9]{0,3}(-[a-z0-9]{1,3}){0,1}", fullmatch=True)


@given(first=st.tuples(KINDS, SUFFIXES), second=st.tuples(KINDS, SUFFIXES))
def test_different_kinds_or_suffixes_never_share_a_name(first: tuple[str, str], second: tuple[str, str]) -> None:
    """Two resources of one system have one name only if kind and suffix are the same."""
    names = [Names(system="payment", suffix=suffix).of(kind) for kind, suffix in (first, second)]

    assert (names[0] == names[1]) == (first == second)


@given(kind=KINDS, suffix=SUFFIXES)
def test_name_follows_the_pattern_within_the_limit(kind: str, suffix: str) -> None:
    """Every name that is given out has the system's form and fits the tightest service."""
    name = Names(system="payment", suffix=suffix).of(kind)

    assert (name, len(name) <= SHORTEST_LIMIT) == (f"payment-{kind}-{suffix}", True)


@pytest.mark.parametrize("suffix", ["", "a-b", "Dev", "thirteenchars", "dev "])
def test_unfit_suffix_is_refused(suffix: str) -> None:
    """A suffix with hyphens, capitals, blanks or too many characters is refused."""
    with pytest.raises(ComponentError, match="cannot end every name"):
        Names(system="payment", suffix=suffix)


def test_name_beyond_its_limit_is_refused() -> None:
    """A name that the service would refuse is refused before."""
    with pytest.raises(ComponentError, match="has 33 characters, 32 are allowed"):
        Names(system="payment", suffix="twelvechars1").of("orchestrator")


def test_malformed_kind_is_refused() -> None:
    """A kind that would break the pattern is refused."""
    with pytest.raises(ComponentError, match="cannot be part of a name"):
        Names(system="payment", suffix="dev").of("Load_Balancer")
