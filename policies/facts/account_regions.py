"""The Regions of a stack, for facts about what an account has once in each of them."""

from collections.abc import Iterator
from typing import Any, Final
from weakref import WeakKeyDictionary

from ledgergate.graph import Graph, Kind
from ledgergate.values import Unknown, reveal
from policies.facts.properties import region_of
from policies.facts.regions import is_regional

STACK: Final = ("pulumi:pulumi:Stack",)

_REGIONS: Final[WeakKeyDictionary[Graph, tuple[str, ...]]] = WeakKeyDictionary()


def regions_of_stack(graph: Graph) -> tuple[str, ...]:
    """Return the Regions in which a stack creates something, sorted; what is not known yet is left out."""
    if graph not in _REGIONS:
        _REGIONS[graph] = tuple(sorted(set(_known(graph))))
    return _REGIONS[graph]


def _known(graph: Graph) -> Iterator[Any]:
    for resource in graph:
        if resource.kind is Kind.CUSTOM and resource.type.startswith("aws:") and is_regional(resource.type):
            region = reveal(region_of(graph, resource))
            if not isinstance(region, Unknown):
                yield region
