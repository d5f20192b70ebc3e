"""Asks EC2 where the route tables of subnets lead, in the normal form of every fact that depends on it."""

from collections.abc import Iterable, Mapping, Sequence
from ipaddress import ip_network
from typing import Any, Final

from integration.scanning.asker import Desk, Paging
from policies.facts.properties import UNKNOWN
from policies.facts.subnet_routes import RoutedSubnet, SubnetRoute, covering

_SUBNETS: Final = Paging("NextToken", ("Subnets",))
_TABLES: Final = Paging("NextToken", ("RouteTables",))
_BLOCKS: Final = ("DestinationCidrBlock", "DestinationIpv6CidrBlock")

SUBNET_CALLS: Final = ("ec2:DescribeRouteTables", "ec2:DescribeSubnets")
"""Every call that `routed_subnets` makes."""


def routed_subnets(desk: Desk, ids: Iterable[str]) -> tuple[RoutedSubnet, ...]:
    """Return subnets with the routes of their tables; `UNKNOWN` for one that nobody sees here.

    Args:
        desk: Where to ask.
        ids: Ids of subnets of the Region.

    Raises:
        CallFailedError: EC2 does not tell its subnets or its tables.
    """
    subnets = [each for page in desk.every(_SUBNETS, desk.aws.ec2.describe_subnets) for each in page["Subnets"]]
    tables = [each for page in desk.every(_TABLES, desk.aws.ec2.describe_route_tables) for each in page["RouteTables"]]
    by_id: dict[str, Mapping[str, Any]] = {each["SubnetId"]: each for each in subnets}
    return tuple(_subnet(by_id.get(each), tables) for each in ids)


def used_table(subnet: Mapping[str, Any], tables: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Return the route table that a subnet uses: its own, else the main one of its network; None where it is unclear.

    Args:
        subnet: As EC2 describes it.
        tables: Every route table of the Region.
    """
    id_, vpc = subnet["SubnetId"], subnet["VpcId"]
    own = [table for table in tables for each in table["Associations"] if each.get("SubnetId") == id_]
    main = [table for table in tables for each in table["Associations"] if each.get("Main") and table["VpcId"] == vpc]
    used = own or main
    return used[0] if len(used) == 1 else None


def _subnet(subnet: Mapping[str, Any] | None, tables: Sequence[Mapping[str, Any]]) -> Any:
    if subnet is None:
        return UNKNOWN
    tags = {each["Key"]: each["Value"] for each in subnet.get("Tags", ())}
    table = used_table(subnet, tables)
    return RoutedSubnet(
        tier=tags.get("Tier", ""),
        zone=subnet["AvailabilityZone"],
        routes=UNKNOWN if table is None else _routes(table),
    )


def _routes(table: Mapping[str, Any]) -> tuple[SubnetRoute, ...]:
    routes = [each for each in table["Routes"] if each.get("GatewayId") != "local"]
    split = covering(block for each in routes for block in _blocks(each) if not covering([block]))
    return tuple(_route(each, split) for each in routes)


def _blocks(route: Mapping[str, Any]) -> list[str]:
    return [route[name] for name in _BLOCKS if route.get(name)]


def _route(route: Mapping[str, Any], split: frozenset[int]) -> SubnetRoute:
    gateway = str(route.get("GatewayId", ""))
    # The list behind a gateway endpoint is that of one service of AWS; what another one holds is not read here.
    if route.get("DestinationPrefixListId") and not gateway.startswith("vpce-"):
        everything: Any = UNKNOWN
    else:
        blocks = _blocks(route)
        everything = bool(covering(blocks)) or any(ip_network(each).version in split for each in blocks)
    return SubnetRoute(everything=everything, internet=gateway.startswith("igw-"))
