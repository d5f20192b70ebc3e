"""The address plan."""

from collections.abc import Sequence
from ipaddress import IPv4Network, collapse_addresses
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.cidr import (
    LONGEST_PREFIX,
    SHORTEST_PREFIX,
    ZONE_SLOTS,
    Tier,
    ZonePlan,
    parse_vpc_cidr,
    plan_subnets,
)
from components.errors import ComponentError


@st.composite
def vpcs(draw: st.DrawFn) -> IPv4Network:
    """Blocks inside 10.0.0.0/8 of every size that is taken."""
    prefix = draw(st.integers(SHORTEST_PREFIX, LONGEST_PREFIX))
    position = draw(st.integers(0, 2 ** (prefix - 8) - 1))
    return IPv4Network((int(IPv4Network("10.0.0.0/8").network_address) + (position << (32 - prefix)), prefix))


ZONES = st.integers(1, ZONE_SLOTS).map(lambda count: tuple(f"us-east-1{letter}" for letter in "abcdef"[:count]))


def blocks(plan: Sequence[ZonePlan]) -> list[IPv4Network]:
    """Return every subnet of a plan."""
    return [block for part in plan for block in part.blocks.values()]


@given(vpc=vpcs(), zones=ZONES)
def test_subnets_never_overlap(vpc: IPv4Network, zones: tuple[str, ...]) -> None:
    """No two subnets share an address, and none leaves the VPC."""
    found = blocks(plan_subnets(vpc, zones))

    assert all(block.subnet_of(vpc) for block in found)
    assert not any(one.overlaps(other) for one, other in combinations(found, 2))


@given(vpc=vpcs(), zones=ZONES)
def test_subnets_leave_no_gap(vpc: IPv4Network, zones: tuple[str, ...]) -> None:
    """The subnets of the first zones fill the first slots of the VPC, address for address."""
    slots = list(vpc.subnets(new_prefix=vpc.prefixlen + 2))[: len(zones)]

    assert list(collapse_addresses(slots)) == list(collapse_addresses(blocks(plan_subnets(vpc, zones))))


@given(vpc=vpcs(), zones=ZONES)
def test_further_zone_moves_no_subnet(vpc: IPv4Network, zones: tuple[str, ...]) -> None:
    """A plan for fewer zones is the beginning of the plan for more."""
    assert plan_subnets(vpc, zones)[:-1] == plan_subnets(vpc, zones[:-1])


@given(vpc=vpcs())
def test_every_subnet_is_one_that_aws_accepts(vpc: IPv4Network) -> None:
    """The smallest subnet of the smallest VPC still has room, and private is the largest tier."""
    (part,) = plan_subnets(vpc, ["us-east-1a"])

    assert max(block.prefixlen for block in part.blocks.values()) <= 28
    assert part.blocks[Tier.PRIVATE].prefixlen < part.blocks[Tier.DATA].prefixlen


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("10.40.0.0", "is too small"),
        ("10.40.0.1/16", "is not an IPv4 block"),
        ("network", "is not an IPv4 block"),
        ("8.8.0.0/16", "outside the private ranges"),
        ("10.0.0.0/8", "is too large"),
        ("10.40.0.0/23", "is too small"),
        ("10.50.64.0/20", "overlaps the connected block 10.50.0.0/16"),
    ],
)
def test_unfit_block_is_refused(text: str, message: str) -> None:
    """A block that cannot hold the plan or collides with a neighbour is refused with its reason."""
    with pytest.raises(ComponentError, match=message):
        parse_vpc_cidr(text, [IPv4Network("10.50.0.0/16")])


def test_more_zones_than_slots_are_refused() -> None:
    """A fifth zone would have to move the others, so it is refused."""
    with pytest.raises(ComponentError, match="5 zones do not fit"):
        plan_subnets(IPv4Network("10.0.0.0/16"), ["a", "b", "c", "d", "e"])


def test_zone_named_twice_is_refused() -> None:
    """Two slots for one zone would pretend an independence that is not there."""
    with pytest.raises(ComponentError, match="named twice"):
        plan_subnets(IPv4Network("10.0.0.0/16"), ["a", "b", "a"])
