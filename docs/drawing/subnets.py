"""Which tier a subnet is: what its default route says, not its name."""

from collections.abc import Iterator, Mapping
from typing import Final

from docs.drawing.placement import ASSOCIATION, ROUTE, SUBNET, Tier
from ledgergate.graph import Graph, Resource
from ledgergate.values import Value

_EVERYWHERE: Final = {"0.0.0.0/0", "::/0"}


def subnet_tiers(graph: Graph) -> Mapping[str, Tier]:
    """Return URN → tier of every subnet.

    A default route to an internet gateway makes it public, any other default route private, none a data subnet.
    """
    tables = {
        subnet: table
        for each in graph.of_type(ASSOCIATION)
        for subnet in each.property_dependencies.get("subnetId", ())
        for table in each.property_dependencies.get("routeTableId", ())
    }
    return {each.urn: _tier(list(_default_routes(graph, tables.get(each.urn)))) for each in graph.of_type(SUBNET)}


def _default_routes(graph: Graph, table: str | None) -> Iterator[Mapping[str, Value]]:
    routes = [each.inputs for each in graph.of_type(ROUTE) if _table(each) == table]
    inline = graph[table].inputs.get("routes") if table else None
    for route in (*routes, *(inline or ())):
        ranges = {route.get(name) for name in ("destinationCidrBlock", "destinationIpv6CidrBlock", "cidrBlock")}
        if ranges & _EVERYWHERE:
            yield route


def _table(route: Resource) -> str | None:
    return next(iter(route.property_dependencies.get("routeTableId", ())), None)


def _tier(routes: list[Mapping[str, Value]]) -> Tier:
    if any(str(route.get("gatewayId") or "").startswith("igw-") for route in routes):
        return Tier.PUBLIC
    return Tier.PRIVATE if routes else Tier.DATA
