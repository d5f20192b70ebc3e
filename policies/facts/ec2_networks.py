"""Facts about networks: whether their traffic is recorded, and which services they reach by private ways."""

from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Unknown, Value, reveal
from policies.facts.declared import Carriers, declared
from policies.facts.joins import companions, follow, follow_nested
from policies.facts.properties import UNKNOWN, flag, lift, literal, settings_of
from policies.facts.registry import adapter
from policies.facts.subnet_routes import SUBNETS, tier_of

VPCS: Final = ("aws:ec2/vpc:Vpc",)
_FLOW_LOGS: Final = ("aws:ec2/flowLog:FlowLog",)
_ENDPOINTS: Final = ("aws:ec2/vpcEndpoint:VpcEndpoint",)
_ENDPOINT_TABLES: Final = ("aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation",)
_TABLES: Final = ("aws:ec2/routeTable:RouteTable", "aws:ec2/defaultRouteTable:DefaultRouteTable")
_ASSOCIATIONS: Final = ("aws:ec2/routeTableAssociation:RouteTableAssociation",)

_AWS_SERVICE: Final = "com.amazonaws."
_MAIN: Final = "the main route table"
"""Stands for the table of subnets that have no association."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowLog:
    """What is recorded of the traffic of a network.

    Args:
        traffic_type: `trafficType`, `ALL`, `ACCEPT` or `REJECT`; empty when unset.
        has_destination: Whether `logDestination` names where to, and, in an account, the records arrive there.
    """

    traffic_type: str = ""
    has_destination: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedNetwork:
    """A network with its flow logs.

    Args:
        certain: As `Declared.certain`; every one of them records by itself.
        possible: As `Declared.possible`.
        looked_up: As `Declared.looked_up`.
    """

    certain: tuple[FlowLog, ...] = ()
    possible: tuple[FlowLog, ...] = ()
    looked_up: bool = False


@adapter(types=VPCS, joined=True)
def recorded_network_from_graph(graph: Graph, resource: Resource) -> RecordedNetwork:
    """Build a network with its flow logs."""
    found = declared(graph, resource, Carriers(_FLOW_LOGS, "vpcId", VPCS), lambda _, each: _flow_log(each))
    return RecordedNetwork(certain=found.certain, possible=found.possible, looked_up=found.looked_up)


def _flow_log(resource: Resource) -> FlowLog:
    settings = settings_of(resource)
    destination = settings.get("logDestination")
    return FlowLog(
        traffic_type=literal(settings, "trafficType", default=""),
        has_destination=isinstance(destination, Unknown) or reveal(destination) not in (None, ""),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A private way to a service.

    Args:
        service: Last part of `serviceName`, `ecr.api`; the whole of one that is not AWS's.
        type: `vpcEndpointType`, `Gateway`, `Interface`, …; `Gateway` when unset.
        private_dns: `privateDnsEnabled`; false when unset.
        route_tables: Names of the route tables of the stack that lead to it, from `routeTableIds` and from
            associations, in an account their ids; counts for the type `Gateway`.

    Source of the defaults: `aws.ec2.VpcEndpoint`, pulumi-aws 7.51.1, read 2026-11-30.
    """

    service: str = ""
    type: str = "Gateway"
    private_dns: bool = False
    route_tables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachingNetwork:
    """A network with its endpoints.

    Args:
        private_tables: Names, in an account ids, of the route tables of its subnets whose tag `Tier` is not `public`;
            empty when it has no such subnet in the stack.
        endpoints: Endpoints of the stack that are its own.
        possible: Endpoints of which nobody knows whose they are.
        looked_up: Whether an endpoint of it is only looked up.
    """

    private_tables: tuple[str, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    possible: tuple[Endpoint, ...] = ()
    looked_up: bool = False


@adapter(types=VPCS, joined=True)
def reaching_network_from_graph(graph: Graph, resource: Resource) -> ReachingNetwork:
    """Build a network with its endpoints."""
    found = companions(graph, resource, _ENDPOINTS, "vpcId", VPCS)
    created = [each for each in found.certain if each.kind is Kind.CUSTOM]
    return ReachingNetwork(
        private_tables=_private_tables(graph, resource),
        endpoints=tuple(_endpoint(graph, each) for each in created),
        possible=tuple(_endpoint(graph, each) for each in found.possible),
        looked_up=len(created) < len(found.certain),
    )


def _private_tables(graph: Graph, vpc: Resource) -> tuple[Any, ...]:
    subnets = companions(graph, vpc, SUBNETS, "vpcId", VPCS)
    tables: dict[Any, None] = {}
    for subnet in subnets.certain:
        tier = reveal(tier_of(graph, subnet))
        if isinstance(tier, Unknown):
            return (UNKNOWN,)
        if tier.lower() != "public":
            tables[_table_of(graph, subnet)] = None
    return (*tables, *(UNKNOWN for _ in subnets.possible))


def _table_of(graph: Graph, subnet: Resource) -> Any:
    own = companions(graph, subnet, _ASSOCIATIONS, "subnetId", SUBNETS)
    if own.possible or len(own.certain) > 1:
        return UNKNOWN
    if not own.certain:
        return _MAIN
    join = follow(graph, own.certain[0], "routeTableId", _TABLES)
    return join.resources[0].name if len(join.resources) == 1 and not join.unknown else UNKNOWN


def _endpoint(graph: Graph, resource: Resource) -> Endpoint:
    settings = settings_of(resource)
    return Endpoint(
        service=lift(literal(settings, "serviceName", default=""), service_of),
        type=literal(settings, "vpcEndpointType", default="Gateway"),
        private_dns=flag(settings, "privateDnsEnabled", default=False),
        route_tables=_leading_tables(graph, resource),
    )


def service_of(name: str) -> str:
    """Return what an endpoint leads to, `ecr.api`, by its `serviceName`; the whole of a name that is not AWS's."""
    # com.amazonaws.<Region>.<service>, where the service may have dots of its own.
    return name.removeprefix(_AWS_SERVICE).partition(".")[2] if name.startswith(_AWS_SERVICE) else name


def _leading_tables(graph: Graph, endpoint: Resource) -> tuple[Any, ...]:
    listed = reveal(settings_of(endpoint).get("routeTableIds"))
    ids = listed if isinstance(listed, list) else [] if listed is None else [UNKNOWN]
    beside = companions(graph, endpoint, _ENDPOINT_TABLES, "vpcEndpointId", _ENDPOINTS)
    inside = [_table(graph, endpoint, "routeTableIds", each) for each in ids]
    others = [_table(graph, each, "routeTableId", settings_of(each).get("routeTableId")) for each in beside.certain]
    return (*inside, *others, *(UNKNOWN for _ in beside.possible))


def _table(graph: Graph, holder: Resource, property_: str, id_: Value) -> Any:
    join = follow_nested(graph, holder, property_, id_, _TABLES)
    if join.outside:
        return ""
    return join.resources[0].name if len(join.resources) == 1 and not join.unknown else UNKNOWN
