"""Facts about EMR clusters."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Unknown, Value, reveal
from policies.facts.ec2_subnets import SubnetAddresses, subnet_addresses_from_graph
from policies.facts.joins import follow_nested
from policies.facts.properties import UNKNOWN, settings_of
from policies.facts.registry import adapter
from policies.facts.subnet_routes import SUBNETS

_ATTRIBUTES: Final = "ec2Attributes"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeSubnet:
    """A subnet in which the nodes of a cluster may be.

    Args:
        in_stack: Whether the stack creates it; else its addresses show in the account alone, and are unknown.
        addresses: Which addresses machines get in it.
    """

    in_stack: bool = True
    addresses: SubnetAddresses


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeCluster:
    """An EMR cluster.

    Args:
        subnets: Subnets of `ec2Attributes`, `subnetId` or `subnetIds`; empty when it names none, for which EMR takes
            the default subnet of the Region. An account shows the primary nodes themselves: one item for each, public
            where the node has a public address.

    Source: RunJobFlow, EMR API reference, read 2026-11-30.
    """

    subnets: tuple[NodeSubnet, ...] = ()


@adapter(types=("aws:emr/cluster:Cluster",), joined=True)
def node_cluster_from_graph(graph: Graph, resource: Resource) -> NodeCluster:
    """Build a cluster with the subnets of its nodes."""
    attributes = reveal(settings_of(resource).get(_ATTRIBUTES))
    if isinstance(attributes, list) and len(attributes) == 1:
        attributes = reveal(attributes[0])
    if isinstance(attributes, Unknown):
        return NodeCluster(subnets=UNKNOWN)
    ids = _ids(attributes) if isinstance(attributes, Mapping) else ()
    return NodeCluster(subnets=tuple(_subnet(graph, resource, each) for each in ids))


def _ids(attributes: Mapping[str, Value]) -> tuple[Value, ...]:
    several = reveal(attributes.get("subnetIds"))
    if isinstance(several, Unknown):
        return (several,)
    one = attributes.get("subnetId")
    return tuple(several) if isinstance(several, list) and several else () if one in (None, "") else (one,)


def _subnet(graph: Graph, cluster: Resource, id_: Value) -> Any:
    join = follow_nested(graph, cluster, _ATTRIBUTES, id_, SUBNETS)
    if join.outside or any(each.kind is Kind.READ for each in join.resources):
        return NodeSubnet(in_stack=False, addresses=UNKNOWN)
    if join.unknown or len(join.resources) != 1:
        return UNKNOWN
    return NodeSubnet(addresses=subnet_addresses_from_graph(graph, join.resources[0]))
