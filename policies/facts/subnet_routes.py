"""Where the route tables of subnets lead, for every fact that depends on it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import Any, Final

from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Unknown, Value, reveal
from policies.facts.joins import companions, follow, follow_nested
from policies.facts.prefix_lists import prefix_list
from policies.facts.properties import UNKNOWN, attribute, known_text, lift, literal, settings_of
from policies.facts.tagging import tag_of

SUBNETS: Final = ("aws:ec2/subnet:Subnet",)
_VPCS: Final = ("aws:ec2/vpc:Vpc",)
_TABLES: Final = ("aws:ec2/routeTable:RouteTable",)
_MAIN_TABLES: Final = ("aws:ec2/defaultRouteTable:DefaultRouteTable",)
_ROUTES: Final = ("aws:ec2/route:Route",)
_ASSOCIATIONS: Final = ("aws:ec2/routeTableAssociation:RouteTableAssociation",)
_MAIN_ASSOCIATIONS: Final = ("aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation",)
_GATEWAYS: Final = ("aws:ec2/internetGateway:InternetGateway",)

_GATEWAY_ID: Final = "igw-"
_DESTINATIONS: Final = ("cidrBlock", "ipv6CidrBlock", "destinationCidrBlock", "destinationIpv6CidrBlock")
_DESTINATION_LIST: Final = "destinationPrefixListId"
_TIER: Final = "Tier"
_EVERY_IPV4: Final = IPv4Network("0.0.0.0/0")
_EVERY_IPV6: Final = IPv6Network("2000::/3")
"""Every global unicast address that IPv6 has. Source: RFC 4291, section 2.4."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubnetRoute:
    """One route of a subnet's table.

    Args:
        everything: Whether it is for every address, IPv4 or IPv6, by itself or together with others of its table, as
            0.0.0.0/1 and 128.0.0.0/1 are; blocks of a prefix list count like blocks that are written out.
        internet: Whether it leads to an internet gateway.
    """

    everything: bool
    internet: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutedSubnet:
    """A subnet with the routes of the table that it uses: its own, else the main one of its network.

    Args:
        in_stack: Whether the stack creates it; else tier, zone and routes show in the account alone, and are unknown.
        tier: Value of its tag `Tier`; empty without one.
        zone: `availabilityZone`, or `availabilityZoneId`; empty when unset, for which EC2 chooses one.
        routes: Routes of its table besides the local one. A main table that nobody changes has no other.
    """

    in_stack: bool = True
    tier: str = ""
    zone: str = ""
    routes: tuple[SubnetRoute, ...] = ()


ELSEWHERE: Final = RoutedSubnet(in_stack=False, tier=UNKNOWN, zone=UNKNOWN, routes=UNKNOWN)


def routed_subnets(graph: Graph, holder: Resource, property_: str) -> Any:
    """Return the subnets that a list of ids names; `UNKNOWN` items where nothing tells which."""
    ids = settings_of(holder).get(property_)
    return lift(ids, lambda listed: tuple(_by_id(graph, holder, property_, each) for each in listed or ()))


def routed_subnet(graph: Graph, subnet: Resource) -> RoutedSubnet:
    """Return a subnet with the routes of its table."""
    if subnet.kind is Kind.READ:
        return ELSEWHERE
    settings = settings_of(subnet)
    zone = literal(settings, "availabilityZone", default="")
    return RoutedSubnet(
        tier=tier_of(graph, subnet),
        zone=literal(settings, "availabilityZoneId", default="") if zone == "" else zone,
        routes=_routes_of(graph, subnet),
    )


def _by_id(graph: Graph, holder: Resource, property_: str, id_: Value) -> Any:
    join = follow_nested(graph, holder, property_, id_, SUBNETS)
    if join.outside:
        return ELSEWHERE
    return UNKNOWN if join.unknown or len(join.resources) != 1 else routed_subnet(graph, join.resources[0])


def tier_of(graph: Graph, subnet: Resource) -> Any:
    """Return the value of a subnet's tag `Tier`, its provider's tags included; empty without one."""
    return tag_of(graph, subnet, _TIER)


def _routes_of(graph: Graph, subnet: Resource) -> Any:
    own = companions(graph, subnet, _ASSOCIATIONS, "subnetId", SUBNETS)
    if own.possible:
        return UNKNOWN
    if own.certain:
        return _routes_by(graph, own.certain)
    network = follow(graph, subnet, "vpcId", _VPCS)
    if len(network.resources) != 1 or network.unknown or network.resources[0].kind is Kind.READ:
        return UNKNOWN
    vpc = network.resources[0]
    main = companions(graph, vpc, _MAIN_ASSOCIATIONS, "vpcId", _VPCS)
    if main.possible:
        return UNKNOWN
    return _routes_by(graph, main.certain) if main.certain else _routes_of_main(graph, vpc)


def _routes_by(graph: Graph, associations: tuple[Resource, ...]) -> Any:
    """Return the routes of the one table that associations name; which of several wins nobody knows."""
    joins = [follow(graph, each, "routeTableId", (*_TABLES, *_MAIN_TABLES)) for each in associations]
    tables = {each.urn: each for join in joins for each in join.resources}
    if len(tables) != 1 or any(join.unknown or join.outside for join in joins):
        return UNKNOWN
    (table,) = tables.values()
    return UNKNOWN if table.kind is Kind.READ else _routes_in(graph, table)


def _routes_in(graph: Graph, table: Resource) -> Any:
    beside = companions(graph, table, _ROUTES, "routeTableId", (*_TABLES, *_MAIN_TABLES))
    if beside.possible:
        return UNKNOWN
    inside = settings_of(table).get("routes")
    others = tuple(_route(graph, each, _DESTINATION_LIST, settings_of(each)) for each in beside.certain)

    def built(routes: Any) -> Any:
        own = (lift(each, lambda route: _route(graph, table, "routes", route)) for each in routes or ())
        return _together((*own, *others))

    return lift(inside, built)


def _routes_of_main(graph: Graph, vpc: Resource) -> Any:
    names = {known_text(attribute(vpc, name)) for name in ("mainRouteTableId", "defaultRouteTableId")} - {""}

    def speaks(resource: Resource, property_: str) -> bool:
        value = settings_of(resource).get(property_)
        return known_text(value) in names or vpc.urn in resource.property_dependencies.get(property_, ())

    tables = [each for each in graph.of_type(*_MAIN_TABLES) if speaks(each, "defaultRouteTableId")]
    if len(tables) > 1:
        return UNKNOWN
    if tables:
        return _routes_in(graph, tables[0])
    own = (each for each in graph.of_type(*_ROUTES) if speaks(each, "routeTableId"))
    return _together(_route(graph, each, _DESTINATION_LIST, settings_of(each)) for each in own)


@dataclass(frozen=True, slots=True)
class _Route:
    """A route before the others of its table are looked at.

    Args:
        blocks: CIDRs that it is for; unknown items where some are.
        internet: As in `SubnetRoute`.
    """

    blocks: tuple[Any, ...]
    internet: Any

    @property
    def known(self) -> tuple[str, ...]:
        """Its blocks that are known."""
        return tuple(each for each in self.blocks if not isinstance(each, Unknown))


def _route(graph: Graph, holder: Resource, property_: str, route: Mapping[str, Value]) -> _Route:
    blocks = [reveal(literal(route, name, default="")) for name in _DESTINATIONS]
    id_ = route.get(_DESTINATION_LIST)
    if reveal(id_) not in (None, ""):
        found = prefix_list(graph, holder, property_, id_)
        listed = reveal(found.cidrs) if found.seen else UNKNOWN
        blocks += map(reveal, listed) if isinstance(listed, tuple) else [UNKNOWN]
    return _Route(tuple(each for each in blocks if each), _leads_out(graph, holder, route.get("gatewayId")))


def _together(routes: Iterable[Any]) -> Any:
    found = tuple(routes)
    partial = [each for each in map(reveal, found) if isinstance(each, _Route) and not covering(each.known)]
    split = covering(block for each in partial for block in each.known)
    return tuple(lift(each, lambda one: _weighed(one, split)) for each in found)


def _weighed(route: _Route, split: frozenset[int]) -> SubnetRoute:
    whole = bool(covering(route.known)) or any(ip_network(each, strict=False).version in split for each in route.known)
    unclear = len(route.known) < len(route.blocks)
    return SubnetRoute(everything=whole or (UNKNOWN if unclear else False), internet=route.internet)


def covering(blocks: Iterable[str]) -> frozenset[int]:
    """Return of which versions of IP blocks together hold every address: 4, 6, both or none.

    Args:
        blocks: CIDRs; bits beyond the prefix are ignored, as EC2 does.
    """
    networks = [ip_network(each, strict=False) for each in blocks]
    four = collapse_addresses(each for each in networks if isinstance(each, IPv4Network))
    six = collapse_addresses(each for each in networks if isinstance(each, IPv6Network))
    whole = {4: _EVERY_IPV4 in four, 6: any(_EVERY_IPV6.subnet_of(each) for each in six)}
    return frozenset(version for version, holds in whole.items() if holds)


def _leads_out(graph: Graph, holder: Resource, gateway: Value) -> Any:
    plain = reveal(gateway)
    if plain is None or plain == "":
        return False
    if isinstance(plain, Unknown):
        own = holder.property_dependencies.get("gatewayId") or holder.property_dependencies.get("routes", ())
        return True if any(urn in own for urn in _urns(graph)) else UNKNOWN
    return plain.startswith(_GATEWAY_ID) or any(each.id == plain for each in graph.of_type(*_GATEWAYS))


def _urns(graph: Graph) -> Iterator[str]:
    return (each.urn for each in graph.of_type(*_GATEWAYS))
