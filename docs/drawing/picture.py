"""What the picture of a stack shows: boxes, where they stand, and arrows, each with the references it was read from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from docs.drawing.placement import Kind, Section, Tier

WORLDWIDE: Final = ""
"""Region of what has none."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One reference of the graph: URN, property ("" for a plain dependency), URN."""

    source: str
    property: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One box.

    Args:
        id: Unique in the picture.
        title: What it is called.
        notes: Facts about it, short.
        region: Region, or `WORLDWIDE`.
        section: Section of the Region, for what is in no tier.
        vpc: Id of the VPC's box; empty outside of one.
        tier: Tier of its VPC.
        zones: Availability zones that it stands in, sorted.
        keys: Names of the keys its data lie under, sorted.
        entry: Host names under which the internet calls it; empty where it does not.
        holds: URNs of the resources that it stands for, sorted.
    """

    id: str
    title: str
    notes: tuple[str, ...]
    region: str
    section: Section
    vpc: str = ""
    tier: Tier | None = None
    zones: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    entry: str = ""
    holds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrow:
    """One arrow between two boxes.

    Args:
        source: Id of the box it leaves.
        target: Id of the box it enters.
        kind: What flows.
        ports: Ports that the rules open, sorted.
        edges: References that it was read from.
    """

    source: str
    target: str
    kind: Kind
    ports: tuple[int, ...]
    edges: tuple[Edge, ...]


@dataclass(frozen=True, slots=True)
class Vpc:
    """One VPC: the box that its own arrows leave, and its address range."""

    box: Box
    cidr: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A stack as it is drawn.

    Args:
        system: Project.
        stack: Stack.
        boxes: Every box but those of VPCs.
        vpcs: Every VPC.
        arrows: Every arrow.
        also: Type → how many resources no box holds.
    """

    system: str
    stack: str
    boxes: tuple[Box, ...]
    vpcs: tuple[Vpc, ...]
    arrows: tuple[Arrow, ...]
    also: Mapping[str, int]
