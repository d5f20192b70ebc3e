"""The fact about where caches are in a network."""

from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Unknown, reveal
from policies.facts.joins import follow
from policies.facts.properties import UNKNOWN, identity, settings_of
from policies.facts.registry import adapter
from policies.facts.subnet_routes import RoutedSubnet, routed_subnets

_CACHES: Final = ("aws:elasticache/replicationGroup:ReplicationGroup", "aws:elasticache/cluster:Cluster")
_GROUPS: Final = ("aws:elasticache/subnetGroup:SubnetGroup",)
_GROUP_NAME: Final = "subnetGroupName"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedCache:
    """Where a cache is.

    Args:
        member: Whether it names a `replicationGroupId`, and so is where that group is.
        group_name: `subnetGroupName`, lower case as the service keeps it; empty when unset, which means `default`.
        group_in_stack: Whether the stack creates that group; else its subnets show in the account alone.
        subnets: Subnets of that group.

    Source: `aws.elasticache.ReplicationGroup`, pulumi-aws 7.51.1, and CreateCacheSubnetGroup, ElastiCache API
    reference, read 2026-11-30.
    """

    member: bool = False
    group_name: str = ""
    group_in_stack: bool = True
    subnets: tuple[RoutedSubnet, ...] = ()


@adapter(types=_CACHES, joined=True)
def placed_cache_from_graph(graph: Graph, resource: Resource) -> PlacedCache:
    """Build where a cache is."""
    settings = settings_of(resource)
    owner = settings.get("replicationGroupId") if resource.type == _CACHES[1] else None
    join = follow(graph, resource, _GROUP_NAME, _GROUPS)
    groups = [each for each in join.resources if each.kind is Kind.CUSTOM]
    clear = len(groups) == len(join.resources) == 1 and not join.unknown
    return PlacedCache(
        member=isinstance(owner, Unknown) or reveal(owner) not in (None, ""),
        # Its id is its name, so a group that is known by its resource alone has one.
        group_name=groups[0].name if clear else _lower(identity(settings, _GROUP_NAME, default="")),
        group_in_stack=clear if not join.unknown else UNKNOWN,
        subnets=routed_subnets(graph, groups[0], "subnetIds") if clear else (),
    )


def _lower(name: Any) -> Any:
    plain = reveal(name)
    return plain.lower() if isinstance(plain, str) else name
