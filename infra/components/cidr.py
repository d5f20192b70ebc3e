"""The address plan of a VPC: pure arithmetic, stable when a zone is added."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network
from typing import Final

from components.errors import ComponentError

ZONE_SLOTS: Final = 4
"""Every VPC is cut into this many equal parts, used or not, so that a further zone moves no subnet."""

LONGEST_PREFIX: Final = 22
"""Longest VPC prefix: leaves a zone 128 private, 64 public and 64 data addresses."""

SHORTEST_PREFIX: Final = 16
"""Shortest VPC prefix that AWS accepts."""

_PRIVATE_RANGES: Final = tuple(IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))


class Tier(StrEnum):
    """How far from the internet a subnet lies."""

    PUBLIC = "public"
    PRIVATE = "private"
    DATA = "data"


@dataclass(frozen=True, slots=True)
class ZonePlan:
    """The subnets of one zone; together they fill the zone's slot.

    Args:
        zone: `us-east-1a`.
        blocks: Tier → block.
    """

    zone: str
    blocks: dict[Tier, IPv4Network]


def parse_vpc_cidr(text: str, connected: Sequence[IPv4Network] = ()) -> IPv4Network:
    """Read the block of a VPC.

    Args:
        text: `10.40.0.0/16`.
        connected: Blocks that a route may join it to; it must overlap none of them.

    Raises:
        ComponentError: Not a block, public addresses, too large, too small, or overlapping.
    """
    block = parse_block(text)
    if not any(block.subnet_of(private) for private in _PRIVATE_RANGES):
        raise ComponentError(f"{block} lies outside the private ranges: choose a block inside 10.0.0.0/8.")
    if not SHORTEST_PREFIX <= block.prefixlen <= LONGEST_PREFIX:
        size = "too small" if block.prefixlen > LONGEST_PREFIX else "too large"
        raise ComponentError(f"{block} is {size}: choose a block from /{SHORTEST_PREFIX} to /{LONGEST_PREFIX}.")
    for other in connected:
        if block.overlaps(other):
            raise ComponentError(f"{block} overlaps the connected block {other}: choose another block.")
    return block


def parse_block(text: str) -> IPv4Network:
    """Read an IPv4 block.

    Raises:
        ComponentError: It is none, or has host bits set.
    """
    try:
        return IPv4Network(text)
    except ValueError as error:
        raise ComponentError(f"{text!r} is not an IPv4 block such as 10.40.0.0/16 ({error}).") from error


def plan_subnets(vpc: IPv4Network, zones: Sequence[str]) -> tuple[ZonePlan, ...]:
    """Give each zone one slot of the VPC: half of it private, a quarter public, a quarter data.

    Args:
        vpc: Block of the VPC.
        zones: Zone names; the order decides the slot, so new zones belong at the end.

    Raises:
        ComponentError: More zones than slots, or a zone named twice.
    """
    if len(zones) > ZONE_SLOTS:
        raise ComponentError(f"{len(zones)} zones do not fit: a VPC has room for {ZONE_SLOTS}.")
    if len(set(zones)) < len(zones):
        raise ComponentError(f"A zone is named twice in {', '.join(zones)}: name each once.")
    slots = vpc.subnets(new_prefix=vpc.prefixlen + ZONE_SLOTS.bit_length() - 1)
    return tuple(ZonePlan(zone, _cut(slot)) for zone, slot in zip(zones, slots, strict=False))


def _cut(slot: IPv4Network) -> dict[Tier, IPv4Network]:
    private, rest = slot.subnets()
    public, data = rest.subnets()
    return {Tier.PUBLIC: public, Tier.PRIVATE: private, Tier.DATA: data}
