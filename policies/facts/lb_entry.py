"""The fact about who reaches a load balancer: CloudFront by a VPC origin, or whom its security groups let in."""

from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Value, reveal
from policies.facts.attached_groups import AttachedGroup, attached_groups
from policies.facts.joins import Join, follow_nested
from policies.facts.lb import APPLICATION, BALANCERS, type_of
from policies.facts.properties import UNKNOWN, flag, settings_of
from policies.facts.registry import adapter

_ORIGINS: Final = ("aws:cloudfront/vpcOrigin:VpcOrigin",)
_ENDPOINT: Final = "vpcOriginEndpointConfig"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteredBalancer:
    """Who reaches a load balancer.

    Args:
        type: `loadBalancerType`; `application` when unset.
        internal: `internal`: it has private addresses only; false when unset.
        vpc_origin: Whether a VPC origin of the stack names it.
        groups: Security groups of `securityGroups`; empty when unset.

    Source of the defaults: `aws.lb.LoadBalancer`, pulumi-aws 7.51.1, read 2026-11-30.
    """

    type: str = APPLICATION
    internal: bool = False
    vpc_origin: bool = False
    groups: tuple[AttachedGroup, ...] = ()


@adapter(types=BALANCERS, joined=True)
def entered_balancer_from_graph(graph: Graph, resource: Resource) -> EnteredBalancer:
    """Build who reaches a load balancer."""
    settings = settings_of(resource)
    return EnteredBalancer(
        type=type_of(settings),
        internal=flag(settings, "internal", default=False),
        vpc_origin=_has_origin(graph, resource),
        groups=attached_groups(graph, resource, "securityGroups"),
    )


def _has_origin(graph: Graph, balancer: Resource) -> Any:
    origins = [each for each in graph.of_type(*_ORIGINS) if each.kind is Kind.CUSTOM]
    joins = [_target(graph, each) for each in origins]
    if any(join.resources == (balancer,) and not join.unknown for join in joins):
        return True
    return UNKNOWN if any(join.unknown for join in joins) else False


def _target(graph: Graph, origin: Resource) -> Join:
    arn: Value = reveal(settings_of(origin).get(_ENDPOINT))
    if isinstance(arn, dict):
        arn = arn.get("arn")
    return follow_nested(graph, origin, _ENDPOINT, arn, BALANCERS)
