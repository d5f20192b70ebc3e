"""Facts about what joins two networks: to which environments they belong, and what is routed between them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any, Final

from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Unknown, Value, reveal
from policies.facts.ec2_networks import VPCS
from policies.facts.joins import companions, follow
from policies.facts.properties import UNKNOWN, known_text, literal, settings_of
from policies.facts.registry import adapter
from policies.facts.tagging import tag_of

_PEERINGS: Final = ("aws:ec2/vpcPeeringConnection:VpcPeeringConnection",)
_ACCEPTERS: Final = ("aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter",)
_ATTACHMENTS: Final = ("aws:ec2transitgateway/peeringAttachment:PeeringAttachment",)
_GATEWAYS: Final = ("aws:ec2transitgateway/transitGateway:TransitGateway",)
_GATEWAY_ROUTES: Final = ("aws:ec2transitgateway/route:Route",)
_ROUTES: Final = ("aws:ec2/route:Route",)
_TABLES: Final = ("aws:ec2/routeTable:RouteTable", "aws:ec2/defaultRouteTable:DefaultRouteTable")

_PEERING: Final = "vpcPeeringConnectionId"
_DESTINATIONS: Final = ("cidrBlock", "ipv6CidrBlock", "destinationCidrBlock", "destinationIpv6CidrBlock")
_ENVIRONMENT: Final = "Environment"
_LARGEST_VPC_BITS: Final = 16
"""Prefix of the largest block that a VPC may have. Source: CreateVpc, EC2 API reference, read 2026-11-30."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of two networks that are joined.

    Args:
        in_stack: Whether the stack creates it, or the account that is read owns it; else its tags are unknown.
        environment: Value of its tag `Environment`, its provider's tags included; empty without one.
    """

    in_stack: bool = True
    environment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerRoute:
    """A route to the other side.

    Args:
        destination: Its block, as written; empty when it names none, as one to a prefix list.
        whole: Whether that block holds a whole network: one of the stack, or as many addresses as the largest has.
    """

    destination: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """A peering of two VPCs, or of two transit gateways.

    Args:
        own: The side that asks.
        peer: The side that is asked.
        routes: Routes of the stack that lead through it.
    """

    own: Side
    peer: Side
    routes: tuple[PeerRoute, ...] = ()


@adapter(types=_PEERINGS, joined=True)
def peering_from_graph(graph: Graph, resource: Resource) -> Joining:
    """Build a peering of two VPCs."""
    return Joining(
        own=_side(graph, resource, "vpcId", VPCS),
        peer=_side(graph, resource, "peerVpcId", VPCS),
        routes=_routes(graph, resource),
    )


@adapter(types=_ACCEPTERS, joined=True)
def accepted_peering_from_graph(graph: Graph, resource: Resource) -> Joining:
    """Build a peering that is accepted here: as it is asked for, where the stack does that too."""
    join = follow(graph, resource, _PEERING, _PEERINGS)
    asked = [each for each in join.resources if each.kind is Kind.CUSTOM]
    if len(asked) == 1 and not join.unknown:
        return peering_from_graph(graph, asked[0])
    hidden = Side(in_stack=False, environment=UNKNOWN)
    return Joining(own=hidden, peer=hidden)


@adapter(types=_ATTACHMENTS, joined=True)
def attachment_from_graph(graph: Graph, resource: Resource) -> Joining:
    """Build a peering of two transit gateways."""
    found = companions(graph, resource, _GATEWAY_ROUTES, "transitGatewayAttachmentId", _ATTACHMENTS)
    routes = tuple(_route(graph, settings_of(each)) for each in found.certain)
    return Joining(
        own=_side(graph, resource, "transitGatewayId", _GATEWAYS),
        peer=_side(graph, resource, "peerTransitGatewayId", _GATEWAYS),
        routes=(*routes, *(UNKNOWN for _ in found.possible)),
    )


def _side(graph: Graph, holder: Resource, property_: str, types: tuple[str, ...]) -> Any:
    join = follow(graph, holder, property_, types)
    if join.unknown or len(join.resources) > 1:
        return UNKNOWN
    if not join.resources or join.resources[0].kind is Kind.READ:
        return Side(in_stack=False, environment=UNKNOWN)
    return Side(environment=tag_of(graph, join.resources[0], _ENVIRONMENT))


def _routes(graph: Graph, peering: Resource) -> tuple[Any, ...]:
    found = companions(graph, peering, _ROUTES, _PEERING, _PEERINGS)
    beside = tuple(_route(graph, settings_of(each)) for each in found.certain)
    inside = tuple(_route(graph, each) for each in _inline_routes(graph, peering))
    return (*beside, *inside, *(UNKNOWN for _ in found.possible))


def _inline_routes(graph: Graph, peering: Resource) -> Iterator[Mapping[str, Value]]:
    """Yield the routes inside tables that lead through a peering, or may."""
    for table in graph.of_type(*_TABLES):
        listed = reveal(settings_of(table).get("routes"))
        for route in listed if isinstance(listed, list) else ():
            plain = reveal(route)
            if not isinstance(plain, Mapping):
                continue
            named = reveal(plain.get(_PEERING))
            if named == peering.id or (
                isinstance(named, Unknown) and peering.urn in table.property_dependencies.get("routes", ())
            ):
                yield plain


def _route(graph: Graph, route: Mapping[str, Value]) -> Any:
    blocks = [reveal(literal(route, name, default="")) for name in _DESTINATIONS]
    if any(isinstance(each, Unknown) for each in blocks):
        return UNKNOWN
    block = next(filter(None, blocks), "")
    return PeerRoute(destination=block, whole=bool(block) and _is_whole(graph, block))


def _is_whole(graph: Graph, block: str) -> bool:
    names = ("cidrBlock", "ipv6CidrBlock")
    owned = (known_text(literal(settings_of(each), name)) for each in graph.of_type(*VPCS) for name in names)
    return holds_network(block, filter(None, owned))


def holds_network(block: str, networks: Iterable[str]) -> bool:
    """Tell whether a block holds a whole network: one of these, or as many addresses as the largest VPC has.

    Args:
        block: A CIDR.
        networks: CIDRs of the networks that are known.
    """
    wanted = ip_network(block, strict=False)
    if wanted.version == 4 and wanted.prefixlen <= _LARGEST_VPC_BITS:  # noqa: PLR2004 - IPv4
        return True
    known = [ip_network(each, strict=False) for each in networks]
    return any(each.version == wanted.version and _holds(wanted, each) for each in known)


def _holds(outer: Any, inner: Any) -> bool:
    return bool(inner.subnet_of(outer))
