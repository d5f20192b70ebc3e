"""Facts about where databases are in a network, and whether it can be reached from outside."""

from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Kind, Resource
from policies.facts.joins import follow
from policies.facts.properties import UNKNOWN, flag, lift, settings_of
from policies.facts.rds_servers import CLUSTER, INSTANCE, MEMBER
from policies.facts.registry import adapter
from policies.facts.subnet_routes import ELSEWHERE, RoutedSubnet, routed_subnets

_SUBNET_GROUP: Final = ("aws:rds/subnetGroup:SubnetGroup",)
_GROUP_NAME: Final = "dbSubnetGroupName"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubnetGroup:
    """A group of database subnets.

    Args:
        subnets: Subnets of `subnetIds`.
    """

    subnets: tuple[RoutedSubnet, ...] = ()


@adapter(types=_SUBNET_GROUP, joined=True)
def subnet_group_from_graph(graph: Graph, resource: Resource) -> SubnetGroup:
    """Build a group with its subnets."""
    return SubnetGroup(subnets=routed_subnets(graph, resource, "subnetIds"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachableInstance:
    """Whether an instance has an address on the internet.

    Args:
        publicly_accessible: `publiclyAccessible`; false when unset outside a cluster, None when unset in one, where
            the service decides by the network.
        subnets: Where the latter is read, the subnets of its group, or of its cluster's group; empty without a group,
            which means the default network of the account.

    Source of the default: `aws.rds.Instance`, pulumi-aws 7.51.1, and CreateDBInstance, RDS API reference, read
    2026-11-30.
    """

    publicly_accessible: bool | None = None
    subnets: tuple[RoutedSubnet, ...] = ()


@adapter(types=INSTANCE, joined=True)
def reachable_instance_from_graph(_graph: Graph, resource: Resource) -> ReachableInstance:
    """Build an instance outside a cluster."""
    return ReachableInstance(publicly_accessible=flag(settings_of(resource), "publiclyAccessible", default=False))


@adapter(types=MEMBER, joined=True)
def reachable_member_from_graph(graph: Graph, resource: Resource) -> ReachableInstance:
    """Build an instance of a cluster with the subnets of its group."""
    own = flag(settings_of(resource), "publiclyAccessible", default=None)
    return ReachableInstance(publicly_accessible=own, subnets=_subnets(graph, resource) if own is None else ())


def _subnets(graph: Graph, member: Resource) -> Any:
    if settings_of(member).get(_GROUP_NAME) is not None:
        return _of_group(graph, member)
    clusters = follow(graph, member, "clusterIdentifier", CLUSTER)
    if clusters.unknown or len(clusters.resources) != 1 or clusters.resources[0].kind is Kind.READ:
        return UNKNOWN
    return _of_group(graph, clusters.resources[0])


def _of_group(graph: Graph, holder: Resource) -> Any:
    join = follow(graph, holder, _GROUP_NAME, _SUBNET_GROUP)
    if join.unknown:
        return UNKNOWN
    if join.outside or any(each.kind is Kind.READ for each in join.resources):
        return (ELSEWHERE,)
    groups = [routed_subnets(graph, each, "subnetIds") for each in join.resources]
    return lift(groups[0], tuple) if len(groups) == 1 else UNKNOWN if groups else ()
