"""The fact who is told of what happens to database instances."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import reveal
from policies.facts.properties import flag, literal, literals, region_of, settings_of
from policies.facts.rds_servers import INSTANCE, MEMBER
from policies.facts.registry import adapter

_SUBSCRIPTION: Final = "aws:rds/eventSubscription:EventSubscription"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSubscription:
    """A subscription to events of RDS.

    Args:
        region: Region it is in.
        source_type: `sourceType`; empty when unset, for events of every kind of source.
        categories: `eventCategories`; empty when unset, for all categories.
        enabled: `enabled`; true when unset.

    Source of the defaults: `aws.rds.EventSubscription`, pulumi-aws 7.51.1, read 2026-11-30.
    """

    region: str
    source_type: str = ""
    categories: tuple[str, ...] = ()
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceEvents:
    """Who is told of what happens to the database instances of a stack, or of an account in one Region.

    Args:
        regions: Regions with database instances; a Region occurs once.
        subscriptions: Subscriptions.
        whole_account: Whether those are all that the account has; a stack shows only its own.
    """

    regions: tuple[str, ...] = ()
    subscriptions: tuple[EventSubscription, ...] = ()
    whole_account: bool = False


@adapter(types=("pulumi:pulumi:Stack",), kinds=(Kind.STACK,), joined=True)
def instance_events_from_graph(graph: Graph, _resource: Resource) -> InstanceEvents:
    """Build the instances and subscriptions that the stack creates."""
    instances = _created(graph, *INSTANCE, *MEMBER)
    return InstanceEvents(
        regions=tuple(dict.fromkeys(_plain(region_of(graph, each)) for each in instances)),
        subscriptions=tuple(_subscription(graph, each) for each in _created(graph, _SUBSCRIPTION)),
    )


def _created(graph: Graph, *types: str) -> Iterator[Resource]:
    return (each for each in graph.of_type(*types) if each.kind is Kind.CUSTOM)


def _plain(region: Any) -> Any:
    return reveal(region)


def _subscription(graph: Graph, resource: Resource) -> EventSubscription:
    settings = settings_of(resource)
    return EventSubscription(
        region=region_of(graph, resource),
        source_type=literal(settings, "sourceType", default=""),
        categories=literals(settings, "eventCategories"),
        enabled=flag(settings, "enabled", default=True),
    )
